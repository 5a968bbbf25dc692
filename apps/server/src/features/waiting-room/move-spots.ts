import type { Databases } from '@liventix/db/client';
import type { Live } from '../../platform/live/live.ts';
import { lockLiving } from '../../platform/standing.ts';
import { moveLivingSpots } from './waiting-room.sql.ts';

/**
 * A guest's spots become the account's; where both have one in a room the better number stays. A transaction of its own,
 * because rooms are never locked together with tiers; repeating it moves nothing.
 */
export async function moveSpots(ctx: { db: Databases; live: () => Live }, from: string, to: string): Promise<void> {
  const events = await ctx.db.engine.transaction(async (_tx, sql) =>
    (await lockLiving(sql, to)) ? moveLivingSpots(sql, from, to) : [],
  );
  for (const eventId of events) ctx.live().touch('waiting', eventId);
}
