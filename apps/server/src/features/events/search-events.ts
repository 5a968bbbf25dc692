import type { Discover, Suggestion } from '@liventix/contracts/events';
import type { Ctx } from '../../platform/context.ts';
import { fail } from '../../platform/errors.ts';
import { Admission } from '../../platform/live/admission.ts';
import { consume, type RateLimit } from '../../platform/rate-limits.ts';
import { perProcess } from '../inventory/per-process.ts';
import type { Place } from './events.rules.ts';
import { BY_SPELLING, boundSearch, findBySpelling, findByWords, suggestWord } from './events.sql.ts';

const SEARCHES: RateLimit = { name: 'events.search', points: 60, perSeconds: 60, by: 'address' };
const KEPT_MS = 5000;
const KEPT_MOST = 500;

export interface Found {
  places: Place[];
  suggestion: Suggestion | null;
}

/**
 * Searches of this process: two at once, so that strangers' words never take the connections of checkouts; a short line in
 * front of them; and one answer for all who ask the same within some seconds.
 */
class Searches {
  #door = new Admission({ atOnce: 2, waitMs: 2000, perSecond: 100 });
  #kept = new Map<string, { answer: Promise<Found>; untilMs: number }>();

  ask(question: string, search: () => Promise<Found>): Promise<Found> {
    const nowMs = performance.now();
    const kept = this.#kept.get(question);
    if (kept && kept.untilMs > nowMs) return kept.answer;
    const answer = this.#admit(search);
    this.#kept.delete(question); // the newest stand last
    this.#kept.set(question, { answer, untilMs: nowMs + KEPT_MS });
    answer.catch(() => this.#kept.delete(question));
    for (const oldest of this.#kept.keys()) {
      if (this.#kept.size <= KEPT_MOST) break;
      this.#kept.delete(oldest);
    }
    return answer;
  }

  async #admit(search: () => Promise<Found>): Promise<Found> {
    const passed = await this.#door.pass(search);
    if ('done' in passed) return passed.done;
    fail('BUSY', { retryAfterSeconds: Math.ceil(passed.afterMs / 1000) });
  }
}

const searchesOf = perProcess(() => new Searches());

/**
 * Which events the words of a visitor find: full text; where that finds nothing, titles that are spelt nearly so; and where
 * those are none either, the nearest word that would find something. Listed events only, the same for everybody, so the
 * engine looks, and the caller's rights decide which cards she gets.
 * @throws RATE_LIMITED; BUSY when too many search, or the database takes too long
 */
export async function searchEvents(
  ctx: Ctx,
  { q, cursor, ...filter }: Discover & { q: string },
  after: Place | null,
  most: number,
): Promise<Found> {
  await consume(ctx, SEARCHES);
  const { city, when, date, category } = filter;
  return searchesOf(ctx).ask(JSON.stringify([q, cursor, city, when, date, category]), () =>
    ctx.db.engine.transaction(async (_tx, sql) => {
      await boundSearch(sql);
      // A page that is not the first goes on with what the first one found.
      const places = after?.rank === BY_SPELLING ? [] : await findByWords(sql, q, filter, after, most);
      if (places.length > 0 || (after && after.rank !== BY_SPELLING)) return { places, suggestion: null };
      const near = await findBySpelling(sql, q, filter, after, most);
      return { places: near, suggestion: near.length === 0 && !after ? await suggestWord(sql, q) : null };
    }),
  );
}
