export interface Point {
  at: number;
  sold: number;
  cents?: number;
}

/** The curve up to this minute: a last point without sales, so that a quiet hour is seen as one. */
export function withNow(points: readonly Point[], nowMs: number, money: boolean): Point[] {
  const last = points.at(-1);
  if (!last || last.at >= nowMs) return [...points];
  return [...points, money ? { at: nowMs, sold: 0, cents: 0 } : { at: nowMs, sold: 0 }];
}
