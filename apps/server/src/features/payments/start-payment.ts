import type { PaymentForm, StartPayment } from '@liventix/contracts/payments';
import Stripe from 'stripe';
import { fail } from '../../platform/errors.ts';
import type { PersonCtx } from '../../platform/trpc.ts';
import { touchOrders } from '../orders/touch-orders.ts';
import { intentKey } from './payments.rules.ts';
import { type BeginAnswer, beginPayment, keepIntent, readPayment } from './payments.sql.ts';
import { applyIntent } from './sync-payment.ts';
import { underKey } from './under-key.ts';
import { waitForProvider } from './wait-for-provider.ts';

/**
 * Opens the payment of the caller's order. The order stands committed before the provider hears of it, and the provider is
 * asked outside of any transaction; a second tab, a retry or an answer that got lost lead to the same PaymentIntent.
 * @throws NOT_FOUND, HOLD_EXPIRED, HOLD_TOO_LATE_TO_PAY, ORDER_PAID, ORDER_NOT_PENDING, PAYMENT_REFUSED, PAYMENT_UNAVAILABLE, RATE_LIMITED
 */
export async function startPayment(ctx: PersonCtx, { orderId }: StartPayment): Promise<PaymentForm> {
  const begun = await ctx.write((_tx, sql) => beginPayment(sql, orderId, ctx.actor.userId));
  if (begun.outcome === 'unknown') fail('NOT_FOUND');
  if (begun.outcome === 'hold_expired') fail('HOLD_EXPIRED');
  if (begun.outcome === 'too_late') fail('HOLD_TOO_LATE_TO_PAY');
  if (begun.outcome === 'paid') fail('ORDER_PAID');
  if (begun.outcome === 'closed' || begun.totalCents === 0) fail('ORDER_NOT_PENDING');

  const wait = await waitForProvider(ctx, 'begin', orderId);
  if (wait !== null) fail('RATE_LIMITED', { retryAfterSeconds: wait });
  let intent: Stripe.PaymentIntent;
  try {
    intent = await openIntent(ctx, orderId, begun);
  } catch (error) {
    await touchOrders(ctx, [orderId]);
    // It answered, and the answer to the same question will be the same: trying again is no way out.
    if (error instanceof Stripe.errors.StripeInvalidRequestError) {
      ctx.log.error({ alert: true, err: error, orderId }, 'the payment provider refuses an order');
      return fail('PAYMENT_REFUSED', { cause: error });
    }
    // A wrong or revoked key is for the operator, who is told loudly; to a buyer it is like no answer.
    const isOurs =
      error instanceof Stripe.errors.StripeAuthenticationError || error instanceof Stripe.errors.StripePermissionError;
    if (isOurs) ctx.log.error({ alert: true, err: error, orderId }, 'the payment provider does not take our key');
    else ctx.log.warn({ err: error, orderId }, 'the payment provider did not answer');
    return fail('PAYMENT_UNAVAILABLE', { cause: error, retryAfterSeconds: 3 });
  }
  if (intent.status === 'succeeded' || intent.status === 'processing') {
    // Paid in another tab, and no webhook has told us yet.
    const order = await readPayment(ctx.db.engine.sql, orderId);
    if (order) await applyIntent(ctx, order, intent);
    if (intent.status === 'succeeded') fail('ORDER_PAID');
  }
  await touchOrders(ctx, [orderId]);
  return {
    clientSecret: intent.client_secret ?? '',
    publishableKey: ctx.services.env.STRIPE_PUBLISHABLE_KEY,
    amountCents: begun.totalCents,
    currency: begun.currency.trim(),
    expiresAt: new Date(begun.expiresAt),
  };
}

async function openIntent(ctx: PersonCtx, orderId: string, begun: BeginAnswer): Promise<Stripe.PaymentIntent> {
  const { stripe } = ctx.services;
  let after: string | null = null;
  if (begun.paymentIntentId) {
    const known = await stripe.paymentIntents.retrieve(begun.paymentIntentId);
    if (known.status !== 'canceled') return known;
    after = known.id; // ended at the provider: its successor has a key of its own
  }
  const order = await readPayment(ctx.db.engine.sql, orderId);
  // An intent whose answer was a failure has reached nobody: a second one does no harm.
  const intent = await underKey(intentKey(orderId, begun.totalCents, after), (idempotencyKey) =>
    stripe.paymentIntents.create(
      {
        amount: begun.totalCents,
        currency: begun.currency.trim().toLowerCase(),
        // Only methods that settle at once: a place is never kept for money that may come in days.
        allowed_payment_method_types: ['card'],
        capture_method: 'automatic',
        description: `Order ${begun.code}`,
        metadata: { order_id: orderId, checkout_id: order?.checkout_id ?? '' },
      },
      { idempotencyKey },
    ),
  );
  await ctx.db.engine.transaction((_tx, sql) => keepIntent(sql, orderId, intent.id, after));
  return intent;
}
