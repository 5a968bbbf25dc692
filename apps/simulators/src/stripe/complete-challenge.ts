import { announceEvent } from './announce-event.ts';
import { failIntent, payIntent } from './confirm-intent.ts';
import type { StripeContext } from './stripe.context.ts';
import { GENERIC_DECLINE } from './test-cards.rules.ts';
import type { PaymentIntent } from './wire.types.ts';

export type ChallengeAnswer = 'complete' | 'fail';

/** Ends a 3D Secure challenge as the person chose; an intent that has no open challenge is left as it is. */
export function completeChallenge(ctx: StripeContext, intent: PaymentIntent, answer: ChallengeAnswer): PaymentIntent {
  const method = ctx.books.find('method', intent.payment_method);
  if (intent.status !== 'requires_action' || !method) return intent;
  if (answer === 'fail') {
    // No charge: the bank was never asked.
    intent.status = 'requires_payment_method';
    intent.payment_method = null;
    intent.next_action = null;
    intent.last_payment_error = {
      type: 'invalid_request_error',
      code: 'payment_intent_authentication_failure',
      message:
        'We are unable to authenticate your payment method. Please choose a different payment method and try again.',
      payment_method: method.wire,
    };
    ctx.books.keep('intent', intent);
    announceEvent(ctx, 'payment_intent.payment_failed', intent);
    return intent;
  }
  if (method.outcome.kind === 'challenges' && method.outcome.ends === 'declines') {
    const { code, declineCode, message } = GENERIC_DECLINE;
    failIntent(ctx, intent, method, { type: 'card_error', code, decline_code: declineCode, message });
    return intent;
  }
  return payIntent(ctx, intent, method);
}

/** Where the browser goes after the challenge: the shop's address with Stripe's three parameters, or null without one. */
export function returnAddress(ctx: StripeContext, intent: PaymentIntent): string | null {
  const returnUrl = ctx.books.find('return', intent.id)?.returnUrl;
  if (!returnUrl) return null;
  const paid = ['succeeded', 'requires_capture'].includes(intent.status);
  const status = paid ? 'succeeded' : intent.status === 'processing' ? 'pending' : 'failed';
  const parameters = new URLSearchParams({
    payment_intent: intent.id,
    payment_intent_client_secret: intent.client_secret,
    redirect_status: status,
  });
  return `${returnUrl}${returnUrl.includes('?') ? '&' : '?'}${parameters}`;
}
