import { announceEvent } from './announce-event.ts';
import { KNOWN_PARAMETERS, requireKnown } from './known-parameters.rules.ts';
import { nowSeconds } from './make-id.ts';
import { type Form, textOf } from './parse-form.ts';
import type { StripeContext } from './stripe.context.ts';
import { refuseInput, refuseState } from './stripe-refusal.ts';
import type { PaymentIntent } from './wire.types.ts';

const CANCELABLE = ['requires_payment_method', 'requires_capture', 'requires_confirmation', 'requires_action'];
const REASONS = ['duplicate', 'fraudulent', 'requested_by_customer', 'abandoned'];

/** POST /v1/payment_intents/:id/cancel. Refused, with the intent in the error, once money moved or is moving. */
export function cancelIntent(ctx: StripeContext, intent: PaymentIntent, form: Form): PaymentIntent {
  requireKnown(form, KNOWN_PARAMETERS.cancelIntent);
  const reason = textOf(form, 'cancellation_reason') ?? null;
  if (reason && !REASONS.includes(reason)) {
    refuseInput(undefined, `Invalid cancellation_reason: must be one of ${REASONS.join(', ')}`, 'cancellation_reason');
  }
  if (!CANCELABLE.includes(intent.status)) {
    refuseState(
      'payment_intent_unexpected_state',
      `You cannot cancel this PaymentIntent because it has a status of ${intent.status}. Only a PaymentIntent with one of the following statuses may be canceled: ${CANCELABLE.join(', ')}.`,
      { payment_intent: intent },
    );
  }
  const charge = intent.status === 'requires_capture' ? ctx.books.find('charge', intent.latest_charge) : undefined;
  intent.status = 'canceled';
  intent.canceled_at = nowSeconds();
  intent.cancellation_reason = reason;
  intent.next_action = null;
  intent.amount_capturable = 0;
  ctx.books.keep('intent', intent);
  const entry = { intent: intent.id, refund: null, amount: intent.amount, of: intent };
  if (charge) {
    charge.refunded = true;
    charge.amount_refunded = charge.amount;
    ctx.books.keep('charge', charge);
    ctx.books.record({ type: 'charge.released', charge: charge.id, ...entry });
  }
  ctx.books.record({ type: 'intent.canceled', charge: null, ...entry });
  announceEvent(ctx, 'payment_intent.canceled', intent);
  return intent;
}
