import sharp from 'sharp';
import { extractText, getDocumentProxy } from 'unpdf';
import { describe, expect, it } from 'vitest';
import { makeDrawable } from '../posters/make-drawable.ts';
import { drawQr, drawQrPath, QR_QUIET, QR_SIDE, renderQrPng } from './draw-qr.ts';
import { listReceiptRows, type Receipt } from './receipts.rules.ts';
import { renderReceiptPdf } from './render-receipt-pdf.ts';
import { renderTicketPdf, type TicketPdfEvent, type TicketPdfTicket } from './render-ticket-pdf.ts';
import { createSigningKey, parseKeyRing, signTicket } from './sign-ticket.ts';
import { moneyWriter, writeMoney } from './write-money.ts';
import { writeSequence } from './write-sequence.ts';
import { writeWhen } from './write-when.ts';

const signedCode = signTicket(parseKeyRing(createSigningKey().secret), Buffer.alloc(20, 7).toString('base64url'));

const event: TicketPdfEvent = {
  title: 'Velvet Static',
  startsAt: new Date('2026-12-12T19:00:00Z'),
  doorsAt: new Date('2026-12-12T18:00:00Z'),
  timeZone: 'Europe/Berlin',
  venue: 'Saal Amrum',
  address: 'Amrumer Straße 31',
  city: 'Berlin',
  accessInfo: 'Step-free from the yard.',
  minAge: 16,
  hostName: 'Nordlicht Kollektiv',
  palette: 'plum',
  art: await sharp({ create: { width: 400, height: 300, channels: 3, background: '#a3c' } })
    .jpeg()
    .toBuffer(),
};
const ticket = (sequenceNumber: number, holderName: string | null): TicketPdfTicket => ({
  tierName: 'Floor',
  holderName,
  sequenceNumber,
  signedCode,
  shortCode: 'K7QM-2FXA',
});
const countPages = (pdf: Buffer): number => (pdf.toString('latin1').match(/\/Type \/Page\b(?!s)/g) ?? []).length;
/** A document's words as another program reads them. */
const readWords = async (pdf: Buffer): Promise<string> => {
  const { text } = await extractText(await getDocumentProxy(new Uint8Array(pdf)), { mergePages: true });
  return text.replace(/\s+/g, ' ');
};
const issuedAt = new Date('2026-11-22T10:00:00Z');

const receipt: Receipt = {
  orderCode: 'K7QM-2FXA',
  paidAt: issuedAt,
  currency: 'EUR',
  lines: [
    { name: 'Floor', quantity: 2, unitFaceCents: 2000, unitFeeCents: 100, unitTaxCents: 134 },
    { name: 'Balcony', quantity: 1, unitFaceCents: 2750, unitFeeCents: 150, unitTaxCents: 185 },
  ],
  taxIncluded: true,
  totalCents: 7100,
  refundedCents: 0,
  buyerName: 'Mara Lindqvist',
  buyerEmail: 'mara@example.com',
  sellerName: 'Nordlicht Kollektiv',
  sellerAddress: null,
  sellerTaxId: null,
  eventTitle: 'Velvet Static',
  paymentLabel: 'Visa ending 4242',
};

