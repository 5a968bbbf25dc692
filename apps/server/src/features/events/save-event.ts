import type { EventRef, SavedView } from '@liventix/contracts/events';
import type { Ctx } from '../../platform/context.ts';
import { fail } from '../../platform/errors.ts';
import { ensurePerson } from '../accounts/ensure-person.ts';
import { buildCards } from './build-cards.ts';
import { deleteSaved, insertSaved, listSavedIds, readCards } from './events.sql.ts';
import { maySeeEvent } from './may-see-event.ts';

/** Keeps an event for later. A visitor becomes a silent guest; signing in takes her list along. */
export async function saveEvent(ctx: Ctx, { eventId }: EventRef): Promise<{ saved: true }> {
  if (!(await maySeeEvent(ctx, eventId))) fail('NOT_FOUND');
  const person = await ensurePerson(ctx);
  await person.read((_tx, sql) => insertSaved(sql, eventId));
  return { saved: true };
}

/** Takes an event off the list; one that is not on it is no error. */
export async function unsaveEvent(ctx: Ctx, { eventId }: EventRef): Promise<{ saved: false }> {
  if (ctx.actor) await ctx.read((_tx, sql) => deleteSaved(sql, eventId));
  return { saved: false };
}

/** What the caller saved, next first. */
export async function listSaved(ctx: Ctx): Promise<SavedView> {
  if (!ctx.actor) return { events: [] };
  const rows = await ctx.read(async (_tx, sql) => readCards(sql, await listSavedIds(sql)));
  return { events: await buildCards(ctx, rows) };
}
