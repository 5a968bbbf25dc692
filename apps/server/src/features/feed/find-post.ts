import type { Unhide } from '@liventix/contracts/feed';
import type { Ctx } from '../../platform/context.ts';
import { fail } from '../../platform/errors.ts';
import { type PostRow, readComment, readPosts } from './feed.sql.ts';

/** The row under the caller's rights; POST_UNKNOWN for everything else. */
export async function findPost(ctx: Ctx, postId: string): Promise<PostRow> {
  const [row] = await ctx.read((_tx, sql) => readPosts(sql, [postId]));
  return row ?? fail('POST_UNKNOWN');
}

export interface Thing {
  kind: 'post' | 'comment';
  id: string;
  eventId: string;
}

/** One post or one comment that the caller can see; POST_UNKNOWN else. */
export async function findThing(ctx: Ctx, { postId, commentId }: Unhide): Promise<Thing> {
  if (postId) return { kind: 'post', id: postId, eventId: (await findPost(ctx, postId)).eventId };
  const comment = commentId ? await ctx.read((_tx, sql) => readComment(sql, commentId)) : null;
  return comment ? { kind: 'comment', id: comment.id, eventId: comment.eventId } : fail('POST_UNKNOWN');
}
