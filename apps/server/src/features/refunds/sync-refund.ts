import type Stripe from 'stripe';
import type { WorkCtx } from '../../platform/context.ts';
import { touchOrders } from '../orders/touch-orders.ts';
import { statusOf } from './refunds.rules.ts';
import { noteAccepted, type RefundRow, settleRow } from './refunds.sql.ts';

/** Writes down what the provider says of one refund now, once; the rooms hear of it after the commit. */
export async function applyRefund(ctx: WorkCtx, row: RefundRow, refund: Stripe.Refund): Promise<void> {
  const status = statusOf(refund);
  if (status === row.status && row.provider_refund_id === refund.id) return;
  if (status === 'pending') await noteAccepted(ctx.db.engine.sql, row.id, refund.id);
  else if (status === 'succeeded') await settle(ctx, row, true, refund.id, null);
  else await settle(ctx, row, false, refund.id, refund.failure_reason ?? refund.status);
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
  if (!isNews) return;
  await touchOrders(ctx, [row.order_id]);
  // Money that is with us by mistake is for people: the order, the dashboard and Health say so, and the owners are told.
  if (!succeeded) {
    const { id: refundId, order_id: orderId, status: after } = row;
    ctx.log.error({ alert: true, refundId, orderId, failure, after }, 'a refund failed');
  }
}
