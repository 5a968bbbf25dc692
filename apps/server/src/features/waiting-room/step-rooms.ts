import type { WorkCtx } from '../../platform/context.ts';
import { forgetPressure, listLiving, prepareRooms, stepRoom } from './waiting-room.sql.ts';

/**
 * Steps each living room once: draw, turns that are over, who is called, the end. Then makes the rooms that events switched
 * on. A transaction per room; any number of processes may do it at once, each room is stepped by one of them.
 */
export async function stepRooms(ctx: WorkCtx): Promise<void> {
  const { engine } = ctx.db;
  for (const room of await listLiving(engine.sql)) {
    const outcome = await engine.transaction((_tx, sql) => stepRoom(sql, room.id));
    if (outcome === 'moved' || outcome === 'closed') ctx.live.touch('waiting', room.eventId);
  }
  // After the steps: a room is there, with its commitment, for a second at least before anything happens in it.
  for (const eventId of await prepareRooms(engine.sql)) ctx.live.touch('waiting', eventId);
  await forgetPressure(engine.sql);
}
