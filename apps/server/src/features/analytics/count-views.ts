import type { WorkCtx } from '../../platform/context.ts';
import { readViewsToday } from './analytics.sql.ts';

/** Page views of an event since midnight in its zone. */
export function countViewsToday(ctx: WorkCtx, eventId: string): Promise<number> {
  return readViewsToday(ctx.db.engine.sql, eventId);
}
