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
 * PostgreSQL takes the feed away, and a stranger changes a row while nobody listens: how long after the server accepts
 * anybody again every socket shows it. A server of its own on a durable disk, because it is stopped and killed.
 */
export async function run(bench: Bench): Promise<Measured> {
  const place = fs.mkdtempSync(path.join(fs.existsSync('/var/tmp') ? '/var/tmp' : os.tmpdir(), 'liventix-outage-'));
  fs.chmodSync(place, 0o755);
  bench.atEnd(async () => fs.rmSync(place, { recursive: true, force: true }));
  const port = await freePort();
  /** When the server last said that it accepts connections. */
  let acceptedAt = Number.NaN;
  const start = async (at = port): Promise<EmbeddedPostgres> => {
    let said = '';
    acceptedAt = Number.NaN;
    const onLog = (text: string): void => {
      said += text;
      if (Number.isNaN(acceptedAt) && said.includes('ready to accept connections')) acceptedAt = performance.now();
    };
    return startPostgres({ dataDir: path.join(place, 'postgres'), port: at, onLog });
  };
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
  /** Somebody else's connection, to wherever the server listens now. */
  const asStranger = async (what: (sql: postgres.Sql) => Promise<unknown>): Promise<void> => {
    const stranger = postgres(server.adminUrl(database.name), { max: 1, onnotice: () => {} });
    await what(stranger).finally(() => stranger.end({ timeout: 5 }));
  };
  const change = (sql: postgres.Sql | postgres.TransactionSql) =>
    sql`update ticketing.ticket_tiers set quantity = ${++quantity} where id = ${sale.tierIds[0] as string}`;
  /** When every socket shows what was changed last. */
  const shownAt = async (): Promise<number> => {
    const shows = ({ id, data }: { id: string; data: unknown }): boolean =>
      id === sale.eventId && (data as EventSnapshot).tiers[0]?.quantity === quantity;
    await Promise.all(sockets.map((socket) => socket.next(shows, MOST_MS)));
    return performance.now();
  };
  /** The feed hears again: the next outage starts from health. */
  const settle = async (): Promise<void> => {
    for (let calm = 0; calm < 2; ) {
      let since = 0;
      await asStranger(async (sql) => {
        since = performance.now();
        await change(sql);
      });
      calm = (await shownAt()) - since < 300 ? calm + 1 : 0;
    }
  };
  const endPostgres = async (signal: NodeJS.Signals): Promise<void> => {
    const pid = Number(fs.readFileSync(path.join(server.dataDir, 'postmaster.pid'), 'utf8').split('\n')[0]);
    process.kill(pid, signal);
    await server.exited;
    await server.stop();
  };
  /** Up under an address that the application does not know: nobody hears the change. */
  const changeElsewhere = async (): Promise<void> => {
    server = await start(await freePort());
    await asStranger(change);
  };
  /** Each makes a change that no feed hears, and answers since when the server accepts. */
  const outages = {
    killed: async () => {
      let since = Number.NaN;
      await asStranger((stranger) =>
        stranger.begin(async (sql) => {
          // Changed first: a new slot waits for transactions that write, so no feed begins before this one is committed.
          await change(sql);
          const ended = await sql<{ gone: boolean }[]>`
            select pg_terminate_backend(active_pid, 5000) as gone from pg_replication_slots
             where database = ${database.name} and active_pid is not null`;
          if (ended.length !== 1 || !ended[0]?.gone) throw new Error('there was no feed to kill');
          since = performance.now();
        }),
      );
      return since;
    },
    restarted: async () => {
      await server.stop();
      await changeElsewhere();
      await server.stop();
      server = await start();
      return acceptedAt;
    },
    crashed: async () => {
      await endPostgres('SIGKILL');
      await changeElsewhere();
      await endPostgres('SIGQUIT'); // no checkpoint: the next start recovers from the log
      server = await start();
      return acceptedAt;
    },
  };
  const measured: Measured = { killed: [], restarted: [], crashed: [] };
  for (let round = 0; round < bench.rounds; round++) {
    for (const [name, outage] of Object.entries(outages)) {
      await settle();
      const acceptedSince = await outage();
      measured[name]?.push({ value: (await shownAt()) - acceptedSince, peer: null });
    }
  }
  const [row] = await database.admin<
    { quantity: number }[]
  >`select quantity from ticketing.ticket_tiers where id = ${sale.tierIds[0] as string}`;
  if (row?.quantity !== quantity) throw new Error('an acknowledged change was lost');
  await expectSound(database, { tierIds: sale.tierIds, places: 0 });
  return measured;
}
