/** One pool per login, and the only ways to open a transaction: as the login itself, or as a person. */
import type { ExtractTablesWithRelations } from 'drizzle-orm';
import { PgDialect } from 'drizzle-orm/pg-core';
import { drizzle, type PostgresJsDatabase, PostgresJsSession, PostgresJsTransaction } from 'drizzle-orm/postgres-js';
import { createTableRelationsHelpers, extractTablesRelationalConfig } from 'drizzle-orm/relations';
import postgres from 'postgres';
import * as schema from './schema/index.ts';

export type Schema = typeof schema;
type Tables = ExtractTablesWithRelations<Schema>;
/** Drizzle inside a transaction. */
export type Tx = PostgresJsTransaction<Schema, Tables>;
/** Drizzle outside of one. */
export type Db = PostgresJsDatabase<Schema>;
/** postgres.js inside a transaction, for the statements Drizzle cannot say. */
export type TxSql = postgres.TransactionSql;
export type Sql = postgres.Sql;
/** What a verb runs with inside a transaction: Drizzle and postgres.js on the same connection. */
export type Work<T> = (tx: Tx, sql: TxSql) => Promise<T>;

/** Who a transaction speaks for; read in SQL by auth.uid() and auth.role(). */
export interface Claims {
  sub: string;
  role: 'authenticated';
  sid?: string;
}

/** One login's pool. */
export interface Database {
  sql: Sql;
  db: Db;
  /** One transaction as the login itself (the engine: as service_role). */
  transaction<T>(work: Work<T>): Promise<T>;
  /** One transaction under a person's own rights; null is a visitor. Only `liventix_api` may become people. */
  asPerson<T>(claims: Claims | null, work: Work<T>): Promise<T>;
  /** Opens a connection beside the pool, as the pool would, and closes it: fails with the server's reason, or after `withinMs`. */
  knock(withinMs: number): Promise<void>;
  end(): Promise<void>;
}

export interface Databases {
  api: Database;
  engine: Database;
  auth: Database;
  /** The engine's own few connections for taking places: statements on one follow each other in the order they were sent. */
  inventory: readonly Sql[];
  /** The `api` login on a read-only copy that may be behind, where there is one. Never asked about places. */
  replica: Database | null;
  end(): Promise<void>;
}

export interface PoolOptions {
  /** Connections of the pool at most. */
  max?: number;
  /** Shown in pg_stat_activity. */
  applicationName?: string;
  /** A statement that runs longer is cancelled (57014). Default 30 s; 0 is never. */
  statementTimeoutMs?: number;
  /** Waiting longer for a lock ends the statement (55P03). Default 10 s; 0 is never. */
  lockTimeoutMs?: number;
  /** Every transaction reads only (25006 for the rest). Default false. */
  readOnly?: boolean;
}

export interface DatabasesOptions extends Omit<PoolOptions, 'max' | 'readOnly'> {
  max?: { api?: number; engine?: number; auth?: number; inventory?: number; replica?: number };
}

/** Opens the pools a server needs. Nothing connects before its first statement. */
export function openDatabases(
  urls: { api: string; engine: string; auth: string; replica?: string | null },
  options: DatabasesOptions = {},
): Databases {
  const { max, ...rest } = options;
  const api = openDatabase(urls.api, { ...rest, max: max?.api ?? 10 });
  const engine = openDatabase(urls.engine, { ...rest, max: max?.engine ?? 12 });
  const auth = openDatabase(urls.auth, { ...rest, max: max?.auth ?? 5 });
  const lanes = Array.from({ length: max?.inventory ?? 3 }, () => openDatabase(urls.engine, { ...rest, max: 1 }));
  const replica = urls.replica
    ? openDatabase(urls.replica, { ...rest, max: max?.replica ?? 10, readOnly: true })
    : null;
  return {
    api,
    engine,
    auth,
    replica,
    inventory: lanes.map((lane) => lane.sql),
    end: async () => {
      await Promise.all([api, engine, auth, replica, ...lanes].map((each) => each?.end()));
    },
  };
}

const dialect = new PgDialect();
const config = extractTablesRelationalConfig<Tables>(schema, createTableRelationsHelpers);
const relational = { fullSchema: schema, schema: config.tables, tableNamesMap: config.tableNamesMap };

