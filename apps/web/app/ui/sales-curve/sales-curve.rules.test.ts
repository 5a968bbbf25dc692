import { describe, expect, it } from 'vitest';
import { hairlines, lastHourFrom, runningTotal } from './sales-curve.rules.ts';

const HOUR = 3_600_000;

describe('the curve', () => {
  it('adds up to exactly what was sold', () => {
    const rows = runningTotal([
      { at: 0, sold: 3 },
      { at: HOUR, sold: 0 },
      { at: 2 * HOUR, sold: 4 },
    ]);
    expect(rows.map((row) => row.total)).toEqual([3, 3, 7]);
  });

  it('paints the last hour without a gap to what was before', () => {
    const rows = runningTotal([0, 1, 2, 3].map((hour) => ({ at: hour * HOUR, sold: 1 })));
    expect(lastHourFrom(rows)).toBe(1);
    expect(lastHourFrom([])).toBe(0);
  });

  it('has three hairlines that hold the highest value', () => {
    expect(hairlines(231)).toEqual([100, 200, 300]);
    expect(hairlines(7)).toEqual([3, 6, 9]);
    expect(hairlines(0)).toEqual([]);
    for (let most = 1; most < 4_000; most += 13) expect(hairlines(most)[2]).toBeGreaterThanOrEqual(most);
  });
});
