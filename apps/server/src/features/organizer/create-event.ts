import { randomInt } from 'node:crypto';
import type { CreateEvent } from '@liventix/contracts/organizer';
import slugify from '@sindresorhus/slugify';
import { fail } from '../../platform/errors.ts';
import type { PersonCtx } from '../../platform/trpc.ts';
import { requireOrgRole } from '../organizations/require-role.ts';
import { choosePoster } from '../posters/choose-poster.ts';
import { isZone } from './organizer.rules.ts';
import { insertEvent, newId } from './organizer.sql.ts';

const LETTERS = '23456789abcdefghjkmnpqrstuvwxyz';

/** An address that stays readable and is never taken: the title and four letters. */
export function slugOf(title: string): string {
  const stem = slugify(title).slice(0, 60).replace(/-+$/, '') || 'event';
  return `${stem}-${Array.from({ length: 4 }, () => LETTERS[randomInt(LETTERS.length)]).join('')}`;
}

/** A draft at once, with a poster of its own and the fees its organization starts with. Nobody else sees it yet. */
export async function createEvent(ctx: PersonCtx, input: CreateEvent): Promise<{ eventId: string }> {
  const { userId } = ctx.actor;
  const timeZone = input.timeZone ?? 'Europe/Berlin';
  if (!isZone(timeZone)) fail('INPUT_INVALID', { details: { issues: [{ path: ['timeZone'], message: 'zone' }] } });
  if (input.organizationId) await requireOrgRole(ctx, input.organizationId, 'events');
  const id = await newId(ctx.db.engine.sql);
  await ctx.write((_tx, sql) =>
    insertEvent(sql, {
      id,
      title: input.title,
      slug: slugOf(input.title),
      ownerType: input.organizationId ? 'organization' : 'user',
      ownerId: input.organizationId ?? userId,
      createdBy: userId,
      timeZone,
      currency: input.currency ?? 'EUR',
      city: null,
      poster: choosePoster({ eventId: id }),
    }),
  );
  if (input.organizationId) ctx.live.touch('organization', input.organizationId);
  return { eventId: id };
}
