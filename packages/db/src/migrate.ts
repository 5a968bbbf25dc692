/**
 * The one way a database becomes current: versioned migrations, the job library's own, then functions, views and
 * policies whose text changed. Runs as the owner, under one advisory lock, any number of processes at once.
 * Why our own runner: docs/decisions/001-own-migration-runner.md
 */
import path from 'node:path';
import postgres from 'postgres';
import { grantJobs, migrateJobs } from './migrate/prepare-jobs.ts';
import { MigrationRefused, readMigrations, readObjects, type Source } from './migrate/read-sources.ts';
import { repositoryRoot } from './repository.ts';

export { MigrationRefused } from './migrate/read-sources.ts';

export interface MigrateInput {
  /** liventix_owner's address. */
  ownerUrl: string;
  /** The folder with migrations/, functions/, views/ and policies/. Default: drizzle/ of this checkout. */
  folder?: string;
  /** These migrations alone, and no functions, views and policies: the tables that a backup was made of. */
  only?: readonly string[];
  /** Told about each step as it is taken. */
  onStep?: (name: string) => void;
}

export interface MigrateResult {
  /** What this call applied, in order. Empty when the database was current. */
  applied: string[];
}

/** A file failed; its transaction was rolled back and what came before it stays. */
export class MigrationFailed extends Error {
  override name = 'MigrationFailed';
  constructor(
    readonly file: string,
    readonly line: number | null,
    cause: unknown,
  ) {
    const { message, detail, hint } = cause as { message?: string; detail?: string; hint?: string };
    const place = line ? `${file}:${line}` : file;
    super([`${place}: ${message ?? cause}`, detail, hint].filter(Boolean).join('\n'), { cause });
  }
}

const LOCK_POLL_MS = 200;
const LOCK_PATIENCE_MS = 120_000;

/** The default folder of SQL sources. */
export function sqlFolder(): string {
  return path.join(repositoryRoot(), 'drizzle');
}

/**
 * Brings a database up to date. Repeating it changes nothing.
 * @throws MigrationRefused before anything runs, MigrationFailed with file and line
 */
export async function migrate(input: MigrateInput): Promise<MigrateResult> {
  const { ownerUrl, folder = sqlFolder(), only, onStep } = input;
  const migrations = readMigrations(folder).filter(({ name }) => !only || only.includes(name));
  const objects = only ? [] : readObjects(folder);
  const sql = postgres(ownerUrl, {
    max: 1, // one session: it carries the lock
    onnotice: () => {},
    max_lifetime: null,
    connection: { application_name: 'liventix-migrate', check_function_bodies: 'off' },
  });
  const applied: string[] = [];
  const step = (name: string): void => {
    applied.push(name);
    onStep?.(name);
  };
  try {
    const session = await takeLock(sql);
    await sql.unsafe(JOURNAL);
    const journal = await readJournal(sql);
    refuseRewrittenHistory(migrations, journal);
    for (const file of migrations) {
      if (journal.has(file.name)) continue;
      await (file.alone ? applyAlone(sql, session, file) : applyTogether(sql, session, [file]));
      step(file.name);
    }
    await migrateJobs(ownerUrl);
    await grantJobs(sql);
    const changed = objects.filter((file) => journal.get(file.name) !== file.sha256);
    const gone = [...journal.keys()].filter(
      (name) => !name.startsWith('migrations/') && !objects.some((o) => o.name === name),
    );
    // Policies speak of every table and function there is: what was added since needs its rights and its forced row level
    // security from a file whose own text did not change.
    const rights =
      applied.length + changed.length > 0
        ? objects.filter((file) => file.name.startsWith('policies/') && !changed.includes(file))
        : [];
    if (changed.length > 0 || gone.length > 0 || rights.length > 0)
      await applyTogether(sql, session, [...changed, ...rights], gone);
    for (const file of changed) step(file.name);
    return { applied };
  } finally {
    await sql.end({ timeout: 5 }); // ends the session, and the lock with it
  }
}

/**
 * What a server would have to wait for before it is ready: files that are not in the database, or not in this text.
 * @param url the owner's or the engine's address
 */
export async function pendingMigrations(url: string, folder: string = sqlFolder()): Promise<string[]> {
  const files = [...readMigrations(folder), ...readObjects(folder)];
  const sql = postgres(url, { max: 1, onnotice: () => {}, connection: { application_name: 'liventix-pending' } });
  try {
    const [found] = await sql`select to_regclass('public.schema_migrations') is not null as yes`;
    const journal = found?.yes ? await readJournal(sql) : new Map<string, string>();
    return files.filter((file) => journal.get(file.name) !== file.sha256).map((file) => file.name);
  } finally {
    await sql.end({ timeout: 5 });
  }
}

