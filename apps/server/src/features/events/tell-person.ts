import type { ConfirmAlert, TellMe, TellMeView, UntellMe } from '@liventix/contracts/events';
import type { Ctx, WorkCtx } from '../../platform/context.ts';
import { constraintOf, fail } from '../../platform/errors.ts';
import { enqueue } from '../../platform/jobs.ts';
import { countMail } from '../../platform/mail-budget.ts';
import { ensurePerson } from '../accounts/ensure-person.ts';
import { isAlertKey } from './alert-key.ts';
import { askMailbox } from './events.kinds.ts';
import {
  type AlertWish,
  confirmAlert,
  deleteAlert,
  hasOpenAlert,
  readAlertMailbox,
  stopAlert,
  upsertAlert,
} from './events.sql.ts';
import { maySeeEvent } from './may-see-event.ts';

/**
 * Asks for one mail when sales open or a place comes back. A mailbox that the caller has proven is told without more ado.
 * Any other is sent one mail with a link first, within what strangers may have mailed to it; until its owner follows the
 * link nothing else comes. The answer is the same whether another person asked for that mailbox before.
 */
export async function tellMe(ctx: Ctx, { eventId, kind, email }: TellMe): Promise<TellMeView> {
  if (!(await maySeeEvent(ctx, eventId))) fail('NOT_FOUND');
  const known = ctx.actor && !ctx.actor.isAnonymous ? ctx.actor.email : null;
  const mailbox = email ?? known;
  if (!mailbox) fail('INPUT_INVALID', { details: { field: 'email' } });
  const person = await ensurePerson(ctx);
  const confirmed = Boolean(ctx.actor?.emailVerified && mailbox.toLowerCase() === known?.toLowerCase());
  if (!confirmed) {
    const isAsked = await hasOpenAlert(ctx.db.engine.sql, { eventId, kind, mailbox });
    await countMail(ctx, isAsked ? 'nothing' : 'others', mailbox);
  }
  await keepAlert(ctx, { eventId, userId: person.actor.userId, kind, mailbox, confirmed });
  return { state: confirmed ? 'telling' : 'asked' };
}

/** The owner of the mailbox says yes by the link that was mailed to it; answers the event's slug. */
export async function confirmTelling(ctx: Ctx, { alertId, key }: ConfirmAlert): Promise<{ slug: string }> {
  const mailbox = await readAlertMailbox(ctx.db.engine.sql, alertId);
  if (mailbox === null || !isAlertKey(ctx.services.env.LIVENTIX_SECRET, { id: alertId, mailbox }, key))
    fail('LINK_EXPIRED');
  const confirmed = await ctx.write((_tx, sql) => confirmAlert(sql, alertId, mailbox));
  if (!confirmed) fail('LINK_EXPIRED');
  ctx.live.touch('user', confirmed.userId);
  return { slug: confirmed.slug };
}

/** Ends an alert from its mail; answers the event's slug, null when there is no such alert. */
export function stopTelling(ctx: Ctx, alertId: string): Promise<string | null> {
  return ctx.write((_tx, sql) => stopAlert(sql, alertId));
}

/** Takes the wish back. */
export async function untellMe(ctx: Ctx, { eventId, kind }: UntellMe): Promise<{ telling: false }> {
  const { actor } = ctx;
  if (actor) await ctx.write((_tx, sql) => deleteAlert(sql, { eventId, userId: actor.userId, kind }));
  return { telling: false };
}

/** Somebody whose money went back because her places were gone hears first when one returns. */
export async function tellWhenPlaceBack(
  ctx: WorkCtx,
  person: { eventId: string; userId: string; mailbox: string },
): Promise<void> {
  await keepAlert(ctx, { ...person, kind: 'place_back', confirmed: true });
}

/** Of two who ask for the same mailbox in the same moment one is kept: it gets one mail either way. */
async function keepAlert(ctx: WorkCtx, wish: AlertWish): Promise<void> {
  try {
    await ctx.db.engine.transaction(async (_tx, sql) => {
      const alertId = await upsertAlert(sql, wish);
      if (alertId) await enqueue(sql, askMailbox, { alertId });
    });
  } catch (err) {
    if (constraintOf(err) !== 'event_alerts_mailbox') throw err;
  }
}
