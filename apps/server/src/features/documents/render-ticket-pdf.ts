/** Tickets on paper: one stub a page, made to be folded or shown as it is. */
import { placeLine, writeZone } from '@liventix/contracts/places';
import { PALETTES, type PaletteName } from '@liventix/contracts/posters';
import { CORAL } from '../posters/draw-wordmark.ts';
import { makeDrawable } from '../posters/make-drawable.ts';
import { setTitle, TITLE_SQUEEZE } from '../posters/set-text.ts';
import { collectPdf, type Page } from './collect-pdf.ts';
import { countModules, drawQrPath, QR_QUIET_MODULES } from './draw-qr.ts';
import { lineWidth, type Pdf, writeBlock, writeCode, writeLine } from './write-lines.ts';
import { writeSequence } from './write-sequence.ts';
import { writeClock, writeDay } from './write-when.ts';

export interface TicketPdfEvent {
  title: string;
  startsAt: Date;
  doorsAt: Date | null;
  timeZone: string;
  venue: string;
  address: string | null;
  city: string;
  accessInfo: string | null;
  minAge: number | null;
  hostName: string;
  palette: PaletteName;
  /** The stub's picture, a 4:3 JPEG; see `PosterCache.stubArt`. */
  art: Uint8Array;
}

export interface TicketPdfTicket {
  tierName: string;
  /** Null when the organizer asks for no names. */
  holderName: string | null;
  sequenceNumber: number;
  /** From `signTicket`. */
  signedCode: string;
  /** What a person can read out, for example the order's code. */
  shortCode: string;
}

export interface TicketPdfData {
  event: TicketPdfEvent;
  tickets: readonly TicketPdfTicket[];
  issuedAt: Date;
}

const PAGE = { width: 595.28, height: 841.89 };
const STUB = { width: 376, top: 40 };
const LEFT = (PAGE.width - STUB.width) / 2;
const ART_HEIGHT = (STUB.width * 3) / 4;
const INSET = 24;
/** Side of the code with its quiet zone. */
const QR = 170;
const NOTCH = 7;

const drawPerforation = (pdf: Pdf, y: number, ink: string): void => {
  pdf.save().fillColor('#FFFFFF');
  pdf
    .circle(LEFT, y, NOTCH)
    .circle(LEFT + STUB.width, y, NOTCH)
    .fill();
  pdf
    .lineWidth(0.75)
    .dash(4, { space: 4 })
    .strokeColor(ink)
    .strokeOpacity(0.55)
    .moveTo(LEFT + NOTCH + 5, y)
    .lineTo(LEFT + STUB.width - NOTCH - 5, y)
    .stroke()
    .restore();
};

const writeFact = (pdf: Pdf, name: string, value: string, x: number, y: number, width: number, ink: string): number => {
  writeLine(pdf, name, x, y + 8, { size: 8.5, weight: 600, color: ink });
  return (
    writeBlock(pdf, value, x, y + 13, { size: 10.5, weight: 600, color: ink, width, linesMax: 2, leading: 1.25 }) + 8
  );
};

