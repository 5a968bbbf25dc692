import { COMMENT_TEXT_MAX, type CommentRef, type CommentView, type CreateComment } from '@liventix/contracts/feed';
import { fail } from '../../platform/errors.ts';
import type { PersonCtx } from '../../platform/trpc.ts';
import { buildComments } from './build-posts.ts';
import { endComment, insertComment, readComment, readRights } from './feed.sql.ts';
import { findPost } from './find-post.ts';
import { cleanText, lengthOf } from './posts.rules.ts';

/**
 * Answers a post, or one of its comments. Takes a confirmed address, or the right to post. The text is kept as plain
 * text; a resend with the same client id is the same comment. POST_UNKNOWN when the post, or the comment answered, is gone.
 */
export async function createComment(
  ctx: PersonCtx,
  { postId, clientId, text, parentId }: CreateComment,
): Promise<CommentView> {
  const { eventId } = await findPost(ctx, postId);
  const rights = await ctx.read((_tx, sql) => readRights(sql, eventId));
  if (!rights.verified && !rights.post) fail('COMMENT_NOT_ALLOWED');
  const clean = cleanText(text);
  const length = lengthOf(clean);
  if (length === 0 || length > COMMENT_TEXT_MAX)
    fail('INPUT_INVALID', { details: { field: 'text', max: COMMENT_TEXT_MAX, length } });
  const { userId } = ctx.actor;
  const commentId = await ctx.write((_tx, sql) =>
    insertComment(sql, { postId, userId, clientId, text: clean, parentId: parentId ?? null }),
  );
  if (!commentId) fail('POST_UNKNOWN');
  ctx.live.touch('feed', eventId);
  const row = await ctx.read((_tx, sql) => readComment(sql, commentId));
  if (!row) fail('POST_UNKNOWN');
  const [comment] = await buildComments(ctx, eventId, [row], []);
  return comment ?? fail('POST_UNKNOWN');
}

/** Ends one's own comment; answers to it stay and stand by themselves. Deleting again is the same answer. */
export async function deleteComment(ctx: PersonCtx, { commentId }: CommentRef): Promise<{ commentId: string }> {
  const done = await ctx.write((_tx, sql) => endComment(sql, commentId, ctx.actor.userId));
  if (done) ctx.live.touch('feed', done.eventId);
  else if (await ctx.read((_tx, sql) => readComment(sql, commentId))) fail('POST_UNKNOWN');
  return { commentId };
}
