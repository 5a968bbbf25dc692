import type { PauseWaitingRoom, WaitingRoomView } from '@liventix/contracts/waiting-room';
import type { PersonCtx } from '../../platform/trpc.ts';
import { requireRole } from '../organizations/require-role.ts';
import { readRoom } from './read-room.ts';
import { pauseLiving } from './waiting-room.sql.ts';

/**
 * Stops or resumes calling people. Who was admitted keeps her minutes, and everybody keeps her spot.
 * @throws NOT_FOUND for strangers, ROLE_REQUIRED
 */
export async function pauseRoom(ctx: PersonCtx, { eventId, paused }: PauseWaitingRoom): Promise<WaitingRoomView> {
  await requireRole(ctx, eventId, 'events');
  await ctx.write((_tx, sql) => pauseLiving(sql, eventId, paused));
  ctx.live.touch('waiting', eventId);
  return readRoom(ctx, { eventId });
}
