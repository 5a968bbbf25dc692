import type { WaitingRoomRef, WaitingRoomView } from '@liventix/contracts/waiting-room';
import type { PersonCtx } from '../../platform/trpc.ts';
import { readRoom } from './read-room.ts';
import { leaveSpot } from './waiting-room.sql.ts';

/** Gives the caller's spot up, for good: who comes back queues at the end. */
export async function leaveRoom(ctx: PersonCtx, { eventId }: WaitingRoomRef): Promise<WaitingRoomView> {
  const { userId } = ctx.actor;
  await ctx.write((_tx, sql) => leaveSpot(sql, eventId, userId));
  ctx.live.touch('waiting', eventId);
  return readRoom(ctx, { eventId });
}
