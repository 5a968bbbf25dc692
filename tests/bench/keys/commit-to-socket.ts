import postgres from 'postgres';
import { type Bench, expectSound, type Measured } from '../bench.ts';
import { statementTake, wishesOf } from '../hot-tier.ts';
import { percentile } from '../measure-calls.ts';
import { expectFiles, startCrowds } from '../sockets/crowd.ts';
import type { ServerInput } from '../sockets/server-process.ts';
import { stageSale } from '../stage-sale.ts';
import { startChild } from '../start-child.ts';

const REAL = 100;
const EVERY_MS = 350;

/**
 * A hold committed by another process than the one the sockets are on, from the moment its statement is sent to the
 * moment each of them has a snapshot at least as new. Raw sockets and real clients together.
 */
export async function run(bench: Bench): Promise<Measured> {
  const count = bench.size(5000);
  expectFiles(count);
  const database = await bench.database();
  const sale = await stageSale(database, { quantity: 400, people: 200 });
  const { api, engine, auth } = database.urls;
  const server = await startChild('tests/bench/sockets/server-process.ts');
  bench.atEnd(() => server.stop());
  const port = await server.ask<number>('open', {
    kind: 'product',
    real: true,
    urls: { api, engine, auth },
  } satisfies ServerInput);
  const enter = await startCrowds(bench, count, REAL);
  const crowd = await enter({ port, room: { kind: 'event', id: sale.eventId }, mark: 'version' });
  const pool = postgres(database.urls.engine, { max: 1, onnotice: () => {} });
  bench.atEnd(() => pool.end({ timeout: 5 }));
  const take = statementTake(pool, sale);
  const wishes = wishesOf(sale);
  let places = 0;
  const measured = { p50: [] as { value: number; peer: null }[], p99: [] as { value: number; peer: null }[] };
  for (let round = 0; round < bench.rounds; round++) {
    await crowd.listen();
    const commits: { version: number; at: number }[] = [];
    for (let turn = 0; turn < (bench.quick ? 6 : 25); turn++) {
      await new Promise((resolve) => setTimeout(resolve, EVERY_MS));
      const at = Number(process.hrtime.bigint()) / 1e6;
      if (await take(wishes[places] as (typeof wishes)[number])) places++;
      // The number of the event's snapshot: the versions of its rows, times 64 (events.sql.ts).
      const [row] = await pool<{ version: string }[]>`
        select (e.version + (select sum(t.version) from ticketing.ticket_tiers t where t.event_id = e.id)) * 64 as version
          from events.events e where e.id = ${sale.eventId}`;
      commits.push({ version: Number(row?.version), at });
    }
    await new Promise((resolve) => setTimeout(resolve, 1500));
    const { raw, real, lost } = await crowd.tell();
    const times = [...waits(raw, commits), ...waits(real, commits)].sort((a, b) => a - b);
    const missing = commits.length * count - times.length;
    if (missing > 0 || lost > 0)
      throw new Error(`${missing} of ${commits.length * count} changes never arrived, ${lost} sockets were lost`);
    measured.p50.push({ value: percentile(times, 0.5), peer: null });
    measured.p99.push({ value: percentile(times, 0.99), peer: null });
  }
  await expectSound(database, { tierIds: sale.tierIds, places });
  return measured;
}

/** How long each socket waited for each commit. */
function waits(rows: Float64Array, commits: readonly { version: number; at: number }[]): number[] {
  const bySocket = new Map<number, { version: number; at: number }[]>();
  for (let row = 0; row < rows.length; row += 3) {
    const socket = rows[row] as number;
    const heard = bySocket.get(socket) ?? [];
    heard.push({ version: rows[row + 1] as number, at: rows[row + 2] as number });
    bySocket.set(socket, heard);
  }
  const found: number[] = [];
  for (const heard of bySocket.values()) {
    let next = 0;
    for (const commit of commits) {
      while (next < heard.length && (heard[next] as { version: number }).version < commit.version) next++;
      const seen = heard[next];
      if (seen) found.push(Math.max(0, seen.at - commit.at));
    }
  }
  return found;
}
