import { describe, expect, it } from 'vitest';
import {
  acceptState,
  ageSeconds,
  clockOffset,
  clockText,
  comeBackMs,
  isStale,
  remainingSeconds,
} from './rooms.rules.ts';

describe('a room', () => {
  const shown = { version: 7, data: { free: 12 }, confirmedAtMs: 1_000 };

  it('takes a newer version', () => {
    expect(acceptState(shown, { version: 8, data: { free: 11 } }, 2_000)).toEqual({
      version: 8,
      data: { free: 11 },
      confirmedAtMs: 2_000,
    });
  });

  it('never goes back to an older version', () => {
    expect(acceptState(shown, { version: 6, data: { free: 13 } }, 2_000)).toBe(shown);
  });

  it('keeps its data object when the same version is confirmed', () => {
    const after = acceptState(shown, { version: 7, data: { free: 99 } }, 2_000);
    expect(after.data).toBe(shown.data);
    expect(after.confirmedAtMs).toBe(2_000);
  });

  it('takes the first snapshot whatever its version', () => {
    expect(acceptState(undefined, { version: 0, data: 'x' }, 5)).toEqual({ version: 0, data: 'x', confirmedAtMs: 5 });
  });

  it('is never stale while the socket is up', () => {
    expect(isStale(null, 0, 9_999_999)).toBe(false);
    expect(ageSeconds(0, null, 9_999_999)).toBe(0);
  });

  it('is stale after five seconds without a socket', () => {
    expect(isStale(10_000, 4_000, 14_999)).toBe(false);
    expect(isStale(10_000, 4_000, 15_000)).toBe(true);
    expect(ageSeconds(4_000, 10_000, 30_000)).toBe(20);
  });

  it('is fresh again when a poll confirmed it', () => {
    expect(isStale(10_000, 28_000, 30_000)).toBe(false);
  });
});

describe('a countdown', () => {
  it('shows 15:00 during its first second and 0:00 only when the time is over', () => {
    expect(clockText(remainingSeconds(900_000, 1))).toBe('15:00');
    expect(clockText(remainingSeconds(900_000, 899_999))).toBe('0:01');
    expect(clockText(remainingSeconds(900_000, 900_000))).toBe('0:00');
    expect(clockText(remainingSeconds(900_000, 950_000))).toBe('0:00');
  });

  it('follows the server clock, not this device', () => {
    // This device is ten minutes slow, the round trip took 40 ms.
    const { offsetMs, tripMs } = clockOffset(1_000, 601_020, 1_040);
    expect(offsetMs).toBe(600_000);
    expect(tripMs).toBe(40);
  });
});

describe('a door that was shut', () => {
  it('is knocked at when the server said so, not before', () => {
    expect(comeBackMs({ reason: 'later', afterMs: 740 })).toBe(740);
  });

  it('is knocked at again after a mishap, and left alone when the answer is no', () => {
    expect(comeBackMs({ reason: 'unavailable' })).toBe(1_500);
    expect(comeBackMs({ reason: 'not_found' })).toBeNull();
    expect(comeBackMs({ reason: 'sign_in_required' })).toBeNull();
  });
});
