/** Runs the sentences that must always hold (packages/db/sql/invariants.sql), and says how often each is broken. */
import fs from 'node:fs';
import path from 'node:path';
import type postgres from 'postgres';
import { repositoryRoot } from './repository.ts';

export interface Invariant {
  /** The sentence, as people read it. */
  name: string;
  /** A query that returns one row per violation. */
  query: string;
}

export interface InvariantResult {
  name: string;
  violations: number;
  /** The first few offending rows, for the log. */
  examples: postgres.Row[];
}

const EXAMPLES_MAX = 5;

/** Blocks of `-- name: <sentence>`, each followed by one query. */
export function readInvariants(file = path.join(repositoryRoot(), 'packages/db/sql/invariants.sql')): Invariant[] {
  const blocks = fs
    .readFileSync(file, 'utf8')
    .split(/^-- name: /m)
    .slice(1);
  return blocks.map((block) => {
    const [name = '', ...rest] = block.split('\n');
    const query = rest.join('\n').trim().replace(/;$/, '');
    const statement = query.replace(/--.*$/gm, '').trim();
    if (!name.trim() || !statement) throw new Error(`${file}: the invariant "${name}" has no query.`);
    return { name: name.trim(), query };
  });
}

/**
 * Checks every invariant in one snapshot, so that a sale in progress is seen whole or not at all.
 * @param sql the engine's connection (service_role sees every row)
 */
export async function checkInvariants(sql: postgres.Sql, invariants = readInvariants()): Promise<InvariantResult[]> {
  return sql.begin('isolation level repeatable read read only', async (tx) => {
    const results: InvariantResult[] = [];
    for (const { name, query } of invariants) {
      const rows = await tx.unsafe(query);
      results.push({ name, violations: rows.length, examples: rows.slice(0, EXAMPLES_MAX) });
    }
    return results;
  }) as Promise<InvariantResult[]>;
}
