import { type Bench, expectSound, type Measured, type Round } from '../bench.ts';
import { CALLERS, wishesOf } from '../hot-tier.ts';
import type { CallFigures } from '../measure-calls.ts';
import { emptySale, stageSale } from '../stage-sale.ts';
import { startChild } from '../start-child.ts';

/** Two processes on one tier sell no less than one: their batches take turns on the row. */
export async function run(bench: Bench): Promise<Measured> {
  const database = await bench.database();
  const people = bench.size(40_000);
  const sale = await stageSale(database, { quantity: people * 2, people });
  const children = [await startChild('tests/bench/hold-process.ts'), await startChild('tests/bench/hold-process.ts')];
  const { api, engine, auth } = database.urls;
  for (const child of children) {
    bench.atEnd(() => child.stop());
    await child.ask('open', { urls: { api, engine, auth }, eventId: sale.eventId, tierIds: sale.tierIds });
  }
  const forMs = bench.quick ? 800 : 4000;
  const sell = async (processes: number): Promise<number> => {
    const wishes = wishesOf(sale);
    const share = Math.floor(wishes.length / processes);
    const callers = CALLERS / processes;
    const sold = await Promise.all(
      children.slice(0, processes).map((child, index) =>
        child.ask<CallFigures>('take', {
          wishes: wishes.slice(index * share, (index + 1) * share),
          callers,
          forMs,
          warmUp: Math.min(callers * 4, people / 8),
        }),
      ),
    );
    const places = sold.reduce((sum, each) => sum + each.granted, 0);
    await expectSound(database, { tierIds: sale.tierIds, places });
    await emptySale(database, sale);
    return sold.reduce((sum, each) => sum + each.perSecond, 0);
  };
  const rounds: Round[] = [];
  for (let round = 0; round < bench.rounds; round++) {
    const one = await sell(1);
    const two = await sell(2);
    rounds.push({ value: two, peer: one });
  }
  return { '': rounds };
}
