/**
 * Roles, logins and the database itself: what a migration cannot make because it runs as one of them.
 * Safe to run at every start, on PostgreSQL 15 to 18, by several processes at once.
 */
import crypto from 'node:crypto';
import postgres from 'postgres';

/** The four logins (docs: Access). Nothing of ours ever connects as the administrator afterwards. */
export const LOGINS = ['owner', 'api', 'auth', 'engine'] as const;
export type Login = (typeof LOGINS)[number];
export type LoginPasswords = Record<Login, string>;
/** One address per login. */
export type DatabaseUrls = Record<Login, string>;

export interface BootstrapInput {
  /** An address whose user is a superuser; its database is only used to connect to. */
  adminUrl: string;
  /** The database to make or to take over when it is empty. */
  database: string;
  passwords: LoginPasswords;
  /** Sets the passwords also where another installation on this server would be locked out. Default false. */
  rotate?: boolean;
}

/** The administrator of DATABASE_URL may not do what is asked, or the database belongs to somebody else. */
export class BootstrapRefused extends Error {
  override name = 'BootstrapRefused';
}

/** The logins belong to the whole server, and another database on it lives by other passwords. */
export class LoginsInUse extends BootstrapRefused {
  override name = 'LoginsInUse';
}

/**
 * The logins' passwords, derived from one secret, so that a restart and a second process know them without storing four.
 * @param secret at least 32 random bytes: LIVENTIX_SECRET, or the one beside the embedded server's data
 */
export function loginPasswords(secret: string): LoginPasswords {
  const derive = (login: Login): string =>
    crypto.createHmac('sha256', secret).update(`database login liventix_${login}`).digest('base64url');
  return { owner: derive('owner'), api: derive('api'), auth: derive('auth'), engine: derive('engine') };
}

const loginName = (login: Login): string => `liventix_${login}`;

/** The four addresses that lead to `database` on the administrator's server; TLS and other parameters are kept. */
export function loginUrls(adminUrl: string, database: string, passwords: LoginPasswords): DatabaseUrls {
  const as = (login: Login): string => {
    const url = new URL(adminUrl);
    url.username = loginName(login);
    url.password = passwords[login];
    url.pathname = `/${encodeURIComponent(database)}`;
    return url.href;
  };
  return { owner: as('owner'), api: as('api'), auth: as('auth'), engine: as('engine') };
}

/** The database an administrator's address names, or `liventix` when it names only a maintenance database. */
export function databaseNameOf(adminUrl: string): string {
  const name = decodeURIComponent(new URL(adminUrl).pathname.slice(1));
  return ['', 'postgres', 'template1'].includes(name) ? 'liventix' : name;
}

/**
 * Makes roles, logins and the database where they are missing, and sets passwords and attributes to what they must be.
 * @throws BootstrapRefused with a sentence that says what to do instead
 * @throws LoginsInUse before anything is changed
 */
export async function ensureRolesAndDatabase(input: BootstrapInput): Promise<DatabaseUrls> {
  await asAdministrator(input, async (sql) => {
    await ensureRolesWith(sql, input);
    await ensureDatabase(sql, input);
  });
  return loginUrls(input.adminUrl, input.database, input.passwords);
}

/** The roles and logins alone, for a server whose databases are made in another way. */
export async function ensureRoles(input: Omit<BootstrapInput, 'database'>): Promise<void> {
  await asAdministrator({ ...input, database: '' }, (sql) => ensureRolesWith(sql, { ...input, database: '' }));
}

async function asAdministrator(input: BootstrapInput, work: (sql: postgres.Sql) => Promise<void>): Promise<void> {
  const sql = postgres(maintenanceUrl(input), {
    max: 1,
    onnotice: () => {},
    connection: { application_name: 'liventix-bootstrap' },
  });
  try {
    await requireSuperuser(sql);
    // One process at a time: PostgreSQL refuses the second of two that grant on, or give away, the same thing. Held by
    // this session and gone with it: a database can't be made inside a transaction.
    await sql`select pg_advisory_lock(hashtext('liventix bootstrap'))`;
    await work(sql);
  } finally {
    await sql.end({ timeout: 5 });
  }
}

