import type { WorkCtx } from '../../platform/context.ts';
import { orderIdOf } from './payments.rules.ts';
import { closeWebhook, findByIntent, openWebhook, parkWebhook, readPayment, type WebhookRow } from './payments.sql.ts';
import { readWorth } from './read-worth.ts';
import { applyWorth } from './sync-payment.ts';

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

/** Of a stored event only the payment's id is used: what it says itself may be old by now. */
async function follow(ctx: WorkCtx, row: WebhookRow): Promise<string | null> {
  const { object } = row.payload.data;
  if (object.object === 'payment_intent') return followIntent(ctx, object.id, false);
  // A charge, a refund, a dispute. Those of the last two may be gone from the charge itself, so all are listed.
  const isWhole = object.object === 'refund' || object.object === 'dispute' || row.type === 'charge.refunded';
  return object.payment_intent ? followIntent(ctx, object.payment_intent, isWhole) : 'nothing to do';
}

async function followIntent(ctx: WorkCtx, intentId: string, whole: boolean): Promise<string | null> {
  const { sql } = ctx.db.engine;
  const known = await findByIntent(sql, intentId);
  const own = known ? await readPayment(sql, known) : null;
  const worth = await readWorth(ctx, intentId, {
    hasRefunds: own?.has_refunds ?? false,
    hasDisputes: own?.has_disputes ?? false,
    whole,
  });
  const orderId = known ?? orderIdOf(worth.intent.metadata);
  if (!orderId) return 'no order of ours';
  const order = own ?? (await readPayment(sql, orderId));
  if (!order) throw new Error(`the order of ${intentId} is not here yet`);
  await applyWorth(ctx, order, worth);
  return null;
}
