import type { WaitingRoomRef, WaitingRoomView } from '@liventix/contracts/waiting-room';
import type { Ctx } from '../../platform/context.ts';
import type { PersonCtx } from '../../platform/trpc.ts';
import { giveAdmission } from './give-admission.ts';
import { seenIn } from './stay-in-room.ts';
import { findSpot } from './waiting-room.sql.ts';

/**
 * The room and the caller's own spot in it. Whoever is admitted gets her admission with the answer. Asking is being seen.
 * @throws NOT_FOUND for events the caller may not see
 */
export async function readRoom(ctx: Ctx, { eventId }: WaitingRoomRef): Promise<WaitingRoomView> {
  const { version, data } = await ctx.live.snapshot(ctx, 'waiting', eventId);
  const { actor } = ctx;
  if (!actor || data.state === 'none') return { version, room: data, spot: null };
  const spot = await ctx.read((_tx, sql) => findSpot(sql, eventId, actor.userId));
  if (spot?.state === 'waiting' || spot?.state === 'admitted') {
    seenIn(ctx, eventId, actor.userId);
    giveAdmission(ctx as PersonCtx, eventId, spot);
  }
  return { version, room: data, spot };
}