/** Opens one login's pool. */
export function openDatabase(url: string, options: PoolOptions = {}): Database {
  const sql = postgres(url, {
    max: options.max ?? 10,
    onnotice: () => {},
    connect_timeout: 10,
    // Seconds. The library's own grows to 20: a server that is back would stay unused as long.
    backoff: (failures) => Math.min(0.25, 0.01 * 2 ** failures),
    connection: {
      application_name: options.applicationName ?? 'liventix',
      statement_timeout: options.statementTimeoutMs ?? 30_000,
      lock_timeout: options.lockTimeoutMs ?? 10_000,
      idle_in_transaction_session_timeout: 60_000,
      // Compiling a statement of many parts takes seconds, running it takes milliseconds.
      jit: 'off',
      ...(options.readOnly ? { default_transaction_read_only: true } : {}),
    },
  });
  const db = drizzle(sql, { schema });
  acceptDatesAndJson(sql);
  preparing(sql); // begin() builds a scope of its own, so this touches plain statements only

  const transaction = <T>(work: Work<T>): Promise<T> => sql.begin((scope) => work(on(scope), scope)) as Promise<T>;

  const asPerson = async <T>(claims: Claims | null, work: Work<T>): Promise<T> => {
    const role = claims?.role ?? 'anon';
    const text = JSON.stringify(claims ?? { role });
    let refusal: unknown;
    try {
      const result = await sql.begin(async (scope) => {
        // Not awaited before the work on purpose: it travels with the work's first statement. If it fails, the
        // transaction is aborted and nothing of the work can run.
        const armed =
          scope`select set_config('role', ${role}, true), set_config('request.jwt.claims', ${text}, true)`.execute();
        armed.catch((error: unknown) => {
          refusal = error;
        });
        const answer = await work(on(scope), scope);
        await armed; // answered already unless the work sent nothing; without it such a transaction would "succeed"
        return answer;
      });
      return result as T;
    } catch (error) {
      throw refusal ?? error; // the reason itself, not the "transaction is aborted" that followed from it
    }
  };
  return {
    sql,
    db,
    transaction,
    asPerson,
    knock: (withinMs) => knock(url, withinMs),
    end: () => sql.end({ timeout: 5 }),
  };
}

async function knock(url: string, withinMs: number): Promise<void> {
  const sql = postgres(url, {
    max: 1,
    onnotice: () => {},
    connect_timeout: withinMs / 1000,
    connection: { application_name: 'liventix-readiness', statement_timeout: withinMs },
  });
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error('The database does not answer in time.')), withinMs);
  });
  const asked = sql`select 1`.execute();
  try {
    await Promise.race([asked, late]);
  } finally {
    clearTimeout(timer);
    asked.catch(() => {}); // when it was late, nobody waits for its end
    void sql.end({ timeout: 0 });
  }
}

function on(scope: TxSql): Tx {
  preparing(scope);
  savepoints(scope);
  // Drizzle types its session by the pool although it hands itself a transaction at runtime.
  const session = new PostgresJsSession<Sql, Schema, Tables>(scope as unknown as Sql, dialect, relational);
  return new PostgresJsTransaction<Schema, Tables>(
    dialect,
    session as unknown as ConstructorParameters<typeof PostgresJsTransaction<Schema, Tables>>[1],
    relational,
  );
}

/**
 * Drizzle sends `unsafe(text, params)`, which with parameters costs two round trips (describe, then execute). A named
 * statement costs one from its second use on.
 */
function preparing(client: { unsafe: Sql['unsafe'] }): void {
  const plain = client.unsafe;
  client.unsafe = ((text, parameters, options) =>
    parameters?.length
      ? plain(text, parameters, { ...options, prepare: true })
      : plain(text, parameters, options)) as Sql['unsafe'];
}

/** Nested Drizzle transactions are savepoints with a scope of their own: prepare there too. */
function savepoints(scope: TxSql): void {
  const plain = scope.savepoint.bind(scope) as (name: string, work: (inner: TxSql) => unknown) => Promise<unknown>;
  let count = 0;
  const wrapped = (
    first: string | ((inner: TxSql) => unknown),
    second?: (inner: TxSql) => unknown,
  ): Promise<unknown> => {
    const work = typeof first === 'string' ? second : first;
    return plain(typeof first === 'string' ? first : `nested${count++}`, (inner) => {
      preparing(inner);
      savepoints(inner);
      return work?.(inner);
    });
  };
  scope.savepoint = wrapped as TxSql['savepoint'];
}

/**
 * Drizzle turns off postgres.js's own conversion of dates and JSON on the client it is given: it does both itself.
 * Statements written with `sql` share that client: there, timestamps are read as text and JSON as values, and what is
 * sent may be a Date, a value for a json parameter, or text that is right already.
 */
function acceptDatesAndJson(sql: Sql): void {
  const { serializers } = sql.options;
  const date = (value: unknown): unknown => (value instanceof Date ? value.toISOString() : value);
  const json = (value: unknown): unknown => (typeof value === 'string' ? value : JSON.stringify(value));
  for (const type of [1082, 1114, 1184]) serializers[type] = date;
  for (const type of [114, 3802]) serializers[type] = json;
}

/**
 * The SQLSTATE behind an error, looking through the wrappers around it (Drizzle puts the server's answer into `cause`).
 * Null when no server answered; a lost connection has none either.
 */
export function sqlState(error: unknown): string | null {
  for (let current = error, depth = 0; current && depth < 8; depth++) {
    const { code, cause } = current as { code?: unknown; cause?: unknown };
    if (typeof code === 'string' && /^[0-9A-Z]{5}$/.test(code)) return code;
    current = cause;
  }
  return null;
}

/** The constraint a server's refusal names, for answers like "this slug is taken". */
export function constraintOf(error: unknown): string | null {
  for (let current = error, depth = 0; current && depth < 8; depth++) {
    const { constraint_name: name, cause } = current as { constraint_name?: unknown; cause?: unknown };
    if (typeof name === 'string') return name;
    current = cause;
  }
  return null;
}
