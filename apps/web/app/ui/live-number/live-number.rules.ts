/** At most four visual changes a second; a burst shows its newest value. */
export const MIN_GAP_MS = 250;

/** How long a new value has to wait before it may be shown. */
export function paceDelayMs(lastShownAtMs: number, nowMs: number, gapMs = MIN_GAP_MS): number {
  return Math.max(0, lastShownAtMs + gapMs - nowMs);
}

/** Whether a value may replace what is shown: never an older version. Values without versions always may. */
export function mayReplace(shownVersion: number | undefined, nextVersion: number | undefined): boolean {
  if (shownVersion === undefined || nextVersion === undefined) return true;
  return nextVersion >= shownVersion;
}

export interface DigitCell {
  /** Counted from the right, so that 100 to 99 moves the digits that stay, not all of them. */
  place: number;
  character: string;
  isDigit: boolean;
}

/** A formatted number as cells, in reading order, each with its place from the right. */
export function digitCells(text: string): DigitCell[] {
  const characters = [...text];
  return characters.map((character, index) => ({
    place: characters.length - 1 - index,
    character,
    isDigit: /\p{Nd}/u.test(character),
  }));
}

export type PlacesNews = { say: 'left'; count: number } | { say: 'back'; count: number } | { say: 'gone' } | null;

const THRESHOLDS = [10, 5, 1];

/**
 * What a screen reader is told when the number of free places changes: only on falling to 10, 5 or 1, on the last one
 * going, and on places that come back after none were left.
 */
export function placesNews(before: number, next: number): PlacesNews {
  if (next === before) return null;
  if (next === 0) return { say: 'gone' };
  if (before === 0) return { say: 'back', count: next };
  if (next < before && THRESHOLDS.some((threshold) => before > threshold && next <= threshold)) {
    return { say: 'left', count: next };
  }
  return null;
}
