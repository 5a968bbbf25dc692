import type { Discover, DiscoverView } from '@liventix/contracts/events';
import type { Ctx } from '../../platform/context.ts';
import { buildCards } from './build-cards.ts';
import { type Place, readCursor, writeCursor } from './events.rules.ts';
import { readCards } from './events.sql.ts';
import { searchEvents } from './search-events.ts';

export const PAGE_SIZE = 24;

/**
 * The public list: coming events that are public, soonest first, or nearest to the words asked for. Misspelt words find
 * titles that are spelt nearly so; where nothing is found, the nearest word that would find something is offered.
 * The cards may come from a copy; their places are the primary's (`buildCards`).
 */
export async function discoverEvents(ctx: Ctx, input: Discover): Promise<DiscoverView> {
  const after = input.cursor === undefined ? null : readCursor(input.cursor);
  const { places, suggestion } = await searchEvents(ctx, input, after, PAGE_SIZE + 1);
  const ids = places.slice(0, PAGE_SIZE).map(({ id }) => id);
  const rows = ids.length > 0 ? await ctx.readPublic((_tx, sql) => readCards(sql, ids)) : [];
  return { events: await buildCards(ctx, rows), nextCursor: nextOf(places), suggestion };
}

/** Where the next page begins, when there is one more than a page shows. */
function nextOf(places: readonly Place[]): string | null {
  const last = places[PAGE_SIZE - 1];
  return places.length > PAGE_SIZE && last ? writeCursor(last) : null;
}
