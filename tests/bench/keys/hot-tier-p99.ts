import type { Bench, Measured, Round } from '../bench.ts';
import { openHotTier } from '../hot-tier.ts';

/** How long the unlucky wait: 512 buyers at once with us, 64 with the naive transaction. */
export async function run(bench: Bench): Promise<Measured> {
  const tier = await openHotTier(bench);
  const rounds: Round[] = [];
  for (let round = 0; round < bench.rounds; round++) {
    const naive = await tier.naive();
    const ours = await tier.ours();
    rounds.push({ value: ours.p99, peer: naive.p99 });
  }
  return { '': rounds };
}
