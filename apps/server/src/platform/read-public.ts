import type { Databases, Work } from '@liventix/db/client';
import type { Logger } from './log.ts';
import { type Actor, claimsOf } from './sessions.ts';

/**
 * Reads for a page, under the caller's own rights. For a visitor nobody is signed in as it may come from the read-only
 * copy, and be as old as the copy is; so it carries no number of places. `isCurrent` says whether an answer will do for
 * a page that a live room keeps true from there on; where it will not, the primary is asked.
 */
export type ReadPublic = <T>(
  actor: Actor | null,
  work: Work<T>,
  isCurrent?: (answer: T) => boolean | Promise<boolean>,
) => Promise<T>;

/** A copy that takes longer for a page is no help. */
const PATIENCE_MS = 2000;
/** A copy that failed is left alone for so long: nobody waits for it meanwhile. */
const REST_MS = 5000;

/** The only way to the copy. While it is away, refuses or hangs, the primary answers, and the log says so once. */
export function createReadPublic(options: {
  db: Pick<Databases, 'api' | 'replica'>;
  log: Logger;
  patienceMs?: number;
  restMs?: number;
}): ReadPublic {
  const { db, log, patienceMs = PATIENCE_MS, restMs = REST_MS } = options;
  let away = false;
  let restsUntilMs = 0;

  return async (actor, work, isCurrent) => {
    const { replica } = db;
    if (actor || !replica || performance.now() < restsUntilMs) return db.api.asPerson(claimsOf(actor), work);
    const read = await within(patienceMs, replica.asPerson(null, work)).then(
      (answer) => ({ answer }),
      (error: unknown) => ({ error }),
    );
    if ('answer' in read) {
      if (away) log.info('the read replica answers again');
      away = false;
      if (!isCurrent || (await isCurrent(read.answer))) return read.answer;
    }
    const answer = await db.api.asPerson(null, work);
    // Only now is the copy to blame: a question that nobody can answer throws above.
    if ('error' in read) {
      if (!away) log.warn({ err: read.error }, 'the read replica does not answer: pages are read from the primary');
      away = true;
      restsUntilMs = performance.now() + restMs;
    }
    return answer;
  };
}

function within<T>(ms: number, work: Promise<T>): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error(`no answer within ${ms} ms`)), ms);
  });
  return Promise.race([work, late]).finally(() => clearTimeout(timer));
}
