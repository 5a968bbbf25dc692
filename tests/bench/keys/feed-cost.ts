import type { Databases } from '@liventix/db/client';
import type { TestDatabase } from '@liventix/db/testing';
import { type Bench, expectSound, type Measured } from '../bench.ts';
import { CALLERS, productTake, wishesOf } from '../hot-tier.ts';
import { measureCalls } from '../measure-calls.ts';
import { type OpenApp, openApp } from '../open-app.ts';
import { emptySale, stageSale } from '../stage-sale.ts';

/** What the replication feed costs those who sell: the same holds in a server that listens and in one that does not. */
export async function run(bench: Bench): Promise<Measured> {
  const database = await bench.database();
  const measured: Measured = {};
  for (const [part, tiers, callers] of [
    ['combined', 1, CALLERS],
    ['spread', 64, 256],
  ] as const) {
    const people = bench.size(30_000);
    const sale = await stageSale(database, { tiers, quantity: people * 2, people });
    measured[part] = [];
    for (let round = 0; round < bench.rounds; round++) {
      const figures = { off: 0, on: 0 };
      // Who goes first is turned about: the second of two finds warmer files.
      for (const feed of round % 2 ? (['on', 'off'] as const) : (['off', 'on'] as const)) {
        const app: OpenApp = await openApp({ urls: database.urls, feed: feed === 'on' });
        try {
          const sold = await measureCalls(productTake({ db: app.db as Databases }, sale), wishesOf(sale), {
            callers,
            forMs: bench.quick ? 800 : 3000,
            warmUp: Math.min(callers * 2, people / 8),
          });
          figures[feed] = sold.perSecond;
          await expectSound(database as TestDatabase, { tierIds: sale.tierIds, places: sold.granted });
          await emptySale(database, sale);
        } finally {
          await app.close();
        }
      }
      measured[part].push({ value: figures.on, peer: figures.off });
    }
  }
  return measured;
}
