import { describe, expect, it } from 'vitest';
import { type CellKind, changeDelays, placesPerCell, stripCells, stripCounts } from './places-strip.rules.ts';

const count = (cells: CellKind[], kind: CellKind) => cells.filter((cell) => cell === kind).length;

describe('the strip', () => {
  it('has one cell a place up to sixty, then each stands for more', () => {
    expect(placesPerCell(14)).toBe(1);
    expect(placesPerCell(60)).toBe(1);
    expect(placesPerCell(61)).toBe(2);
    expect(placesPerCell(600)).toBe(10);
    expect(stripCells({ quantity: 14, free: 3, inCheckout: 0 })).toHaveLength(14);
    expect(stripCells({ quantity: 61, free: 61, inCheckout: 0 })).toHaveLength(31);
    expect(stripCells({ quantity: 0, free: 0, inCheckout: 0 })).toHaveLength(0);
  });

  it('shows exact figures while a cell is one place', () => {
    const cells = stripCells({ quantity: 14, free: 3, inCheckout: 4, yours: 2 });
    expect(count(cells, 'sold')).toBe(7);
    expect(count(cells, 'yours')).toBe(2);
    expect(count(cells, 'checkout')).toBe(2);
    expect(count(cells, 'free')).toBe(3);
  });

  it('orders sold, yours, in checkout, free', () => {
    expect(stripCells({ quantity: 4, free: 1, inCheckout: 2, yours: 1 })).toEqual([
      'sold',
      'yours',
      'checkout',
      'free',
    ]);
  });

  it('shows a single last place of six hundred', () => {
    const cells = stripCells({ quantity: 600, free: 1, inCheckout: 1, yours: 1 });
    expect(cells).toHaveLength(60);
    expect(count(cells, 'free')).toBe(1);
    expect(count(cells, 'yours')).toBe(1);
    expect(count(cells, 'sold')).toBe(58);
  });

  it('is free of free cells when nothing is free', () => {
    expect(count(stripCells({ quantity: 600, free: 0, inCheckout: 0 }), 'free')).toBe(0);
  });

  it('always has exactly its length, whatever the figures', () => {
    for (let quantity = 1; quantity < 260; quantity += 7) {
      for (let free = 0; free <= quantity; free += 3) {
        const inCheckout = Math.min(quantity - free, free % 5);
        const cells = stripCells({ quantity, free, inCheckout, yours: Math.min(1, inCheckout) });
        expect(cells).toHaveLength(Math.ceil(quantity / placesPerCell(quantity)));
      }
    }
  });

  it('bends impossible figures straight', () => {
    expect(stripCounts({ quantity: 10, free: 12, inCheckout: 5, yours: 9 })).toEqual({
      sold: 0,
      yours: 0,
      checkout: 0,
      free: 10,
    });
  });

  it('moves one cell after the other, and no more than twelve steps', () => {
    expect(changeDelays(['free', 'free', 'free'], ['sold', 'checkout', 'free'])).toEqual([0, 40, null]);
    const many = changeDelays(Array(30).fill('free'), Array(30).fill('sold'));
    expect(many[11]).toBe(440);
    expect(many[29]).toBe(440);
  });
});
