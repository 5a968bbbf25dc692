import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import type { EventSnapshot } from '@liventix/contracts/live';
import { type EmbeddedPostgres, freePort, startPostgres } from '@liventix/db/embedded';
import { startTestServer, testDatabase } from '@liventix/db/testing';
import { openSocket } from '@liventix/server/testing';
import postgres from 'postgres';
import { type Bench, expectConstraints, expectSound, type Measured } from '../bench.ts';
import { openApp } from '../open-app.ts';
import { stageSale } from '../stage-sale.ts';

const SOCKETS = 20;
const MOST_MS = 30_000;

/**
 * PostgreSQL takes the feed away, and a stranger changes a row as soon as the server accepts anybody again: how long until
 * every socket shows it. A server of its own on a durable disk, because it is stopped and killed.
 */
export async function run(bench: Bench): Promise<Measured> {
  const place = fs.mkdtempSync(path.join(fs.existsSync('/var/tmp') ? '/var/tmp' : os.tmpdir(), 'liventix-outage-'));
  fs.chmodSync(place, 0o755);
  bench.atEnd(async () => fs.rmSync(place, { recursive: true, force: true }));
  const port = await freePort();
  const start = () => startPostgres({ dataDir: path.join(place, 'postgres'), port });
  let server: EmbeddedPostgres = await start();
  bench.atEnd(() => server.stop());
  const database = await testDatabase({ server: (await startTestServer(server.adminUrl())).server });
  bench.atEnd(() => database.drop());
  await expectConstraints(database.admin);
  const sale = await stageSale(database, { quantity: 400, people: 10 });
  const app = await openApp({ urls: database.urls, feed: true });
  bench.atEnd(() => app.close());
  const sockets = await Promise.all(Array.from({ length: SOCKETS }, () => openSocket({ url: app.url })));
  bench.atEnd(async () => {
    for (const socket of sockets) socket.close();
  });
  for (const socket of sockets) {
    const answer = await socket.join('event', sale.eventId);
    if (!answer.ok) throw new Error(`a socket was not let in: ${answer.reason}`);
  }
  let quantity = 400;
  /** Changes a row by SQL the moment the server lets us in, and waits until every socket has it. */
  const changeAndWait = async (): Promise<number> => {
    const want = ++quantity;
    const stranger = await connectAsap(server.adminUrl(database.name));
    const since = performance.now();
    await stranger`update ticketing.ticket_tiers set quantity = ${want} where id = ${sale.tierIds[0] as string}`;
    await Promise.all(
      sockets.map((socket) =>
        socket.next(
          ({ id, data }) => id === sale.eventId && (data as EventSnapshot).tiers[0]?.quantity === want,
          MOST_MS,
        ),
      ),
    );
    const waited = performance.now() - since;
    await stranger.end({ timeout: 5 });
    return waited;
  };
  /** The feed hears again: the next outage starts from health. */
  const settle = async (): Promise<void> => {
    for (let calm = 0; calm < 2; ) calm = (await changeAndWait()) < 300 ? calm + 1 : 0;
  };
  const outages = {
    killed: async () => {
      await database.admin`select pg_terminate_backend(active_pid) from pg_replication_slots where database = ${database.name} and active_pid is not null`;
    },
    restarted: async () => {
      await server.stop();
      server = await start();
    },
    crashed: async () => {
      const pid = Number(fs.readFileSync(path.join(server.dataDir, 'postmaster.pid'), 'utf8').split('\n')[0]);
      process.kill(pid, 'SIGKILL');
      await server.exited;
      await server.stop();
      server = await start();
    },
  };
  const measured: Measured = { killed: [], restarted: [], crashed: [] };
  for (let round = 0; round < bench.rounds; round++) {
    for (const [name, outage] of Object.entries(outages)) {
      await settle();
      await outage();
      measured[name]?.push({ value: await changeAndWait(), peer: null });
    }
  }
  const [row] = await database.admin<
    { quantity: number }[]
  >`select quantity from ticketing.ticket_tiers where id = ${sale.tierIds[0] as string}`;
  if (row?.quantity !== quantity) throw new Error('an acknowledged change was lost');
  await expectSound(database, { tierIds: sale.tierIds, places: 0 });
  return measured;
}

async function connectAsap(url: string): Promise<postgres.Sql> {
  for (const deadline = performance.now() + MOST_MS; ; ) {
    const sql = postgres(url, { max: 1, onnotice: () => {}, connect_timeout: 2 });
    try {
      await sql`select 1`;
      return sql;
    } catch (error) {
      await sql.end({ timeout: 0 });
      if (performance.now() > deadline) throw error;
      await new Promise((resolve) => setTimeout(resolve, 5));
    }
  }
}
