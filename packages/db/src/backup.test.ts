import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import postgres from 'postgres';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { backup, restore } from './backup.ts';
import { identifier, loginPasswords } from './bootstrap.ts';
import { checkInvariants } from './invariants.ts';
import { type TestDatabase, testDatabase } from './testing.ts';

describe('a backup', () => {
  let database: TestDatabase;
  const made: string[] = [];
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'liventix-backup-'));
  const file = path.join(folder, 'liventix.backup');
  const { adminUrl: server, secret } = inject('liventixTestServer');
  const of = (name: string) => {
    const url = new URL(server);
    url.pathname = `/${name}`;
    return url.href;
  };
  const passwords = loginPasswords(secret);
  async function ask<T>(name: string, read: (sql: postgres.Sql) => Promise<T>): Promise<T> {
    const sql = postgres(of(name), { max: 1, onnotice: () => {} });
    try {
      return await read(sql);
    } finally {
      await sql.end();
    }
  }
  /** Every row of every table of ours, and where the sequences stand. */
  const contents = (name: string) =>
    ask(name, async (sql) => {
      const tables = await sql<{ name: string }[]>`
        select format('%I.%I', schemaname, tablename) as name from pg_tables
        where schemaname in ('auth', 'public', 'organizations', 'events', 'ticketing', 'social', 'analytics', 'jobs', 'graphile_worker')
          and tablename not in ('schema_migrations', 'restores', 'feed_beats', 'migrations') order by 1`;
      const rows: Record<string, unknown> = {};
      for (const { name: table } of tables)
        rows[table] = (await sql.unsafe(`select to_jsonb(t)::text as row from ${table} t order by 1`)).map(
          (r) => r.row,
        );
      return rows;
    });
  const triggers = (name: string) =>
    ask(
      name,
      (sql) =>
        sql`select tgrelid::regclass::text as t, tgname, tgenabled from pg_trigger where not tgisinternal order by 1, 2`,
    );

  beforeAll(async () => {
    database = await testDatabase();
    // A sale with what breaks careless files: backslashes, tabs, line ends, empty and missing text, arrays.
    await database.admin.unsafe(`
      with person as (insert into auth.users (name, email) values (E'Back\\\\slash\\tTab\\r\\nLine \\\\.\u2028\n\\\\.', 'mara@corp.test') returning id),
      event as (insert into events.events (title, summary, owner_context_id, created_by, status) select 'A night', '', id, id, 'published' from person returning id),
      tier as (insert into ticketing.ticket_tiers (event_id, name, price_cents, quantity) select id, 'General', 1500, 10 from event returning id, event_id)
      insert into ticketing.ticket_holds (tier_id, event_id, user_id, checkout_id, quantity, expires_at)
      select t.id, t.event_id, p.id, public.uuid_v7(), 2, clock_timestamp() + interval '10 minutes' from tier t, person p`);
    await database.admin`update ticketing.ticket_tiers set reserved_quantity = 2`;
    await database.admin`insert into jobs.tasks (name, priority) values ('test.note', 0)`;
    await database.admin`select jobs.enqueue('test.note', '{"n": 1}'::jsonb)`;
  });
  afterAll(async () => {
    await database?.drop();
    const sql = postgres(of('postgres'), { max: 1, onnotice: () => {} });
    for (const name of made) await sql.unsafe(`drop database if exists ${identifier(name)}`);
    await sql.end();
    fs.rmSync(folder, { recursive: true, force: true });
  });

  it('restores every row, sequence and trigger into a server that has no such database, in a new epoch', async () => {
    const { bytes } = await backup({ adminUrl: of(database.name), file });
    expect(bytes).toBeGreaterThan(1000);
    expect(fs.statSync(file).mode & 0o077).toBe(0);
    const name = `${database.name}_b`;
    made.push(name);
    expect(await restore({ adminUrl: of(name), passwords, file })).toEqual({ kept: null });
    expect(await contents(name)).toEqual(await contents(database.name));
    expect(await triggers(name)).toEqual(await triggers(database.name));
    expect(await ask(name, async (sql) => (await sql`select public.version_epoch() > 0 as yes`)[0]?.yes)).toBe(true);
    const broken = await ask(name, async (sql) =>
      (await checkInvariants(sql)).filter(({ violations }) => violations > 0),
    );
    expect(broken).toEqual([]);
  });

  it('takes the place of a database that has gone on, keeps that one, and begins an epoch after its', async () => {
    const name = `${database.name}_b`;
    await ask(name, async (sql) => {
      await sql`update events.events set title = 'Later'`;
      await sql`select public.begin_epoch(5000)`;
    });
    const { kept } = await restore({ adminUrl: of(name), passwords, file });
    made.push(kept ?? '');
    const title = (of: string) => ask(of, async (sql) => (await sql`select title from events.events`)[0]?.title);
    expect([await title(name), await title(kept ?? '')]).toEqual(['A night', 'Later']);
    expect(await ask(name, async (sql) => (await sql`select max(epoch) as n from public.restores`)[0]?.n)).toBe(5002);
  });

  it('that is cut short, foreign, or meets a connected server is refused, and nothing is changed', async () => {
    const name = `${database.name}_b`;
    const before = await contents(name);
    const cut = path.join(folder, 'cut');
    fs.writeFileSync(cut, fs.readFileSync(file).subarray(0, -200));
    await expect(restore({ adminUrl: of(name), passwords, file: cut })).rejects.toThrow();
    fs.writeFileSync(cut, 'hello');
    await expect(restore({ adminUrl: of(name), passwords, file: cut })).rejects.toThrow('no backup of Liventix');
    await ask(name, async (sql) => {
      await sql`select 1`;
      await expect(restore({ adminUrl: of(name), passwords, file })).rejects.toThrow('stop every Liventix process');
    });
    expect(await contents(name)).toEqual(before);
    expect(
      await ask('postgres', (sql) => sql`select from pg_database where datname = ${`${name}_restored`}`),
    ).toHaveLength(0);
  });
});
