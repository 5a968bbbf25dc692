import type { WorkCtx } from '../../platform/context.ts';
import { readEventOwners } from './organizations.sql.ts';

/** The people who answer for an event's money, by a mailbox that they have proven. */
export function listOwners(ctx: WorkCtx, eventId: string): Promise<{ userId: string; email: string }[]> {
  return readEventOwners(ctx.db.engine.sql, eventId);
}
