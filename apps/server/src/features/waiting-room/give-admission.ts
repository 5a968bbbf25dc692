import type { WaitingSpot } from '@liventix/contracts/waiting-room';
import type { PersonCtx } from '../../platform/trpc.ts';
import { admissionCookie, signAdmission } from './admission.rules.ts';

/** Puts the admission of an admitted spot on the answer, as a cookie: each tab and device that asks gets the same one. */
export function giveAdmission(ctx: PersonCtx, eventId: string, spot: WaitingSpot): void {
  const nowMs = ctx.services.clock.now();
  if (spot.state !== 'admitted' || spot.admittedUntil === null || spot.admittedUntil <= nowMs) return;
  const admission = { eventId, userId: ctx.actor.userId, endsAtMs: Math.floor(spot.admittedUntil) };
  const { LIVENTIX_SECRET, PUBLIC_URL } = ctx.services.env;
  const token = signAdmission(LIVENTIX_SECRET, admission);
  ctx.setCookies.push(admissionCookie(token, admission, nowMs, PUBLIC_URL.startsWith('https:')));
}
