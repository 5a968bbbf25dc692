import type { WorkCtx } from '../../platform/context.ts';
import { listTurnedIds } from './events.sql.ts';

/** A sale that opens or closes by the clock writes no row, so nobody's feed hears of it: their rooms are read again. */
export async function refreshRooms(ctx: WorkCtx): Promise<void> {
  for (const id of await listTurnedIds(ctx.db.engine.sql)) {
    ctx.live.touch('event', id);
    ctx.live.touch('staff', id);
  }
}
