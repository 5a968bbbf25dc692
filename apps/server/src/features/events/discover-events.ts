import type { Discover, DiscoverView } from '@liventix/contracts/events';
import type { Ctx } from '../../platform/context.ts';
import { consume, type RateLimit } from '../../platform/rate-limits.ts';
import { buildCards } from './build-cards.ts';
import { readCursor, writeCursor } from './events.rules.ts';
import { listEvents, suggestWord } from './events.sql.ts';

export const PAGE_SIZE = 24;
/** Words that find nothing are compared with every title: up to a quarter of a second of the database. */
const SEARCHES: RateLimit = { name: 'events.search', points: 60, perSeconds: 60, by: 'address' };

/**
 * The public list: coming events that are public, soonest first, or nearest to the words asked for. Misspelt words find
 * titles that are spelt nearly so; where nothing is found, the nearest word that would find something is offered.
 * Which events these are may come from a copy; their places are the primary's (`buildCards`).
 */
export async function discoverEvents(ctx: Ctx, input: Discover): Promise<DiscoverView> {
  if (input.q !== undefined) await consume(ctx, SEARCHES);
  const after = input.cursor === undefined ? null : readCursor(input.cursor);
  const { rows, suggestion } = await ctx.readPublic(async (_tx, sql) => {
    const rows = await listEvents(sql, input, after, PAGE_SIZE + 1);
    const lost = rows.length === 0 && input.q !== undefined && after === null;
    return { rows, suggestion: lost ? await suggestWord(sql, input.q ?? '') : null };
  });
  const shown = rows.slice(0, PAGE_SIZE);
  const last = shown.at(-1);
  return {
    events: await buildCards(ctx, shown),
    nextCursor:
      rows.length > PAGE_SIZE && last ? writeCursor({ rank: last.rank, startAt: last.place, id: last.id }) : null,
    suggestion,
  };
}
