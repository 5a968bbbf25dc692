import Stripe from 'stripe';
import type { WorkCtx } from '../../platform/context.ts';
import { orderIdOf, paymentOf } from './payments.rules.ts';
import {
  closeWebhooks,
  findByIntent,
  openWebhooks,
  parkWebhooks,
  readPayment,
  type WebhookRow,
} from './payments.sql.ts';
import { readWorth } from './read-worth.ts';
import { applyWorth } from './sync-payment.ts';

/**
 * Works on a stored webhook and all others about the same payment: what they name is read from the provider again, their
 * order and payload are never trusted. They are marked done only after the effects are committed; those are repeatable, so a
 * crash between costs nothing. What names an order of ours that is not there (yet) stays parked, and the job comes again. After an
 * hour what the provider does not know, and what names an order that is still not here (of another installation with the same
 * key, or sold after the backup that was restored), is given up, and stays for people.
 */
export async function processWebhook(ctx: WorkCtx, { eventId }: { eventId: string }): Promise<void> {
  const { sql } = ctx.db.engine;
  const rows = await openWebhooks(sql, eventId);
  if (rows.length === 0) return;
  const ids = rows.map((row) => row.id);
  try {
    await closeWebhooks(sql, ids, await follow(ctx, rows));
  } catch (error) {
    const final = isUnknown(error) && rows.every((row) => row.is_old);
    await parkWebhooks(sql, ids, error instanceof Error ? error.message : String(error), final);
    if (!final) throw error;
    ctx.log.error({ alert: true, err: error, webhooks: ids }, 'a webhook names what is not known');
  }
}

class OrderNotHere extends Error {}

const isUnknown = (error: unknown): boolean =>
  error instanceof OrderNotHere ||
  (error instanceof Stripe.errors.StripeInvalidRequestError && error.statusCode === 404);

/** Of stored events only the payment's id is used: what they say themselves may be old by now. */
async function follow(ctx: WorkCtx, rows: readonly WebhookRow[]): Promise<string | null> {
  const intentId = rows.map((row) => paymentOf(row.payload)).find((id) => id !== null);
  if (!intentId) return 'nothing to do';
  // Refunds and disputes may be gone from the charge itself, so all are listed.
  const isWhole = rows.some(
    ({ type, payload: { data } }) =>
      data.object.object === 'refund' || data.object.object === 'dispute' || type === 'charge.refunded',
  );
  return followIntent(ctx, intentId, isWhole);
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
  if (!order) {
    const { status, amount_received: cents, currency } = worth.intent;
    throw new OrderNotHere(`order ${orderId} of ${intentId} is not here: ${status}, received ${cents} ${currency}`);
  }
  await applyWorth(ctx, order, worth);
  return null;
}
