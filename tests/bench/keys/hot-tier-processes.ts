import { type Bench, expectSound, type Measured, type Round } from '../bench.ts';
import type { Sold } from '../hold-process.ts';
import { CALLERS, wishesOf } from '../hot-tier.ts';
import { emptySale, stageSale } from '../stage-sale.ts';
import { startChild } from '../start-child.ts';

const FOR_MS = 4000;

/**
 * Two processes on one tier sell no less than one: their batches take turns on the row. Both have their wishes and are warm
 * before they are told to go; the rate is everything sold by the time from the first start to the last end.
 */
export async function run(bench: Bench): Promise<Measured> {
  const database = await bench.database();
  const people = bench.size(120_000);
  const sale = await stageSale(database, { quantity: people * 2, people });
  const children = [await startChild('tests/bench/hold-process.ts'), await startChild('tests/bench/hold-process.ts')];
  const { api, engine, auth } = database.urls;
  for (const child of children) {
    bench.atEnd(() => child.stop());
    await child.ask('open', { urls: { api, engine, auth }, eventId: sale.eventId, tierIds: sale.tierIds });
  }
  const sell = async (processes: number, forMs: number): Promise<{ perSecond: number; ranOut: boolean }> => {
    const selling = children.slice(0, processes);
    const wishes = wishesOf(sale);
    const share = Math.floor(wishes.length / processes);
    const callers = CALLERS / processes;
    const warmUp = Math.floor(Math.min(callers * 4, share / 8));
    const warm = await Promise.all(
      selling.map((child, index) =>
        child.ask<number>('load', { wishes: wishes.slice(index * share, (index + 1) * share), callers, warmUp }),
      ),
    );
    const sold = await Promise.all(selling.map((child) => child.ask<Sold>('go', { callers, forMs })));
    const places = sold.reduce((sum, each) => sum + each.granted, 0);
    await expectSound(database, { tierIds: sale.tierIds, places: warm.reduce((sum, each) => sum + each, places) });
    await emptySale(database, sale);
    const startedAt = Math.min(...sold.map((each) => each.startedAt));
    const endedAt = Math.max(...sold.map((each) => each.endedAt));
    return { perSecond: (places / (endedAt - startedAt)) * 1000, ranOut: sold.some((each) => each.ranOut) };
  };
  const measure = async (processes: number, forMs: number): Promise<number> => {
    const { perSecond, ranOut } = await sell(processes, forMs);
    // Whoever ends early leaves the row to the other, and the time is no longer that of both.
    if (ranOut) throw new Error(`${people} wishes were used up before ${forMs.toFixed(0)} ms were over`);
    return perSecond;
  };
  // As long as the wishes surely last, at more than twice the pace of the first, cold try.
  const { perSecond: pace } = await sell(2, bench.quick ? 200 : 1000);
  const forMs = Math.min(FOR_MS, (people / pace) * 400);
  bench.note(`${(forMs / 1000).toFixed(1)} s each`);
  const rounds: Round[] = [];
  for (let round = 0; round < bench.rounds; round++) {
    const one = await measure(1, forMs);
    const two = await measure(2, forMs);
    rounds.push({ value: two, peer: one });
  }
  return { '': rounds };
}
