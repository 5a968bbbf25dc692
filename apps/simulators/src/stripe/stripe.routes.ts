import { cancelIntent } from './cancel-intent.ts';
import { captureIntent } from './capture-intent.ts';
import { confirmIntent } from './confirm-intent.ts';
import { createIntent } from './create-intent.ts';
import { createRefund } from './create-refund.ts';
import { KNOWN_PARAMETERS, requireKnown } from './known-parameters.rules.ts';
import { listObjects } from './list-objects.ts';
import { makeMethod, makeTypedMethod } from './make-method.ts';
import { type Form, listOf, textOf } from './parse-form.ts';
import { readMetadata } from './read-metadata.ts';
import { searchIntents } from './search-intents.ts';
import type { StripeContext } from './stripe.context.ts';
import { refuseInput, refuseMissing } from './stripe-refusal.ts';
import { updateIntent } from './update-intent.ts';
import type { PaymentIntent } from './wire.types.ts';

interface Call {
  ctx: StripeContext;
  id: string;
  form: Form;
  /** True when the browser's publishable key asks: it must then know the client secret. */
  publishable: boolean;
}

interface Route {
  method: 'GET' | 'POST';
  /** Parts of the path; `:id` is any one part. */
  path: string;
  publishable?: true;
  handle(call: Call): object;
}

const INTENTS = '/v1/payment_intents';

function findIntent({ ctx, id, form, publishable }: Call): PaymentIntent {
  const intent = ctx.books.find('intent', id) ?? refuseMissing('payment_intent', id, 'intent');
  if (publishable && textOf(form, 'client_secret') !== intent.client_secret) {
    refuseInput(
      'payment_intent_invalid_parameter',
      'The client_secret provided does not match the client_secret associated with the PaymentIntent.',
      'client_secret',
    );
  }
  return intent;
}

function confirmFromForm(call: Call): PaymentIntent {
  requireKnown(call.form, KNOWN_PARAMETERS.confirmIntent);
  const intent = findIntent(call);
  return confirmIntent(call.ctx, {
    intent,
    method: makeMethod(call.ctx, call.form),
    returnUrl: textOf(call.form, 'return_url') ?? null,
    useSdk: textOf(call.form, 'use_stripe_sdk') === 'true',
  });
}

function listEvents({ ctx, form }: Call): object {
  const types = listOf(form, 'types') ?? listOf(form, 'type');
  const delivered = textOf(form, 'delivery_success');
  const fits = (type: string) =>
    !types || types.some((wanted) => (wanted.endsWith('*') ? type.startsWith(wanted.slice(0, -1)) : type === wanted));
  const events = ctx.books.all('event').filter((event) => {
    const told = ctx.books.find('told', event.id) !== undefined;
    return fits(event.type) && (delivered === undefined || told === (delivered === 'true'));
  });
  return listObjects('/v1/events', events, form);
}

/** Every call the simulator answers; what is missing here is answered 404 with Stripe's words. */
const ROUTES: readonly Route[] = [
  { method: 'POST', path: INTENTS, handle: ({ ctx, form }) => createIntent(ctx, form) },
  {
    method: 'GET',
    path: INTENTS,
    handle: ({ ctx, form }) => {
      requireKnown(form, new Set(['created', 'customer', 'ending_before', 'expand', 'limit', 'starting_after']));
      const customer = textOf(form, 'customer');
      const intents = ctx.books.all('intent').filter((intent) => !customer || intent.customer === customer);
      return listObjects(INTENTS, intents, form);
    },
  },
  { method: 'GET', path: `${INTENTS}/search`, handle: ({ ctx, form }) => searchIntents(ctx, form) },
  { method: 'GET', path: `${INTENTS}/:id`, publishable: true, handle: findIntent },
  {
    method: 'POST',
    path: `${INTENTS}/:id`,
    handle: (call) => updateIntent(call.ctx, findIntent(call), call.form),
  },
  { method: 'POST', path: `${INTENTS}/:id/confirm`, publishable: true, handle: confirmFromForm },
  {
    method: 'POST',
    path: `${INTENTS}/:id/cancel`,
    handle: (call) => cancelIntent(call.ctx, findIntent(call), call.form),
  },
  {
    method: 'POST',
    path: `${INTENTS}/:id/capture`,
    handle: (call) => captureIntent(call.ctx, findIntent(call), call.form),
  },
  {
    method: 'POST',
    path: '/v1/payment_methods',
    publishable: true,
    handle: ({ ctx, form }) => makeTypedMethod(ctx, form).wire,
  },
  {
    method: 'GET',
    path: '/v1/payment_methods/:id',
    handle: ({ ctx, id }) => (ctx.books.find('method', id) ?? refuseMissing('PaymentMethod', id)).wire,
  },
  {
    method: 'GET',
    path: '/v1/charges',
    handle: ({ ctx, form }) => {
      const intent = textOf(form, 'payment_intent');
      const charges = ctx.books.all('charge').filter((charge) => !intent || charge.payment_intent === intent);
      return listObjects('/v1/charges', charges, form);
    },
  },
  {
    method: 'GET',
    path: '/v1/charges/:id',
    handle: ({ ctx, id }) => ctx.books.find('charge', id) ?? refuseMissing('charge', id),
  },
  { method: 'POST', path: '/v1/refunds', handle: ({ ctx, form }) => createRefund(ctx, form) },
  {
    method: 'GET',
    path: '/v1/refunds',
    handle: ({ ctx, form }) => {
      const [intent, charge] = [textOf(form, 'payment_intent'), textOf(form, 'charge')];
      const refunds = ctx.books
        .all('refund')
        .filter((refund) => (!intent || refund.payment_intent === intent) && (!charge || refund.charge === charge));
      return listObjects('/v1/refunds', refunds, form);
    },
  },
  {
    method: 'GET',
    path: '/v1/refunds/:id',
    handle: ({ ctx, id }) => ctx.books.find('refund', id) ?? refuseMissing('refund', id),
  },
  {
    method: 'POST',
    path: '/v1/refunds/:id',
    handle: ({ ctx, id, form }) => {
      const refund = ctx.books.find('refund', id) ?? refuseMissing('refund', id);
      refund.metadata = readMetadata(form, refund.metadata);
      ctx.books.keep('refund', refund);
      return refund;
    },
  },
  {
    method: 'GET',
    path: '/v1/disputes',
    handle: ({ ctx, form }) => {
      const intent = textOf(form, 'payment_intent');
      const disputes = ctx.books.all('dispute').filter((dispute) => !intent || dispute.payment_intent === intent);
      return listObjects('/v1/disputes', disputes, form);
    },
  },
  {
    method: 'GET',
    path: '/v1/disputes/:id',
    handle: ({ ctx, id }) => ctx.books.find('dispute', id) ?? refuseMissing('dispute', id),
  },
  { method: 'GET', path: '/v1/events', handle: listEvents },
  {
    method: 'GET',
    path: '/v1/events/:id',
    handle: ({ ctx, id }) => ctx.books.find('event', id) ?? refuseMissing('event', id),
  },
];

const PARTS = ROUTES.map((route) => ({ route, parts: route.path.split('/') }));

/** Finds the route of a request, and the id in its path. Fixed paths are listed before `:id` and win. */
export function findRoute(method: string, path: string): { route: Route; id: string } | null {
  const asked = path.split('/');
  for (const { route, parts } of PARTS) {
    if (route.method !== method || parts.length !== asked.length) continue;
    if (parts.every((part, index) => part === ':id' || part === asked[index])) {
      return { route, id: asked[parts.indexOf(':id')] ?? '' };
    }
  }
  return null;
}
