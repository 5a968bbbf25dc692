import { COMMENTS_A_PAGE, type CommentPage, type ListComments } from '@liventix/contracts/feed';
import type { Ctx } from '../../platform/context.ts';
import { readCursor, writeCursor } from '../../platform/cursors.ts';
import { buildComments } from './build-posts.ts';
import { listAnswers, listComments as listRows } from './feed.sql.ts';
import { findPost } from './find-post.ts';

/** The newest comments of a post with their answers, oldest first; the cursor goes on to older ones. */
export async function listComments(
  ctx: Ctx,
  { postId, cursor, limit = COMMENTS_A_PAGE }: ListComments,
): Promise<CommentPage> {
  const { eventId } = await findPost(ctx, postId);
  // What is newest answers what the room has just told; older comments may come from a copy.
  const from = cursor ? 'readPublic' : 'read';
  const { rows, answers } = await ctx[from](async (_tx, sql) => {
    const rows = await listRows(sql, postId, cursor ? readCursor(cursor) : null, limit + 1);
    return {
      rows,
      answers:
        rows.length > 0
          ? await listAnswers(
              sql,
              rows.map((row) => row.id),
            )
          : [],
    };
  });
  const page = rows.slice(0, limit);
  const oldest = page.at(-1);
  const shown = new Set(page.map((row) => row.id));
  return {
    comments: await buildComments(
      ctx,
      eventId,
      page.reverse(),
      answers.filter((answer) => shown.has(answer.parentId ?? '')),
    ),
    olderCursor: rows.length > limit && oldest ? writeCursor(oldest) : null,
  };
}
