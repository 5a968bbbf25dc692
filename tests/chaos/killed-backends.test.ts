import { type Claims, openDatabase } from '@liventix/db/client';
import { type TestDatabase, testDatabase } from '@liventix/db/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

const KILLS = 80;
const WORKERS = 16;
const mara: Claims = { sub: '00000000-0000-7000-8000-000000000001', role: 'authenticated' };

let test: TestDatabase;
beforeAll(async () => {
  test = await testDatabase();
});
afterAll(() => test.drop());

describe('a pool whose backends are killed all the time', () => {
  // postgres.js without our patch is dead after about five kills: a hang, or an error nobody can catch.
  it('keeps every caller going, and is whole afterwards', async () => {
    const api = openDatabase(test.urls.api, { max: 4, applicationName: 'storm' });
    const seen = { done: 0, failed: 0, kills: 0 };

    const work = async (index: number): Promise<void> => {
      while (seen.kills < KILLS) {
        try {
          if (index % 2) await api.asPerson(mara, (_tx, sql) => sql`select pg_sleep(${0.001})`);
          else await api.sql`select pg_sleep(${0.001})`;
          seen.done++;
        } catch {
          seen.failed++; // a killed backend is an answer; silence would not be one, and nothing below would be reached
        }
      }
    };
    const kill = async (): Promise<void> => {
      while (seen.kills < KILLS) {
        const rows = await test.admin`
          select pg_terminate_backend(pid) from pg_stat_activity where application_name = 'storm' order by random() limit 1`;
        seen.kills += rows.length;
        await test.admin`select pg_sleep(0.015)`;
      }
    };
    await Promise.all([kill(), ...Array.from({ length: WORKERS }, (_, index) => work(index))]);

    expect(seen.failed).toBeGreaterThan(0);
    expect(seen.done).toBeGreaterThan(0);
    const roles = await Promise.all(
      Array.from({ length: 20 }, async () => (await api.sql`select current_user as role`)[0]?.role),
    );
    expect(new Set(roles)).toEqual(new Set(['liventix_api']));
    await api.end();
  }, 30_000);
});
