import type { Discover, Suggestion } from '@liventix/contracts/events';
import type { Work } from '@liventix/db/client';
import type { Ctx } from '../../platform/context.ts';
import { consume, type RateLimit } from '../../platform/rate-limits.ts';
import { takeTurns } from '../../platform/take-turns.ts';
import { partyOf } from '../../platform/turns.ts';
import { perProcess } from '../inventory/per-process.ts';
import type { Place } from './events.rules.ts';
import { BY_SPELLING, boundSearch, findBySpelling, findByWords, listUpcoming, suggestWord } from './events.sql.ts';

const SEARCHES: RateLimit = { name: 'events.search', points: 60, perSeconds: 60, by: 'address' };
const KEPT_MS = 5000;
const KEPT_MOST = 500;

export interface Found {
  places: Place[];
  suggestion: Suggestion | null;
}

/**
 * Looks through the catalogue a few at once, so that strangers' questions never take the connections of checkouts. Words take up to
 * two seconds, lists milliseconds: they wait apart.
 */
const linesOf = perProcess(() => ({
  words: takeTurns({ atOnce: 2, waitMost: 400, ofOneMost: 200 }),
  lists: takeTurns({ atOnce: 2, waitMost: 4000, ofOneMost: 4000 }),
}));

/** The answers of this process: one for all who ask for the same words within some seconds. */
class Answers {
  #kept = new Map<string, { answer: Promise<Found>; untilMs: number }>();

  ask(question: string, search: () => Promise<Found>): Promise<Found> {
    const nowMs = performance.now();
    const kept = this.#kept.get(question);
    if (kept && kept.untilMs > nowMs) return kept.answer;
    const answer = search();
    this.#kept.delete(question); // the newest stand last
    this.#kept.set(question, { answer, untilMs: nowMs + KEPT_MS });
    answer.catch(() => this.#kept.delete(question));
    for (const oldest of this.#kept.keys()) {
      if (this.#kept.size <= KEPT_MOST) break;
      this.#kept.delete(oldest);
    }
    return answer;
  }
}

const answersOf = perProcess(() => new Answers());

/**
 * Which coming events a visitor asks for, soonest first; with words those that have them: full text; where that finds nothing,
 * titles that are spelt nearly so; and where those are none either, the nearest word that would find something. Listed events
 * only, the same for everybody, so the engine looks, and the caller's rights decide which cards she gets.
 * @throws RATE_LIMITED; BUSY when too many search, or the database takes too long
 */
export async function searchEvents(
  ctx: Ctx,
  { q, cursor, ...filter }: Discover,
  after: Place | null,
  most: number,
): Promise<Found> {
  const look = (work: Work<Found>) =>
    linesOf(ctx)[q === undefined ? 'lists' : 'words'](partyOf(ctx), () =>
      ctx.db.engine.transaction(async (tx, sql) => {
        await boundSearch(sql);
        return work(tx, sql);
      }),
    );
  if (q === undefined)
    return look(async (_tx, sql) => ({ places: await listUpcoming(sql, filter, after, most), suggestion: null }));
  await consume(ctx, SEARCHES);
  const { city, when, date, category } = filter;
  return answersOf(ctx).ask(JSON.stringify([q, cursor, city, when, date, category]), () =>
    look(async (_tx, sql) => {
      // A page that is not the first goes on with what the first one found.
      const places = after?.rank === BY_SPELLING ? [] : await findByWords(sql, q, filter, after, most);
      if (places.length > 0 || (after && after.rank !== BY_SPELLING)) return { places, suggestion: null };
      const near = await findBySpelling(sql, q, filter, after, most);
      return { places: near, suggestion: near.length === 0 && !after ? await suggestWord(sql, q) : null };
    }),
  );
}
