import { expect, it } from 'vitest';
import { withNow } from './live-dashboard.rules.ts';

it('the curve reaches the present without adding a sale', () => {
  expect(withNow([{ at: 1, sold: 2 }], 9, false)).toEqual([
    { at: 1, sold: 2 },
    { at: 9, sold: 0 },
  ]);
  expect(withNow([{ at: 1, sold: 2, cents: 5 }], 9, true).reduce((sum, point) => sum + (point.cents ?? 0), 0)).toBe(5);
  expect(withNow([], 9, true)).toEqual([]);
  expect(withNow([{ at: 10, sold: 2 }], 9, true)).toEqual([{ at: 10, sold: 2 }]);
});
