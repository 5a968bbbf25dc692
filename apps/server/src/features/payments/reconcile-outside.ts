import type Stripe from 'stripe';
import type { WorkCtx } from '../../platform/context.ts';
import { statusOf as disputeStatusOf } from '../disputes/disputes.rules.ts';
import { perProcess } from '../inventory/per-process.ts';
import { statusOf as refundStatusOf } from '../refunds/refunds.rules.ts';
import { findDiffering, type Listed } from './payments.sql.ts';
import { syncPayment } from './sync-payment.ts';

const DAY_SECONDS = 86_400;
/** Refunds fail within a month, as a rule; banks decide within a quarter of a year. */
const REFUND_DAYS = 30;
const DISPUTE_DAYS = 120;
const PAGE = 100;

const cursorsOf = perProcess(() => ({ refunds: null as string | null, disputes: null as string | null }));

/**
 * Looks after money that moves without our verb and whose webhook never came: refunds made or taken back outside, disputes.
 * The provider's own lists are walked page by page, one of each a round; an order whose row stands elsewhere is synced. So
 * the price is the number of refunds and disputes, never that of sales.
 * @returns true while there are more in this walk
 */
export async function reconcileOutside(ctx: WorkCtx): Promise<boolean> {
  const { stripe } = ctx.services;
  const cursors = cursorsOf(ctx);
  const since = (days: number, after: string | null) => ({
    created: { gte: Math.floor(Date.now() / 1000) - days * DAY_SECONDS },
    limit: PAGE,
    ...(after ? { starting_after: after } : {}),
  });
  const [refunds, disputes] = await Promise.all([
    stripe.refunds.list(since(REFUND_DAYS, cursors.refunds)),
    stripe.disputes.list(since(DISPUTE_DAYS, cursors.disputes)),
  ]);
  cursors.refunds = refunds.has_more ? (refunds.data.at(-1)?.id ?? null) : null;
  cursors.disputes = disputes.has_more ? (disputes.data.at(-1)?.id ?? null) : null;
  const { sql } = ctx.db.engine;
  const differing = new Set([
    ...(await findDiffering(sql, 'refunds', listed(refunds.data, refundStatusOf))),
    ...(await findDiffering(sql, 'disputes', listed(disputes.data, disputeStatusOf))),
  ]);
  for (const orderId of differing) {
    await syncPayment(ctx, { orderId, whole: true }).catch((err) =>
      ctx.log.warn({ err, orderId }, 'a payment could not be reconciled'),
    );
  }
  return cursors.refunds !== null || cursors.disputes !== null;
}

function listed<T extends Stripe.Refund | Stripe.Dispute>(objects: T[], statusOf: (object: T) => string): Listed[] {
  return objects.flatMap((object) => {
    const intent = object.payment_intent;
    const intentId = typeof intent === 'string' ? intent : intent?.id;
    return intentId ? [{ id: object.id, intentId, status: statusOf(object) }] : [];
  });
}
