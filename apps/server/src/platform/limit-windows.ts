/** Counts of tries in this process. However many keys come, they take a bounded place, and no flood makes a count forgotten. */
import { createHash } from 'node:crypto';

/** Windows kept for one limit: about 8 MB. */
export const WINDOWS_MOST = 50_000;
/** What goes at once when there is no place: finding it reads every window, so it is not done for each key. */
const MAKE_ROOM = 0.1;
/** Ids and addresses are shorter, and are counted under their own name. */
const KEY_MOST = 64;

/** A key of a length that no caller chooses. */
export function shortKeyOf(key: string): string {
  return key.length <= KEY_MOST ? key : `#${createHash('sha256').update(key).digest('base64url')}`;
}

interface Window {
  count: number;
  endsMs: number;
}

/**
 * Tries of each key, in a window that begins with its first. Counted in place, without a promise or a timer for each key: in a
 * rush every call is counted twice. Where windows are more than `most`, the ones that are over go, then those with the fewest
 * tries: who floods us with keys loses those, and who used up a limit stays refused.
 */
export class Windows {
  #windows = new Map<string, Window>();
  #points: number;
  #ms: number;
  #most: number;
  #sweepAtMs = 0;

  constructor({ points, duration, most = WINDOWS_MOST }: { points: number; duration: number; most?: number }) {
    this.#points = points;
    this.#ms = duration * 1000;
    this.#most = most;
  }

  get size(): number {
    return this.#windows.size;
  }

  /** Counts `points` tries (fewer than 0: takes some back). Answers null, or the milliseconds to wait. */
  take(key: string, points: number): number | null {
    const nowMs = performance.now();
    if (nowMs >= this.#sweepAtMs) this.#sweep(nowMs);
    let window = this.#windows.get(key);
    if (!window) {
      if (points < 0) return null;
      if (this.#windows.size >= this.#most) this.#makeRoom(nowMs);
      window = { count: 0, endsMs: nowMs + this.#ms };
      this.#windows.set(key, window);
    } else if (window.endsMs <= nowMs) {
      window.count = 0;
      window.endsMs = nowMs + this.#ms;
    }
    window.count = Math.max(0, window.count + points);
    return window.count > this.#points ? window.endsMs - nowMs : null;
  }

  #sweep(nowMs: number): void {
    for (const [key, { endsMs }] of this.#windows) if (endsMs <= nowMs) this.#windows.delete(key);
    this.#sweepAtMs = nowMs + this.#ms;
  }

  #makeRoom(nowMs: number): void {
    this.#sweep(nowMs);
    const surplus = this.#windows.size - Math.floor(this.#most * (1 - MAKE_ROOM));
    if (surplus <= 0) return;
    const fewestFirst = [...this.#windows].sort(([, a], [, b]) => a.count - b.count || a.endsMs - b.endsMs);
    for (const [key] of fewestFirst.slice(0, surplus)) this.#windows.delete(key);
  }
}
