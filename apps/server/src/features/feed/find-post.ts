import type { Ctx } from '../../platform/context.ts';
import { fail } from '../../platform/errors.ts';
import { type PostRow, readPosts } from './feed.sql.ts';

/** The row under the caller's rights; POST_UNKNOWN for everything else. */
export async function findPost(ctx: Ctx, postId: string): Promise<PostRow> {
  const [row] = await ctx.read((_tx, sql) => readPosts(sql, [postId]));
  return row ?? fail('POST_UNKNOWN');
}
