import { announceEvent } from './announce-event.ts';
import { confirmIntent } from './confirm-intent.ts';
import { KNOWN_PARAMETERS, requireKnown } from './known-parameters.rules.ts';
import { makeId, makeSecret, nowSeconds } from './make-id.ts';
import { makeMethod } from './make-method.ts';
import { type Form, formOf, listOf, textOf } from './parse-form.ts';
import { readAmount, readCurrency, requireChargeable } from './read-amount.ts';
import { readMetadata } from './read-metadata.ts';
import type { StripeContext } from './stripe.context.ts';
import { refuseInput } from './stripe-refusal.ts';
import type { PaymentIntent } from './wire.types.ts';

/** POST /v1/payment_intents. With `confirm=true` it also tries to pay, and a decline is the answer. */
export function createIntent(ctx: StripeContext, form: Form, id = makeId('pi')): PaymentIntent {
  requireKnown(form, KNOWN_PARAMETERS.createIntent);
  const amount = readAmount(form) ?? refuseInput('parameter_missing', 'Missing required param: amount.', 'amount');
  const currency =
    readCurrency(form) ?? refuseInput('parameter_missing', 'Missing required param: currency.', 'currency');
  requireChargeable(amount, currency);
  const allowed = listOf(form, 'allowed_payment_method_types') ?? null;
  if (allowed && form.automatic_payment_methods !== undefined) {
    refuseInput(
      'parameters_exclusive',
      'You may only specify one of these parameters: automatic_payment_methods, allowed_payment_method_types.',
    );
  }
  const method = makeMethod(ctx, form);
  const intent: PaymentIntent = {
    id,
    object: 'payment_intent',
    allowed_payment_method_types: allowed,
    amount,
    amount_capturable: 0,
    amount_received: 0,
    application: null,
    application_fee_amount: readAmount(form, 'application_fee_amount') ?? null,
    automatic_payment_methods: allowed ? null : readAutomaticMethods(form),
    canceled_at: null,
    cancellation_reason: null,
    capture_method: readCaptureMethod(form) ?? 'automatic',
    client_secret: makeSecret(id),
    confirmation_method: textOf(form, 'confirmation_method') === 'manual' ? 'manual' : 'automatic',
    created: nowSeconds(),
    currency,
    customer: textOf(form, 'customer') ?? null,
    description: textOf(form, 'description') ?? null,
    excluded_payment_method_types: null,
    last_payment_error: null,
    latest_charge: null,
    livemode: false,
    metadata: readMetadata(form),
    next_action: null,
    on_behalf_of: textOf(form, 'on_behalf_of') ?? null,
    payment_method: method?.id ?? null,
    payment_method_options: {},
    payment_method_types: allowed ?? ['card'],
    processing: null,
    receipt_email: textOf(form, 'receipt_email') ?? null,
    review: null,
    setup_future_usage: null,
    shipping: null,
    statement_descriptor: textOf(form, 'statement_descriptor') ?? null,
    statement_descriptor_suffix: textOf(form, 'statement_descriptor_suffix') ?? null,
    status: method ? 'requires_confirmation' : 'requires_payment_method',
    transfer_data: form.transfer_data ? (formOf(form, 'transfer_data') as Record<string, string>) : null,
    transfer_group: textOf(form, 'transfer_group') ?? null,
  };
  ctx.books.keep('intent', intent);
  ctx.books.record({ type: 'intent.created', intent: id, charge: null, refund: null, amount, of: intent });
  announceEvent(ctx, 'payment_intent.created', intent);
  if (textOf(form, 'confirm') !== 'true') return intent;
  return confirmIntent(ctx, {
    intent,
    method,
    returnUrl: textOf(form, 'return_url') ?? null,
    useSdk: textOf(form, 'use_stripe_sdk') === 'true',
  });
}

export function readCaptureMethod(form: Form): PaymentIntent['capture_method'] | undefined {
  const text = textOf(form, 'capture_method');
  if (text === undefined || text === 'automatic' || text === 'automatic_async' || text === 'manual') return text;
  refuseInput(
    undefined,
    'Invalid capture_method: must be one of automatic, automatic_async, or manual',
    'capture_method',
  );
}

function readAutomaticMethods(form: Form): PaymentIntent['automatic_payment_methods'] {
  const asked = formOf(form, 'automatic_payment_methods');
  if (form.automatic_payment_methods !== undefined && textOf(asked, 'enabled') !== 'true') return null;
  return { enabled: true, allow_redirects: textOf(asked, 'allow_redirects') === 'never' ? 'never' : 'always' };
}
