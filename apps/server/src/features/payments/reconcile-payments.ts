import type { WorkCtx } from '../../platform/context.ts';
import { perProcess } from '../inventory/per-process.ts';
import { findUnsettled } from './payments.sql.ts';
import { syncPayment } from './sync-payment.ts';

const BATCH_MAX = 50;
const AT_ONCE = 5;
/** An order that changed a moment ago has its webhook under way. */
const QUIET_SECONDS = 45;

const cursorOf = perProcess(() => ({ after: null as string | null }));

/**
 * Looks after payments whose webhook never came: pending orders, and those that ended before their payment did. One bounded
 * batch, walking through all of them by id; so a lost webhook is healed within minutes.
 * @returns true while there are more in this walk
 */
export async function reconcilePayments(ctx: WorkCtx): Promise<boolean> {
  const cursor = cursorOf(ctx);
  const ids = await findUnsettled(ctx.db.engine.sql, cursor.after, QUIET_SECONDS, BATCH_MAX);
  const hasMore = ids.length === BATCH_MAX;
  cursor.after = hasMore ? (ids.at(-1) ?? null) : null;
  const next = async (): Promise<void> => {
    for (let orderId = ids.pop(); orderId; orderId = ids.pop()) {
      await syncPayment(ctx, { orderId }).catch((err) =>
        ctx.log.warn({ err, orderId }, 'a payment could not be reconciled'),
      );
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, next));
  return hasMore;
}
