import type { Ctx } from '../../platform/context.ts';
import { fail } from '../../platform/errors.ts';
import { checkAdmission, readAdmissionCookie } from './admission.rules.ts';

/**
 * Lets a hold of an event with a living waiting room pass only with a valid admission of this very person. Costs no query.
 * An admission lives its five minutes whatever was done with it: who gave her places back by mistake may take others. That
 * lets nobody more in: in the step, who gave back counts as on her way to a hold until her admission ends.
 * @throws WAITING_ROOM_AHEAD, ADMISSION_ENDED; both lead the page to the room
 */
export function requireAdmission(ctx: Ctx, eventId: string): void {
  const token = readAdmissionCookie(ctx.requestHeaders.get('cookie'), eventId);
  const check = ctx.actor
    ? checkAdmission(ctx.services.env.LIVENTIX_SECRET, token, {
        eventId,
        userId: ctx.actor.userId,
        nowMs: ctx.services.clock.now(),
      })
    : 'none';
  if (check === 'valid') return;
  fail(check === 'ended' ? 'ADMISSION_ENDED' : 'WAITING_ROOM_AHEAD', { details: { eventId } });
}
