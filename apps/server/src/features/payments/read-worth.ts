import type Stripe from 'stripe';
import type { WorkCtx } from '../../platform/context.ts';

/** A card as the provider names it. */
export interface CardFacts {
  brand: string;
  last4: string;
}

/** What the provider says a payment is worth now: the intent, the card that paid, what went back, what is disputed. */
export interface Worth {
  intent: Stripe.PaymentIntent;
  card: CardFacts | null;
  refunds: Stripe.Refund[];
  disputes: Stripe.Dispute[];
}

/** More than this is nobody's one payment; the provider's pages hold 100. */
const LISTED_MAX = 1000;

/**
 * Asks the provider what a payment is worth now. One call for a payment that nothing has happened to; refunds and disputes
 * are listed when the charge names some, when we know of some, or when `whole` asks for all. Never inside a transaction.
 */
export async function readWorth(
  { services: { stripe } }: Pick<WorkCtx, 'services'>,
  intentId: string,
  known: { hasRefunds: boolean; hasDisputes: boolean; whole: boolean },
): Promise<Worth> {
  const intent = await stripe.paymentIntents.retrieve(intentId, { expand: ['latest_charge'] });
  const charge = typeof intent.latest_charge === 'object' ? intent.latest_charge : null;
  const of = { payment_intent: intentId, limit: 100 };
  const sentBack = known.whole || known.hasRefunds || (charge?.amount_refunded ?? 0) > 0;
  const disputed = known.whole || known.hasDisputes || (charge?.disputed ?? false);
  const [refunds, disputes] = await Promise.all([
    sentBack ? stripe.refunds.list(of).autoPagingToArray({ limit: LISTED_MAX }) : [],
    disputed ? stripe.disputes.list(of).autoPagingToArray({ limit: LISTED_MAX }) : [],
  ]);
  return { intent, card: cardOf(charge), refunds, disputes };
}

/** The card of a charge; null for other ways to pay, and before anything was paid. */
export function cardOf(charge: Stripe.Charge | null): CardFacts | null {
  const card = charge?.status === 'succeeded' ? charge.payment_method_details?.card : null;
  return card?.last4 && /^\d{4}$/.test(card.last4) ? { brand: card.brand ?? 'card', last4: card.last4 } : null;
}
