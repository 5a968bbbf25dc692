import type express from 'express';
import type { Ctx } from '../../platform/context.ts';
import { fail } from '../../platform/errors.ts';
import { renderCalendar } from '../documents/render-calendar.ts';
import { listOrderCodes, readHost, readPage } from './events.sql.ts';

const SIX_HOURS_MS = 6 * 3_600_000;

/** "tickets@example.com" from "Liventix <tickets@example.com>". */
const addressOf = (from: string): string => /<([^>]+)>/.exec(from)?.[1] ?? from;

/** The event as a calendar file, for whom may open its page. The online link stays out: calendars are shared. */
export async function sendCalendar(ctx: Ctx, request: express.Request, response: express.Response): Promise<void> {
  const page = await ctx.read((_tx, sql) => readPage(sql, request.params.slug ?? ''));
  if (!page?.startAt) fail('NOT_FOUND');
  const host = await readHost(ctx.db.engine.sql, { type: page.ownerType, id: page.ownerId }, null);
  const orderCodes = ctx.actor ? await ctx.read((_tx, sql) => listOrderCodes(sql, page.id)) : [];
  const file = renderCalendar({
    eventId: page.id,
    title: page.title,
    startsAt: page.startAt,
    endsAt: page.endAt ?? new Date(page.startAt.getTime() + SIX_HOURS_MS),
    doorsAt: page.doorsAt,
    timeZone: page.timeZone,
    venue: page.venue ?? '',
    address: page.address,
    city: page.city ?? '',
    url: `${ctx.origin}/e/${page.slug}`,
    hostName: host?.name ?? '',
    organizerMailbox: addressOf(ctx.services.env.MAIL_FROM),
    orderCodes,
    cancelled: page.cancelled,
    sequence: page.version,
    updatedAt: page.serverNow,
  });
  response.setHeader('cache-control', 'private, max-age=60');
  response.setHeader('content-disposition', `attachment; filename="${page.slug}.ics"`);
  response.type('text/calendar; charset=utf-8').send(file);
}
