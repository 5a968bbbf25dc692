import { randomUUID } from 'node:crypto';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { type EmbeddedPostgres, freePort, startPostgres } from '@liventix/db/embedded';
import { startTestServer, type TestDatabase, testDatabase } from '@liventix/db/testing';
import { createTestApp, type LiveSocket, type TestApp } from '@liventix/server/testing';
import postgres from 'postgres';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { fixtureRoom, insertEvent } from '../../apps/server/src/testing/live-fixture.ts';

/** Screens are true this long after the database answers again (5-reliability). */
const TRUE_WITHIN_MS = 1000;
/** Longer than it takes to call a silent feed deaf. */
const STOOD_MS = 2500;

type Feed = ReturnType<TestApp['app']['live']['startFeed']>;

const dataDir = path.join(fs.mkdtempSync(path.join(os.tmpdir(), 'liventix-outages-')), 'postgres');
const rejections: unknown[] = [];
const remember = (reason: unknown) => rejections.push(reason);

let port: number;
let server: EmbeddedPostgres;
let database: TestDatabase;
let app: TestApp;
let feed: Feed;
let event: string;
let socket: LiveSocket;
let version: number;

const startServer = (at = port) =>
  startPostgres({ dataDir, port: at, settings: { fsync: 'off', full_page_writes: 'off' } });
/** Beats and polls as in production: with quicker ones this file would prove another server's promise. */
const startFeed = () => app.app.live.startFeed({ engineUrl: database.urls.engine, node: randomUUID() });

beforeAll(async () => {
  process.on('unhandledRejection', remember);
  fs.chmodSync(path.dirname(dataDir), 0o755);
  port = await freePort();
  server = await startServer();
  const test = await startTestServer(server.adminUrl());
  database = await testDatabase({ server: test.server });
});
beforeEach(async () => {
  app = await createTestApp({ database, rooms: [fixtureRoom], simulators: false, feed: false });
  feed = startFeed();
  await feed.settled;
  const owner = await app.signUp();
  event = await insertEvent(database, owner.userId);
  socket = await app.visitor().socket();
  const joined = await socket.join('event', event);
  version = joined.ok ? joined.snapshot.version : Number.NaN;
});
afterEach(async () => {
  socket.close();
  await app.close();
  // Whatever happened, a clean shutdown leaves nothing on the server.
  expect(await database.admin`select slot_name from pg_replication_slots`).toEqual([]);
  expect(await database.admin`select node from public.feed_beats`).toEqual([]);
  expect(rejections).toEqual([]);
});
afterAll(async () => {
  await database?.drop();
  await server?.stop();
  fs.rmSync(path.dirname(dataDir), { recursive: true, force: true });
  process.off('unhandledRejection', remember);
});

/** What somebody else does to the event, by a connection of her own. */
async function changeBySql(address = database.urls.owner): Promise<void> {
  const url = new URL(server.adminUrl(database.name));
  url.port = new URL(address).port;
  const psql = postgres(url.href, { max: 1, onnotice: () => {} });
  await psql`update events.events set summary = summary || 'x' where id = ${event}`;
  await psql.end();
}

/** The next version is on the screen, so long after the database answered (again). */
async function isTrueSoon(acceptedAt: number): Promise<void> {
  version++;
  await socket.next((snapshot) => snapshot.id === event && snapshot.version === version, 15_000);
  expect(performance.now() - acceptedAt).toBeLessThan(TRUE_WITHIN_MS);
}

/** And the feed is heard again: the change after it comes through it, not by a poll. */
async function isHeardAgain(): Promise<void> {
  await becomes('heard');
  const changedAt = performance.now();
  await changeBySql();
  await isTrueSoon(changedAt);
}

/** Asks again until it is so; ends when it never is. */
const until = (isSo: () => Promise<void> | void) => vi.waitFor(isSo, { timeout: 30_000, interval: 5 });

const becomes = (wanted: Feed['state']) => until(() => expect(feed.state).toBe(wanted));

const senderPid = async (): Promise<number> => {
  const [row] = await database.admin<{ pid: number }[]>`
    select active_pid as pid from pg_replication_slots where database = ${database.name} and active_pid is not null`;
  return row?.pid ?? Number.NaN;
};

async function resetSettings(): Promise<void> {
  await database.admin`alter system reset all`;
  await database.admin`select pg_reload_conf()`;
}

