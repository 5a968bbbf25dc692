/** What a key is given: sizes, databases on the run's durable server, and a check of the books for every round. */
import fs from 'node:fs';
import path from 'node:path';
import type { Sql } from '@liventix/db/client';
import { describeDatabase } from '@liventix/db/describe';
import { checkInvariants } from '@liventix/db/invariants';
import { repositoryRoot } from '@liventix/db/repository';
import { type TestDatabase, type TestServer, testDatabase } from '@liventix/db/testing';

export interface Round {
  value: number;
  peer: number | null;
}

/** Each round's figures by part (`''` where the key has only one). */
export type Measured = Record<string, Round[]>;

export interface Bench {
  quick: boolean;
  /** Rounds to take: 5, or 1 when quick. */
  rounds: number;
  /** A size in full, or a tenth of it when quick. */
  size(full: number): number;
  server: TestServer;
  /** A fresh database like production's, closed at the end of the key. */
  database(): Promise<TestDatabase>;
  /** A line under the figure: what was seen besides. */
  note(text: string): void;
  /** Closed at the end of the key, last first. */
  atEnd(close: () => Promise<unknown>): void;
}

/** A key on this machine is impossible; said aloud and not counted as missed. */
export class CannotRun extends Error {
  override name = 'CannotRun';
}

export type RunKey = (bench: Bench) => Promise<Measured>;

/** Odd, for a median that was measured; five, because a shared machine's pace moves by a third within minutes. */
const ROUNDS = 5;

export async function withBench(
  options: { quick: boolean; server: TestServer },
  run: RunKey,
): Promise<{ measured: Measured; notes: string[] }> {
  const notes: string[] = [];
  const closing: (() => Promise<unknown>)[] = [];
  const bench: Bench = {
    quick: options.quick,
    rounds: options.quick ? 1 : ROUNDS,
    size: (full) => (options.quick ? Math.max(1, Math.round(full / 10)) : full),
    server: options.server,
    database: async () => {
      const database = await testDatabase({
        server: options.server,
        applicationName: 'liventix-bench',
        statementTimeoutMs: 600_000,
        lockTimeoutMs: 60_000,
      });
      closing.push(() => database.drop());
      await expectConstraints(database.admin);
      return database;
    },
    note: (text) => notes.push(text),
    atEnd: (close) => closing.push(close),
  };
  try {
    return { measured: await run(bench), notes };
  } finally {
    for (const close of closing.reverse()) await close().catch((error: unknown) => notes.push(`closing: ${error}`));
  }
}

/** Tables whose rules the figures are taken under. */
export const TABLES = [
  'auth.users',
  'events.events',
  'ticketing.ticket_tiers',
  'ticketing.ticket_holds',
  'ticketing.hold_lapses',
  'ticketing.orders',
  'ticketing.order_items',
  'ticketing.tickets',
  'ticketing.event_counters',
  'ticketing.ticket_events',
];

/** The sections of the committed description that these tables and their triggers have. */
function rulesOf(description: string): Map<string, string> {
  const found = new Map<string, string>();
  for (const section of description.split(/^-- /m)) {
    const title = section.split('\n', 1)[0] ?? '';
    const table = /^table (\S+)/.exec(title)?.[1];
    if (table && TABLES.includes(table)) found.set(table, section.trim());
    if (title === 'triggers') {
      const lines = section.split('\n').filter((line) => TABLES.some((name) => line.includes(` ${name} `)));
      found.set('triggers', lines.join('\n'));
    }
  }
  return found;
}

/** The product's rules by table, as committed: constraints and indexes. */
export function committedRules(): Map<string, string> {
  return rulesOf(fs.readFileSync(path.join(repositoryRoot(), 'drizzle/schema.sql'), 'utf8'));
}

/** Fails unless the tables have every column, constraint, index and trigger of the product's, all of them enforced. */
export async function expectConstraints(admin: Sql): Promise<void> {
  const here = rulesOf(await describeDatabase(admin));
  const missing = [...committedRules()].filter(([name, text]) => here.get(name) !== text).map(([name]) => name);
  const off = await admin<{ name: string }[]>`
    select c.conname as name from pg_constraint c where not c.convalidated and c.conrelid = any (${TABLES}::text[]::regclass[])
    union all
    select t.tgname from pg_trigger t where t.tgenabled not in ('O', 'A') and t.tgrelid = any (${TABLES}::text[]::regclass[])`;
  missing.push(...off.map((row) => row.name));
  const settings = await admin<{ name: string; setting: string }[]>`
    select name, setting from pg_settings where name in ('fsync', 'synchronous_commit', 'full_page_writes', 'session_replication_role')`;
  for (const { name, setting } of settings)
    if (!['on', 'origin'].includes(setting)) missing.push(`${name} = ${setting}`);
  if (missing.length > 0) throw new Error(`The rules of the product do not hold here: ${missing.join(', ')}`);
}

/** The books after a round: every invariant, and this many places taken. Throws when one is broken. */
export async function expectSound(
  database: TestDatabase,
  taken?: { tierIds: string[]; places: number },
): Promise<void> {
  const broken = (await checkInvariants(database.db.engine.sql)).filter((result) => result.violations > 0);
  if (broken.length > 0) throw new Error(`The books are wrong: ${JSON.stringify(broken).slice(0, 1000)}`);
  if (!taken) return;
  const [row] = await database.admin<{ places: number }[]>`
    select sum(reserved_quantity + issued_quantity)::int as places from ticketing.ticket_tiers where id = any (${taken.tierIds}::uuid[])`;
  if (row?.places !== taken.places)
    throw new Error(`Answered yes to ${taken.places} places, the database counts ${row?.places}`);
}
