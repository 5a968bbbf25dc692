import type { WorkCtx } from '../../platform/context.ts';
import { findWaiting, noteAsked } from './refunds.sql.ts';
import { sendRefundOnce } from './send-refund.ts';

const BATCH_MAX = 20;
const QUIET_SECONDS = 120;

/** Looks after refunds that have waited for two minutes: a lost webhook, a provider that was away. One bounded batch. */
export async function reconcileRefunds(ctx: WorkCtx): Promise<boolean> {
  const ids = await findWaiting(ctx.db.engine.sql, QUIET_SECONDS, BATCH_MAX);
  for (const refundId of ids) {
    await noteAsked(ctx.db.engine.sql, refundId);
    await sendRefundOnce(ctx, { refundId }).catch((err) =>
      ctx.log.warn({ err, refundId }, 'a refund could not be reconciled'),
    );
  }
  return ids.length === BATCH_MAX;
}
