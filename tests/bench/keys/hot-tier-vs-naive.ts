import type { Bench, Measured, Round } from '../bench.ts';
import { openHotTier } from '../hot-tier.ts';

/** Holds a second on one tier: the product's inventory against the transaction everybody writes. */
export async function run(bench: Bench): Promise<Measured> {
  const tier = await openHotTier(bench);
  const rounds: Round[] = [];
  for (let round = 0; round < bench.rounds; round++) {
    const naive = await tier.naive();
    const ours = await tier.ours();
    rounds.push({ value: ours.perSecond, peer: naive.perSecond });
    bench.note(
      `p50 ${ours.p50.toFixed(2)} ms, p99 ${ours.p99.toFixed(2)} ms; naive p50 ${naive.p50.toFixed(2)}, p99 ${naive.p99.toFixed(2)}`,
    );
  }
  return { '': rounds };
}
