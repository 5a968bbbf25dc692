import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { admissionCookie, checkAdmission, readAdmissionCookie, signAdmission } from './admission.rules.ts';

const SECRET = 'a secret of the house that is long enough';
const EVENT = '0192f0c1-0000-7000-8000-000000000001';
const OTHER = '0192f0c1-0000-7000-8000-000000000002';
const admission = { eventId: EVENT, userId: OTHER, endsAtMs: 1_800_000_000_000 };

describe('an admission', () => {
  it('admits its person to its event until its end, and not a millisecond longer', () => {
    const token = signAdmission(SECRET, admission);
    const check = (change: Partial<{ eventId: string; userId: string; nowMs: number }>, secret = SECRET) =>
      checkAdmission(secret, token, { eventId: EVENT, userId: OTHER, nowMs: admission.endsAtMs - 1, ...change });
    expect(check({})).toBe('valid');
    expect(check({ nowMs: admission.endsAtMs })).toBe('ended');
    expect(check({ userId: EVENT })).toBe('none');
    expect(check({ eventId: OTHER })).toBe('none');
    expect(check({}, `${SECRET}.`)).toBe('none');
    expect(checkAdmission(SECRET, null, { ...admission, nowMs: 0 })).toBe('none');
  });

  it('is worth nothing with any of its bytes changed', () => {
    const token = signAdmission(SECRET, admission);
    const letters = fc.constantFrom(...'abcdefghijklmnopqrstuvwxyz0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ-_.');
    fc.assert(
      fc.property(fc.nat(token.length - 2), letters, (at, letter) => {
        fc.pre(token[at] !== letter);
        const forged = token.slice(0, at) + letter + token.slice(at + 1);
        return checkAdmission(SECRET, forged, { ...admission, nowMs: 0 }) === 'none';
      }),
    );
  });

  it('travels in a cookie of its event, found among others', () => {
    const token = signAdmission(SECRET, admission);
    const cookie = admissionCookie(token, admission, admission.endsAtMs - 299_500, true);
    expect(cookie).toContain('; Path=/; Max-Age=300; HttpOnly; SameSite=Lax; Secure');
    const header = `a=b; ${cookie.split(';')[0]}; liventix_admission=x`;
    expect(readAdmissionCookie(header, EVENT)).toBe(token);
    expect(readAdmissionCookie(header, OTHER)).toBeNull();
    expect(readAdmissionCookie(null, EVENT)).toBeNull();
  });
});
