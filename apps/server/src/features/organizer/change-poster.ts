import { randomUUID } from 'node:crypto';
import type { ChangePoster, OrganizerEventView } from '@liventix/contracts/organizer';
import { posterSeed } from '@liventix/contracts/posters';
import type { Ctx } from '../../platform/context.ts';
import { fail } from '../../platform/errors.ts';
import { drawFor } from '../drawings/draw.ts';
import { posterSpecOf } from '../events/events.rules.ts';
import { posterCacheOf } from '../events/send-poster.ts';
import { keepUpload } from '../media/keep-upload.ts';
import { requireRole } from '../organizations/require-role.ts';
import { choosePoster } from '../posters/choose-poster.ts';
import { changeEvent, type EventChange, readEvent } from './organizer.sql.ts';
import { readOrganizerEvent } from './read-event.ts';

/** Another drawing: shuffled, or with a palette, motif or layout chosen by hand. */
export async function changePoster(ctx: Ctx, input: ChangePoster): Promise<OrganizerEventView> {
  const { eventId } = input;
  await requireRole(ctx, eventId, 'events');
  const event = await readEvent(ctx.db.engine.sql, eventId);
  if (!event) fail('NOT_FOUND');
  const now = posterSpecOf(event);
  const turns = (now.seed - posterSeed(eventId) + 1) >>> 0;
  const next = input.shuffle ? choosePoster({ eventId, category: event.category, shuffle: turns }) : { ...now };
  if (input.palette) next.palette = input.palette;
  if (input.motif) next.motif = input.motif;
  if (input.layout) next.layout = input.layout;
  const change: EventChange = { poster: JSON.stringify(next) };
  if (input.shuffle || input.dropCover) change.cover_image_url = null;
  return save(ctx, eventId, change);
}

/**
 * An uploaded picture as the cover: cleaned, cut to 4:5, kept beside the other media, with every size that pages ask for; the
 * page takes its nearest palette.
 */
export async function uploadCover(ctx: Ctx, eventId: string, bytes: Buffer): Promise<OrganizerEventView> {
  const { actor } = await requireRole(ctx, eventId, 'events');
  const event = await readEvent(ctx.db.engine.sql, eventId);
  if (!event) fail('NOT_FOUND');
  const { name, image } = await keepUpload(ctx, actor.userId, bytes, 'cover', () => `${randomUUID()}.webp`);
  await posterCacheOf(ctx).deriveCover({ name, read: async () => image });
  const poster = { ...posterSpecOf(event), palette: await drawFor(ctx)('palette', { image }) };
  return save(ctx, eventId, { cover_image_url: `/media/${name}`, poster: JSON.stringify(poster) });
}

async function save(ctx: Ctx, eventId: string, change: EventChange): Promise<OrganizerEventView> {
  await ctx.write((_tx, sql) => changeEvent(sql, eventId, change));
  ctx.live.touch('event', eventId);
  return readOrganizerEvent(ctx, { eventId });
}
