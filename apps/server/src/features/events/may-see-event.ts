import type { Ctx } from '../../platform/context.ts';
import { maySee } from './events.sql.ts';

/** Whether the caller may open the event's page: missing, deleted, foreign and private to others are all a no. */
export function maySeeEvent(ctx: Ctx, eventId: string): Promise<boolean> {
  return ctx.read((_tx, sql) => maySee(sql, eventId));
}
