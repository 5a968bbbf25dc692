import { type Databases, sqlState } from '@liventix/db/client';

/** Shorter than a probe waits (deploy/kubernetes: 3 s). */
const ANSWER_MS = 2000;
const GOOD_FOR_MS = 2000;
/** A database that is back is found at once. */
const BAD_FOR_MS = 500;

/**
 * Says why traffic should stay away, or null. Each login opens a connection of its own: a pool that is merely busy is no
 * reason, and a pool that lives on old connections hides a changed password. However many ask, one looks at a time.
 */
export function createReadiness({
  db,
  notReady,
}: {
  db: Pick<Databases, 'api' | 'auth' | 'engine'>;
  notReady?: (() => Promise<string | null>) | undefined;
}): () => Promise<string | null> {
  let looking: Promise<string | null> | null = null;
  let known: { reason: string | null; until: number } | null = null;

  async function look(): Promise<string | null> {
    const reasons = await Promise.all(
      (['api', 'auth', 'engine'] as const).map((login) =>
        db[login].knock(ANSWER_MS).then(
          () => null,
          (error: unknown) => reasonOf(error, login),
        ),
      ),
    );
    const reason = reasons.find((each) => each !== null) ?? null;
    known = { reason, until: performance.now() + (reason ? BAD_FOR_MS : GOOD_FOR_MS) };
    return reason;
  }

  return async () => {
    if (!known || performance.now() >= known.until) {
      looking ??= look().finally(() => {
        looking = null;
      });
      await looking;
    }
    return known?.reason ?? (await notReady?.()) ?? null;
  };
}

function reasonOf(error: unknown, login: string): string {
  const state = sqlState(error);
  // A wrong password, pg_hba.conf, or no right to connect to this database.
  if (state?.startsWith('28') || state === '42501') return `the database refuses the login liventix_${login}`;
  if (state === '53300') return 'the database takes no more connections';
  return 'the database does not answer';
}