describe('tickets on paper', () => {
  it('have one page each, and fonts of their own for every script we can draw', async () => {
    const pdf = await renderTicketPdf({
      event,
      tickets: [
        ticket(42, 'Mara Lindqvist'),
        ticket(43, 'Żółć Őrült Đặng Thị Hương'),
        ticket(44, '田中 雪'),
        ticket(45, null),
      ],
      issuedAt,
    });
    expect(pdf.toString('latin1', 0, 5)).toBe('%PDF-');
    expect(countPages(pdf)).toBe(4);
    const text = pdf.toString('latin1');
    expect(text).toMatch(/BricolageGrotesque-ExtraBold/);
    // Latin, Latin extended and Vietnamese are three files of the same weight.
    expect(text.match(/\/BaseFont \/\w+\+BricolageGrotesque-SemiBold/g)?.length).toBeGreaterThanOrEqual(3);
    expect(pdf.length).toBeLessThan(1_500_000);
    // The art is in the file once, whatever the pages.
    expect(text.match(/\/Subtype \/Image/g)).toHaveLength(1);
  });

  it.each([
    ['Japanese', '家族で楽しむ夏の花火大会', '京都会館', '岡崎最勝寺町51', '京都', '田中 雪'],
    ['Korean', '여름밤의 재즈', '서울아트홀', '세종대로 175', '서울', '김민수'],
    ['Chinese', '夏夜音乐会', '北京音乐厅', '北新华街1号', '北京', '李小龍'],
    ['Arabic', 'ليلة الموسيقى العربية', 'دار الأوبرا', 'شارع التحرير', 'القاهرة', 'محمد عبد الله'],
    ['Hebrew', 'לילה לבן 2027', 'היכל התרבות', 'שדרות רוטשילד 1', 'תל אביב', 'נועה כהן'],
    ['Thai', 'คืนดนตรีไทย', 'หอประชุมใหญ่', 'ถนนเทียมร่วมมิตร', 'กรุงเทพฯ', 'สมชาย ใจดี'],
    ['Russian', 'Тихий час', 'Дом музыки', 'Космодамианская наб., 52', 'Москва', 'Мария Жёлтая'],
    ['Greek', 'Ήσυχη ώρα', 'Μέγαρο Μουσικής', 'Βασ. Σοφίας 89', 'Αθήνα', 'Γιώργος Ωραίος'],
  ])(
    'name event, place and holder in %s, as another program reads them',
    async (_script, title, venue, address, city, name) => {
      const pdf = await renderTicketPdf({
        event: { ...event, title, venue, address, city, hostName: `${name} 🎉` },
        tickets: [ticket(1, `${name} 🎉`)],
        issuedAt,
      });
      const words = await readWords(pdf);
      // Lines break where they like, titles are capitals, and a reader may give a right-to-left word from its other end.
      const squash = (text: string) =>
        text
          .normalize('NFKC')
          .toUpperCase()
          .replace(/[\s\p{P}\p{M}\p{C}]/gu, '')
          // Letters that share a drawing and differ by dots, which the face draws apart.
          .replace(/[ىی]/g, 'ي')
          .replace(/ة/g, 'ه');
      const found = squash(words);
      for (const text of [title, venue, address, city, name])
        for (const word of text.split(/\s/).map(squash))
          expect(found.includes(word) || found.includes([...word].reverse().join('')), `${word} in ${words}`).toBe(
            true,
          );
      expect(words).not.toContain('As on the order');
      expect(words).not.toMatch(/, ,|,\s*$|Where ,/);
      expect(makeDrawable(`${name} 🎉`)).toBe(name);
    },
  );

  it('have no comma around nothing when a place cannot be drawn', async () => {
    const change = { venue: '🎪', address: null, city: '🌆' };
    const pdf = await renderTicketPdf({ event: { ...event, ...change }, tickets: [ticket(1, '🦊')], issuedAt });
    const words = await readWords(pdf);
    expect(words).not.toContain('Where');
    expect(words).toContain('As on the order');
  });

  it('are tagged, say their language, and carry every face they use', async () => {
    const pdf = await renderTicketPdf({ event, tickets: [ticket(1, 'Mara')], issuedAt });
    const text = pdf.toString('latin1');
    expect(Number(text.slice(5, 8))).toBeGreaterThanOrEqual(1.5);
    expect(text).toMatch(/\/MarkInfo\s+\d+ 0 R|\/MarkInfo <</);
    expect(text).toMatch(/\/S \/H1\b/);
    expect(text).toMatch(/\/S \/Figure\b/);
    expect(text).toContain('QR code of ticket No. 0001');
    expect(text).toMatch(/\/Lang \(en\)/);
    expect(text).toMatch(/JetBrainsMono-Bold/);
    expect(text).not.toMatch(/\/Subtype \/Type1\b/);
    const fonts = text.match(/\/FontDescriptor \d+ 0 R/g) ?? [];
    expect(new Set(fonts).size).toBe((text.match(/\/FontFile2 \d+ 0 R|\/FontFile3 \d+ 0 R/g) ?? []).length);
  });

  it('are never a document without a page', async () => {
    await expect(renderTicketPdf({ event, tickets: [], issuedAt })).rejects.toThrow(RangeError);
  });

  it('bear the longest words', async () => {
    const pdf = await renderTicketPdf({
      event: { ...event, title: 'x'.repeat(200), venue: 'y'.repeat(300), accessInfo: 'word '.repeat(400) },
      tickets: [{ ...ticket(1, 'z'.repeat(300)), tierName: 'Tier '.repeat(60) }],
      issuedAt,
    });
    expect(countPages(pdf)).toBe(1);
  });

  it('are numbered in four digits or more', () => {
    expect(writeSequence(42)).toBe('No. 0042');
    expect(writeSequence(12043)).toBe('No. 12043');
  });
});

