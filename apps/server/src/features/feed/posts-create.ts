import { type CreatePost, POST_TEXT_MAX, type PostView } from '@liventix/contracts/feed';
import { fail } from '../../platform/errors.ts';
import type { PersonCtx } from '../../platform/trpc.ts';
import { havePhotos, usePhotos } from '../media/keep-photo.ts';
import { insertPost, readRights } from './feed.sql.ts';
import { cleanText, lengthOf } from './posts.rules.ts';
import { showPost } from './read-post.ts';

/**
 * Writes a post: people with a ticket, the team, and confirmed accounts where the event allows it (access.may_post).
 * The text is kept as plain text; photos are ones we took. A resend with the same client id is the same post.
 * NOT_FOUND for events the caller may not see, POST_NOT_ALLOWED, ROLE_REQUIRED for the host's name without the role,
 * INPUT_INVALID when nothing is left to say, POST_UNKNOWN when the resent post was deleted meanwhile.
 */
export async function createPost(ctx: PersonCtx, input: Required<CreatePost>): Promise<PostView> {
  const { eventId, clientId, photos, asHost } = input;
  const rights = await ctx.read((_tx, sql) => readRights(sql, eventId));
  if (!rights.see) fail('NOT_FOUND');
  if (!rights.post) fail('POST_NOT_ALLOWED');
  if (asHost && !rights.host) fail('ROLE_REQUIRED', { details: { permission: 'posts' } });
  const text = checkedText(input.text, photos.length > 0);
  if (!(await havePhotos(ctx, photos))) fail('INPUT_INVALID', { details: { field: 'photos' } });
  const authorId = ctx.actor.userId;
  const made = await ctx.write(async (_tx, sql) => {
    const row = await insertPost(sql, { eventId, authorId, clientId, text, photos, asHost });
    // A photo that was sent days ago and never shown may have been collected this very moment.
    if (row?.fresh && !(await usePhotos(sql, photos))) fail('INPUT_INVALID', { details: { field: 'photos' } });
    return row;
  });
  if (!made || made.eventId !== eventId) fail('INPUT_INVALID', { details: { field: 'clientId' } });
  if (made.gone) fail('POST_UNKNOWN');
  if (made.fresh) ctx.live.touch('feed', eventId);
  return showPost(ctx, made.id);
}

/** Clean text of a post; INPUT_INVALID when it is too long, or empty with no photo to stand for it. */
export function checkedText(typed: string, hasPhotos: boolean): string {
  const text = cleanText(typed);
  const length = lengthOf(text);
  if (length > POST_TEXT_MAX) fail('INPUT_INVALID', { details: { field: 'text', max: POST_TEXT_MAX, length } });
  if (length === 0 && !hasPhotos) fail('INPUT_INVALID', { details: { field: 'text' } });
  return text;
}
