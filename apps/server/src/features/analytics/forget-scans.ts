import type { WorkCtx } from '../../platform/context.ts';
import { deleteOldScans } from './analytics.sql.ts';

const FORGET_BATCH_MAX = 5000;

/** Scans at the door are kept until a year after their event: one bounded batch; true when there is more. */
export async function forgetScans(ctx: WorkCtx): Promise<boolean> {
  return (await deleteOldScans(ctx.db.engine.sql, FORGET_BATCH_MAX)) === FORGET_BATCH_MAX;
}
