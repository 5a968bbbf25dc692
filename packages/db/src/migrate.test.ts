import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { MigrationFailed, MigrationRefused, migrate, pendingMigrations } from './migrate.ts';
import { type TestDatabase, testDatabase } from './testing.ts';

let folder: string;
let test: TestDatabase;
const write = (name: string, text: string): void => {
  fs.mkdirSync(path.dirname(path.join(folder, name)), { recursive: true });
  fs.writeFileSync(path.join(folder, name), text);
};
const run = () => migrate({ ownerUrl: test.urls.owner, folder });

beforeEach(async () => {
  folder = fs.mkdtempSync(path.join(os.tmpdir(), 'liventix-migrate-'));
  test = await testDatabase();
  // As before the first migration: this test's folder is its whole history.
  await test.owner`truncate public.schema_migrations`;
  write(
    'migrations/0001_shelf.sql',
    '-- why: a place to put things\ncreate schema shelf;\ncreate table shelf.things (n int);',
  );
});
afterEach(async () => {
  await test.drop();
  fs.rmSync(folder, { recursive: true, force: true });
});

describe('migrations', () => {
  it('apply once and in order, and the engine can see what is pending', async () => {
    write('migrations/0002_fill.sql', '-- why: something to see\ninsert into shelf.things values (1);');
    expect(await pendingMigrations(test.urls.engine, folder)).toEqual([
      'migrations/0001_shelf.sql',
      'migrations/0002_fill.sql',
    ]);
    expect((await run()).applied).toEqual(['migrations/0001_shelf.sql', 'migrations/0002_fill.sql']);
    expect((await run()).applied).toEqual([]);
    expect(await pendingMigrations(test.urls.engine, folder)).toEqual([]);
    expect(await test.admin`select n from shelf.things`).toEqual([{ n: 1 }]);
  });

  it('are applied once by two processes that start together', async () => {
    write('migrations/0002_fill.sql', '-- why: something to count\ninsert into shelf.things values (1);');
    const results = await Promise.all([run(), run(), run()]);
    expect(results.map((result) => result.applied.length).sort()).toEqual([0, 0, 2]);
    expect(await test.admin`select n from shelf.things`).toHaveLength(1);
  });

  it('are refused when a landed one was edited, and nothing runs', async () => {
    await run();
    write('migrations/0001_shelf.sql', '-- why: a place to put things\ncreate schema shelf; -- improved');
    write('migrations/0002_more.sql', '-- why: more\ncreate schema more;');
    await expect(run()).rejects.toThrow(MigrationRefused);
    expect(await test.admin`select from pg_namespace where nspname = 'more'`).toHaveLength(0);
  });

  it('are refused when one comes late with an older number, without a reason, or with a number twice', async () => {
    write('migrations/0003_third.sql', '-- why: third\nselect 1;');
    await run();
    write('migrations/0002_second.sql', '-- why: second\nselect 1;');
    await expect(run()).rejects.toThrow('Give it the next number');
    fs.rmSync(path.join(folder, 'migrations/0002_second.sql'));
    write('migrations/0004_fourth.sql', 'select 1;');
    await expect(run()).rejects.toThrow('-- why:');
    write('migrations/0004_fourth.sql', '-- why: fourth\nselect 1;');
    write('migrations/0004_again.sql', '-- why: again\nselect 1;');
    await expect(run()).rejects.toThrow('same number');
  });

  it('leave nothing of a file that fails, and name its line', async () => {
    write('migrations/0002_broken.sql', '-- why: to fail\ninsert into shelf.things values (1);\nselect nonsense;');
    const error = await run().catch((e: unknown) => e);
    expect(error).toBeInstanceOf(MigrationFailed);
    expect(String(error)).toContain('migrations/0002_broken.sql:3');
    expect(await test.admin`select n from shelf.things`).toHaveLength(0);
    expect(await pendingMigrations(test.urls.owner, folder)).toEqual(['migrations/0002_broken.sql']);
  });

  it('may stand outside of a transaction, statement by statement', async () => {
    write(
      'migrations/0002_index.sql',
      '-- why: an index that does not stop writers\n-- no-transaction\ncreate index concurrently if not exists a on shelf.things (n);\n--> statement-breakpoint\ncreate index concurrently if not exists b on shelf.things (n);',
    );
    await Promise.all([run(), run()]);
    expect(await test.admin`select from pg_indexes where schemaname = 'shelf'`).toHaveLength(2);
  });
});

describe('functions, views and policies', () => {
  it('are applied again when their text changes, and only then', async () => {
    write(
      'functions/shelf.count.sql',
      'create or replace function shelf.count() returns int language sql as $$ select 1 $$;',
    );
    write('views/shelf.seen.sql', 'create or replace view shelf.seen as select shelf.count() as n;');
    expect((await run()).applied.slice(1)).toEqual(['functions/shelf.count.sql', 'views/shelf.seen.sql']);
    write(
      'functions/shelf.count.sql',
      'create or replace function shelf.count() returns int language sql as $$ select 2 $$;',
    );
    expect(await pendingMigrations(test.urls.engine, folder)).toEqual(['functions/shelf.count.sql']);
    expect((await run()).applied).toEqual(['functions/shelf.count.sql']);
    expect(await test.admin`select n from shelf.seen`).toEqual([{ n: 2 }]);
  });

  it('land together or not at all', async () => {
    write('functions/a.sql', 'create or replace function shelf.a() returns int language sql as $$ select 1 $$;');
    write('policies/z.sql', 'create policy nobody on shelf.missing;');
    await expect(run()).rejects.toThrow('policies/z.sql: relation');
    expect(await test.admin`select from pg_proc where pronamespace = 'shelf'::regnamespace`).toHaveLength(0);
  });

  it('belong to the role their header names', async () => {
    write(
      'migrations/0002_allow.sql',
      '-- why: so that the role can own something here\ngrant all on schema shelf to service_role;',
    );
    write(
      'functions/a.sql',
      '-- what it is for\n-- as: service_role\ncreate or replace function shelf.a() returns int language sql as $$ select 1 $$;',
    );
    write('functions/b.sql', 'create or replace function shelf.b() returns int language sql as $$ select 1 $$;');
    await run();
    expect(
      await test.admin`select proname, proowner::regrole::text as owner from pg_proc where pronamespace = 'shelf'::regnamespace order by 1`,
    ).toEqual([
      { proname: 'a', owner: 'service_role' },
      { proname: 'b', owner: 'liventix_owner' },
    ]);
  });
});

describe('the journal and the queue', () => {
  it('are closed to everybody but the engine', async () => {
    await run();
    const rows = await test.admin`
      select r.rolname, has_table_privilege(r.rolname, c.oid, 'select, insert, update, delete') as any, c.relname
      from pg_roles r cross join pg_class c
      where r.rolname in ('anon', 'authenticated', 'liventix_api', 'liventix_auth')
        and (c.oid = 'public.schema_migrations'::regclass or c.relnamespace = 'graphile_worker'::regnamespace and c.relkind in ('r', 'v'))`;
    expect(rows.length).toBeGreaterThan(8);
    expect(rows.filter((row) => row.any)).toEqual([]);
    await expect(test.db.engine.sql`delete from public.schema_migrations`).rejects.toMatchObject({ code: '42501' });
  });
});
