import type { WorkCtx } from '../../platform/context.ts';
import { renderTicketPdf } from '../documents/render-ticket-pdf.ts';
import { signTicket } from '../documents/sign-ticket.ts';
import { readCover } from '../events/read-cover.ts';
import { keyRingOf } from './key-ring.ts';
import { admits } from './read-ticket.ts';
import { readTicketEvents, readTickets } from './tickets.sql.ts';

/**
 * Tickets on paper, one stub a page, of one event. Those that admit nobody are left out; null when none is left. The
 * caller has checked whose they are.
 */
export async function printTickets(ctx: WorkCtx, ids: readonly string[]): Promise<Buffer | null> {
  const tickets = (await readTickets(ctx.db.engine.sql, ids)).filter(admits);
  const [first] = tickets;
  if (!first) return null;
  const event = (await readTicketEvents(ctx.db.engine.sql, [first.eventId])).get(first.eventId);
  if (!event?.startAt) return null;
  const ring = keyRingOf(ctx.services.env);
  return renderTicketPdf({
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
      poster: event.poster,
      cover: await readCover(ctx, event.coverImageUrl, 1080),
    },
    tickets: tickets.map((ticket) => ({
      tierName: ticket.tierName,
      holderName: ticket.holderName || null,
      sequenceNumber: ticket.sequenceNumber,
      signedCode: signTicket(ring, ticket.qrCode),
      shortCode: ticket.shortCode,
    })),
    issuedAt: new Date(),
  });
}
