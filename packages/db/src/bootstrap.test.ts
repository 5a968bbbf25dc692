import crypto from 'node:crypto';
import postgres from 'postgres';
import { afterAll, beforeAll, describe, expect, inject, it, vi } from 'vitest';
import {
  BootstrapRefused,
  databaseNameOf,
  ensureRolesAndDatabase,
  LOGINS,
  LoginsInUse,
  loginPasswords,
  loginUrls,
} from './bootstrap.ts';
import { startPostgres } from './embedded.ts';

const { adminUrl, secret } = inject('liventixTestServer');
const passwords = loginPasswords(secret);
const made: string[] = [];
const fresh = (): string => {
  const name = `liventix_test_${Date.now()}_boot${crypto.randomBytes(3).toString('hex')}`;
  made.push(name);
  return name;
};

let admin: postgres.Sql;
beforeAll(() => {
  admin = postgres(adminUrl, { max: 1, onnotice: () => {} });
});
afterAll(async () => {
  for (const name of made) await admin.unsafe(`drop database if exists "${name}" with (force)`);
  await admin.end();
});

describe('bootstrap', () => {
  it('can be repeated and run by several processes at once', async () => {
    const database = fresh();
    const runs = [1, 2, 3].map(() => ensureRolesAndDatabase({ adminUrl, database, passwords }));
    const [urls] = await Promise.all(runs);
    for (const login of LOGINS) {
      const sql = postgres((urls as NonNullable<typeof urls>)[login], { max: 1 });
      const [row] = await sql`select session_user as login, current_user as role, current_database() as database`;
      await sql.end();
      expect(row).toEqual({
        login: `liventix_${login}`,
        role: login === 'engine' ? 'service_role' : `liventix_${login}`,
        database,
      });
    }
  });

  it('lets one process finish before the next looks', async () => {
    const database = fresh();
    await admin.unsafe(`create database "${database}"`);
    const url = new URL(adminUrl);
    url.pathname = `/${database}`;
    const holder = postgres(url.href, { max: 1 });
    await holder.unsafe('begin; alter schema public owner to liventix_owner');
    const runs = [1, 2].map(() => ensureRolesAndDatabase({ adminUrl, database, passwords }));
    await vi.waitFor(async () => {
      const waiting = await admin`
        select from pg_stat_activity where wait_event_type = 'Lock'
          and (datname = ${database} or application_name = 'liventix-bootstrap')`;
      expect(waiting).toHaveLength(2);
    }, 60_000);
    await holder.unsafe('rollback');
    await holder.end();
    expect(await Promise.all(runs)).toHaveLength(2);
  });

  it('gives no login of ours superuser, BYPASSRLS, or a role by inheritance', async () => {
    const rows = await admin`
      select rolname, rolsuper, rolbypassrls, rolinherit, rolcreaterole, rolcreatedb, rolreplication from pg_roles
      where rolname like 'liventix\\_%' or rolname in ('anon', 'authenticated', 'service_role') order by 1`;
    expect(rows).toHaveLength(7);
    for (const row of rows)
      expect(row).toMatchObject({
        rolsuper: false,
        rolbypassrls: false,
        rolinherit: false,
        rolcreaterole: false,
        rolcreatedb: false,
        rolreplication: row.rolname === 'liventix_engine',
      });
  });

  it('says what to do when the administrator may not make the logins', async () => {
    const plain = loginUrls(adminUrl, 'postgres', passwords).owner;
    const refused = ensureRolesAndDatabase({ adminUrl: plain, database: fresh(), passwords });
    await expect(refused).rejects.toThrow(BootstrapRefused);
    await expect(refused).rejects.toThrow('DATABASE_OWNER_URL');
  });

  it("takes over an empty database, and leaves somebody else's alone", async () => {
    const database = fresh();
    await admin.unsafe(`create database "${database}"`);
    await ensureRolesAndDatabase({ adminUrl, database, passwords });
    const foreign = fresh();
    await admin.unsafe(`create database "${foreign}"`);
    const url = new URL(adminUrl);
    url.pathname = `/${foreign}`;
    const inside = postgres(url.href, { max: 1 });
    await inside`create table theirs (id int)`;
    await inside.end();
    await expect(ensureRolesAndDatabase({ adminUrl, database: foreign, passwords })).rejects.toThrow('holds 1 tables');
  });

  it('locks no other installation on the server out, unless it is told to', async () => {
    // A server of its own: the logins belong to all databases of one, and other files use this run's.
    const server = await startPostgres({ ephemeral: true });
    try {
      const at = server.adminUrl();
      const [production, staging] = [loginPasswords('the secret of production'), loginPasswords('that of staging')];
      const urls = await ensureRolesAndDatabase({ adminUrl: at, database: 'tickets', passwords: production });
      const canLogIn = async (): Promise<boolean> => {
        const sql = postgres(urls.api, { max: 1 });
        const answer = sql`select 1`.then(
          () => true,
          () => false,
        );
        return answer.finally(() => sql.end());
      };
      const second = { adminUrl: at, database: 'tickets_staging', passwords: staging };
      await expect(ensureRolesAndDatabase(second)).rejects.toThrow(LoginsInUse);
      await expect(ensureRolesAndDatabase(second)).rejects.toThrow(/database tickets .*LIVENTIX_SECRET/s);
      expect(await canLogIn()).toBe(true);
      await ensureRolesAndDatabase({ ...second, passwords: production });
      expect(await canLogIn()).toBe(true);
      await ensureRolesAndDatabase({ ...second, rotate: true });
      expect(await canLogIn()).toBe(false);
    } finally {
      await server.stop();
    }
  }, 60_000);

  it('derives the same four passwords from the same secret, all different', () => {
    expect(loginPasswords('a')).toEqual(loginPasswords('a'));
    expect(new Set(Object.values(loginPasswords('a'))).size).toBe(4);
    expect(loginPasswords('a').api).not.toBe(loginPasswords('b').api);
    expect(databaseNameOf('postgres://a@b/postgres')).toBe('liventix');
    expect(databaseNameOf('postgres://a@b/shop')).toBe('shop');
  });
});
