import type { Hide, Report, Unhide } from '@liventix/contracts/feed';
import { fail } from '../../platform/errors.ts';
import type { PersonCtx } from '../../platform/trpc.ts';
import { requireRole } from '../organizations/require-role.ts';
import { insertReport, resolveReports, setCommentHidden, setPostHidden } from './feed.sql.ts';
import { findThing } from './find-post.ts';
import { cleanText } from './posts.rules.ts';

/**
 * Takes a post or a comment out of sight, with the reason its author gets to read. Takes a role that may post for the
 * host; the event's counts fall with it, and its reports are done with. What is hidden already keeps its first reason.
 */
export async function hide(ctx: PersonCtx, { postId, commentId, reason }: Hide): Promise<{ hidden: true }> {
  const thing = await findThing(ctx, { postId, commentId });
  await requireRole(ctx, thing.eventId, 'posts');
  const words = checkedReason(reason);
  await ctx.write(async (_tx, sql) => {
    if (thing.kind === 'post') await setPostHidden(sql, thing.id, { userId: ctx.actor.userId, reason: words });
    else await setCommentHidden(sql, thing.id, words);
    await resolveReports(sql, thing);
  });
  ctx.live.touch('feed', thing.eventId);
  return { hidden: true };
}

/** Brings it back, and its count. */
export async function unhide(ctx: PersonCtx, input: Unhide): Promise<{ hidden: false }> {
  const thing = await findThing(ctx, input);
  await requireRole(ctx, thing.eventId, 'posts');
  await ctx.write((_tx, sql) =>
    thing.kind === 'post' ? setPostHidden(sql, thing.id, null) : setCommentHidden(sql, thing.id, null),
  );
  ctx.live.touch('feed', thing.eventId);
  return { hidden: false };
}

/** Tells the team about a post or comment; once per person and thing, later words are not kept. */
export async function report(ctx: PersonCtx, { postId, commentId, reason }: Report): Promise<{ reported: true }> {
  const thing = await findThing(ctx, { postId, commentId });
  const words = checkedReason(reason);
  await ctx.write((_tx, sql) =>
    insertReport(sql, {
      postId: thing.kind === 'post' ? thing.id : null,
      commentId: thing.kind === 'comment' ? thing.id : null,
      userId: ctx.actor.userId,
      reason: words,
    }),
  );
  return { reported: true };
}

function checkedReason(typed: string): string {
  return cleanText(typed) || fail('INPUT_INVALID', { details: { field: 'reason' } });
}
