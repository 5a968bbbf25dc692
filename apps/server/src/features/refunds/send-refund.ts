import Stripe from 'stripe';
import type { WorkCtx } from '../../platform/context.ts';
import { askAgain } from '../payments/ask-again.ts';
import { underKey } from '../payments/under-key.ts';
import { refundIdOf } from './refunds.rules.ts';
import { type RefundRow, readRefund } from './refunds.sql.ts';
import { applyRefund, settle } from './sync-refund.ts';

/**
 * Asks the provider to send a refund. The row's id is the idempotency key of every try (`underKey`), so an answer that got lost
 * costs nothing; keys are forgotten after a day, so an old row looks first whether it was sent. Throws when the provider
 * does not answer: the job comes again.
 */
export async function sendRefund(ctx: WorkCtx, { refundId }: { refundId: string }): Promise<void> {
  const row = await readRefund(ctx.db.engine.sql, refundId);
  if (row?.status !== 'pending') return;
  if (row.provider_refund_id) {
    await applyRefund(ctx, row, await ctx.services.stripe.refunds.retrieve(row.provider_refund_id));
    return;
  }
  if (!row.intent_id) {
    await settle(ctx, row, false, null, 'the order has no payment');
    return;
  }
  const sent = row.is_old ? await findSent(ctx, row, row.intent_id) : null;
  await applyRefund(ctx, row, sent ?? (await send(ctx, row, row.intent_id)));
}

async function send(ctx: WorkCtx, row: RefundRow, intentId: string): Promise<Stripe.Refund> {
  try {
    return await underKey(
      `refund-${row.id}`,
      (idempotencyKey) =>
        ctx.services.stripe.refunds.create(
          {
            payment_intent: intentId,
            amount: row.amount_cents,
            metadata: { refund_id: row.id, order_id: row.order_id },
          },
          { idempotencyKey },
        ),
      () => findSent(ctx, row, intentId),
    );
  } catch (error) {
    if (!(error instanceof Stripe.errors.StripeInvalidRequestError)) throw error;
    // Refused for good, unless an earlier try went through under a key that was forgotten.
    const sent = await findSent(ctx, row, intentId);
    if (sent) return sent;
    await settle(ctx, row, false, null, error.code ?? error.message);
    // It refuses because it knows more than we do: refunded in its dashboard, disputed.
    await askAgain(ctx, row.order_id);
    throw new RefundRefused(error.message);
  }
}

async function findSent(ctx: WorkCtx, row: RefundRow, intentId: string): Promise<Stripe.Refund | null> {
  const { data } = await ctx.services.stripe.refunds.list({ payment_intent: intentId, limit: 100 });
  return data.find((refund) => refundIdOf(refund) === row.id) ?? null;
}

/** The provider will never send this refund; it is settled as failed. */
class RefundRefused extends Error {}

/** Like `sendRefund`, for the queue: a refusal for good is settled and not tried again. */
export async function sendRefundOnce(ctx: WorkCtx, payload: { refundId: string }): Promise<void> {
  try {
    await sendRefund(ctx, payload);
  } catch (error) {
    if (!(error instanceof RefundRefused)) throw error;
  }
}