async function ensureRolesWith(sql: postgres.Sql, input: BootstrapInput): Promise<void> {
  if (!input.rotate) await requireOwnLogins(sql, input);
  await sql.unsafe(rolesText(input.passwords));
}

async function requireOwnLogins(sql: postgres.Sql, { database, passwords }: BootstrapInput): Promise<void> {
  const known = await sql<{ name: string; verifier: string | null }[]>`
    select rolname as name, rolpassword as verifier from pg_authid where rolname = any(${LOGINS.map(loginName)})`;
  const fits = (login: Login): boolean => {
    const row = known.find(({ name }) => name === loginName(login));
    return !row?.verifier || isPasswordOf(row.verifier, row.name, passwords[login]);
  };
  if (LOGINS.every(fits)) return;
  const others = await sql<{ name: string }[]>`
    select datname as name from pg_database
    where pg_get_userbyid(datdba) = 'liventix_owner' and datname <> ${database} order by 1`;
  if (others.length > 0)
    throw new LoginsInUse(
      `The logins liventix_* of this PostgreSQL have other passwords than LIVENTIX_SECRET makes, and its database ` +
        `${others[0]?.name} is used with them: it would be locked out. Give this installation a PostgreSQL of its own, or the ` +
        'same LIVENTIX_SECRET. If you changed the secret on purpose, run "npm run db:migrate -- --rotate-logins" once ' +
        'and restart every server.',
    );
}

/** Whether the server's verifier (SCRAM, RFC 5803, or the older md5) was made of this password. */
function isPasswordOf(verifier: string, name: string, password: string): boolean {
  const [, rounds, salt, storedKey] = /^SCRAM-SHA-256\$(\d+):([^$]+)\$([^:]+):/.exec(verifier) ?? [];
  if (!rounds || !salt || !storedKey)
    return verifier === `md5${crypto.createHash('md5').update(`${password}${name}`).digest('hex')}`;
  const salted = crypto.pbkdf2Sync(password, Buffer.from(salt, 'base64'), Number(rounds), 32, 'sha256');
  const clientKey = crypto.createHmac('sha256', salted).update('Client Key').digest();
  return crypto.createHash('sha256').update(clientKey).digest('base64') === storedKey;
}

// The database to be made can't be connected to yet; every server has `postgres`.
function maintenanceUrl({ adminUrl, database }: BootstrapInput): string {
  const url = new URL(adminUrl);
  if (['', `/${encodeURIComponent(database)}`].includes(url.pathname)) url.pathname = '/postgres';
  return url.href;
}

async function requireSuperuser(sql: postgres.Sql): Promise<void> {
  const [me] = await sql<{ name: string; superuser: boolean; version: number }[]>`
    select current_user as name, rolsuper as superuser, current_setting('server_version_num')::int as version
    from pg_roles where rolname = current_user`;
  if (!me) throw new BootstrapRefused('The administrator of DATABASE_URL does not exist.');
  if (me.version < 150000) throw new BootstrapRefused('Liventix needs PostgreSQL 15 or later.');
  if (!me.superuser)
    throw new BootstrapRefused(
      `DATABASE_URL connects as ${me.name}, who is not a superuser and so cannot make the login that reads the ` +
        'replication feed. Give the address of a superuser for the first start, or make the roles by hand ' +
        '(docs/operations.md) and set DATABASE_OWNER_URL, DATABASE_API_URL, DATABASE_AUTH_URL and DATABASE_ENGINE_URL.',
    );
}

/**
 * The same text on 15 and 18: no WITH INHERIT or SET clauses. `noinherit` makes each membership one by SET ROLE only.
 * The engine's `set role` is an attribute of the login: each of its sessions is service_role from the first statement.
 */
