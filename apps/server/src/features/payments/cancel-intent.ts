import Stripe from 'stripe';
import type { WorkCtx } from '../../platform/context.ts';
import { noteNothingComing, readPayment } from './payments.sql.ts';
import { syncPayment } from './sync-payment.ts';

/**
 * Ends the PaymentIntent of an order that lapsed or was given up, so that nobody can pay it any more. When money has moved
 * meanwhile the provider refuses; then it is a late payment and is settled as one.
 */
export async function cancelIntent(ctx: WorkCtx, { orderId }: { orderId: string }): Promise<void> {
  const order = await readPayment(ctx.db.engine.sql, orderId);
  if (!order?.intent_id || order.status !== 'cancelled') return;
  try {
    await ctx.services.stripe.paymentIntents.cancel(order.intent_id, { cancellation_reason: 'abandoned' });
  } catch (error) {
    if (!(error instanceof Stripe.errors.StripeInvalidRequestError)) throw error;
    await syncPayment(ctx, { orderId });
    return;
  }
  await noteNothingComing(ctx.db.engine.sql, orderId);
}
