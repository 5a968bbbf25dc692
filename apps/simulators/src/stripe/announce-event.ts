import { makeId, nowSeconds } from './make-id.ts';
import type { StripeContext } from './stripe.context.ts';
import type { StripeEvent } from './wire.types.ts';

/** Writes an event down with the object as it is at this moment, and sends its webhook. */
export function announceEvent(ctx: StripeContext, type: string, object: StripeEvent['data']['object']): void {
  if (ctx.quiet) return;
  const event: StripeEvent = {
    id: makeId('evt'),
    object: 'event',
    api_version: ctx.settings.apiVersion,
    created: nowSeconds(),
    data: { object: structuredClone(object) },
    livemode: false,
    pending_webhooks: ctx.webhooks.url ? 1 : 0,
    request: ctx.cause,
    type,
  };
  ctx.books.keep('event', event);
  ctx.webhooks.send(event);
  ctx.onChange();
}
