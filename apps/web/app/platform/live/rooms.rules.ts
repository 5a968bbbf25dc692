/**
 * Rules of live state, without sockets or React: what replaces what, and how old a number is.
 */

import type { Refusal } from '@liventix/contracts/live';

/** A room's state as the browser keeps it. */
export interface RoomState<T> {
  version: number;
  data: T;
  /** When this state, or the confirmation that it is still true, reached us (this device's clock). */
  confirmedAtMs: number;
}

/** Numbers are called stale after this long without a socket. */
export const STALE_AFTER_MS = 5_000;
/** How often a stale room asks over plain HTTP. */
export const POLL_EVERY_MS = 5_000;

/**
 * The state after a snapshot arrived. An older one is dropped and the same object returned; an equal version only
 * confirms that what we show is still true.
 */
export function acceptState<T>(
  current: RoomState<T> | undefined,
  incoming: { version: number; data: T },
  nowMs: number,
): RoomState<T> {
  if (!current || incoming.version > current.version) {
    return { version: incoming.version, data: incoming.data, confirmedAtMs: nowMs };
  }
  if (incoming.version === current.version && nowMs > current.confirmedAtMs)
    return { ...current, confirmedAtMs: nowMs };
  return current;
}

/** Whole seconds since a room's state was last known to be true. While the socket is up it is true now. */
export function ageSeconds(confirmedAtMs: number, downSinceMs: number | null, nowMs: number): number {
  if (downSinceMs === null) return 0;
  return Math.max(0, Math.floor((nowMs - Math.max(confirmedAtMs, downSinceMs)) / 1_000));
}

/** Whether numbers must be shown as possibly old. */
export function isStale(downSinceMs: number | null, confirmedAtMs: number, nowMs: number): boolean {
  return downSinceMs !== null && nowMs - Math.max(confirmedAtMs, downSinceMs) >= STALE_AFTER_MS;
}

/** Remaining time of a hold in whole seconds, rounded up: 15:00 is shown for the first full second, 0:00 only at the end. */
export function remainingSeconds(expiresAtMs: number, serverNowMs: number): number {
  return Math.max(0, Math.ceil((expiresAtMs - serverNowMs) / 1_000));
}

/** "14:59". Hours are not expected: a hold lives 20 minutes at most, a pause can add 30. */
export function clockText(seconds: number): string {
  const minutes = Math.floor(seconds / 60);
  return `${minutes}:${String(seconds % 60).padStart(2, '0')}`;
}

/**
 * How far the server's clock is ahead of ours, from one question: sent at `askedMs`, answered `serverMs`, heard at
 * `heardMs`. The answer was written half a round trip ago.
 */
export function clockOffset(askedMs: number, serverMs: number, heardMs: number): { offsetMs: number; tripMs: number } {
  const tripMs = Math.max(0, heardMs - askedMs);
  return { offsetMs: serverMs + tripMs / 2 - heardMs, tripMs };
}

/** After how many milliseconds to knock again at a door that was shut with this word, or null: not by oneself. */
export function comeBackMs({ reason, afterMs }: Refusal): number | null {
  if (reason === 'later') return afterMs ?? 5_000;
  if (reason === 'unavailable' || reason === 'too_fast') return 1_500;
  return reason === 'too_many_sockets' ? 30_000 : null;
}
