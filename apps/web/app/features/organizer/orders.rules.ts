import type { SaleRow } from '@liventix/contracts/live';
import type { DisputeState, OrderStatus, OrganizerOrderLine } from '@liventix/contracts/organizer';

export interface OrderState {
  /** A word of `orders`. */
  key: OrderStatus | 'refunding' | 'disputed' | 'dispute_lost' | 'owed';
  tone: 'ok' | 'warn' | 'bad' | undefined;
}

/** The one word an order is told by: what needs somebody comes before what is settled. */
export function orderState(order: {
  status: OrderStatus;
  refunding: boolean;
  disputeState: DisputeState | null;
  owes?: boolean;
  owedCents?: number;
}): OrderState {
  if (order.disputeState === 'open') return { key: 'disputed', tone: 'bad' };
  if (order.disputeState === 'lost') return { key: 'dispute_lost', tone: 'bad' };
  if (order.refunding) return { key: 'refunding', tone: 'warn' };
  if (order.owes || (order.owedCents ?? 0) > 0) return { key: 'owed', tone: 'bad' };
  const tone = { paid: 'ok', pending: 'warn', refunded: undefined, cancelled: undefined } as const;
  return { key: order.status, tone: tone[order.status] };
}

/** A sale is seen a moment after its time: its transaction was still under way when the list was read. */
const UNSEEN_MS = 5_000;

/** What happened since a list of orders was read: how many orders it lacks, and whether one that it shows has changed. */
export function newSince(
  readMs: number,
  orders: readonly Pick<OrganizerOrderLine, 'id' | 'status'>[],
  sales: readonly Pick<SaleRow, 'orderId' | 'kind' | 'at'>[],
): { fresh: number; changed: boolean } {
  const shown = new Map(orders.map((order) => [order.id, order.status]));
  const fresh = sales.filter((s) => s.kind === 'sale' && !shown.has(s.orderId) && s.at > readMs - UNSEEN_MS);
  const changed = sales.some(
    (s) => s.at > readMs && (s.kind === 'refund' || shown.get(s.orderId) === 'pending') && shown.has(s.orderId),
  );
  return { fresh: fresh.length, changed };
}
