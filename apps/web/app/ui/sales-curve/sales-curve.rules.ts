export interface CurvePoint {
  /** Start of the bucket, epoch milliseconds. */
  at: number;
  /** Tickets sold, less those refunded in this time. */
  sold: number;
  /** Gross of the sales. Absent for roles that see no money. */
  cents?: number;
}

export interface CurveRow extends CurvePoint {
  /** Everything sold up to and with this bucket. */
  total: number;
}

/** Buckets (oldest first) with their running total. */
export function runningTotal(points: readonly CurvePoint[]): CurveRow[] {
  let total = 0;
  return points.map((point) => {
    total += point.sold;
    return { ...point, total };
  });
}

/** Where the last hour begins among the rows; the row before it is shared, so the line does not break. */
export function lastHourFrom(rows: readonly CurveRow[]): number {
  const last = rows.at(-1);
  if (!last) return 0;
  const since = last.at - 3_600_000;
  const first = rows.findIndex((row) => row.at >= since);
  return Math.max(0, first - 1);
}

/** Three hairlines at round figures that hold the highest value. */
export function hairlines(most: number): number[] {
  if (most <= 0) return [];
  const rough = most / 3;
  const magnitude = 10 ** Math.floor(Math.log10(rough));
  const step = Math.max(1, ([1, 2, 2.5, 5, 10].find((each) => each * magnitude >= rough) ?? 10) * magnitude);
  const whole = Math.ceil(step);
  return [whole, whole * 2, whole * 3];
}
