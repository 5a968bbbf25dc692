import { expect, it } from 'vitest';
import { newSince } from './orders.rules.ts';

it('an open list of orders knows what was sold and given back since it was read', () => {
  const orders = [
    { id: 'a', status: 'paid' as const },
    { id: 'b', status: 'pending' as const },
  ];
  const sale = (orderId: string, at: number) => ({ orderId, at, kind: 'sale' as const });
  const back = (orderId: string, at: number) => ({ orderId, at, kind: 'refund' as const });
  expect(newSince(100_000, orders, [sale('a', 90_000), sale('old', 20_000)])).toEqual({ fresh: 0, changed: false });
  expect(newSince(100_000, orders, [sale('c', 100_001), sale('d', 99_000)])).toEqual({ fresh: 2, changed: false });
  expect(newSince(100_000, orders, [sale('b', 100_001)])).toEqual({ fresh: 0, changed: true });
  expect(newSince(100_000, orders, [back('a', 100_001)])).toEqual({ fresh: 0, changed: true });
  expect(newSince(100_000, orders, [back('a', 99_000), back('elsewhere', 100_001)])).toEqual({
    fresh: 0,
    changed: false,
  });
});
