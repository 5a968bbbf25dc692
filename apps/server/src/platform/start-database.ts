import path from 'node:path';
import {
  type DatabaseUrls,
  databaseNameOf,
  ensureRolesAndDatabase,
  LoginsInUse,
  loginPasswords,
  loginUrls,
} from '@liventix/db/bootstrap';
import { type EmbeddedPostgres, startPostgres } from '@liventix/db/embedded';
import { migrate, pendingMigrations } from '@liventix/db/migrate';
import type { Env } from '../env.ts';

export interface StartedDatabase {
  urls: DatabaseUrls;
  /** Ours, or null when DATABASE_URL names another. */
  embedded: EmbeddedPostgres | null;
}

/** A PostgreSQL to talk to: our own unless another is named, with roles, logins and the database made where missing. */
export async function startDatabase(env: Env, tell: (line: string) => void): Promise<StartedDatabase> {
  if (env.DATABASE_LOGINS) {
    tell('PostgreSQL: the logins you gave');
    return { urls: env.DATABASE_LOGINS, embedded: null };
  }
  if (env.DATABASE_URL) {
    const passwords = loginPasswords(env.LIVENTIX_SECRET);
    const database = databaseNameOf(env.DATABASE_URL);
    // Once the logins are there nobody needs the administrator: a second process may start without one.
    const urls = await ensureRolesAndDatabase({ adminUrl: env.DATABASE_URL, database, passwords }).catch(
      (error: unknown) => {
        if (env.MIGRATE_ON_START || error instanceof LoginsInUse) throw error;
        return loginUrls(env.DATABASE_URL as string, database, passwords);
      },
    );
    tell(`PostgreSQL: yours, database ${database}`);
    return { urls, embedded: null };
  }
  const embedded = await startPostgres({ dataDir: path.join(env.DATA_DIR, 'postgres') });
  try {
    const urls = await ensureRolesAndDatabase({
      adminUrl: embedded.adminUrl(),
      database: 'liventix',
      passwords: loginPasswords(embedded.secret),
    });
    tell(`PostgreSQL: our own, data in ${embedded.dataDir}`);
    return { urls, embedded };
  } catch (error) {
    await embedded.stop();
    throw error;
  }
}

/**
 * Brings the database up to date where that is this process's business (demo, embedded, MIGRATE_ON_START=1).
 * Answers whether it did: then nothing has to be waited for.
 */
export async function migrateDatabase(
  env: Env,
  started: StartedDatabase,
  tell: (line: string) => void,
): Promise<boolean> {
  if (!started.embedded && !env.MIGRATE_ON_START) return false;
  const { applied } = await migrate({ ownerUrl: started.urls.owner });
  tell(applied.length === 0 ? 'Database: up to date' : `Database: ${applied.length} changes applied`);
  return true;
}

/** Says what the database waits for, or null; asked anew at most every two seconds until it is current. */
export function watchMigrations(engineUrl: string): () => Promise<string | null> {
  let known: { reason: string | null; until: number } | null = null;
  return async () => {
    if (known && performance.now() < known.until) return known.reason;
    known = null; // an answer that does not come says nothing
    const pending = await pendingMigrations(engineUrl);
    known =
      pending.length === 0
        ? { reason: null, until: Number.POSITIVE_INFINITY }
        : {
            reason: `the database is behind by ${pending.length} changes (${pending[0]} …): run pnpm db:migrate`,
            until: performance.now() + 2000,
          };
    return known.reason;
  };
}
