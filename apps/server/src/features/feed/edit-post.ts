import type { EditPost, PinPost, PostRef, PostView } from '@liventix/contracts/feed';
import { fail } from '../../platform/errors.ts';
import type { PersonCtx } from '../../platform/trpc.ts';
import { requireRole } from '../organizations/require-role.ts';
import { endPost, pinPost as pinRow, updatePostText } from './feed.sql.ts';
import { findPost } from './find-post.ts';
import { PINNED_MAX } from './list-posts.ts';
import { checkedText } from './posts-create.ts';
import { showPost } from './read-post.ts';

/** New words for one's own post, marked as edited. POST_UNKNOWN for anybody else's. */
export async function editPost(ctx: PersonCtx, { postId, text }: EditPost): Promise<PostView> {
  const post = await findPost(ctx, postId);
  if (!post.mine) fail('POST_UNKNOWN');
  const clean = checkedText(text, post.photos.length > 0);
  if (clean !== post.text) {
    const done = await ctx.write((_tx, sql) => updatePostText(sql, postId, ctx.actor.userId, clean));
    if (!done) fail('POST_UNKNOWN');
    ctx.live.touch('feed', done.eventId);
  }
  return showPost(ctx, postId);
}

/** Ends one's own post; its row stays. Deleting again is the same answer. */
export async function deletePost(ctx: PersonCtx, { postId }: PostRef): Promise<{ postId: string }> {
  const done = await ctx.write((_tx, sql) => endPost(sql, postId, ctx.actor.userId));
  if (done) ctx.live.touch('feed', done.eventId);
  // Somebody else's post is still there, and this answer must not say otherwise.
  else if (await stillThere(ctx, postId)) fail('POST_UNKNOWN');
  return { postId };
}

const stillThere = (ctx: PersonCtx, postId: string) =>
  findPost(ctx, postId).then(
    () => true,
    () => false,
  );

/** Puts a post above the others, or back among them. Takes a role that may post for the host; three are pinned at most. */
export async function pinPost(ctx: PersonCtx, { postId, pinned }: PinPost): Promise<PostView> {
  const post = await findPost(ctx, postId);
  await requireRole(ctx, post.eventId, 'posts');
  await ctx.write((_tx, sql) => pinRow(sql, post.eventId, postId, pinned, PINNED_MAX));
  ctx.live.touch('feed', post.eventId);
  return showPost(ctx, postId);
}
