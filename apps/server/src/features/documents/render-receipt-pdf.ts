/** The receipt of an order: one A4 page, ink on white. */
import { CORAL } from '../posters/draw-wordmark.ts';
import { collectPdf, type Page } from './collect-pdf.ts';
import { listReceiptRows, type Receipt, writePaid } from './receipts.rules.ts';
import { lineWidth, type Pdf, writeBlock, writeLine } from './write-lines.ts';
import { writeDay } from './write-when.ts';

const LEFT = 64;
const WIDTH = 595.28 - 2 * LEFT;
const BOTTOM = 770;
const INK = '#0B0B12';
const SECOND = '#55525C';

const drawRule = (pdf: Pdf, y: number, weight: number): void => {
  pdf
    .save()
    .lineWidth(weight)
    .strokeColor(INK)
    .moveTo(LEFT, y)
    .lineTo(LEFT + WIDTH, y)
    .stroke()
    .restore();
};

const writeParty = (pdf: Pdf, name: string, lines: Array<string | null>, x: number, top: number): number => {
  writeLine(pdf, name, x, top, { size: 9, weight: 600, color: SECOND });
  let y = top + 6;
  for (const line of lines) {
    if (line) y = writeBlock(pdf, line, x, y, { size: 11, width: WIDTH / 2 - 16, linesMax: 3 });
  }
  return y;
};

/**
 * Renders a receipt. Long orders run over further pages.
 * @param timeZone of the seller, for the date of payment
 */
export function renderReceiptPdf(receipt: Receipt, timeZone: string): Promise<Buffer> {
  const { orderCode, sellerName, eventTitle, paidAt, lines } = receipt;
  const texts = [eventTitle, receipt.buyerName ?? '', receipt.sellerAddress ?? '', ...lines.map(({ name }) => name)];
  return collectPdf({ title: `Receipt ${orderCode}`, author: sellerName, createdAt: paidAt, texts }, (page) => {
    const { pdf, tag, decorate } = page;
    pdf.addPage();
    const mark = { size: 15, weight: 800, squeeze: 0.9 } as const;
    decorate(() => {
      writeLine(pdf, 'Liventix', LEFT, 76, mark);
      pdf.circle(LEFT + lineWidth(pdf, 'Liventix', mark) + 3.4, 68.1, 2).fill(CORAL);
    });
    tag('H1', () => writeLine(pdf, 'Receipt', LEFT - 1, 140, { size: 40, weight: 800, squeeze: 0.88 }));
    const facts = `Order ${orderCode}, ${writeDay(paidAt, timeZone)}`;
    tag('P', () => writeLine(pdf, facts, LEFT, 164, { size: 12, color: SECOND }));

    const tax = receipt.sellerTaxId ? `Tax number ${receipt.sellerTaxId}` : null;
    const partiesEnd = Math.max(
      tag('P', () => writeParty(pdf, 'From', [sellerName, receipt.sellerAddress, tax], LEFT, 206)),
      tag('P', () => writeParty(pdf, 'To', [receipt.buyerName, receipt.buyerEmail], LEFT + WIDTH / 2, 206)),
    );
    const title = { size: 18, weight: 800, squeeze: 0.92, width: WIDTH, linesMax: 2, leading: 1.2 } as const;
    const end = writeRows(
      page,
      receipt,
      tag('P', () => writeBlock(pdf, eventTitle, LEFT, partiesEnd + 28, title)) + 10,
    );
    const paid = writePaid(receipt, timeZone);
    tag('P', () => writeBlock(pdf, paid, LEFT, end + 20, { size: 10, color: SECOND, width: WIDTH }));
  });
}

/** The rows between their rules. @returns the `y` below the last one */
function writeRows({ pdf, tag, decorate }: Page, receipt: Receipt, top: number): number {
  let y = top;
  const rule = (weight: number) => decorate(() => drawRule(pdf, y, weight));
  rule(2);
  for (const row of listReceiptRows(receipt)) {
    const style = { size: row.strong ? 14 : 11.5, weight: row.strong ? 800 : 400 } as const;
    const height = row.detail ? 40 : 30;
    if (y + height > BOTTOM) {
      pdf.addPage();
      y = 64;
    }
    if (row.strong) rule(2);
    const amountWidth = lineWidth(pdf, row.amount, style);
    const from = y;
    tag('P', () => {
      writeBlock(pdf, row.name, LEFT, from + 9, { ...style, width: WIDTH - amountWidth - 24, linesMax: 1 });
      writeLine(pdf, row.amount, LEFT + WIDTH - amountWidth, from + 9 + style.size * 0.8, style);
      if (row.detail) writeLine(pdf, row.detail, LEFT, from + 33, { size: 9.5, color: SECOND });
    });
    y += height;
    if (!row.strong) rule(0.4);
  }
  return y;
}
