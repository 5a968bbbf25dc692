import type { UserSnapshot } from '@liventix/contracts/live';
import { placeLine } from '@liventix/contracts/places';
import type { TicketEvent, TicketView } from '@liventix/contracts/tickets';
import type { StubState } from '~/ui/stub/stub.tsx';

/** How a ticket looks: what its holder needs to know first. */
export type TicketLook = StubState | 'cancelled';

export function lookOf(
  ticket: Pick<TicketView, 'status' | 'suspendedReason'>,
  event: Pick<TicketEvent, 'status'>,
): TicketLook {
  if (ticket.status === 'refunded') return 'refunded';
  if (ticket.status === 'redeemed') return 'redeemed';
  if (event.status === 'cancelled') return 'cancelled';
  if (ticket.suspendedReason !== null) return 'suspended';
  return 'issued';
}

type LiveTicket = UserSnapshot['tickets'][number];

/** A ticket with what the person's room says about it since: admitted, taken back, refunded. */
export function withLive<T extends TicketView & { code?: string | null }>(ticket: T, live: LiveTicket | undefined): T {
  if (!live || live.status === ticket.status) return ticket;
  const known = ['issued', 'transferred', 'redeemed', 'refunded'] as const;
  const status = known.find((each) => each === live.status) ?? ticket.status;
  const admits = status === 'issued' || status === 'transferred';
  return {
    ...ticket,
    status,
    redeemedAt: live.redeemedAt === null ? null : new Date(live.redeemedAt),
    gate: live.gate,
    ...('code' in ticket && !admits ? { code: null } : {}),
  };
}

/** "Kesselhaus, Berlin" */
export function placeOf(event: Pick<TicketEvent, 'venue' | 'city'>): string {
  return placeLine({ venue: event.venue, city: event.city });
}

/** Tickets of one night by kind: "2 Floor, 1 Balcony". */
export function kindsOf(tickets: readonly Pick<TicketView, 'tierName'>[]): { name: string; count: number }[] {
  const kinds = new Map<string, number>();
  for (const { tierName } of tickets) kinds.set(tierName, (kinds.get(tierName) ?? 0) + 1);
  return [...kinds].map(([name, count]) => ({ name, count }));
}
