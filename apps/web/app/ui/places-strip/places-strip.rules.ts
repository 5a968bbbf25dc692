export type CellKind = 'sold' | 'yours' | 'checkout' | 'free';

export interface StripFacts {
  /** Places in all. */
  quantity: number;
  free: number;
  /** Places in someone's checkout, yours included. */
  inCheckout: number;
  /** Places in your own checkout. */
  yours?: number;
}

export const CELLS_MAX = 60;
export const STAGGER_MS = 40;
/** A change of more cells than this moves them together with the last of the batch. */
export const BATCH_MAX = 12;

/** Places one cell stands for. */
export function placesPerCell(quantity: number): number {
  return Math.max(1, Math.ceil(quantity / CELLS_MAX));
}

/** The four figures with impossible inputs bent straight: a strip must never show more cells than there are. */
export function stripCounts({ quantity, free, inCheckout, yours = 0 }: StripFacts): Record<CellKind, number> {
  const whole = Math.max(0, quantity);
  const left = Math.min(Math.max(0, free), whole);
  const held = Math.min(Math.max(0, inCheckout), whole - left);
  const own = Math.min(Math.max(0, yours), held);
  return { sold: whole - left - held, yours: own, checkout: held - own, free: left };
}

/**
 * The cells in order: sold, yours, in checkout, free. Each stands for `placesPerCell`; rounding is by largest
 * remainder, and whatever exists has at least one cell, so one last free place can always be seen.
 */
export function stripCells(facts: StripFacts): CellKind[] {
  const counts = stripCounts(facts);
  const per = placesPerCell(facts.quantity);
  const length = Math.ceil(Math.max(0, facts.quantity) / per);
  const kinds: CellKind[] = ['sold', 'yours', 'checkout', 'free'];
  const cells = kinds.map((kind) => {
    const exact = counts[kind] / per;
    const whole = counts[kind] > 0 ? Math.max(1, Math.floor(exact)) : 0;
    return { kind, whole, rest: exact - whole };
  });
  const sum = () => cells.reduce((total, cell) => total + cell.whole, 0);
  while (sum() < length) {
    const next = cells.reduce((best, cell) => (cell.rest > best.rest ? cell : best));
    next.whole += 1;
    next.rest -= 1;
  }
  while (sum() > length) {
    const widest = cells.reduce((best, cell) => (cell.whole > best.whole ? cell : best));
    widest.whole -= 1;
  }
  return cells.flatMap(({ kind, whole }) => Array.from({ length: whole }, () => kind));
}

/** For each cell how long it waits before it changes; null for those that stay. One after the other, 12 at most. */
export function changeDelays(before: readonly CellKind[], next: readonly CellKind[]): (number | null)[] {
  let order = 0;
  return next.map((kind, index) => {
    if (before[index] === kind) return null;
    return Math.min(order++, BATCH_MAX - 1) * STAGGER_MS;
  });
}
