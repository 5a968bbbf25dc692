import type { TimelineEntry, TimelineKind } from '@liventix/contracts/organizer';
import type { OrderDetailRow, TicketHappening } from './organizer.sql.ts';

const MOVES: Record<string, TimelineKind> = {
  paid: 'order_paid',
  cancelled: 'order_cancelled',
  refunded: 'order_refunded',
};

/** Everything that happened to an order, oldest first, from what the database wrote down while it happened. */
export function tellTimeline(
  order: OrderDetailRow,
  happenings: TicketHappening[],
  moves: { to: string; at: Date }[],
): TimelineEntry[] {
  const entries: TimelineEntry[] = [{ kind: 'order_placed', at: order.createdAt }];
  for (const { to, at } of moves) {
    const kind = MOVES[to];
    if (!kind) continue;
    entries.push({
      kind,
      at: kind === 'order_paid' && order.paidAt ? order.paidAt : at,
      ...(kind === 'order_paid' ? { cents: order.capturedCents ?? order.totalCents } : {}),
      ...(kind === 'order_cancelled' && order.cancelReason ? { note: order.cancelReason } : {}),
    });
  }
  // Orders loaded from elsewhere have no log; their own columns still say when.
  if (order.paidAt && !entries.some((entry) => entry.kind === 'order_paid')) {
    entries.push({ kind: 'order_paid', at: order.paidAt, cents: order.capturedCents ?? order.totalCents });
  }
  for (const { kind, at, count, by } of happenings) {
    entries.push({ kind: `ticket_${kind}` as TimelineKind, at, count, ...(by ? { by } : {}) });
  }
  for (const refund of order.refunds) {
    const cents = refund.amountCents;
    const why = refund.failure ? { note: refund.failure } : {};
    entries.push({
      kind: refund.kind === 'outside' ? 'refund_outside' : 'refund_requested',
      at: new Date(refund.createdAt),
      cents,
      note: refund.reason,
      ...(refund.note ? { words: refund.note } : {}),
      ...(refund.by ? { by: refund.by } : {}),
    });
    if (refund.settledAt && refund.status !== 'pending') {
      const went = refund.status === 'succeeded' || refund.takenBackAt !== null;
      entries.push({
        kind: went ? 'refund_succeeded' : 'refund_failed',
        at: new Date(refund.settledAt),
        cents,
        ...(went ? {} : why),
      });
    }
    if (refund.takenBackAt) {
      entries.push({ kind: 'refund_taken_back', at: new Date(refund.takenBackAt), cents, ...why });
    }
  }
  for (const { amountCents: cents, status, reason, openedAt, closedAt } of order.disputes) {
    const asked = status === 'inquiry' || status === 'closed';
    entries.push({ kind: asked ? 'dispute_inquiry' : 'dispute_opened', at: new Date(openedAt), cents, note: reason });
    if (closedAt && status !== 'inquiry' && status !== 'open') {
      entries.push({ kind: `dispute_${status}`, at: new Date(closedAt), cents });
    }
  }
  if (order.mailedAt) entries.push({ kind: 'confirmation_mailed', at: order.mailedAt });
  return entries.sort((a, b) => a.at.getTime() - b.at.getTime());
}
