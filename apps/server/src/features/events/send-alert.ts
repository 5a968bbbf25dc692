import { shownCents } from '@liventix/contracts/events';
import type { WorkCtx } from '../../platform/context.ts';
import { enqueue } from '../../platform/jobs.ts';
import { placeBackMail, salesOpenedMail } from '../documents/mails/event-mails.tsx';
import { mailAlert } from './events.kinds.ts';
import { priceOf } from './events.rules.ts';
import { claimAlerts, readAlert, readEventFacts, readHost, readSnapshots, readTiers } from './events.sql.ts';

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

/** The one mail of one alert. Says only what the page would say: a hidden number stays hidden. */
export async function sendAlert(ctx: WorkCtx, { alertId }: { alertId: string }): Promise<void> {
  const sql = ctx.db.engine.sql;
  const alert = await readAlert(sql, alertId);
  const event = alert && (await readEventFacts(sql, alert.eventId));
  if (!alert || !event?.startAt) return;
  const [host, tiers, snapshots] = await Promise.all([
    readHost(sql, { type: event.ownerType, id: event.ownerId }, null),
    readTiers(sql, event.id),
    readSnapshots(sql, [event.id]),
  ]);
  const snapshot = snapshots.get(event.id);
  if (!snapshot || !host) return;
  const origin = ctx.services.env.PUBLIC_URL;
  const shared = {
    event: {
      title: event.title,
      url: `${origin}/e/${event.slug}`,
      startsAt: event.startAt,
      timeZone: event.timeZone,
      venue: event.venue ?? '',
      city: event.city ?? '',
      hostName: host.name,
      posterUrl: `${origin}/posters/${event.id}.png?w=540`,
    },
    currency: event.currency,
    stopUrl: `${origin}/alerts/${alert.id}/stop`,
  };
  const open = snapshot.data.tiers.find((tier) => tier.state === 'on_sale');
  const tier = tiers.find((each) => each.id === open?.id) ?? tiers[0];
  const mail =
    alert.kind === 'on_sale' || !tier
      ? await salesOpenedMail({ ...shared, fromCents: priceOf(tiers, snapshot.data).fromCents })
      : await placeBackMail({ ...shared, tierName: tier.name, free: open?.free ?? null, priceCents: shownCents(tier) });
  await ctx.services.mailer.send({ to: alert.mailbox, ...mail, about: `alert-${alert.id}`, stopUrl: shared.stopUrl });
}
