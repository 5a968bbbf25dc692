import postgres from 'postgres';
import { type Bench, expectSound, type Measured, type Round } from '../bench.ts';
import { productTake, statementTake, wishesOf } from '../hot-tier.ts';
import { percentile } from '../measure-calls.ts';
import { emptySale, stageSale } from '../stage-sale.ts';

/** A lone buyer pays nothing for the queue: ours against the single statement, turn by turn, on warm connections. */
export async function run(bench: Bench): Promise<Measured> {
  const database = await bench.database();
  const people = bench.size(6000);
  const sale = await stageSale(database, { quantity: people * 2, people });
  const pool = postgres(database.urls.engine, { max: 1, onnotice: () => {} });
  bench.atEnd(() => pool.end({ timeout: 5 }));
  const contenders = [productTake(database, sale), statementTake(pool, sale)];
  const rounds: Round[] = [];
  for (let round = 0; round < bench.rounds; round++) {
    const times: number[][] = [[], []];
    const wishes = wishesOf(sale);
    for (let index = 0; index < wishes.length; index++) {
      const who = index % 2;
      const since = performance.now();
      const granted = await contenders[who]?.(wishes[index] as (typeof wishes)[number]);
      if (!granted) throw new Error('a lone buyer was refused');
      if (index > wishes.length / 5) times[who]?.push(performance.now() - since);
    }
    await expectSound(database, { tierIds: sale.tierIds, places: wishes.length });
    await emptySale(database, sale);
    const [ours = Number.NaN, statement = Number.NaN] = times.map((each) =>
      percentile(
        each.sort((a, b) => a - b),
        0.5,
      ),
    );
    rounds.push({ value: ours, peer: statement });
  }
  return { '': rounds };
}
