import { KNOWN_PARAMETERS, requireKnown } from './known-parameters.rules.ts';
import { makeMethod } from './make-method.ts';
import { type Form, listOf, textOf } from './parse-form.ts';
import { readAmount, readCurrency, requireChargeable } from './read-amount.ts';
import { readMetadata } from './read-metadata.ts';
import type { StripeContext } from './stripe.context.ts';
import { refuseState } from './stripe-refusal.ts';
import type { PaymentIntent } from './wire.types.ts';

const OPEN = ['requires_payment_method', 'requires_confirmation', 'requires_action'];

/** POST /v1/payment_intents/:id. Words may change at any time; the sum and the card only before the money moves. */
export function updateIntent(ctx: StripeContext, intent: PaymentIntent, form: Form): PaymentIntent {
  requireKnown(form, KNOWN_PARAMETERS.updateIntent);
  const amount = readAmount(form);
  const currency = readCurrency(form);
  const touchesMoney = amount !== undefined || currency !== undefined || textOf(form, 'payment_method') !== undefined;
  if (touchesMoney && !OPEN.includes(intent.status)) {
    refuseState(
      'payment_intent_unexpected_state',
      `This PaymentIntent's amount could not be updated because it has a status of ${intent.status}. You may only update the amount of a PaymentIntent with one of the following statuses: ${OPEN.join(', ')}.`,
      { payment_intent: intent },
    );
  }
  requireChargeable(amount ?? intent.amount, currency ?? intent.currency);
  const metadata = readMetadata(form, intent.metadata);
  const method = makeMethod(ctx, form);
  const allowed = listOf(form, 'allowed_payment_method_types');
  intent.amount = amount ?? intent.amount;
  intent.currency = currency ?? intent.currency;
  intent.metadata = metadata;
  intent.description = textOf(form, 'description') ?? intent.description;
  intent.receipt_email = textOf(form, 'receipt_email') ?? intent.receipt_email;
  if (allowed) {
    intent.allowed_payment_method_types = allowed;
    intent.payment_method_types = allowed;
  }
  if (method) {
    intent.payment_method = method.id;
    intent.status = 'requires_confirmation';
  }
  ctx.books.keep('intent', intent);
  ctx.onChange();
  return intent;
}
