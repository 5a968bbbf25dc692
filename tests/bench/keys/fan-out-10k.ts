import type { Bench, Measured } from '../bench.ts';
import { percentile } from '../measure-calls.ts';
import { expectFiles, startCrowds } from '../sockets/crowd.ts';
import type { Sent, ServerInput } from '../sockets/server-process.ts';
import { startChild } from '../start-child.ts';

const REAL = 100;
const PER_SECOND = 10;

/**
 * Ten thousand sockets in one room, ten snapshots a second: each gets each, soon. Latency is what the real clients felt. What
 * should have come is ten a second whether they were sent or not, so a server that sends fewer delivers less.
 */
export async function run(bench: Bench): Promise<Measured> {
  const count = bench.size(10_000);
  expectFiles(count);
  const database = await bench.database();
  const { api, engine, auth } = database.urls;
  const server = await startChild('tests/bench/sockets/server-process.ts');
  bench.atEnd(() => server.stop());
  const port = await server.ask<number>('open', { kind: 'product', urls: { api, engine, auth } } satisfies ServerInput);
  const room = await server.ask<{ kind: string; id: string }>('room');
  const enter = await startCrowds(bench, count, REAL);
  const since = performance.now();
  const crowd = await enter({ port, room, mark: 'sentAt' });
  bench.note(`${count} sockets came in within ${((performance.now() - since) / 1000).toFixed(1)} s`);
  await server.ask('send', { seconds: 1 });
  const measured = { delivered: [] as { value: number; peer: null }[], p99: [] as { value: number; peer: null }[] };
  for (let round = 0; round < bench.rounds; round++) {
    await crowd.listen();
    const seconds = bench.quick ? 2 : 6;
    const sent = await server.ask<Sent>('send', { seconds });
    // One fewer fits when the first is sent later than the window begins.
    const due = Math.max(sent.snapshots, PER_SECOND * seconds - 1);
    const { frames, real, raw, lost } = await crowd.tell();
    const late = latencies(real);
    const all = latencies(raw);
    measured.delivered.push({ value: frames / (due * count), peer: null });
    measured.p99.push({ value: percentile(late, 0.99), peer: null });
    bench.note(
      `${sent.snapshots} snapshots in ${seconds} s, ${((100 * sent.cpuSeconds) / sent.seconds).toFixed(0)} % of a core, ${lost} lost; ` +
        `p50 ${percentile(late, 0.5).toFixed(1)} ms; raw sockets p50 ${percentile(all, 0.5).toFixed(1)}, p99 ${percentile(all, 0.99).toFixed(1)} ms`,
    );
  }
  return measured;
}

function latencies(rows: Float64Array): number[] {
  const times: number[] = [];
  for (let at = 0; at < rows.length; at += 3) times.push((rows[at + 2] as number) - (rows[at + 1] as number));
  return times.sort((a, b) => a - b);
}
