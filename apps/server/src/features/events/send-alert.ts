import type { WorkCtx } from '../../platform/context.ts';
import { enqueue } from '../../platform/jobs.ts';
import { confirmAlertMail, placeBackMail, salesOpenedMail } from '../documents/mails/event-mails.tsx';
import { alertKey } from './alert-key.ts';
import { mailAlert } from './events.kinds.ts';
import { priceOf } from './events.rules.ts';
import {
  claimAlerts,
  readAlert,
  readEventFacts,
  readHost,
  readSnapshots,
  readTiers,
  readUnconfirmedAlert,
} from './events.sql.ts';

/** Alerts a batch at most. */
export const TELL_BATCH_MAX = 200;

/** Everyone whose wish has come true is told, once: one bounded batch; true when there may be more. */
export async function tellPeople(ctx: WorkCtx): Promise<boolean> {
  const told = await ctx.db.engine.transaction(async (_tx, sql) => {
    const claimed = await claimAlerts(sql, TELL_BATCH_MAX);
    for (const { id } of claimed) await enqueue(sql, mailAlert, { alertId: id });
    return claimed;
  });
  for (const eventId of new Set(told.map((alert) => alert.eventId))) ctx.live.touch('event', eventId);
  return told.length === TELL_BATCH_MAX;
}

/** The mail that asks the mailbox of an alert whether it wants it. Nothing is sent once it has said yes, or was stopped. */
export async function sendQuestion(ctx: WorkCtx, { alertId }: { alertId: string }): Promise<void> {
  const { env, mailer } = ctx.services;
  const alert = await readUnconfirmedAlert(ctx.db.engine.sql, alertId);
  const event = alert && (await mailEventOf(ctx, alert.eventId));
  if (!alert || !event) return;
  const url = `${env.PUBLIC_URL}/alerts/${alert.id}/confirm?key=${alertKey(env.LIVENTIX_SECRET, alert)}`;
  const mail = await confirmAlertMail({ event: event.shown, kind: alert.kind, url });
  await mailer.send({ to: alert.mailbox, ...mail, about: `alert-question-${alert.id}` });
}

/** An event as its mails show it; null while it has no start or no host. */
async function mailEventOf(ctx: WorkCtx, eventId: string) {
  const sql = ctx.db.engine.sql;
  const facts = await readEventFacts(sql, eventId);
  if (!facts?.startAt) return null;
  const host = await readHost(sql, { type: facts.ownerType, id: facts.ownerId }, null);
  if (!host) return null;
  const origin = ctx.services.env.PUBLIC_URL;
  const shown = {
    title: facts.title,
    url: `${origin}/e/${facts.slug}`,
    startsAt: facts.startAt,
    timeZone: facts.timeZone,
    venue: facts.venue ?? '',
    city: facts.city ?? '',
    hostName: host.name,
    posterUrl: `${origin}/posters/${facts.id}.png?w=540`,
  };
  return { facts, shown };
}

/** The one mail of one alert. Says only what the page would say: a hidden number stays hidden. */
export async function sendAlert(ctx: WorkCtx, { alertId }: { alertId: string }): Promise<void> {
  const sql = ctx.db.engine.sql;
  const alert = await readAlert(sql, alertId);
  const event = alert && (await mailEventOf(ctx, alert.eventId));
  if (!alert || !event) return;
  const [tiers, snapshots] = await Promise.all([readTiers(sql, alert.eventId), readSnapshots(sql, [alert.eventId])]);
  const snapshot = snapshots.get(alert.eventId);
  if (!snapshot) return;
  const shared = {
    event: event.shown,
    currency: event.facts.currency,
    stopUrl: `${ctx.services.env.PUBLIC_URL}/alerts/${alert.id}/stop`,
  };
  const open = snapshot.data.tiers.find((tier) => tier.state === 'on_sale');
  const tier = tiers.find((each) => each.id === open?.id) ?? tiers[0];
  const mail =
    alert.kind === 'on_sale' || !tier
      ? await salesOpenedMail({ ...shared, fromCents: priceOf(tiers, snapshot.data).fromCents })
      : await placeBackMail({ ...shared, tierName: tier.name, free: open?.free ?? null, priceCents: tier.totalCents });
  await ctx.services.mailer.send({ to: alert.mailbox, ...mail, about: `alert-${alert.id}`, stopUrl: shared.stopUrl });
}
