/**
 * A backup of all rows in one file, and back: by COPY over an ordinary connection, so that neither needs a program of
 * PostgreSQL's of the server's own version. The schema is not in it: a restore makes that by the migrations the backup names.
 */
import fs from 'node:fs';
import { Readable, type Writable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { createGunzip, createGzip } from 'node:zlib';
import postgres from 'postgres';
import { databaseNameOf, ensureRolesAndDatabase, identifier, type LoginPasswords } from './bootstrap.ts';
import { readMigrations } from './migrate/read-sources.ts';
import { migrate, sqlFolder } from './migrate.ts';

const FORMAT = 'liventix backup 1';
const END = '\\.';
const SCHEMAS = [
  'auth',
  'public',
  'organizations',
  'events',
  'ticketing',
  'social',
  'analytics',
  'jobs',
  'graphile_worker',
];
/** What migrations write, and what only running processes mean. */
const LEFT_OUT = ['public.schema_migrations', 'public.feed_beats', 'jobs.workers', 'graphile_worker.migrations'];

interface Head {
  format: string;
  migrations: string[];
  takenAt: string;
}

/** The file is none of ours, is not whole, or is newer than this checkout; or somebody is still connected. */
export class RestoreRefused extends Error {
  override name = 'RestoreRefused';
}

/**
 * Writes all rows of a database as they are at one moment, while sales run.
 * @param adminUrl a superuser's address of that database: row level security hides rows even from the owner
 */
export async function backup({ adminUrl, file }: { adminUrl: string; file: string }): Promise<{ bytes: number }> {
  const sql = connect(adminUrl, databaseNameOf(adminUrl));
  try {
    await sql.begin('isolation level repeatable read read only', async (tx) => {
      const applied = await tx<{ name: string; takenAt: Date }[]>`
        select name, now() as "takenAt" from public.schema_migrations where name like 'migrations/%' order by name`;
      const head: Head = {
        format: FORMAT,
        migrations: applied.map(({ name }) => name),
        takenAt: applied[0]?.takenAt.toISOString() ?? '',
      };
      async function* lines(): AsyncGenerator<string | Buffer> {
        yield `${JSON.stringify(head)}\n`;
        for (const table of await tablesOf(tx)) {
          yield `copy ${table.name} (${table.columns}) from stdin\n`;
          yield* await tx.unsafe(`copy ${table.name} (${table.columns}) to stdout`).readable();
          yield `${END}\n`;
        }
        for (const { name, value } of await sequencesOf(tx)) yield `select setval('${name}', ${value})\n`;
        yield `${END}\n`;
      }
      const partial = `${file}.part`;
      await pipeline(Readable.from(lines()), createGzip(), fs.createWriteStream(partial, { mode: 0o600 }));
      fs.renameSync(partial, file);
    });
    return { bytes: fs.statSync(file).size };
  } finally {
    await sql.end({ timeout: 5 });
  }
}

/**
 * Puts a backup in the place of the database that `adminUrl` names. It is made whole beside that one, which is then renamed
 * and kept; every live room begins a new epoch.
 * @returns the name under which the former database is kept, or null when there was none
 * @throws RestoreRefused, with the database as it was
 */
export async function restore(input: {
  adminUrl: string;
  passwords: LoginPasswords;
  file: string;
}): Promise<{ kept: string | null }> {
  const { adminUrl, passwords, file } = input;
  const database = databaseNameOf(adminUrl);
  const fresh = `${database}_restored`;
  const lines = linesOf(file);
  const head = readHead(await lines.next().catch(() => ({ value: null })));
  const known = readMigrations(sqlFolder()).map(({ name }) => name);
  const foreign = head.migrations.find((name) => !known.includes(name));
  if (foreign) throw new RestoreRefused(`The backup has ${foreign}, which this checkout has not: use its version.`);

  const maintenance = connect(adminUrl, 'postgres');
  try {
    await maintenance.unsafe(`drop database if exists ${identifier(fresh)}`);
    const url = new URL(adminUrl);
    url.pathname = `/${encodeURIComponent(fresh)}`;
    const urls = await ensureRolesAndDatabase({ adminUrl: url.href, database: fresh, passwords });
    await migrate({ ownerUrl: urls.owner, only: head.migrations });
    const after = await lastEpoch(adminUrl, maintenance, database);
    const sql = connect(adminUrl, fresh);
    try {
      await sql.begin((tx) => load(tx, lines));
      await migrate({ ownerUrl: urls.owner });
      await sql`select public.begin_epoch(${after})`;
      await sql`analyze`;
    } finally {
      await sql.end({ timeout: 5 });
    }
    return { kept: await exchange(maintenance, database, fresh) };
  } finally {
    await lines.return(undefined);
    await maintenance.unsafe(`drop database if exists ${identifier(fresh)}`).catch(() => {}); // the next one drops it
    await maintenance.end({ timeout: 5 });
  }
}

function connect(adminUrl: string, database: string): postgres.Sql {
  const url = new URL(adminUrl);
  url.pathname = `/${encodeURIComponent(database)}`;
  return postgres(url.href, { max: 1, onnotice: () => {}, connection: { application_name: 'liventix-backup' } });
}

/** What is kept, with the columns that can be written. */
function tablesOf(sql: postgres.TransactionSql): Promise<{ name: string; columns: string }[]> {
  return sql<{ name: string; columns: string }[]>`
    select format('%I.%I', n.nspname, c.relname) as name, string_agg(quote_ident(a.attname), ', ' order by a.attnum) as columns
    from pg_class c join pg_namespace n on n.oid = c.relnamespace
      join pg_attribute a on a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped and a.attgenerated = ''
    where c.relkind = 'r' and n.nspname = any (${SCHEMAS}) and n.nspname || '.' || c.relname <> all (${LEFT_OUT})
    group by 1 order by 1`;
}

function sequencesOf(sql: postgres.TransactionSql): Promise<{ name: string; value: string }[]> {
  return sql<{ name: string; value: string }[]>`
    select format('%I.%I', schemaname, sequencename) as name, last_value::text as value
    from pg_sequences where schemaname = any (${SCHEMAS}) and last_value is not null order by 1`;
}

/** Lines end with a line feed and nothing else: people write U+2028 and the like. */
async function* linesOf(file: string): AsyncGenerator<string, undefined, undefined> {
  const source = createGunzip();
  const reading = pipeline(fs.createReadStream(file), source);
  reading.catch(() => {}); // told by the loop
  let rest = '';
  for await (const chunk of source.setEncoding('utf8')) {
    const parts = (rest + chunk).split('\n');
    rest = parts.pop() ?? '';
    yield* parts;
  }
}

function readHead({ value }: { value?: unknown }): Head {
  try {
    const head = JSON.parse(String(value)) as Head;
    if (head.format === FORMAT) return head;
  } catch {
    // said below
  }
  throw new RestoreRefused('This file is no backup of Liventix.');
}

/** Rows as they were: no trigger counts, numbers or tells them again; those that are always on only fill what is missing. */
async function load(sql: postgres.TransactionSql, lines: AsyncIterator<string>): Promise<void> {
  const tables = await tablesOf(sql);
  await sql.unsafe("set local session_replication_role = 'replica'");
  await sql.unsafe(`truncate ${tables.map(({ name }) => name).join(', ')}`);
  for (let line = await lines.next(); line.value !== END; line = await lines.next()) {
    if (line.done) throw new RestoreRefused('This backup is not whole: its end is missing.');
    if (line.value.startsWith('copy ')) await copyIn(sql, line.value, lines);
    else await sql.unsafe(line.value);
  }
}

async function copyIn(sql: postgres.TransactionSql, command: string, lines: AsyncIterator<string>): Promise<void> {
  const into: Writable = await sql.unsafe(command).writable();
  async function* rows(): AsyncGenerator<string> {
    for (let line = await lines.next(); line.value !== END; line = await lines.next()) {
      if (line.done) throw new RestoreRefused('This backup is not whole: its end is missing.');
      yield `${line.value}\n`;
    }
  }
  await pipeline(Readable.from(rows()), into);
}

/** The last epoch of the database that is replaced: open pages have seen its versions. */
async function lastEpoch(adminUrl: string, maintenance: postgres.Sql, database: string): Promise<number> {
  if ((await maintenance`select from pg_database where datname = ${database}`).length === 0) return 0;
  const sql = connect(adminUrl, database);
  try {
    const [row] = await sql<{ epoch: number }[]>`select coalesce(max(epoch), 0)::int as epoch from public.restores`;
    return row?.epoch ?? 0;
  } catch {
    return 0; // it is older than epochs, or broken: that is why it is replaced
  } finally {
    await sql.end({ timeout: 5 });
  }
}

async function exchange(sql: postgres.Sql, database: string, fresh: string): Promise<string | null> {
  const [there] = await sql<{ connected: number }[]>`
    select (select count(*)::int from pg_stat_activity a where a.datname = d.datname) as connected
    from pg_database d where d.datname = ${database}`;
  if (there && there.connected > 0)
    throw new RestoreRefused(
      `${there.connected} connections use ${database}: stop every Liventix process, then restore again.`,
    );
  const kept = there ? `${database}_before_${new Date().toISOString().replace(/\D/g, '').slice(0, 14)}` : null;
  if (kept) await sql.unsafe(`alter database ${identifier(database)} rename to ${identifier(kept)}`);
  await sql.unsafe(`alter database ${identifier(fresh)} rename to ${identifier(database)}`);
  return kept;
}