// Not one of the trade's tables: no policies, and a grant to the engine alone, for readiness.
const JOURNAL = `
  create table if not exists public.schema_migrations (
    name text primary key,
    sha256 text not null,
    applied_at timestamptz not null default clock_timestamp()
  );
  revoke all on public.schema_migrations from public;
  grant select on public.schema_migrations to service_role;`;

async function readJournal(sql: postgres.Sql): Promise<Map<string, string>> {
  const rows = await sql<{ name: string; sha256: string }[]>`select name, sha256 from public.schema_migrations`;
  return new Map(rows.map((row) => [row.name, row.sha256]));
}

/**
 * Asks again and again instead of waiting inside one statement: a waiting statement holds a snapshot, for which a
 * `create index concurrently` of the other process would wait in turn.
 * @returns the session that holds the lock
 */
async function takeLock(sql: postgres.Sql): Promise<number> {
  for (const since = Date.now(); ; ) {
    const [row] = await sql<{ mine: boolean; pid: number }[]>`
      select pg_try_advisory_lock(hashtext('liventix migrations')) as mine, pg_backend_pid() as pid`;
    if (row?.mine) return row.pid;
    if (Date.now() - since > LOCK_PATIENCE_MS)
      throw new MigrationRefused('Another process has been migrating this database for two minutes.');
    await new Promise((resolve) => setTimeout(resolve, LOCK_POLL_MS));
  }
}

/** A new connection after a drop would run without the lock. */
async function requireSession(sql: postgres.Sql | postgres.TransactionSql, session: number): Promise<void> {
  const [row] = await sql<{ pid: number }[]>`select pg_backend_pid() as pid`;
  if (row?.pid !== session) throw new MigrationRefused('The connection was lost during the migration: run it again.');
}

function refuseRewrittenHistory(migrations: Source[], journal: Map<string, string>): void {
  for (const file of migrations) {
    const landed = journal.get(file.name);
    if (landed && landed !== file.sha256)
      throw new MigrationRefused(`${file.name} has landed in this database with another text. Write a new migration.`);
  }
  for (const name of journal.keys())
    if (name.startsWith('migrations/') && !migrations.some((file) => file.name === name))
      throw new MigrationRefused(`${name} has landed in this database but is not in this checkout: is it older?`);
  const last = [...journal.keys()]
    .filter((name) => name.startsWith('migrations/'))
    .sort()
    .at(-1);
  for (const file of migrations)
    if (last && !journal.has(file.name) && file.name < last)
      throw new MigrationRefused(`${file.name} is numbered before ${last}, which has landed. Give it the next number.`);
}

async function applyTogether(sql: postgres.Sql, session: number, files: Source[], gone: string[] = []): Promise<void> {
  await sql.begin(async (tx) => {
    await requireSession(tx, session);
    for (const file of files) {
      if (file.as) await tx.unsafe(`set local role ${file.as}`);
      await run(tx, file, file.text);
      await tx.unsafe('reset role');
      await record(tx, file);
    }
    if (gone.length > 0) await tx`delete from public.schema_migrations where name in ${tx(gone)}`;
  });
}

/** Each statement stands alone, so a failure leaves those before it: such a file must be written to be repeated. */
async function applyAlone(sql: postgres.Sql, session: number, file: Source): Promise<void> {
  for (const statement of file.text.split('--> statement-breakpoint')) {
    await requireSession(sql, session);
    await run(sql, file, statement);
  }
  await record(sql, file);
}

async function run(sql: postgres.Sql | postgres.TransactionSql, file: Source, text: string): Promise<void> {
  try {
    await sql.unsafe(text);
  } catch (cause) {
    const position = Number((cause as { position?: string }).position);
    const before = position > 0 ? file.text.slice(0, file.text.indexOf(text) + position - 1) : null;
    throw new MigrationFailed(file.name, before === null ? null : before.split('\n').length, cause);
  }
}

async function record(sql: postgres.Sql | postgres.TransactionSql, file: Source): Promise<void> {
  await sql`
    insert into public.schema_migrations (name, sha256) values (${file.name}, ${file.sha256})
    on conflict (name) do update set sha256 = excluded.sha256, applied_at = clock_timestamp()`;
}
