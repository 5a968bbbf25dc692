import type { WorkCtx } from '../../platform/context.ts';
import { syncRefund, syncRefundsOf } from '../refunds/sync-refund.ts';
import { orderIdOf } from './payments.rules.ts';
import { closeWebhook, findByIntent, openWebhook, parkWebhook, readPayment, type WebhookRow } from './payments.sql.ts';
import { applyIntent } from './sync-payment.ts';

/**
 * Works on a stored webhook: what it names is read from the provider again, its order and payload are never trusted. It
 * is marked done only after its effects are committed; those are repeatable, so a crash between costs nothing. What names
 * an order of ours that is not there (yet) stays parked, and the job comes again.
 */
export async function processWebhook(ctx: WorkCtx, { eventId }: { eventId: string }): Promise<void> {
  const { sql } = ctx.db.engine;
  const row = await openWebhook(sql, eventId);
  if (!row) return;
  try {
    const note = await follow(ctx, row);
    await closeWebhook(sql, eventId, note);
  } catch (error) {
    await parkWebhook(sql, eventId, error instanceof Error ? error.message : String(error));
    throw error;
  }
}

async function follow(ctx: WorkCtx, row: WebhookRow): Promise<string | null> {
  const { object } = row.payload.data;
  if (object.object === 'payment_intent') return followIntent(ctx, object.id);
  if (object.object === 'refund') return syncRefund(ctx, object.id);
  if (row.type === 'charge.refunded' && object.payment_intent) return syncRefundsOf(ctx, object.payment_intent);
  if (object.object === 'charge' && object.payment_intent) return followIntent(ctx, object.payment_intent);
  return 'nothing to do';
}

async function followIntent(ctx: WorkCtx, intentId: string): Promise<string | null> {
  const { sql } = ctx.db.engine;
  const intent = await ctx.services.stripe.paymentIntents.retrieve(intentId);
  const orderId = (await findByIntent(sql, intentId)) ?? orderIdOf(intent.metadata);
  if (!orderId) return 'no order of ours';
  const order = await readPayment(sql, orderId);
  if (!order) throw new Error(`the order of ${intentId} is not here yet`);
  await applyIntent(ctx, order, intent);
  return null;
}
