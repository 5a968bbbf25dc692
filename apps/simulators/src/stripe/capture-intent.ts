import { announceEvent } from './announce-event.ts';
import { KNOWN_PARAMETERS, requireKnown } from './known-parameters.rules.ts';
import { captureCharge } from './make-charge.ts';
import type { Form } from './parse-form.ts';
import { readAmount } from './read-amount.ts';
import type { StripeContext } from './stripe.context.ts';
import { refuseInput, refuseMissing, refuseState } from './stripe-refusal.ts';
import type { PaymentIntent } from './wire.types.ts';

/** POST /v1/payment_intents/:id/capture: takes what was authorized, or the smaller `amount_to_capture`. */
export function captureIntent(ctx: StripeContext, intent: PaymentIntent, form: Form): PaymentIntent {
  requireKnown(form, KNOWN_PARAMETERS.captureIntent);
  if (intent.status !== 'requires_capture') {
    refuseState(
      'payment_intent_unexpected_state',
      `This PaymentIntent could not be captured because it has a status of ${intent.status}. Only a PaymentIntent with one of the following statuses may be captured: requires_capture.`,
      { payment_intent: intent },
    );
  }
  const charge = ctx.books.find('charge', intent.latest_charge);
  if (!charge) refuseMissing('charge', intent.latest_charge ?? '', 'charge');
  const amount = readAmount(form, 'amount_to_capture') ?? intent.amount_capturable;
  if (amount > intent.amount_capturable) {
    refuseInput('amount_too_large', 'The amount to capture is greater than what was authorized.', 'amount_to_capture');
  }
  captureCharge(ctx, intent, charge, amount);
  announceEvent(ctx, 'charge.captured', charge);
  announceEvent(ctx, 'payment_intent.succeeded', intent);
  return intent;
}
