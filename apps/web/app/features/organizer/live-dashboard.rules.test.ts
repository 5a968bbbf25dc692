import { describe, expect, it } from 'vitest';
import { isSoldOut, wholeCurve } from './live-dashboard.rules.ts';

describe('the curve', () => {
  it('starts at nothing when sales start, and reaches the present without adding a sale', () => {
    expect(wholeCurve([{ at: 20, sold: 2 }], 10, 90, false)).toEqual([
      { at: 10, sold: 0 },
      { at: 20, sold: 2 },
      { at: 90, sold: 0 },
    ]);
    const money = wholeCurve([{ at: 20, sold: 2, cents: 5 }], null, 90, true);
    expect(money.reduce((sum, point) => sum + (point.cents ?? 0), 0)).toBe(5);
    expect(wholeCurve([], 10, 90, true)).toEqual([]);
  });

  it('puts no sale before the start of sales, where all fell into its first five minutes', () => {
    expect(wholeCurve([{ at: 0, sold: 40 }], 120, 180, false)).toEqual([
      { at: 120, sold: 0 },
      { at: 120, sold: 40 },
      { at: 180, sold: 0 },
    ]);
  });
});

it('an event is sold out when each tier on sale is sold, places in checkout excepted', () => {
  const tier = { id: 't', edition: 1, name: 'T', quantity: 10, reserved: 0, paused: false, hoarded: false };
  const sold = { ...tier, issued: 10, status: 'sold_out' as const };
  const held = { ...tier, issued: 9, reserved: 1, status: 'active' as const };
  const off = { ...tier, issued: 0, status: 'inactive' as const };
  expect(isSoldOut({ status: 'published', tiers: [sold, off] })).toBe(true);
  expect(isSoldOut({ status: 'published', tiers: [sold, held] })).toBe(false);
  expect(isSoldOut({ status: 'published', tiers: [off] })).toBe(false);
  expect(isSoldOut({ status: 'ended', tiers: [sold] })).toBe(false);
});
