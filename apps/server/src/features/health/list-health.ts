import { type AllHealthView, EVENTS_OF_HEALTH_MAX } from '@liventix/contracts/health';
import type { Ctx } from '../../platform/context.ts';
import { countWork, listHealth as listRows } from './health.sql.ts';

/**
 * Whether all events hold, the worst first, and whether the work behind them gets done. Read now, through the engine: the
 * caller has been let in as the platform's staff (`adminProcedure`), who has a role at no event.
 */
export async function listHealth(ctx: Ctx): Promise<AllHealthView> {
  const { sql } = ctx.db.engine;
  const [all, work] = await Promise.all([listRows(sql, EVENTS_OF_HEALTH_MAX), countWork(sql)]);
  return { ...all, ...work };
}
