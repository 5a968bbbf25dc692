import { randomBytes } from 'node:crypto';
import { type Bench, expectSound, type Measured } from '../bench.ts';
import { CALLERS, wishesOf } from '../hot-tier.ts';
import { openLane, postOf } from '../http-lane.ts';
import type { HttpInput } from '../http-process.ts';
import { measureCalls } from '../measure-calls.ts';
import { emptySale, stageSale } from '../stage-sale.ts';
import { stageSessions } from '../stage-sessions.ts';
import { type Child, startChild } from '../start-child.ts';

const KINDS = ['raw', 'stock', 'product'] as const;

/**
 * holds.place over HTTP: each request another signed-in buyer's, with session, zod, limits, the tRPC wire, the inventory
 * and the whole answer; the server is a process of its own. Beside it the same with the hot path switched off, and node:http
 * that parses, checks with zod and answers without doing anything.
 */
export async function run(bench: Bench): Promise<Measured> {
  const database = await bench.database();
  const people = bench.size(60_000);
  const sale = await stageSale(database, { quantity: people * 2, people });
  const secret = randomBytes(32).toString('base64url');
  const { api, engine, auth } = database.urls;
  const ports: Record<string, number> = {};
  const servers: Record<string, Child> = {};
  for (const kind of KINDS) {
    const child = await startChild('tests/bench/http-process.ts');
    bench.atEnd(() => child.stop());
    servers[kind] = child;
    ports[kind] = await child.ask<number>('open', { kind, secret, urls: { api, engine, auth } } satisfies HttpInput);
  }
  const cookies = await stageSessions(database.admin, sale.people, { secret, publicUrl: 'http://127.0.0.1' });
  const forMs = bench.quick ? 1000 : 4000;
  const sell = async (kind: (typeof KINDS)[number]): Promise<number> => {
    const port = ports[kind] as number;
    const server = servers[kind] as Child;
    await server.ask('wake');
    const requests = wishesOf(sale).map(({ checkoutId }, index) =>
      postOf(port, '/trpc/holds.place', cookies[index] as string, {
        eventId: sale.eventId,
        checkoutId,
        lines: [{ tierId: sale.tierIds[0], quantity: 1 }],
      }),
    );
    const lanes = await Promise.all(Array.from({ length: CALLERS }, () => openLane(port)));
    const free = [...lanes];
    let refused = '';
    const sold = await measureCalls(
      async (request) => {
        const lane = free.pop() as (typeof lanes)[number];
        const answer = await lane.ask(request);
        free.push(lane);
        if (answer.status !== 200) refused = `${answer.status} ${answer.body.slice(0, 200)}`;
        return answer.status === 200;
      },
      requests,
      { callers: CALLERS, forMs, warmUp: Math.min(CALLERS * 8, people / 8) },
    );
    for (const lane of lanes) lane.close();
    await server.ask('rest');
    if (refused) throw new Error(`${kind} answered ${refused}`);
    await expectSound(database, { tierIds: sale.tierIds, places: kind === 'raw' ? 0 : sold.granted });
    await emptySale(database, sale);
    return sold.perSecond;
  };
  const rounds: Record<(typeof KINDS)[number], number[]> = { raw: [], stock: [], product: [] };
  for (let round = 0; round < bench.rounds; round++) {
    // Each goes first, second and last once: what comes later finds a warmer machine, or a busier one.
    for (let turn = 0; turn < KINDS.length; turn++) {
      const kind = KINDS[(round + turn) % KINDS.length] as (typeof KINDS)[number];
      rounds[kind].push(await sell(kind));
    }
  }
  const against = (peer: 'raw' | 'stock') =>
    rounds.product.map((value, round) => ({ value, peer: rounds[peer][round] as number }));
  return { vs_stock: against('stock'), vs_raw: against('raw') };
}