// A busy machine is late once; a product that is late is late each time.
describe('a change made while nobody listens is on every screen within a second', { retry: 2 }, () => {
  it('when the sender is killed, again and again', async () => {
    for (let round = 0; round < 3; round++) {
      const url = server.adminUrl(database.name);
      const psql = postgres(url, { max: 1 });
      const killed = await psql.begin(async (sql) => {
        const rows = await sql`select pg_terminate_backend(active_pid) from pg_replication_slots where active`;
        await sql`update events.events set summary = summary || 'x' where id = ${event}`;
        return rows.length;
      });
      await psql.end();
      expect(killed).toBe(1);
      await isTrueSoon(performance.now());
      await becomes('heard');
    }
    await isHeardAgain();
  });

  it('when the server is restarted', async () => {
    await server.stop();
    await becomes('away');
    // Up under an address the application does not know: nobody hears this.
    server = await startServer(await freePort());
    await changeBySql(server.adminUrl());
    await server.stop();
    server = await startServer();
    await isTrueSoon(performance.now());
    await isHeardAgain();
  });

  it('when the server crashes', async () => {
    const pid = Number(fs.readFileSync(path.join(server.dataDir, 'postmaster.pid'), 'utf8').split('\n')[0]);
    process.kill(pid, 'SIGKILL');
    await server.exited;
    await server.stop();
    await becomes('away');
    server = await startServer(await freePort());
    await changeBySql(server.adminUrl());
    const again = Number(fs.readFileSync(path.join(server.dataDir, 'postmaster.pid'), 'utf8').split('\n')[0]);
    process.kill(again, 'SIGQUIT'); // immediate: no checkpoint, recovery from the log at the next start
    await server.exited;
    await server.stop();
    server = await startServer();
    await isTrueSoon(performance.now());
    await isHeardAgain();
  });

  it('when the sender stands still: rooms are polled, and it is heard again when it goes on', async () => {
    const pid = await senderPid();
    process.kill(pid, 'SIGSTOP');
    try {
      // Nobody knows yet: only beats that are committed and not heard tell of it. (A feed just opened looks once more by itself.)
      do {
        expect(feed.state).toBe('heard');
        const changedAt = performance.now();
        await changeBySql();
        await isTrueSoon(changedAt);
      } while (feed.state === 'heard');
      for (let round = 0; round < 2; round++) {
        const changedAt = performance.now();
        await changeBySql();
        await isTrueSoon(changedAt);
        expect(feed.state).toBe('deaf');
      }
    } finally {
      process.kill(pid, 'SIGCONT');
    }
    await isHeardAgain();
    expect(await senderPid()).toBe(pid);
  });

  it('when the server takes the slot away', async () => {
    const pid = await senderPid();
    await database.admin`alter system set max_slot_wal_keep_size = 0`;
    await database.admin`select pg_reload_conf()`;
    // The checkpointer hears of the setting in its own time; then it ends whoever holds on to older segments.
    await until(async () => {
      await database.admin`select pg_switch_wal()`;
      await database.admin`checkpoint`;
      expect(await senderPid()).not.toBe(pid);
    }).finally(resetSettings);
    const changedAt = performance.now();
    await changeBySql();
    await isTrueSoon(changedAt);
    await isHeardAgain();
  });

  it('when a long transaction keeps the new feed from starting: rooms are polled until it ends', async () => {
    const long = postgres(server.adminUrl(database.name), { max: 1 });
    let end: () => void = () => {};
    const ended = new Promise<void>((resolve) => {
      end = resolve;
    });
    const open = new Promise<void>((resolve, reject) => {
      long
        .begin(async (sql) => {
          await sql`select pg_current_xact_id()`;
          resolve();
          await ended;
        })
        .catch(reject);
    });
    await open;
    try {
      await database.admin`select pg_terminate_backend(active_pid) from pg_replication_slots where active`;
      await becomes('deaf');
      for (let round = 0; round < 2; round++) {
        const changedAt = performance.now();
        await changeBySql();
        await isTrueSoon(changedAt);
        expect(feed.state).toBe('deaf');
      }
    } finally {
      end();
    }
    await isHeardAgain();
    await long.end();
  });

  it('when the log tells a commit before anybody can see it', async () => {
    const other = await insertEvent(database, (await app.signUp()).userId);
    await socket.join('event', other);
    await database.admin`alter system set synchronous_commit = local`;
    await database.admin`alter system set synchronous_standby_names = 'nobody'`;
    await database.admin`select pg_reload_conf()`;
    const psql = postgres(server.adminUrl(database.name), { max: 1, onnotice: () => {} });
    await psql`set synchronous_commit = on`;
    // In the log at once, and visible only when a standby that does not exist has it, or somebody stops waiting.
    const change = psql`update events.events set summary = summary || 'x' where id = ${event}`.execute();
    try {
      let waiting: { pid: number }[] = [];
      await until(async () => {
        waiting = await database.admin<{ pid: number }[]>`
          select pid from pg_stat_activity where wait_event = 'SyncRep' and backend_type = 'client backend'`;
        expect(waiting).toHaveLength(1);
      });
      await database.admin`update events.events set summary = summary || 'x' where id = ${other}`;
      await socket.next((snapshot) => snapshot.id === other); // so the feed has read past the hidden one
      expect(socket.snapshots('event', event)).toEqual([]);
      await database.admin`select pg_cancel_backend(${waiting[0]?.pid ?? 0})`;
      await change;
      await isTrueSoon(performance.now());
    } finally {
      await resetSettings();
      await psql.end({ timeout: 5 });
    }
  });

  it('when our own process stood still, which is no outage at all', async () => {
    const states: string[] = [];
    const change = database.admin
      .unsafe(`select pg_sleep(0.3); update events.events set summary = summary || 'x' where id = '${event}'`)
      .execute();
    await new Promise((resolve) => setTimeout(resolve, 50)); // on its way
    Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, STOOD_MS);
    const wokeAt = performance.now();
    for (let turn = 0; turn < 5; turn++) {
      states.push(feed.state);
      await new Promise((resolve) => setImmediate(resolve));
    }
    await change;
    await isTrueSoon(wokeAt);
    expect(new Set([...states, feed.state])).toEqual(new Set(['heard']));
  });
});

it('a shutdown while the feed still waits for others leaves no slot and no sender behind', async () => {
  const long = postgres(server.adminUrl(database.name), { max: 1 });
  await long.begin(async (sql) => {
    await sql`select pg_current_xact_id()`;
    await database.admin`select pg_terminate_backend(active_pid) from pg_replication_slots where active`;
    // The new slot is being made, and waits.
    await until(async () => {
      const rows = await database.admin`
        select from pg_stat_activity where application_name = 'liventix-feed' and wait_event_type = 'Lock'`;
      expect(rows.length).toBeGreaterThan(0);
    });
    expect(feed.state).toBe('deaf');
    await feed.stop();
    expect(await database.admin`select slot_name from pg_replication_slots`).toEqual([]);
    expect(await database.admin`select pid from pg_stat_activity where application_name = 'liventix-feed'`).toEqual([]);
  });
  await long.end();
});
