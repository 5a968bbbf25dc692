import type Stripe from 'stripe';
import type { Ctx } from '../../platform/context.ts';
import { fail } from '../../platform/errors.ts';
import { defineRoute } from '../../platform/http-routes.ts';
import { paymentOf } from './payments.rules.ts';
import { storeWebhook } from './payments.sql.ts';

/** How old a signature may be. The provider's library says the same when nobody else does. */
const SIGNED_FOR_SECONDS = 300;

/**
 * Takes a signed event of the payment provider: verified on the bytes that came, stored under the provider's id in the
 * transaction that enqueues its work, answered. Nothing is worked on here; the same event again is answered like the first.
 */
export const webhookRoute = defineRoute({
  method: 'post',
  path: '/webhooks/stripe',
  body: 'raw',
  fromAnywhere: true,
  async handle(ctx, request, response) {
    const body = request.body as Buffer;
    const event = verify(ctx, body, request.headers['stripe-signature']);
    await ctx.db.engine.transaction((_tx, sql) =>
      storeWebhook(sql, {
        id: event.id,
        type: event.type,
        subject: paymentOf(event) ?? event.id,
        payload: body.toString('utf8'),
      }),
    );
    response.status(200).json({ received: true });
  },
});

/**
 * Any of the configured secrets will do: two are valid during a rotation. How old a signature may be is asked by the
 * database's clock. Throws INPUT_INVALID.
 */
function verify(ctx: Ctx, body: Buffer, signature: string | string[] | undefined): Stripe.Event {
  const { env, clock, stripe } = ctx.services;
  let refused: unknown;
  for (const secret of env.STRIPE_WEBHOOK_SECRETS) {
    try {
      return stripe.webhooks.constructEvent(body, signature ?? '', secret, SIGNED_FOR_SECONDS, undefined, clock.now());
    } catch (error) {
      refused = error;
    }
  }
  return fail('INPUT_INVALID', { details: { issues: [] }, cause: refused });
}

export const paymentsRoutes = [webhookRoute];