describe('a QR code', () => {
  it('is black on white with 16 pixels of quiet around 240', () => {
    const svg = drawQr(signedCode);
    expect(svg).toContain(`viewBox="0 0 ${QR_SIDE + 2 * QR_QUIET} ${QR_SIDE + 2 * QR_QUIET}"`);
    expect(svg).toContain('fill="#fff"');
    expect(svg).not.toContain(signedCode);
    expect(drawQrPath(signedCode, 240)).toMatch(/^(M[\d.]+ [\d.]+h[\d.]+v[\d.]+h-[\d.]+z)+$/);
  });

  it('is the same code as picture and as path, module by module', async () => {
    const png = sharp(await renderQrPng('LV1.test', 400)).greyscale();
    const { width = 0 } = await png.metadata();
    const side = 256;
    const fromPath = await sharp(
      Buffer.from(
        `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${side} ${side}" width="${side}" height="${side}"><rect width="${side}" height="${side}" fill="#fff"/><path d="${drawQrPath('LV1.test', side)}"/></svg>`,
      ),
    )
      .greyscale()
      .resize(21, 21, { kernel: 'nearest' })
      .raw()
      .toBuffer();
    const quiet = (width / 29) * 4;
    const fromPng = await png
      .extract({ left: quiet, top: quiet, width: width - 2 * quiet, height: width - 2 * quiet })
      .resize(21, 21, { kernel: 'nearest' })
      .raw()
      .toBuffer();
    const dark = (pixels: Buffer): boolean[] => [...pixels].map((value) => value < 128);
    expect(dark(fromPath)).toEqual(dark(fromPng));
  });
});

describe('a receipt', () => {
  it('adds up: lines, fees, total, and included tax as a note', () => {
    expect(listReceiptRows(receipt)).toEqual([
      { name: 'Floor', detail: '2 × €20.00', amount: '€40.00', strong: false },
      { name: 'Balcony', detail: null, amount: '€27.50', strong: false },
      { name: 'Fees', detail: null, amount: '€3.50', strong: false },
      { name: 'Total', detail: 'includes €4.53 tax', amount: '€71.00', strong: true },
    ]);
  });

  it('shows added tax as a line, and what was sent back', () => {
    const rows = listReceiptRows({
      ...receipt,
      currency: 'USD',
      lines: [{ name: 'GA', quantity: 1, unitFaceCents: 3200, unitFeeCents: 0, unitTaxCents: 284 }],
      taxIncluded: false,
      totalCents: 3484,
      refundedCents: 3484,
    });
    expect(rows.map((row) => `${row.name} ${row.amount}`)).toEqual([
      'GA $32.00',
      'Tax $2.84',
      'Total $34.84',
      'Sent back −$34.84',
    ]);
  });

  it('names its people in their own letters', async () => {
    const words = await readWords(
      await renderReceiptPdf({ ...receipt, buyerName: '田中 雪', eventTitle: 'Тихий час' }, 'Europe/Berlin'),
    );
    expect(words).toContain('田中 雪');
    expect(words).toContain('Тихий час');
  });

  it('says that nothing was due only when the total is nothing', async () => {
    const words = async (change: Partial<Receipt>) =>
      readWords(await renderReceiptPdf({ ...receipt, ...change }, 'Europe/Berlin'));
    expect(await words({})).toContain('Paid with Visa ending 4242 on Sunday 22 November 2026.');
    expect(await words({ paymentLabel: null })).toContain('Paid on Sunday 22 November 2026.');
    expect(await words({ totalCents: 0, lines: [], paymentLabel: null })).toContain('Nothing was due.');
  });

  it('is a page, or more for a long order', async () => {
    expect(countPages(await renderReceiptPdf(receipt, 'Europe/Berlin'))).toBe(1);
    const lines = Array.from({ length: 60 }, (_, index) => ({
      name: `Tier ${index}`,
      quantity: 1,
      unitFaceCents: 2000,
      unitFeeCents: 100,
      unitTaxCents: 0,
    }));
    expect(countPages(await renderReceiptPdf({ ...receipt, lines }, 'Europe/Berlin'))).toBeGreaterThan(1);
  });
});

describe('amounts and times', () => {
  it('have decimals together or not at all, by the currency', () => {
    expect(writeMoney(4100, 'EUR')).toBe('€41');
    expect(writeMoney(4150, 'EUR')).toBe('€41.50');
    expect(writeMoney(3800, 'JPY')).toBe('¥3,800');
    expect(writeMoney(600_000, 'HUF')).toBe('Ft\u00a06,000');
    expect(moneyWriter('EUR', [4100, 150])(4100)).toBe('€41.00');
  });

  it('are those of the event, with its zone', () => {
    expect(writeWhen(new Date('2026-12-12T01:00:00Z'), 'America/New_York')).toBe('Friday 11 December 2026, 20:00');
  });
});
