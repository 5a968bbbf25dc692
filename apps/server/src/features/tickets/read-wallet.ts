import type { TicketEvent, TicketView, WalletNight, WalletView } from '@liventix/contracts/tickets';
import type { PersonCtx } from '../../platform/trpc.ts';
import { listOwnIds, readTicketEvents, readTickets, type TicketEventRow, type TicketRow } from './tickets.sql.ts';

/** Everything a person holds, night by night: what is coming first, soonest first. Codes are not in it. */
export async function readWallet(ctx: PersonCtx): Promise<WalletView> {
  const ids = await ctx.read((_tx, sql) => listOwnIds(sql));
  const tickets = await readTickets(ctx.db.engine.sql, ids);
  const events = await readTicketEvents(ctx.db.engine.sql, [...new Set(tickets.map((ticket) => ticket.eventId))]);
  const nights = new Map<string, WalletNight & { over: boolean }>();
  for (const ticket of tickets) {
    const event = events.get(ticket.eventId);
    if (!event) continue;
    const night = nights.get(event.id) ?? { event: eventOf(event), tickets: [], over: event.over };
    night.tickets.push(ticketOf(ticket));
    nights.set(event.id, night);
  }
  const startOf = (night: WalletNight) => night.event.startAt?.getTime() ?? Number.POSITIVE_INFINITY;
  const all = [...nights.values()].sort((a, b) => startOf(a) - startOf(b));
  const isPast = (night: WalletNight & { over: boolean }) =>
    night.over || night.tickets.every((ticket) => ticket.status === 'refunded');
  const plain = ({ event, tickets: held }: WalletNight): WalletNight => ({ event, tickets: held });
  return {
    coming: all.filter((night) => !isPast(night)).map(plain),
    past: all.filter(isPast).reverse().map(plain),
    serverNow: new Date(ctx.services.clock.now()),
  };
}

/** A ticket without the half that is signed. */
export function ticketOf({ qrCode: _, ...ticket }: TicketRow): TicketView {
  return ticket;
}

/** An event without what only the server needs. */
export function eventOf({
  coverImageUrl: _c,
  hostName: _h,
  over: _o,
  version: _v,
  ...event
}: TicketEventRow): TicketEvent {
  return event;
}