export function rolesText(passwords: LoginPasswords): string {
  const role = (name: string, attributes: string): string => `
    if not exists (select from pg_roles where rolname = ${literal(name)}) then create role ${name}; end if;
    alter role ${name} ${attributes};`;
  return `do $bootstrap$ begin
    ${role('anon', 'nologin noinherit nosuperuser nobypassrls nocreaterole nocreatedb noreplication')}
    ${role('authenticated', 'nologin noinherit nosuperuser nobypassrls nocreaterole nocreatedb noreplication')}
    ${role('service_role', 'nologin noinherit nosuperuser nobypassrls nocreaterole nocreatedb noreplication')}
    ${role('liventix_owner', login(passwords.owner, 'noreplication'))}
    ${role('liventix_api', login(passwords.api, 'noreplication'))}
    ${role('liventix_auth', login(passwords.auth, 'noreplication'))}
    ${role('liventix_engine', login(passwords.engine, 'replication'))}
    grant anon, authenticated to liventix_api;
    grant service_role to liventix_engine, liventix_owner;
    alter role liventix_engine set role to 'service_role';
  end $bootstrap$;`;
}

function login(password: string, replication: string): string {
  return `login noinherit nosuperuser nobypassrls nocreaterole nocreatedb ${replication} password ${literal(password)}`;
}

async function ensureDatabase(sql: postgres.Sql, { adminUrl, database }: BootstrapInput): Promise<void> {
  const name = identifier(database);
  const [found] = await sql<{ owner: string }[]>`
    select pg_get_userbyid(datdba) as owner from pg_database where datname = ${database}`;
  if (!found) await sql.unsafe(`create database ${name} owner liventix_owner encoding 'UTF8' template template0`);
  await inDatabase(adminUrl, database, async (inside) => {
    if (found && found.owner !== 'liventix_owner') {
      await requireEmpty(inside, database, found.owner);
      await sql.unsafe(`alter database ${name} owner to liventix_owner`);
    }
    // Owning the database is enough only from 16 on: before, a NOINHERIT owner has no right in `public`.
    const [space] = await inside`select nspowner::regrole::text as owner from pg_namespace where nspname = 'public'`;
    if (space?.owner !== 'liventix_owner') await inside.unsafe('alter schema public owner to liventix_owner');
  });
  await sql.unsafe(`revoke all on database ${name} from public`);
  await sql.unsafe(`grant connect on database ${name} to liventix_api, liventix_auth, liventix_engine`);
}

async function inDatabase(
  adminUrl: string,
  database: string,
  work: (sql: postgres.Sql) => Promise<void>,
): Promise<void> {
  const url = new URL(adminUrl);
  url.pathname = `/${encodeURIComponent(database)}`;
  const inside = postgres(url.href, { max: 1, onnotice: () => {} });
  try {
    await work(inside);
  } finally {
    await inside.end({ timeout: 5 });
  }
}

async function requireEmpty(inside: postgres.Sql, database: string, owner: string): Promise<void> {
  const [row] = await inside<{ tables: number }[]>`
    select count(*)::int as tables from pg_class c join pg_namespace n on n.oid = c.relnamespace
    where c.relkind in ('r', 'p') and n.nspname not like 'pg\\_%' and n.nspname <> 'information_schema'`;
  if (row && row.tables > 0)
    throw new BootstrapRefused(
      `The database ${database} belongs to ${owner} and holds ${row.tables} tables. Name an empty or a new one in DATABASE_URL.`,
    );
}

function literal(text: string): string {
  if (text.includes('\\') || text.includes('\0')) throw new BootstrapRefused('A password may not contain a backslash.');
  return `'${text.replaceAll("'", "''")}'`;
}

/** A name for SQL text, quoted. */
export function identifier(name: string): string {
  return `"${name.replaceAll('"', '""')}"`;
}
