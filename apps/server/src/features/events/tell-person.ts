import type { StopAlert, TellMe, UntellMe } from '@liventix/contracts/events';
import type { Ctx, WorkCtx } from '../../platform/context.ts';
import { constraintOf, fail } from '../../platform/errors.ts';
import { countMail } from '../../platform/mail-budget.ts';
import { ensurePerson } from '../accounts/ensure-person.ts';
import { deleteAlert, stopAlert, upsertAlert } from './events.sql.ts';
import { maySeeEvent } from './may-see-event.ts';

/**
 * Asks for one mail when sales open or a place comes back. An account's own address is used when none is given; a guest
 * gives one. The address is not checked: it gets a single mail of each kind, whoever and however many ask, with a way to
 * stop it, and counts against what strangers may have mailed to it.
 */
export async function tellMe(ctx: Ctx, { eventId, kind, email }: TellMe): Promise<{ telling: true }> {
  if (!(await maySeeEvent(ctx, eventId))) fail('NOT_FOUND');
  const known = ctx.actor && !ctx.actor.isAnonymous ? ctx.actor.email : null;
  const mailbox = email ?? known;
  if (!mailbox) fail('INPUT_INVALID', { details: { field: 'email' } });
  const person = await ensurePerson(ctx);
  if (!(ctx.actor?.emailVerified && mailbox.toLowerCase() === known?.toLowerCase())) await countMail(ctx, mailbox);
  await keepAlert(ctx, { eventId, userId: person.actor.userId, kind, mailbox });
  return { telling: true };
}

/** Ends an alert from its mail; answers the event's slug, null when there is no such alert. */
export async function stopTelling(ctx: Ctx, { alertId }: StopAlert): Promise<{ slug: string | null }> {
  return { slug: await ctx.db.engine.transaction((_tx, sql) => stopAlert(sql, alertId)) };
}

/** Takes the wish back. */
export async function untellMe(ctx: Ctx, { eventId, kind }: UntellMe): Promise<{ telling: false }> {
  const { actor } = ctx;
  if (actor) await ctx.db.engine.transaction((_tx, sql) => deleteAlert(sql, { eventId, userId: actor.userId, kind }));
  return { telling: false };
}

/** Somebody whose money went back because her places were gone hears first when one returns. */
export async function tellWhenPlaceBack(
  ctx: WorkCtx,
  person: { eventId: string; userId: string; mailbox: string },
): Promise<void> {
  await keepAlert(ctx, { ...person, kind: 'place_back' });
}

/** Of two who ask for the same mailbox in the same moment one is kept: it gets one mail either way. */
async function keepAlert(ctx: WorkCtx, alert: Parameters<typeof upsertAlert>[1]): Promise<void> {
  try {
    await ctx.db.engine.transaction((_tx, sql) => upsertAlert(sql, alert));
  } catch (err) {
    if (constraintOf(err) !== 'event_alerts_mailbox') throw err;
  }
}
