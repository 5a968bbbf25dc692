import type { WorkCtx } from '../../platform/context.ts';
import type { TicketPdfData } from '../documents/render-ticket-pdf.ts';
import { signTicket } from '../documents/sign-ticket.ts';
import { drawFor } from '../drawings/draw.ts';
import { findCover } from '../events/find-cover.ts';
import { posterCacheOf } from '../events/send-poster.ts';
import { keyRingOf } from './key-ring.ts';
import { admits } from './read-ticket.ts';
import { readTicketEvents, readTickets } from './tickets.sql.ts';

const MINUTE_MS = 60_000;

/**
 * Tickets on paper, one stub a page, of one event. Those that admit nobody are left out; null when none is left. The
 * caller has checked whose they are.
 * @param names whether those on them are printed; default true
 */
export async function printTickets(
  ctx: WorkCtx,
  ids: readonly string[],
  { names = true }: { names?: boolean } = {},
): Promise<Buffer | null> {
  const tickets = (await readTickets(ctx.db.engine.sql, ids)).filter(admits);
  const [first] = tickets;
  if (!first) return null;
  const event = (await readTicketEvents(ctx.db.engine.sql, [first.eventId])).get(first.eventId);
  if (!event?.startAt) return null;
  const ring = keyRingOf(ctx.services.env);
  const { title, poster } = event;
  const cover = await findCover(ctx, event.coverImageUrl);
  const art = posterCacheOf(ctx).stubArt({ spec: poster, title, cover });
  const data: TicketPdfData = {
    event: {
      title: event.title,
      startsAt: event.startAt,
      doorsAt: event.doorsAt,
      timeZone: event.timeZone,
      venue: event.venue ?? '',
      address: event.address,
      city: event.city ?? '',
      accessInfo: event.accessInfo || null,
      minAge: event.minAge,
      hostName: event.hostName,
      palette: poster.palette,
      art: await art.body(),
    },
    tickets: tickets.map((ticket) => ({
      tierName: ticket.tierName,
      holderName: (names && ticket.holderName) || null,
      sequenceNumber: ticket.sequenceNumber,
      signedCode: signTicket(ring, ticket.qrCode),
      shortCode: ticket.shortCode,
    })),
    // To the minute: the same tickets asked for again are the same document.
    issuedAt: new Date(Math.floor(Date.now() / MINUTE_MS) * MINUTE_MS),
  };
  return drawFor(ctx)('tickets', data);
}
