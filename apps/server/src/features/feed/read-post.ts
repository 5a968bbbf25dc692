import type { PostPage, PostRef, PostView } from '@liventix/contracts/feed';
import type { Ctx } from '../../platform/context.ts';
import { fail } from '../../platform/errors.ts';
import { buildPosts } from './build-posts.ts';
import { readSnapshots } from './feed.sql.ts';
import { findPost } from './find-post.ts';
import { listComments } from './list-comments.ts';

/** A post by itself with its thread; POST_UNKNOWN when it is gone, hidden from the reader, or its event is. */
export async function readPost(ctx: Ctx, { postId }: PostRef): Promise<PostPage> {
  const row = await findPost(ctx, postId);
  const [rooms, comments, post] = await Promise.all([
    readSnapshots(ctx.db.engine.sql, [row.eventId]),
    listComments(ctx, { postId }),
    showPost(ctx, postId),
  ]);
  const state = rooms.get(row.eventId);
  if (!state) fail('POST_UNKNOWN');
  return { post, comments, room: { kind: 'feed', id: row.eventId, ...state } };
}

/** The post as the caller sees it right now. */
export async function showPost(ctx: Ctx, postId: string): Promise<PostView> {
  const [post] = await buildPosts(ctx, [await findPost(ctx, postId)]);
  return post ?? fail('POST_UNKNOWN');
}
