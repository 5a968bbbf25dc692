import { type FeedPage, type ListPosts, POSTS_A_PAGE } from '@liventix/contracts/feed';
import type { Ctx } from '../../platform/context.ts';
import { readCursor, writeCursor } from '../../platform/cursors.ts';
import { fail } from '../../platform/errors.ts';
import { buildPosts } from './build-posts.ts';
import { listPinned, listPosts as listRows, readHosts, readRights, readSnapshots } from './feed.sql.ts';
import { isBehind } from './posts.rules.ts';

/** Pinned at most, shown above everything else. */
export const PINNED_MAX = 3;

/**
 * One page of what is said about an event, for everybody who may open its page; NOT_FOUND for the rest. Its room is read
 * first, so that whatever happens meanwhile is news to the page and not lost.
 */
export async function listPosts(ctx: Ctx, { eventId, cursor }: ListPosts): Promise<FeedPage> {
  const after = cursor ? readCursor(cursor) : null;
  const engine = ctx.db.engine.sql;
  const state = (await readSnapshots(engine, [eventId])).get(eventId);
  const found = await ctx.readPublic(
    async (_tx, sql) => {
      // One way there and back for all three.
      const [rights, pinned, rows] = await Promise.all([
        readRights(sql, eventId),
        after ? [] : listPinned(sql, eventId, PINNED_MAX),
        listRows(sql, eventId, after, POSTS_A_PAGE + 1),
      ]);
      return rights.see ? { rights, pinned, rows } : null;
    },
    (read) =>
      read !== null &&
      (after !== null || !isBehind([...read.pinned, ...read.rows], state?.data.posts ?? [], POSTS_A_PAGE)),
  );
  if (!found || !state) fail('NOT_FOUND');
  const { rights, pinned, rows } = found;
  const page = rows.slice(0, POSTS_A_PAGE);
  const last = page.at(-1);
  const [posts, hosts] = await Promise.all([
    buildPosts(ctx, [...pinned, ...page]),
    rights.host ? readHosts(engine, [eventId]) : [],
  ]);
  return {
    posts,
    nextCursor: rows.length > POSTS_A_PAGE && last ? writeCursor(last) : null,
    room: { kind: 'feed', id: eventId, ...state },
    bar: !ctx.actor || ctx.actor.isAnonymous ? 'sign_in' : rights.post ? null : 'ticket',
    host: hosts[0] ? { id: hosts[0].id, name: hosts[0].name } : null,
  };
}
