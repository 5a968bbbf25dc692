import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { freePort, runningPostgres } from '@liventix/db/embedded';
import { checkInvariants } from '@liventix/db/invariants';
import { testDatabase } from '@liventix/db/testing';
import postgres from 'postgres';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { familyOf, realInstallation, type ServerProcess, startServer, whatStays } from './server-process.ts';

const SLOW_MS = 300_000;

describe('the demo', () => {
  let dataDir: string;
  let port: number;
  let server: ServerProcess;
  let first: { events: number; people: number; tickets: number };

  beforeAll(async () => {
    dataDir = fs.mkdtempSync(path.join(os.tmpdir(), 'liventix-start-'));
    fs.chmodSync(dataDir, 0o755); // the database's own user must get there
    port = await freePort();
  });
  afterAll(async () => {
    await server?.close();
    await whatStays([], path.join(dataDir, 'postgres'));
    fs.rmSync(dataDir, { recursive: true, force: true });
  });

  const start = async (): Promise<void> => {
    server = startServer({
      DATA_DIR: dataDir,
      PORT: String(port),
      HOST: '127.0.0.1',
      LIVENTIX_DEMO: '1',
      ROLES: 'api,worker',
    });
    await server.ready;
  };
  /** Reads the database beside the running server, as the administrator. */
  async function look<T>(read: (sql: postgres.Sql) => Promise<T>): Promise<T> {
    const found = runningPostgres(path.join(dataDir, 'postgres'));
    if (!found) throw new Error('no database is running');
    const sql = postgres(found.adminUrl('liventix'), { max: 1, onnotice: () => {} });
    try {
      return await read(sql);
    } finally {
      await sql.end({ timeout: 5 });
    }
  }
  // Its own traffic buys and looks on: what the seed alone writes is counted.
  const counts = () =>
    look(async (sql) => {
      const [row] = await sql<(typeof first)[]>`
        select (select count(*)::int from events.events) as events,
               (select count(*)::int from auth.users where email like '%@liventix.test') as people,
               (select count(*)::int from ticketing.tickets) as tickets`;
      return row as typeof first;
    });
  const broken = () =>
    look(async (sql) => (await checkInvariants(sql)).filter((result) => result.violations > 0).map(({ name }) => name));

  it(
    'is ready at its address after one start, its probes answer, and no invariant is broken in it',
    async () => {
      await start();
      expect(server.said()).toContain(`Liventix is ready at http://localhost:${port}`);
      for (const probe of ['/healthz', '/readyz'])
        expect([probe, (await fetch(`http://127.0.0.1:${port}${probe}`)).status]).toEqual([probe, 200]);
      expect(await broken()).toEqual([]);
      first = await counts();
      expect(first.events).toBeGreaterThan(20);
      expect(first.tickets).toBeGreaterThan(100);
    },
    SLOW_MS,
  );

  it(
    'stops on SIGTERM with 0 and leaves no process behind',
    async () => {
      // As if it had been started three days ago.
      await look(
        (sql) => sql`
        update events.events set start_local = start_local - interval '3 days', end_local = end_local - interval '3 days',
               doors_local = doors_local - interval '3 days'`,
      );
      const family = familyOf(server.pid);
      expect(family.some((one) => one.command.includes('postgres'))).toBe(true);
      expect(family.some((one) => one.command.includes('simulators'))).toBe(true);
      server.kill('SIGTERM');
      expect(await server.ended).toBe(0);
      expect(await whatStays(family, path.join(dataDir, 'postgres'))).toEqual([]);
    },
    SLOW_MS,
  );

  it(
    'stands in today when it starts again days later, on the same data, and is not written twice',
    async () => {
      await start();
      expect(server.said()).toContain('moved forward by 3 days');
      expect(server.said()).not.toContain('Demo: wrote');
      const now = await counts();
      expect([now.events, now.people]).toEqual([first.events, first.people]);
      expect(now.tickets).toBeGreaterThanOrEqual(first.tickets);
      const [tonight] = await look(
        (sql) => sql`
        select start_local::date = ((clock_timestamp() at time zone time_zone) - interval '5 hours')::date as yes,
               start_at = start_local at time zone time_zone as agrees
        from events.events where title = 'Subfloor'`,
      );
      expect(tonight).toEqual({ yes: true, agrees: true });
      expect(await broken()).toEqual([]);
    },
    SLOW_MS,
  );

  it(
    'leaves nothing running when it is killed',
    async () => {
      const family = familyOf(server.pid);
      expect(family.length).toBeGreaterThan(2);
      server.kill('SIGKILL');
      expect(await server.ended).toBe('SIGKILL');
      expect(await whatStays(family, path.join(dataDir, 'postgres'))).toEqual([]);
    },
    SLOW_MS,
  );
});

describe('a real installation', () => {
  it(
    'refuses to start on a database with demo accounts, and says why',
    async () => {
      const database = await testDatabase();
      const { adminUrl, secret } = inject('liventixTestServer');
      const url = new URL(adminUrl);
      url.pathname = `/${database.name}`;
      await database.admin`insert into auth.users (name, email) values ('Mara', 'mara@liventix.test')`;
      const server = startServer({ ...realInstallation(await freePort(), url.href, secret), ROLES: 'api,worker' });
      try {
        expect(await server.ended).toBe(1);
        expect(server.said()).toContain('Liventix does not start:');
        expect(server.said()).toContain('Demo accounts are in this database');
        expect(server.said()).not.toContain('is ready');
      } finally {
        await server.close();
        await database.drop();
      }
    },
    SLOW_MS,
  );

  it(
    'refuses to start without its secrets, also with the database of the demo, and touches nothing',
    async () => {
      const dataDir = path.join(os.tmpdir(), `liventix-never-${process.pid}-${Date.now()}`);
      const server = startServer({ NODE_ENV: 'production', DATA_DIR: dataDir, PORT: String(await freePort()) });
      try {
        expect(await server.ended).toBe(1);
        for (const name of ['LIVENTIX_SECRET', 'TICKET_SIGNING_KEY', 'STRIPE_SECRET_KEY', 'PUBLIC_URL'])
          expect(server.said()).toContain(`${name} is missing.`);
        expect(fs.existsSync(dataDir)).toBe(false);
      } finally {
        await server.close();
      }
    },
    SLOW_MS,
  );
});