const drawStub = (
  { pdf, tag, decorate }: Page,
  { event }: TicketPdfData,
  ticket: TicketPdfTicket,
  art: string,
  count: string | null,
): void => {
  const { paper, ink } = PALETTES[event.palette];
  const right = LEFT + STUB.width - INSET;
  const x = LEFT + INSET;
  const room = STUB.width - 2 * INSET;
  const perforation = STUB.top + ART_HEIGHT;

  // The words decide how long the stub is, so they are set first.
  const title = setTitle(makeDrawable(event.title).toUpperCase(), room, 84, 40);
  const afterTitle = perforation + 24 + title.height;
  const factsTop = afterTitle + 46;
  const bottom = factsTop + QR + 24 + 44;
  decorate(() => {
    pdf.rect(LEFT, STUB.top, STUB.width, bottom - STUB.top).fill(paper);
    pdf.image(art, LEFT, STUB.top, { width: STUB.width, height: ART_HEIGHT });
    drawPerforation(pdf, perforation, ink);
  });
  const style = { weight: 800, squeeze: TITLE_SQUEEZE, color: ink } as const;
  const drawTitle = () =>
    title.lines.forEach((line, index) => {
      writeLine(pdf, line, x - 1, perforation + 24 + (title.baselines[index] ?? 0), { ...style, size: title.size });
    });
  if (title.lines.length > 0) tag('H1', drawTitle, { actual: event.title });
  const sequence = writeSequence(ticket.sequenceNumber);
  const sequenceStyle = { size: 15, weight: 800, color: ink } as const;
  const sequenceWidth = lineWidth(pdf, sequence, sequenceStyle);
  tag('P', () => {
    const tier = { ...sequenceStyle, width: room - sequenceWidth - 16, linesMax: 1 };
    writeBlock(pdf, ticket.tierName, x, afterTitle + 13, tier);
    writeLine(pdf, sequence, right - sequenceWidth, afterTitle + 25, sequenceStyle);
  });

  const width = room - QR - 20;
  const fact = (name: string, value: string, y: number): number =>
    tag('P', () => writeFact(pdf, name, value, x, y, width, ink), { actual: `${name}: ${value}` });
  let y = factsTop;
  if (ticket.holderName) y = fact('Name', makeDrawable(ticket.holderName) || 'As on the order', y);
  y = fact('Day', writeDay(event.startsAt, event.timeZone), y);
  const start = writeClock(event.startsAt, event.timeZone);
  const times = event.doorsAt ? `Doors ${writeClock(event.doorsAt, event.timeZone)}, start ${start}` : `Start ${start}`;
  y = fact(writeZone(event.timeZone), times, y);
  const where = placeLine({ venue: makeDrawable(event.venue), city: makeDrawable(event.city) });
  if (where !== '') fact('Where', where, y);

  // The code on its own white. Four modules of quiet around it are what ISO 18004 asks for.
  const side = QR * (1 - (2 * QR_QUIET_MODULES) / (countModules(ticket.signedCode) + 2 * QR_QUIET_MODULES));
  const quiet = (QR - side) / 2;
  const drawCode = () => {
    pdf.rect(right - QR, factsTop, QR, QR).fill('#FFFFFF');
    pdf
      .save()
      .translate(right - QR + quiet, factsTop + quiet)
      .path(drawQrPath(ticket.signedCode, side))
      .fill('#000000')
      .restore();
  };
  tag('Figure', drawCode, { alt: `QR code of ticket ${sequence}, to be shown at the door` });
  tag('P', () => writeCode(pdf, ticket.shortCode, right - QR / 2, factsTop + QR + 17, 12, ink));

  const meta = { size: 8.5, weight: 600, color: ink } as const;
  decorate(() => {
    const mark = { ...meta, size: 11, weight: 800, squeeze: 0.9 } as const;
    writeLine(pdf, 'Liventix', x, bottom - 20, mark);
    pdf.circle(x + lineWidth(pdf, 'Liventix', mark) + 2.4, bottom - 25.6, 1.5).fill(CORAL);
  });
  if (count) tag('P', () => writeLine(pdf, count, right - lineWidth(pdf, count, meta), bottom - 20, meta));

  const [venue, address, city, host] = [event.venue, event.address ?? '', event.city, event.hostName].map(makeDrawable);
  const notes = [
    address ? `${placeLine({ venue, address, city })}.` : null,
    event.minAge ? `From ${event.minAge} years; bring a document that shows your age.` : null,
    event.accessInfo,
    'One code lets one person in, once. On paper or on your phone, both are good.',
    host ? `Hosted by ${host}.` : null,
  ].filter((note): note is string => note !== null && makeDrawable(note) !== '');
  const noteStyle = { size: 9.5, color: '#55525C', width: STUB.width, linesMax: 3, leading: 1.4 } as const;
  let noteY = bottom + 20;
  for (const note of notes) {
    if (noteY > PAGE.height - 44) break;
    const top = noteY;
    noteY = tag('P', () => writeBlock(pdf, note, LEFT, top, noteStyle), { actual: note }) + 3;
  }
};

/**
 * Renders tickets as a PDF, one A4 page each, in the order given.
 * @throws RangeError when there is no ticket: a document without pages is no document
 */
export async function renderTicketPdf(data: TicketPdfData): Promise<Buffer> {
  if (data.tickets.length === 0) throw new RangeError('a ticket document needs a ticket');
  const { event, tickets, issuedAt } = data;
  const texts = [
    ...[event.venue, event.address ?? '', event.city, event.accessInfo ?? '', event.hostName],
    ...tickets.flatMap(({ tierName, holderName }) => [tierName, holderName ?? '']),
  ];
  return collectPdf(
    { title: `Tickets: ${event.title}`, author: event.hostName, createdAt: issuedAt, texts },
    (page) => {
      // As an address, because pdfkit knows those again: the file holds the picture once, however many pages show it.
      const art = `data:image/jpeg;base64,${Buffer.from(event.art).toString('base64')}`;
      for (const [index, ticket] of tickets.entries()) {
        page.pdf.addPage();
        const count = tickets.length > 1 ? `${index + 1} of ${tickets.length}` : null;
        drawStub(page, data, ticket, art, count);
      }
    },
  );
}
