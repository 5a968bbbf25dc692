import type { Services, WorkCtx } from '../../platform/context.ts';
import { readStart, rollUp } from './analytics.sql.ts';

const HOUR = 3_600_000;
/** One batch covers a week at most; a longer history is caught up batch by batch. */
const BATCH_HOURS = 7 * 24;
/** The running hour and the two before it are written again each time: payments arrive late. */
const AGAIN_HOURS = 2;

const reached = new WeakMap<Services, number>();

/** One bounded batch of the hourly roll-up. Answers true while there is history left. Any number of processes may run it. */
export async function rollUpHours(ctx: WorkCtx): Promise<boolean> {
  const { sql } = ctx.db.engine;
  const known = reached.get(ctx.services) ?? (await readStart(sql))?.getTime();
  if (known === undefined) return false;
  const now = Date.now();
  const from = Math.floor((known - AGAIN_HOURS * HOUR) / HOUR) * HOUR;
  const to = Math.min(from + BATCH_HOURS * HOUR, now + HOUR);
  await rollUp(sql, new Date(from), new Date(to));
  reached.set(ctx.services, Math.min(to, now));
  return to < now;
}
