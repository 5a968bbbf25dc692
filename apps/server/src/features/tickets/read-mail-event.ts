import type { WorkCtx } from '../../platform/context.ts';
import type { MailEvent } from '../documents/mails/layout.tsx';
import { readTicketEvents } from './tickets.sql.ts';

/** An event as mails name it, and whom replies to them reach, whatever became of it; null while it has no date. */
export async function readMailEvent(
  ctx: WorkCtx,
  eventId: string,
): Promise<(MailEvent & { replyTo: string | undefined }) | null> {
  const event = (await readTicketEvents(ctx.db.engine.sql, [eventId])).get(eventId);
  if (!event?.startAt) return null;
  const origin = ctx.services.env.PUBLIC_URL;
  return {
    title: event.title,
    url: `${origin}/e/${event.slug}`,
    startsAt: event.startAt,
    timeZone: event.timeZone,
    venue: event.venue ?? '',
    city: event.city ?? '',
    hostName: event.hostName,
    replyTo: event.hostMailbox ?? undefined,
    posterUrl: `${origin}/posters/${event.id}.png?w=540`,
  };
}
