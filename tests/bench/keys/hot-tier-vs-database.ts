import type { Bench, Measured, Round } from '../bench.ts';
import { openHotTier } from '../hot-tier.ts';

/** Against the most that one hot row gives when every hold is a statement of its own. */
export async function run(bench: Bench): Promise<Measured> {
  const tier = await openHotTier(bench);
  const rounds: Round[] = [];
  for (let round = 0; round < bench.rounds; round++) {
    const statement = await tier.statement();
    const ours = await tier.ours();
    rounds.push({ value: ours.perSecond, peer: statement.perSecond });
    bench.note(`the peer was best with ${statement.pool} connection${statement.pool === 1 ? ', pipelined' : 's'}`);
  }
  return { '': rounds };
}
