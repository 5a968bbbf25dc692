import type Stripe from 'stripe';
import type { WorkCtx } from '../../platform/context.ts';
import { applyDisputes } from '../disputes/apply-disputes.ts';
import { type CompleteOutcome, completeOrder } from '../orders/complete-orders.ts';
import { touchOrders } from '../orders/touch-orders.ts';
import { applyRefunds } from '../refunds/apply-refunds.ts';
import { capturedAt, newsOf, orderIdOf } from './payments.rules.ts';
import {
  endIntent,
  keepIntent,
  noteCapture,
  noteCard,
  noteNothingComing,
  noteState,
  type PaymentRow,
  readPayment,
  refuseCapture,
} from './payments.sql.ts';
import { readWorth, type Worth } from './read-worth.ts';

export type SyncOutcome = CompleteOutcome | 'no_intent' | 'not_own' | 'processing' | 'failed' | 'canceled' | 'open';

/**
 * Reads from the provider what an order's payment is worth now and brings the order to where that says it stands: captured,
 * refunded (by us or outside, also later taken back), disputed. The one function that every webhook, the return page and the
 * reconciler call: what they heard is only a reason to look. Repeatable, in any order, at once. The provider is asked
 * outside of any transaction; rooms hear of it after the commit.
 * @param input.intentId for an order that does not know its intent yet
 * @param input.whole lists refunds and disputes even if nothing says that there are some
 */
export async function syncPayment(
  ctx: WorkCtx,
  input: { orderId: string; intentId?: string; whole?: boolean },
): Promise<SyncOutcome> {
  const order = await readPayment(ctx.db.engine.sql, input.orderId);
  if (!order) return 'not_found';
  const intentId = order.intent_id ?? input.intentId;
  if (!intentId) return 'no_intent';
  const { has_refunds: hasRefunds, has_disputes: hasDisputes } = order;
  const worth = await readWorth(ctx, intentId, { hasRefunds, hasDisputes, whole: input.whole ?? false });
  return applyWorth(ctx, order, worth);
}

/** Like `syncPayment`, for what was read from the provider a moment ago. */
export async function applyWorth(ctx: WorkCtx, order: PaymentRow, worth: Worth): Promise<SyncOutcome> {
  const { intent, card, refunds, disputes } = worth;
  // Before the order is completed: its confirmation says how it was paid.
  if (card && !order.has_card && isOf(order, intent)) await noteCard(ctx.db.engine.sql, order.id, card);
  const outcome = await applyIntent(ctx, order, intent);
  if (intent.status !== 'succeeded' || outcome === 'not_found' || outcome === 'not_own') return outcome;
  await applyRefunds(ctx, order.id, refunds);
  const { currency, amount_received: capturedCents } = intent;
  await applyDisputes(ctx, { id: order.id, currency, capturedCents }, disputes);
  return outcome;
}

/** Whether an intent is an order's: by the id that the order keeps; by the intent's own word while it keeps none. */
const isOf = (order: PaymentRow, intent: Stripe.PaymentIntent): boolean =>
  order.intent_id ? order.intent_id === intent.id : orderIdOf(intent.metadata) === order.id;

/** The half of a sync that is about the intent alone: captured, on its way, refused, ended. */
export async function applyIntent(ctx: WorkCtx, order: PaymentRow, intent: Stripe.PaymentIntent): Promise<SyncOutcome> {
  const { sql } = ctx.db.engine;
  if (!isOf(order, intent)) {
    // An id that only the caller knows must say itself whose it is.
    if (orderIdOf(intent.metadata) !== order.id) return 'not_found';
    return sendBackForeign(ctx, order.id, intent);
  }
  if (!order.intent_id) await ctx.db.engine.transaction((_tx, tx) => keepIntent(tx, order.id, intent.id, null));
  const news = newsOf(intent, order.currency);
  if (news.kind === 'captured') {
    if (!news.isOwnCurrency) return refuse(ctx, order, intent.id, news.cents);
    const at = capturedAt(intent) ?? new Date(ctx.services.clock.now());
    if (order.status === 'pending' || order.status === 'cancelled')
      await noteCapture(sql, order.id, { cents: news.cents, at });
    const outcome = await completeOrder(ctx, { orderId: order.id, paymentId: intent.id, capturedCents: news.cents });
    if (outcome === 'amount_mismatch') {
      ctx.log.error(
        { alert: true, orderId: order.id, intentId: intent.id, captured: news.cents, total: order.total_cents },
        'captured another amount',
      );
    }
    return outcome;
  }
  // What was processing when its order ended could not be cancelled then; after a failure it could be paid again.
  if (order.status === 'cancelled' && (news.kind === 'failed' || news.kind === 'open'))
    await endIntent(sql, order.id, ctx.services.clock.now());
  if (news.kind === 'processing' || news.kind === 'failed') {
    const changed = await noteState(sql, order.id, news.kind, news.kind === 'failed' ? news.problem : null);
    if (changed) await touchOrders(ctx, [order.id]);
  } else if (news.kind === 'canceled') {
    await noteNothingComing(sql, order.id);
    // The buyer's screen asks for a fresh form: the next start makes a new intent.
    if (order.status === 'pending' && (await noteState(sql, order.id, 'failed', 'ended'))) {
      await touchOrders(ctx, [order.id]);
    }
  }
  return news.kind;
}

/**
 * A payment that names an order which keeps another one (made by another program with our key, or by hand) pays nothing. What it
 * captured goes back, what is left of it, apart from the order's own books; nobody is charged twice for one order. Throws while the provider does not
 * answer, so that the webhook comes again.
 */
async function sendBackForeign(ctx: WorkCtx, orderId: string, intent: Stripe.PaymentIntent): Promise<SyncOutcome> {
  const charge = typeof intent.latest_charge === 'object' ? intent.latest_charge : null;
  const left = intent.amount_received - (charge?.amount_refunded ?? 0);
  if (intent.status !== 'succeeded' || !charge || left <= 0) return 'not_own';
  const order = await readPayment(ctx.db.engine.sql, orderId);
  if (!order?.intent_id || order.intent_id === intent.id) return 'not_own';
  ctx.log.error(
    { alert: true, orderId, intentId: intent.id, captured: intent.amount_received, left },
    'an order was paid twice',
  );
  if (charge.disputed) return 'not_own';
  await ctx.services.stripe.refunds.create(
    { payment_intent: intent.id, amount: left, reason: 'duplicate' },
    { idempotencyKey: `paid-twice-${intent.id}-${left}` },
  );
  return 'not_own';
}

async function refuse(ctx: WorkCtx, order: PaymentRow, intentId: string, cents: number): Promise<SyncOutcome> {
  const refused = await ctx.db.engine.transaction((_tx, sql) => refuseCapture(sql, order, intentId, cents));
  if (!refused) return order.status === 'paid' || order.status === 'refunded' ? 'already_paid' : 'amount_mismatch';
  ctx.log.error({ alert: true, orderId: order.id, intentId }, 'captured another currency');
  await touchOrders(ctx, [order.id]);
  return 'amount_mismatch';
}
