import { loginPasswords } from '@liventix/db/bootstrap';
import { startTestServer, type TestDatabase, testDatabase } from '@liventix/db/testing';
import { createTestApp } from '@liventix/server/testing';
import { afterEach, describe, expect, it, vi } from 'vitest';

const stops: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  for (const stop of stops.splice(0).reverse()) await stop();
});

async function started(database?: TestDatabase) {
  const app = await createTestApp({ feed: false, simulators: false, ...(database ? { database } : {}) });
  stops.push(() => app.close());
  const readyz = async () => {
    const response = await fetch(`${app.url}/readyz`);
    return { status: response.status, body: (await response.json()) as { ready: boolean; reason?: string } };
  };
  return { app, readyz };
}

describe('/readyz', () => {
  it('is ready while every connection of every pool waits for a lock', async () => {
    const { app, readyz } = await started();
    const holder = await app.admin.reserve();
    await holder`select pg_advisory_lock(77)`;
    const waiting = [app.db.api, app.db.auth, app.db.engine].flatMap(({ sql }) =>
      Array.from({ length: sql.options.max }, () => sql`select pg_advisory_xact_lock(77)`.execute()),
    );
    stops.push(async () => {
      await holder`select pg_advisory_unlock(77)`;
      holder.release();
      await Promise.all(waiting);
    });
    await vi.waitFor(async () => {
      const [row] = await app.database.owner`
        select count(*)::int as count from pg_locks where locktype = 'advisory' and objid = 77 and not granted`;
      expect(row?.count).toBe(waiting.length);
    }, 20_000);
    expect(await readyz()).toEqual({ status: 200, body: { ready: true } });
  }, 60_000);
});

describe('/readyz after a password was changed', () => {
  it('names each login that can no longer come in, although its pool lives on', async () => {
    // A server of its own: passwords belong to all databases of one.
    const { server, stop } = await startTestServer();
    stops.push(stop);
    const database = await testDatabase({ server });
    stops.push(() => database.drop());
    const { app, readyz } = await started(database);
    const passwords = loginPasswords(server.secret);
    for (const login of ['api', 'auth', 'engine'] as const) {
      const pool = app.db[login].sql;
      await pool`select 1`;
      await database.admin.unsafe(`alter role liventix_${login} password 'another'`);
      await vi.waitFor(async () => {
        expect(await readyz()).toEqual({
          status: 503,
          body: { ready: false, reason: `the database refuses the login liventix_${login}` },
        });
      }, 20_000);
      await pool`select 1`;
      await database.admin.unsafe(`alter role liventix_${login} password '${passwords[login]}'`);
      await vi.waitFor(async () => expect((await readyz()).status).toBe(200), 20_000);
    }
  }, 120_000);
});
