import type { Ctx } from '../../platform/context.ts';
import { fail } from '../../platform/errors.ts';
import { breakEvent, findCrowd, findOfficialEvent } from './demo.sql.ts';

/**
 * Replays the night the product was built for: the Official Event with every free place kept by nobody. The sweep stops,
 * as it had stopped then, until somebody heals the event; the breathing starts it again after ten minutes at the latest.
 * Demo only; NOT_FOUND elsewhere.
 */
export async function replayIncident(ctx: Ctx): Promise<{ eventId: string }> {
  if (!ctx.services.env.DEMO) fail('NOT_FOUND');
  const found = await findOfficialEvent(ctx.db.engine.sql);
  if (!found) fail('NOT_FOUND');
  ctx.services.switches.sweeping = false;
  const crowd = await findCrowd(ctx.db.engine.sql, 140);
  await ctx.db.engine.transaction((_, sql) => breakEvent(sql, found.eventId, found.tierId, crowd));
  ctx.live.touch('event', found.eventId);
  ctx.live.touch('staff', found.eventId);
  return { eventId: found.eventId };
}
