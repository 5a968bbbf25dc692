import crypto from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type BoxOffice, type Checkout, openBoxOffice, stock } from './box-office.ts';

const BUYERS = 64;
const ROUNDS_ALONE = 200;
const ROUNDS_IN_BATCHES = 40;

let office: BoxOffice;
let buyers: string[];
beforeAll(async () => {
  office = await openBoxOffice(BUYERS);
  buyers = await office.people(BUYERS);
});
afterAll(() => office.close());

const checkout = (userId: string, tierIds: string[]): Checkout => ({
  checkoutId: crypto.randomUUID(),
  userId,
  lines: tierIds.map((tierId) => ({ tierId, quantity: 1 })),
});

describe('the last place', () => {
  it(`goes to exactly one of ${BUYERS} buyers who ask at once, ${ROUNDS_ALONE} times`, async () => {
    for (let round = 0; round < ROUNDS_ALONE; round++) {
      const { tierIds } = await office.stage([{ quantity: 1 }]);
      const tierId = tierIds[0] as string;
      const answers = (await Promise.all(buyers.map((userId) => office.reserve([checkout(userId, tierIds)])))).flat();
      expect(answers.filter((answer) => answer.outcome === 'held')).toHaveLength(1);
      expect(answers.filter((answer) => answer.outcome === 'all_in_checkout')).toHaveLength(BUYERS - 1);
      expect(await stock(office.sql, tierId)).toEqual({ free: 0, reserved: 1, issued: 0, status: 'active' });
    }
    await office.expectSound();
  });

  it(`goes to exactly one of ${BUYERS} buyers in batches that arrive at once, ${ROUNDS_IN_BATCHES} times`, async () => {
    for (let round = 0; round < ROUNDS_IN_BATCHES; round++) {
      const { tierIds } = await office.stage([{ quantity: 1 }]);
      const checkouts = buyers.map((userId) => checkout(userId, tierIds));
      const batches = [0, 1, 2, 3, 4, 5, 6, 7].map((lane) => checkouts.filter((_, index) => index % 8 === lane));
      const answers = (await Promise.all(batches.map((batch) => office.reserve(batch)))).flat();
      expect(answers).toHaveLength(BUYERS);
      expect(answers.filter((answer) => answer.outcome === 'held')).toHaveLength(1);
    }
    await office.expectSound();
  });

  it('of two kinds of ticket goes to one buyer whole, whichever kind each names first', async () => {
    for (let round = 0; round < 20; round++) {
      const { tierIds } = await office.stage([{ quantity: 1 }, { quantity: 1 }]);
      const answers = await Promise.all(
        buyers.map((userId, index) => office.reserve([checkout(userId, index % 2 ? tierIds : [...tierIds].reverse())])),
      );
      expect(answers.flat().filter((answer) => answer.outcome === 'held')).toHaveLength(1);
      for (const tierId of tierIds) expect((await stock(office.sql, tierId)).reserved).toBe(1);
    }
    await office.expectSound();
  });

  it('is answered with "sold out" once it is paid, and comes back when its hold is given up', async () => {
    const { tierIds } = await office.stage([{ quantity: 1 }]);
    const [first, second, third] = buyers as [string, string, string];
    const one = checkout(first, tierIds);
    expect((await office.reserve([one]))[0]?.outcome).toBe('held');
    await office.sql`select ticketing.release_checkout(${one.checkoutId}, ${first})`;
    const two = checkout(second, tierIds);
    expect((await office.reserve([two]))[0]?.outcome).toBe('held');
    const { orderId, totalCents } = await office.order(two.checkoutId, second);
    expect((await office.complete(orderId, totalCents)).outcome).toBe('completed');
    expect((await office.reserve([checkout(third, tierIds)]))[0]?.outcome).toBe('sold_out');
    expect((await stock(office.sql, tierIds[0] as string)).status).toBe('sold_out');
    await office.expectSound();
  });

  it('is one checkout per id: resends, strangers with the same id, a kind named twice', async () => {
    const { tierIds } = await office.stage([{ quantity: 10 }, { quantity: 10 }]);
    const other = await office.stage([{ quantity: 10 }]);
    const [a, b, c] = buyers as [string, string, string];
    const one = checkout(a, [tierIds[0] as string]);
    const answers = await Promise.all(Array.from({ length: 16 }, () => office.reserve([one])));
    expect(new Set(answers.flat().map((answer) => answer.outcome))).toEqual(new Set(['held']));
    expect((await stock(office.sql, tierIds[0] as string)).reserved).toBe(1);

    // the same id at once for two events: one of them gets it
    const id = crypto.randomUUID();
    const twins = await Promise.all([
      office.reserve([{ ...checkout(b, [tierIds[1] as string]), checkoutId: id }]),
      office.reserve([{ ...checkout(c, other.tierIds), checkoutId: id }]),
    ]);
    expect(
      twins
        .flat()
        .map((answer) => answer.outcome)
        .sort(),
    ).toEqual(['held', 'mismatch']);

    // within one batch, not side by side: the neighbours are served all the same
    const fresh = await office.people(3);
    const [d, e, f] = fresh as [string, string, string];
    const mine = checkout(d, [tierIds[0] as string]);
    const thief = { ...checkout(e, [tierIds[1] as string]), checkoutId: mine.checkoutId };
    const twice = checkout(e, [tierIds[0] as string, tierIds[0] as string]);
    const batch = await office.reserve([mine, checkout(f, [tierIds[1] as string]), thief, twice, mine]);
    expect(batch.map((answer) => answer.outcome)).toEqual(['held', 'held', 'mismatch', 'quantity_invalid', 'held']);
    await office.expectSound();
  });
});
