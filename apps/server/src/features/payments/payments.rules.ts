import { type PaymentProblem, problemOf } from '@liventix/contracts/payments';
import type Stripe from 'stripe';

/** What a PaymentIntent, read from the provider just now, means for its order. */
export type PaymentNews =
  | { kind: 'captured'; cents: number; isOwnCurrency: boolean }
  | { kind: 'processing' }
  /** The bank said no; the buyer may try another card. */
  | { kind: 'failed'; problem: PaymentProblem }
  | { kind: 'canceled' }
  /** Nobody has paid yet. */
  | { kind: 'open' };

/** @param currency of the order, ISO 4217 */
export function newsOf(intent: Stripe.PaymentIntent, currency: string): PaymentNews {
  switch (intent.status) {
    case 'succeeded':
      return {
        kind: 'captured',
        cents: intent.amount_received,
        isOwnCurrency: intent.currency.toUpperCase() === currency.trim().toUpperCase(),
      };
    case 'processing':
    case 'requires_capture':
      return { kind: 'processing' };
    case 'canceled':
      return { kind: 'canceled' };
    default:
      return intent.last_payment_error
        ? { kind: 'failed', problem: problemOf(intent.last_payment_error) }
        : { kind: 'open' };
  }
}

/** One key per order, amount and (after a cancelled one) predecessor: however often it is sent, there is one intent. */
export function intentKey(orderId: string, amountCents: number, after: string | null): string {
  return `order-${orderId}-${amountCents}${after ? `-${after}` : ''}`;
}

/** Our order's id in an object's metadata, or null when the object is not ours. */
export function orderIdOf(metadata: Stripe.Metadata | null | undefined): string | null {
  const id = metadata?.order_id ?? '';
  return /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i.test(id) ? id : null;
}

/** The payment that an event of the provider is about: an intent's own, or the one its charge, refund or dispute names. */
export function paymentOf(event: { data?: { object?: object } }): string | null {
  const { id, object, payment_intent: of } = (event.data?.object ?? {}) as Record<string, unknown>;
  const found = object === 'payment_intent' ? id : of;
  return typeof found === 'string' && found.length > 0 && found.length <= 255 ? found : null;
}

/** When the money was captured, by the provider's clock; null when it does not say. */
export function capturedAt(intent: Stripe.PaymentIntent): Date | null {
  const charge = typeof intent.latest_charge === 'object' ? intent.latest_charge : null;
  return charge?.status === 'succeeded' ? new Date(charge.created * 1000) : null;
}
