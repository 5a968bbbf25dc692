import { announceEvent } from './announce-event.ts';
import type { KeptMethod } from './books.types.ts';
import { captureCharge, makeCharge } from './make-charge.ts';
import { openDispute } from './open-dispute.ts';
import type { StripeContext } from './stripe.context.ts';
import { refuseState, StripeRefusal } from './stripe-refusal.ts';
import { GENERIC_DECLINE } from './test-cards.rules.ts';
import type { PaymentIntent, WireError } from './wire.types.ts';

const CONFIRMABLE = ['requires_payment_method', 'requires_confirmation', 'requires_action'];

interface Confirmation {
  intent: PaymentIntent;
  /** Null or undefined: the one the intent already carries. */
  method: KeptMethod | null | undefined;
  returnUrl: string | null;
  /** The browser library handles 3D Secure itself instead of being redirected. */
  useSdk: boolean;
}

/** Tries to pay. Answers the intent, or refuses with the decline (402) after the failed charge is written. */
export function confirmIntent(ctx: StripeContext, input: Confirmation): PaymentIntent {
  const { intent } = input;
  if (!CONFIRMABLE.includes(intent.status)) {
    const why =
      intent.status === 'succeeded'
        ? 'it has already succeeded after being previously confirmed.'
        : `it has a status of ${intent.status}. Only a PaymentIntent with one of the following statuses may be confirmed: requires_confirmation, requires_action.`;
    refuseState('payment_intent_unexpected_state', `You cannot confirm this PaymentIntent because ${why}`, {
      payment_intent: intent,
    });
  }
  const method = input.method ?? ctx.books.find('method', intent.payment_method);
  if (!method) {
    refuseState(
      'payment_intent_unexpected_state',
      "You cannot confirm this PaymentIntent because it's missing a payment method. You can either update the PaymentIntent with a payment method and then confirm it again, or confirm it again directly with a payment method or ConfirmationToken.",
      { payment_intent: intent },
    );
  }
  if (!intent.payment_method_types.includes('card')) {
    refuseState(
      'payment_intent_incompatible_payment_method',
      `The PaymentMethod (${method.id}) of type card is not allowed for this PaymentIntent.`,
      { payment_intent: intent },
    );
  }
  intent.payment_method = method.id;
  intent.last_payment_error = null;
  intent.next_action = null;
  const { outcome } = method;
  if (outcome.kind === 'declines') return declineIntent(ctx, intent, method, outcome);
  if (outcome.kind === 'challenges') return challengeIntent(ctx, input);
  if (outcome.kind === 'processes') {
    intent.status = 'processing';
    ctx.books.keep('intent', intent);
    announceEvent(ctx, 'payment_intent.processing', intent);
    awaitOutcome(ctx, intent);
    return intent;
  }
  return payIntent(ctx, intent, method);
}

function challengeIntent(ctx: StripeContext, { intent, returnUrl, useSdk }: Confirmation): PaymentIntent {
  const url = `${ctx.settings.publicBase}/stripe/3ds/${intent.id}?cs=${encodeURIComponent(intent.client_secret)}`;
  intent.status = 'requires_action';
  intent.next_action =
    useSdk || !returnUrl
      ? { type: 'use_stripe_sdk', use_stripe_sdk: { type: 'three_d_secure_redirect', stripe_js: url } }
      : { type: 'redirect_to_url', redirect_to_url: { url, return_url: returnUrl } };
  ctx.books.keep('intent', intent);
  ctx.books.keep('return', { id: intent.id, returnUrl });
  announceEvent(ctx, 'payment_intent.requires_action', intent);
  return intent;
}

/** The bank agreed: authorizes, and captures unless capture is manual. */
export function payIntent(ctx: StripeContext, intent: PaymentIntent, method: KeptMethod): PaymentIntent {
  const charge = makeCharge(ctx, intent, method, null);
  intent.next_action = null;
  if (intent.capture_method === 'manual') {
    intent.status = 'requires_capture';
    intent.amount_capturable = intent.amount;
    ctx.books.keep('intent', intent);
    const { id, amount } = charge;
    ctx.books.record({ type: 'charge.authorized', intent: intent.id, charge: id, refund: null, amount, of: intent });
    announceEvent(ctx, 'charge.succeeded', charge);
    announceEvent(ctx, 'payment_intent.amount_capturable_updated', intent);
    return intent;
  }
  captureCharge(ctx, intent, charge, intent.amount);
  announceEvent(ctx, 'charge.succeeded', charge);
  announceEvent(ctx, 'payment_intent.succeeded', intent);
  if (method.disputed) openDispute(ctx, { charge, reason: 'fraudulent' });
  return intent;
}

/** The bank refused: a failed charge, the intent open for another card, and the refusal as answer. */
export function declineIntent(
  ctx: StripeContext,
  intent: PaymentIntent,
  method: KeptMethod,
  decline: { code: string; declineCode?: string; message: string },
): never {
  const error: WireError = {
    type: 'card_error',
    code: decline.code,
    ...(decline.declineCode ? { decline_code: decline.declineCode } : {}),
    message: decline.message,
    payment_method: method.wire,
    doc_url: `https://stripe.com/docs/error-codes/${decline.code.replaceAll('_', '-')}`,
  };
  failIntent(ctx, intent, method, error);
  throw new StripeRefusal(402, { ...error, charge: intent.latest_charge ?? undefined, payment_intent: intent }, true);
}

/** Writes a failed attempt down without answering anybody: for outcomes that come later. */
export function failIntent(ctx: StripeContext, intent: PaymentIntent, method: KeptMethod, error: WireError): void {
  const charge = makeCharge(ctx, intent, method, error);
  intent.status = 'requires_payment_method';
  intent.payment_method = null;
  intent.next_action = null;
  intent.last_payment_error = { ...error, charge: charge.id };
  ctx.books.keep('intent', intent);
  const { id, amount } = charge;
  ctx.books.record({ type: 'charge.failed', intent: intent.id, charge: id, refund: null, amount, of: intent });
  announceEvent(ctx, 'charge.failed', charge);
  announceEvent(ctx, 'payment_intent.payment_failed', intent);
}

/** Starts the wait for a payment that is processing; also after a restart. */
export function awaitOutcome(ctx: StripeContext, intent: PaymentIntent): void {
  ctx.pending.after(ctx.settings.settleAfterMs, () => {
    const method = ctx.books.find('method', intent.payment_method);
    if (intent.status !== 'processing' || !method) return;
    const later = { ...ctx, cause: { id: null, idempotency_key: null } };
    if (method.outcome.kind === 'processes' && method.outcome.ends === 'fails') {
      const { code, declineCode, message } = GENERIC_DECLINE;
      failIntent(later, intent, method, { type: 'card_error', code, decline_code: declineCode, message });
    } else {
      payIntent(later, intent, method);
    }
    ctx.books.write();
  });
}
