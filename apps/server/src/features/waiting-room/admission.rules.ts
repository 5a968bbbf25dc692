/** Admissions: signed leave for one person to take a hold of one event until a moment. Checking one costs no query. */
import { createHmac, timingSafeEqual } from 'node:crypto';
import { readCookies } from '../../platform/read-cookies.ts';

export interface Admission {
  eventId: string;
  userId: string;
  endsAtMs: number;
}

const macOf = (secret: string, { eventId, userId, endsAtMs }: Admission): Buffer =>
  createHmac('sha256', secret)
    .update(`waiting-room.admission|${eventId.toLowerCase()}|${userId.toLowerCase()}|${endsAtMs}`)
    .digest();

/** `<end, base 36>.<HMAC-SHA256, base64url>`; event and person are not in it, the checker knows them. */
export function signAdmission(secret: string, admission: Admission): string {
  return `${admission.endsAtMs.toString(36)}.${macOf(secret, admission).toString('base64url')}`;
}

export type AdmissionCheck = 'valid' | 'ended' | 'none';

/** Whether a token admits this person to this event now; `ended` is a true one whose time has passed. */
export function checkAdmission(
  secret: string,
  token: string | null,
  { eventId, userId, nowMs }: { eventId: string; userId: string; nowMs: number },
): AdmissionCheck {
  const match = /^([0-9a-z]{1,10})\.([\w-]{43})$/.exec(token ?? '');
  if (!match?.[1] || !match[2]) return 'none';
  const endsAtMs = Number.parseInt(match[1], 36);
  const given = Buffer.from(match[2], 'base64url');
  if (given.length !== 32 || !timingSafeEqual(given, macOf(secret, { eventId, userId, endsAtMs }))) return 'none';
  return endsAtMs > nowMs ? 'valid' : 'ended';
}

/** One cookie per event; the token in it is worthless to anybody else and for anything else. */
export function admissionCookieName(eventId: string): string {
  return `liventix_admission_${eventId.toLowerCase().replaceAll('-', '')}`;
}

/** The cookie that carries an admission in every tab. */
export function admissionCookie(token: string, admission: Admission, nowMs: number, secure: boolean): string {
  const maxAge = Math.max(1, Math.ceil((admission.endsAtMs - nowMs) / 1000));
  return `${admissionCookieName(admission.eventId)}=${token}; Path=/; Max-Age=${maxAge}; HttpOnly; SameSite=Lax${secure ? '; Secure' : ''}`;
}

export function readAdmissionCookie(cookieHeader: string | null, eventId: string): string | null {
  return readCookies(cookieHeader, admissionCookieName(eventId))[0] ?? null;
}
