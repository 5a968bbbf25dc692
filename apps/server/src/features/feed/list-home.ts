import { type HomePage, type ListHome, POSTS_A_PAGE } from '@liventix/contracts/feed';
import type { Ctx } from '../../platform/context.ts';
import { readCursor, writeCursor } from '../../platform/cursors.ts';
import { buildPosts } from './build-posts.ts';
import { listNewest, listOwnEventIds, listPostsOf, type PostRow, readSnapshots } from './feed.sql.ts';
import { isBehind } from './posts.rules.ts';

/** Events whose talk fits into one home; who has more sees those that start last. */
const EVENTS_MAX = 400;

/**
 * What is said where the reader goes, what she saved and what she follows, newest first. Who has none of it yet sees one
 * page of the newest from everywhere.
 */
export async function listHome(ctx: Ctx, { cursor }: ListHome): Promise<HomePage> {
  const after = cursor ? readCursor(cursor) : null;
  const { rows, source } = await ctx.readPublic(
    async (_tx, sql) => {
      const own = ctx.actor ? await listOwnEventIds(sql, EVENTS_MAX) : [];
      if (own.length === 0) return { rows: await listNewest(sql, POSTS_A_PAGE), source: 'everyone' as const };
      return { rows: await listPostsOf(sql, own, after, POSTS_A_PAGE + 1), source: 'mine' as const };
    },
    (read) => isCurrent(ctx, read.rows),
  );
  const page = rows.slice(0, POSTS_A_PAGE);
  const last = page.at(-1);
  const [rooms, posts] = await Promise.all([
    readSnapshots(ctx.db.engine.sql, [...new Set(page.map((row) => row.eventId))]),
    buildPosts(ctx, page),
  ]);
  return {
    posts,
    nextCursor: rows.length > POSTS_A_PAGE && last ? writeCursor(last) : null,
    rooms: [...rooms].map(([id, state]) => ({ kind: 'feed', id, ...state })),
    source,
  };
}

/** Whether the rooms of these posts know of nothing newer. */
async function isCurrent(ctx: Ctx, rows: readonly PostRow[]): Promise<boolean> {
  const rooms = await readSnapshots(ctx.db.engine.sql, [...new Set(rows.map((row) => row.eventId))]);
  return [...rooms].every(([eventId, { data }]) => {
    const shown = rows.filter((row) => row.eventId === eventId);
    return !isBehind(shown, data.posts, shown.length);
  });
}
