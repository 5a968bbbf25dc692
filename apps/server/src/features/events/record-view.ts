import { createHmac } from 'node:crypto';
import type { ViewPage } from '@liventix/contracts/events';
import type { Ctx, WorkCtx } from '../../platform/context.ts';
import { limitKeyOf } from '../../platform/limit-key.ts';
import { deleteOldViews, insertView } from './events.sql.ts';
import { maySeeEvent } from './may-see-event.ts';

const FORGET_BATCH_MAX = 5000;
/** Views of one event from one address and day: a browser may call itself what it likes, so each could be a thousand. */
const VIEWS_OF_AN_ADDRESS = { name: 'events.views', points: 300, perSeconds: 86_400 } as const;

/**
 * Counts a view of an event's page. No address is kept: who looked is a keyed hash that changes every day, so that it
 * says "the same browser today" and nothing else.
 */
export async function recordView(ctx: Ctx, { eventId, referrerHost }: ViewPage): Promise<{ counted: boolean }> {
  if (!(await maySeeEvent(ctx, eventId))) return { counted: false };
  const address = limitKeyOf(ctx.ip);
  const wait = await ctx.services.limits.take(VIEWS_OF_AN_ADDRESS, `${eventId} ${address}`, 1, ctx.ip);
  if (wait !== null) return { counted: false };
  const day = new Date().toISOString().slice(0, 10);
  const viewerHash = createHmac('sha256', ctx.services.env.LIVENTIX_SECRET)
    .update(`${day} ${address} ${ctx.requestHeaders.get('user-agent') ?? ''}`)
    .digest('base64url')
    .slice(0, 16);
  const own = new URL(ctx.origin).hostname;
  const counted = await insertView(ctx.db.engine.sql, {
    eventId,
    path: `/e/${eventId}`,
    referrerHost: referrerHost && referrerHost !== own ? referrerHost : null,
    viewerHash,
  });
  return { counted };
}

/** Page views are kept 90 days: one bounded batch; true when there is more. */
export async function forgetViews(ctx: WorkCtx): Promise<boolean> {
  return (await deleteOldViews(ctx.db.engine.sql, FORGET_BATCH_MAX)) === FORGET_BATCH_MAX;
}
