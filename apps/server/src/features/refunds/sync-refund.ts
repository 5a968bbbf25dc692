import type Stripe from 'stripe';
import type { WorkCtx } from '../../platform/context.ts';
import { touchOrders } from '../orders/touch-orders.ts';
import { findRefund, noteAccepted, type RefundRow, settleRow } from './refunds.sql.ts';

const isUuid = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

/** Our row's id in a refund's metadata, or null. */
export function refundIdOf(refund: Stripe.Refund): string | null {
  const id = refund.metadata?.refund_id ?? '';
  return isUuid.test(id) ? id : null;
}

/** Brings a refund to where the provider says it stands. Answers a note when it is none of ours. */
export async function syncRefund(ctx: WorkCtx, providerId: string): Promise<string | null> {
  const refund = await ctx.services.stripe.refunds.retrieve(providerId);
  const row = await findRefund(ctx.db.engine.sql, refund.id, refundIdOf(refund));
  if (!row) return 'no refund of ours';
  await applyRefund(ctx, row, refund);
  return null;
}

/** All refunds of a payment: the provider names only the charge. */
export async function syncRefundsOf(ctx: WorkCtx, intentId: string): Promise<string | null> {
  const { data } = await ctx.services.stripe.refunds.list({ payment_intent: intentId, limit: 100 });
  let known = false;
  for (const refund of data) {
    const row = await findRefund(ctx.db.engine.sql, refund.id, refundIdOf(refund));
    if (!row) continue;
    known = true;
    await applyRefund(ctx, row, refund);
  }
  return known ? null : 'no refund of ours';
}

/** Writes down what the provider says now, once; the rooms hear of it after the commit. */
export async function applyRefund(ctx: WorkCtx, row: RefundRow, refund: Stripe.Refund): Promise<void> {
  if (refund.status === 'succeeded') await settle(ctx, row, true, refund.id, null);
  else if (refund.status === 'failed' || refund.status === 'canceled') {
    await settle(ctx, row, false, refund.id, refund.failure_reason ?? refund.status);
  } else await noteAccepted(ctx.db.engine.sql, row.id, refund.id);
}

/** @param failure why it failed, in the provider's word */
export async function settle(
  ctx: WorkCtx,
  row: RefundRow,
  succeeded: boolean,
  providerId: string | null,
  failure: string | null,
): Promise<void> {
  const isNews = await ctx.db.engine.transaction((_tx, sql) =>
    settleRow(sql, { refundId: row.id, succeeded, providerId, failure }),
  );
  if (isNews) await touchOrders(ctx, [row.order_id]);
  // Money that stays with us by mistake is for people: a failed refund, or one taken back after it had succeeded.
  if (!succeeded && (isNews || row.status === 'succeeded')) {
    ctx.log.error(
      { alert: true, refundId: row.id, orderId: row.order_id, failure, after: row.status },
      'a refund failed',
    );
  }
}
