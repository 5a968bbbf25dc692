import type { LikeView, PostRef } from '@liventix/contracts/feed';
import { fail } from '../../platform/errors.ts';
import type { PersonCtx } from '../../platform/trpc.ts';
import { deleteLike, insertLike, readLike } from './feed.sql.ts';
import { findPost } from './find-post.ts';

/** Likes a post once, however often it is asked. POST_UNKNOWN for posts the caller can't see. */
export const likePost = (ctx: PersonCtx, input: PostRef): Promise<LikeView> => setLike(ctx, input.postId, true);

/** Takes the like back, if there is one. */
export const unlikePost = (ctx: PersonCtx, input: PostRef): Promise<LikeView> => setLike(ctx, input.postId, false);

async function setLike(ctx: PersonCtx, postId: string, liked: boolean): Promise<LikeView> {
  const { eventId } = await findPost(ctx, postId);
  const { userId } = ctx.actor;
  const now = await ctx.write(async (_tx, sql) => {
    await (liked ? insertLike(sql, postId, userId) : deleteLike(sql, postId, userId));
    return readLike(sql, postId, userId);
  });
  if (!now) fail('POST_UNKNOWN');
  ctx.live.touch('feed', eventId);
  return { postId, ...now };
}
