import type { DisputeState, OrderStatus } from '@liventix/contracts/organizer';

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
