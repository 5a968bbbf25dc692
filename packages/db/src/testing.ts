/** A database of its own for a test file: a copy of a migrated template on the one server of the run. */
import crypto from 'node:crypto';
import fs from 'node:fs';
import path from 'node:path';
import postgres from 'postgres';
import {
  type DatabaseUrls,
  ensureRoles,
  ensureRolesAndDatabase,
  identifier,
  loginPasswords,
  loginUrls,
} from './bootstrap.ts';
import { type Databases, type DatabasesOptions, openDatabases, type Sql, sqlState } from './client.ts';
import { startPostgres } from './embedded.ts';
import { migrate, sqlFolder } from './migrate.ts';

/** What the global set-up tells the test files about the server of this run. Plain text: it crosses processes. */
export interface TestServer {
  adminUrl: string;
  secret: string;
  template: string;
}

declare module 'vitest' {
  export interface ProvidedContext {
    liventixTestServer: TestServer;
  }
}

export interface TestDatabase {
  name: string;
  urls: DatabaseUrls;
  /** The pools a server would open: rights as in production. */
  db: Databases;
  /** A superuser inside this database: to age rows, to kill backends, to look past policies. */
  admin: Sql;
  /** The owner of the tables (forced row level security counts for it too). */
  owner: Sql;
  /** Ends every connection and removes the database. */
  drop(): Promise<void>;
}

export interface TestDatabaseOptions extends DatabasesOptions {
  /** The server to use; default: the one of the running vitest. */
  server?: TestServer;
}

const TEST_PREFIX = 'liventix_test_';
const LEFTOVER_AGE_MS = 60 * 60_000;

/**
 * Makes a fresh database. Call it once per file (`beforeAll`) and `drop()` it at the end; a copy takes about 50 ms.
 */
export async function testDatabase(options: TestDatabaseOptions = {}): Promise<TestDatabase> {
  const { server = (await import('vitest')).inject('liventixTestServer'), ...pools } = options;
  const name = `${TEST_PREFIX}${Date.now()}_${crypto.randomBytes(4).toString('hex')}`;
  await cloneTemplate(server, name);
  const urls = loginUrls(server.adminUrl, name, loginPasswords(server.secret));
  const db = openDatabases(urls, { applicationName: 'liventix-test', ...pools });
  const admin = connect(server.adminUrl, name, 2);
  const owner = postgres(urls.owner, { max: 2, onnotice: () => {} });
  return {
    name,
    urls,
    db,
    admin,
    owner,
    drop: async () => {
      await Promise.all([db.end(), admin.end({ timeout: 5 }), owner.end({ timeout: 5 })]);
      await dropDatabase(server, name);
    },
  };
}

/**
 * The server of a run, with its template migrated: an ephemeral one of our own, or `adminUrl`'s when given. The template
 * is named by the text of drizzle/, so a standing server keeps it until that changes.
 */
export async function startTestServer(adminUrl?: string): Promise<{ server: TestServer; stop(): Promise<void> }> {
  const embedded = adminUrl ? null : await startPostgres({ ephemeral: true });
  const address = adminUrl ?? (embedded?.adminUrl() as string);
  // On a server that stays, the logins of an earlier run must still fit.
  const secret = embedded?.secret ?? crypto.createHash('sha256').update(`test logins of ${address}`).digest('hex');
  const server: TestServer = { adminUrl: address, secret, template: `liventix_template_${textOf(sqlFolder())}` };
  try {
    await ensureTemplate(server);
    if (!embedded) await dropLeftovers(server);
  } catch (error) {
    await embedded?.stop();
    throw error;
  }
  return { server, stop: async () => embedded?.stop() };
}

async function ensureTemplate(server: TestServer): Promise<void> {
  const admin = connect(server.adminUrl, 'postgres', 1);
  const passwords = loginPasswords(server.secret);
  try {
    // Also when the template is there: the logins belong to the server, and an earlier run may have set other passwords.
    await ensureRoles({ adminUrl: server.adminUrl, passwords, rotate: true });
    const [found] = await admin`select 1 from pg_database where datname = ${server.template} and datistemplate`;
    if (found) return;
    const building = `${server.template}_${process.pid}`;
    const urls = await ensureRolesAndDatabase({ adminUrl: server.adminUrl, database: building, passwords });
    await migrate({ ownerUrl: urls.owner });
    // Renamed when it is whole, and closed: a template that somebody is connected to can't be copied.
    await admin.unsafe(`alter database ${identifier(building)} rename to ${identifier(server.template)}`);
    await admin.unsafe(`alter database ${identifier(server.template)} with is_template true allow_connections false`);
  } finally {
    await admin.end({ timeout: 5 });
  }
}

async function cloneTemplate(server: TestServer, name: string): Promise<void> {
  const admin = connect(server.adminUrl, 'postgres', 1);
  const text = `create database ${identifier(name)} template ${identifier(server.template)} owner liventix_owner strategy file_copy`;
  try {
    for (let attempt = 1; ; attempt++) {
      try {
        await admin.unsafe(text);
        break;
      } catch (error) {
        if (sqlState(error) !== '55006' || attempt === 50) throw error; // object in use: another copy is being made
        await new Promise((resolve) => setTimeout(resolve, 20 * attempt));
      }
    }
    // Grants on a database are not copied with it.
    await admin.unsafe(`revoke all on database ${identifier(name)} from public`);
    await admin.unsafe(`grant connect on database ${identifier(name)} to liventix_api, liventix_auth, liventix_engine`);
  } finally {
    await admin.end({ timeout: 5 });
  }
}

async function dropDatabase(server: TestServer, name: string): Promise<void> {
  const admin = connect(server.adminUrl, 'postgres', 1);
  try {
    // `force` ends sessions but refuses while a replication slot stands: a feed that was cut off leaves one for a moment.
    await admin`
      select pg_terminate_backend(active_pid) from pg_replication_slots where database = ${name} and active_pid is not null`;
    for (let attempt = 1; ; attempt++) {
      try {
        await admin`select pg_drop_replication_slot(slot_name) from pg_replication_slots where database = ${name} and not active`;
        await admin.unsafe(`drop database if exists ${identifier(name)} with (force)`);
        return;
      } catch (error) {
        if (!['55006', '42704'].includes(sqlState(error) ?? '') || attempt === 50) throw error;
        await new Promise((resolve) => setTimeout(resolve, 20 * attempt));
      }
    }
  } finally {
    await admin.end({ timeout: 5 });
  }
}

/** On a server that stays: databases of runs that were killed. */
async function dropLeftovers(server: TestServer): Promise<void> {
  const admin = connect(server.adminUrl, 'postgres', 1);
  const rows = await admin<{ name: string }[]>`
    select datname as name from pg_database where starts_with(datname, ${TEST_PREFIX})`.finally(() => admin.end());
  for (const { name } of rows)
    if (Date.now() - Number(name.split('_')[2]) > LEFTOVER_AGE_MS) await dropDatabase(server, name);
}

function connect(adminUrl: string, database: string, max: number): Sql {
  const url = new URL(adminUrl);
  url.pathname = `/${encodeURIComponent(database)}`;
  return postgres(url.href, { max, onnotice: () => {}, connection: { application_name: 'liventix-test-admin' } });
}

function textOf(folder: string): string {
  const hash = crypto.createHash('sha256');
  for (const file of (fs.readdirSync(folder, { recursive: true }) as string[]).sort())
    if (file.endsWith('.sql') && file.includes(path.sep))
      hash.update(file).update(fs.readFileSync(path.join(folder, file)));
  return hash.digest('hex').slice(0, 12);
}
