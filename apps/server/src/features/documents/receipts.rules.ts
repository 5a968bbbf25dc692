/** What a receipt says, as plain data and sentences; the PDF and the confirmation mail show the same lines. */
import { moneyWriter } from './write-money.ts';

export interface ReceiptLine {
  name: string;
  quantity: number;
  /** Face price of one, after discounts, minor units. */
  unitFaceCents: number;
  /** Fee of one that the buyer pays. */
  unitFeeCents: number;
  /** Tax of one. */
  unitTaxCents: number;
}

export interface Receipt {
  orderCode: string;
  paidAt: Date;
  currency: string;
  lines: readonly ReceiptLine[];
  taxIncluded: boolean;
  /** As charged, from the order; never recomputed. */
  totalCents: number;
  refundedCents: number;
  buyerName: string | null;
  buyerEmail: string;
  sellerName: string;
  sellerAddress: string | null;
  sellerTaxId: string | null;
  eventTitle: string;
  /** For example "Visa ending 4242"; null when nothing was due, or the card is not known. */
  paymentLabel: string | null;
}

export interface ReceiptRow {
  name: string;
  detail: string | null;
  amount: string;
  strong: boolean;
}

/**
 * The rows of a receipt in reading order: each tier at its face price, fees, tax, total, and what was sent back.
 * Included tax is a note on the total; added tax is a row of its own.
 */
export function listReceiptRows(receipt: Receipt): ReceiptRow[] {
  const { lines, currency, taxIncluded, totalCents, refundedCents } = receipt;
  const sum = (of: (line: ReceiptLine) => number): number =>
    lines.reduce((all, line) => all + of(line) * line.quantity, 0);
  const feeCents = sum((line) => line.unitFeeCents);
  const taxCents = sum((line) => line.unitTaxCents);
  const money = moneyWriter(currency, [
    ...lines.flatMap((line) => [line.unitFaceCents, line.unitFeeCents, line.unitTaxCents]),
    totalCents,
    refundedCents,
  ]);
  const rows: ReceiptRow[] = lines.map((line) => ({
    name: line.name,
    detail: line.quantity > 1 ? `${line.quantity} × ${money(line.unitFaceCents)}` : null,
    amount: money(line.unitFaceCents * line.quantity),
    strong: false,
  }));
  if (feeCents > 0) rows.push({ name: 'Fees', detail: null, amount: money(feeCents), strong: false });
  if (taxCents > 0 && !taxIncluded) rows.push({ name: 'Tax', detail: null, amount: money(taxCents), strong: false });
  rows.push({
    name: 'Total',
    detail: taxCents > 0 && taxIncluded ? `includes ${money(taxCents)} tax` : null,
    amount: money(totalCents),
    strong: true,
  });
  if (refundedCents > 0) rows.push({ name: 'Sent back', detail: null, amount: money(-refundedCents), strong: false });
  return rows;
}
