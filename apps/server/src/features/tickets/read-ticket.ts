import type { OrderTickets, ReadTicket, SignedTicketView, TicketPageView } from '@liventix/contracts/tickets';
import { fail } from '../../platform/errors.ts';
import type { PersonCtx } from '../../platform/trpc.ts';
import { signTicket } from '../documents/sign-ticket.ts';
import { keyRingOf } from './key-ring.ts';
import { eventOf, ticketOf } from './read-wallet.ts';
import {
  findOwnTicketEvent,
  listOwnIds,
  listOwnIdsOfOrder,
  readOnlineUrl,
  readTicketEvents,
  readTickets,
  type TicketRow,
} from './tickets.sql.ts';

/** Whether a ticket lets anyone in as it stands: then, and only then, its code is shown, printed or mailed. */
export function admits(ticket: Pick<TicketRow, 'status' | 'suspendedReason'>): boolean {
  return (ticket.status === 'issued' || ticket.status === 'transferred') && ticket.suspendedReason === null;
}

const signed = (ctx: PersonCtx, ticket: TicketRow): SignedTicketView => ({
  ...ticketOf(ticket),
  code: admits(ticket) ? signTicket(keyRingOf(ctx.services.env), ticket.qrCode) : null,
});

/** A ticket with its signed code and its owner's other tickets of that night. Anybody else's is NOT_FOUND. */
export async function readTicket(ctx: PersonCtx, { ticketId }: ReadTicket): Promise<TicketPageView> {
  const own = await ctx.read(async (_tx, sql) => {
    const eventId = await findOwnTicketEvent(sql, ticketId);
    if (!eventId) return null;
    return { eventId, ids: await listOwnIds(sql, eventId), onlineUrl: await readOnlineUrl(sql, eventId) };
  });
  if (!own) fail('NOT_FOUND');
  const tickets = await readTickets(ctx.db.engine.sql, own.ids);
  const event = (await readTicketEvents(ctx.db.engine.sql, [own.eventId])).get(own.eventId);
  if (!event) fail('NOT_FOUND');
  return {
    event: eventOf(event),
    tickets: tickets.map((ticket) => signed(ctx, ticket)),
    index: Math.max(
      0,
      tickets.findIndex((ticket) => ticket.id === ticketId),
    ),
    onlineUrl: own.onlineUrl,
    serverNow: new Date(ctx.services.clock.now()),
  };
}

/** The tickets of one of the caller's own orders, signed. An order without tickets of hers is NOT_FOUND. */
export async function readTicketsOfOrder(ctx: PersonCtx, { orderId }: OrderTickets): Promise<TicketPageView> {
  const ids = await ctx.read((_tx, sql) => listOwnIdsOfOrder(sql, orderId));
  if (ids.length === 0) fail('NOT_FOUND');
  const tickets = await readTickets(ctx.db.engine.sql, ids);
  const eventId = tickets[0]?.eventId ?? '';
  const event = (await readTicketEvents(ctx.db.engine.sql, [eventId])).get(eventId);
  if (!event) fail('NOT_FOUND');
  const onlineUrl = await ctx.read((_tx, sql) => readOnlineUrl(sql, eventId));
  return {
    event: eventOf(event),
    tickets: tickets.map((ticket) => signed(ctx, ticket)),
    index: 0,
    onlineUrl,
    serverNow: new Date(ctx.services.clock.now()),
  };
}
