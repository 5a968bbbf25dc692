import type Stripe from 'stripe';
import type { WorkCtx } from '../../platform/context.ts';
import { touchOrders } from '../orders/touch-orders.ts';
import { statusOf } from './disputes.rules.ts';
import { applyDisputeRow, listDisputes } from './disputes.sql.ts';

/**
 * Brings the disputes of one payment to where the provider, asked a moment ago, says they stand. Repeatable, in any order;
 * what is known already costs one read. Rooms hear of news after the commit.
 */
export async function applyDisputes(
  ctx: WorkCtx,
  order: { id: string; currency: string; capturedCents: number },
  disputes: readonly Stripe.Dispute[],
): Promise<void> {
  if (disputes.length === 0) return;
  const known = new Map(
    (await listDisputes(ctx.db.engine.sql, order.id)).map((row) => [row.provider_dispute_id, row] as const),
  );
  let isNews = false;
  for (const dispute of disputes) {
    const status = statusOf(dispute);
    // A dispute in another currency than was captured is about the whole payment.
    const isOwn = dispute.currency.toUpperCase() === order.currency.toUpperCase();
    const amountCents = isOwn ? dispute.amount : order.capturedCents;
    if (amountCents <= 0) continue;
    const due = dispute.evidence_details?.due_by ?? null;
    const respondBy = due === null ? null : new Date(due * 1000);
    const row = known.get(dispute.id);
    const knownDue = row?.respond_by ? new Date(row.respond_by).getTime() : null;
    if (row?.status === status && row.amount_cents === amountCents && knownDue === (respondBy?.getTime() ?? null))
      continue;
    const changed = await ctx.db.engine.transaction((_tx, sql) =>
      applyDisputeRow(sql, {
        orderId: order.id,
        providerId: dispute.id,
        status,
        amountCents,
        reason: dispute.reason || 'general',
        openedAt: new Date(dispute.created * 1000),
        respondBy,
      }),
    );
    isNews ||= changed;
  }
  if (isNews) await touchOrders(ctx, [order.id]);
}
