import type { WorkCtx } from '../../platform/context.ts';
import { deleteExpiredLogins, deleteOldMarks, deleteSpent, deleteUser, findIdleGuests } from './accounts.sql.ts';

/** Guests a batch at most. */
export const SWEEP_BATCH_MAX = 100;

/**
 * Forgets silent guests after a day when they ordered nothing (a month, when nothing was paid for it), expired sessions and codes, and
 * marks of mailboxes that no limit needs.
 * One bounded batch; true when there is more. A guest whom something still refers to is kept.
 */
export async function sweepGuests(ctx: WorkCtx): Promise<boolean> {
  const idle = await findIdleGuests(ctx.db.engine.sql, SWEEP_BATCH_MAX);
  let gone = 0;
  for (const id of idle) {
    const isIdle = await ctx.db.engine.transaction((_tx, sql) => deleteSpent(sql, id));
    if (isIdle && (await deleteUser(ctx.db.auth.sql, id))) gone++;
  }
  const more = await deleteExpiredLogins(ctx.db.auth.sql, 500);
  const moreMarks = await deleteOldMarks(ctx.db.engine.sql, 500);
  return more || moreMarks || (idle.length === SWEEP_BATCH_MAX && gone > 0);
}
