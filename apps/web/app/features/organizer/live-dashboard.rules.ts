import type { StaffSnapshot } from '@liventix/contracts/live';

export interface Point {
  at: number;
  sold: number;
  cents?: number;
}

/**
 * The curve from the start of sales to this minute. It begins at nothing, no sale stands before the start, and it ends
 * with a point without sales, so that a quiet hour is seen as one.
 */
export function wholeCurve(points: readonly Point[], onSaleMs: number | null, nowMs: number, money: boolean): Point[] {
  const [first] = points;
  const last = points.at(-1);
  if (!first || !last) return [];
  const quiet = (at: number): Point => (money ? { at, sold: 0, cents: 0 } : { at, sold: 0 });
  // A point is the start of its five minutes, hour or quarter of a day: sales may have started within it.
  const from = onSaleMs ?? first.at;
  const sales = points.map((point) => ({ ...point, at: Math.max(point.at, from) }));
  return [quiet(from), ...sales, ...(last.at < nowMs ? [quiet(Math.max(nowMs, from))] : [])];
}

/** Whether everything that is sold is sold: nothing that was taken off sale counts. */
export function isSoldOut({ status, tiers }: Pick<StaffSnapshot, 'status' | 'tiers'>): boolean {
  const selling = tiers.filter((tier) => tier.status !== 'inactive' && tier.quantity > 0);
  return status === 'published' && selling.length > 0 && selling.every((tier) => tier.issued >= tier.quantity);
}
