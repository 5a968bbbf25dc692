import type { Bench, Measured, Round } from '../bench.ts';
import { openHotTier } from '../hot-tier.ts';

/** Against the physical bound: the same rows, ready made, in one COPY with the same indexes and foreign keys. */
export async function run(bench: Bench): Promise<Measured> {
  const tier = await openHotTier(bench);
  const rounds: Round[] = [];
  for (let round = 0; round < bench.rounds; round++) {
    const copy = await tier.copy();
    const ours = await tier.ours();
    rounds.push({ value: ours.perSecond, peer: copy });
  }
  return { '': rounds };
}
