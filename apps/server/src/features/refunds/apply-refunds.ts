import type Stripe from 'stripe';
import type { WorkCtx } from '../../platform/context.ts';
import { touchOrders } from '../orders/touch-orders.ts';
import { refundIdOf, statusOf } from './refunds.rules.ts';
import { listRefunds, noteOutside, type RefundRow } from './refunds.sql.ts';
import { applyRefund } from './sync-refund.ts';

/** What failed goes first: it makes room for what was sent instead. */
const RANK = { failed: 0, succeeded: 1, pending: 2 };

/**
 * Brings the refunds of one payment to where the provider, asked a moment ago, says they stand: ours, and those made outside
 * (in its dashboard, or by another program), which get a row of kind `outside`. Repeatable, in any order, at once.
 */
export async function applyRefunds(ctx: WorkCtx, orderId: string, refunds: readonly Stripe.Refund[]): Promise<void> {
  if (refunds.length === 0) return;
  const { sql } = ctx.db.engine;
  const rows = await listRefunds(sql, orderId);
  for (const refund of refunds.toSorted((a, b) => RANK[statusOf(a)] - RANK[statusOf(b)])) {
    const row = rows.find((known) => isRowOf(known, refund));
    if (row) {
      await applyRefund(ctx, row, refund);
      continue;
    }
    const noted = await ctx.db.engine.transaction((_tx, tx) =>
      noteOutside(tx, {
        orderId,
        providerId: refund.id,
        amountCents: refund.amount,
        reason: refund.reason ?? 'requested',
        at: new Date(refund.created * 1000),
      }),
    );
    if (!noted) continue;
    await touchOrders(ctx, [orderId]);
    await applyRefund(ctx, noted, refund);
  }
}

/** By the provider's id; by ours in its metadata while the provider's answer to our call is still on its way. */
function isRowOf(row: RefundRow, refund: Stripe.Refund): boolean {
  if (row.provider_refund_id !== null) return row.provider_refund_id === refund.id;
  return row.id === refundIdOf(refund) && row.status === 'pending' && row.amount_cents === refund.amount;
}
