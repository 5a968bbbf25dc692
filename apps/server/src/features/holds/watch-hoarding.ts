import type { WorkCtx } from '../../platform/context.ts';
import { noteHoarding } from './holds.sql.ts';

/** Notes the tiers that guests keep off sale without paying, and those where that is over; tells who looks at them. */
export async function watchHoarding(ctx: WorkCtx): Promise<void> {
  for (const eventId of await noteHoarding(ctx.db.engine.sql)) {
    ctx.live.touch('event', eventId);
    ctx.live.touch('staff', eventId);
  }
}
