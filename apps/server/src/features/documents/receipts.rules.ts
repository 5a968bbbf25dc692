/** What a receipt says, as plain data and sentences; the PDF and the confirmation mail show the same lines. */
import { moneyWriter } from './write-money.ts';
import { writeDay } from './write-when.ts';

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
  /** "Visa ending 4242"; null when the order was free, or the provider does not say: the total tells the two apart. */
  paymentLabel: string | null;
}

const BRANDS: Record<string, string> = {
  amex: 'American Express',
  cartes_bancaires: 'Cartes Bancaires',
  diners: 'Diners Club',
  discover: 'Discover',
  eftpos_au: 'Eftpos',
  jcb: 'JCB',
  mastercard: 'Mastercard',
  unionpay: 'UnionPay',
  visa: 'Visa',
};

/** "Visa ending 4242", from what the provider calls the card. */
export function cardLabel(brand: string | null, last4: string | null): string | null {
  return last4 ? `${BRANDS[brand ?? ''] ?? 'a card'} ending ${last4}` : null;
}

/** How the order was paid, as a sentence: a free order owed nothing, an unknown card is left out. */
export function writePaid(
  { totalCents, paymentLabel, paidAt }: Pick<Receipt, 'totalCents' | 'paymentLabel' | 'paidAt'>,
  timeZone: string,
): string {
  if (totalCents === 0) return 'Nothing was due.';
  return `Paid${paymentLabel ? ` with ${paymentLabel}` : ''} on ${writeDay(paidAt, timeZone)}.`;
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
