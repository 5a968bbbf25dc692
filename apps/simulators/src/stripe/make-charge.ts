import type { KeptMethod } from './books.types.ts';
import { takeCapture } from './fault-plan.ts';
import { makeId, nowSeconds } from './make-id.ts';
import type { StripeContext } from './stripe.context.ts';
import type { Charge, PaymentIntent, WireError } from './wire.types.ts';

/** Makes the charge of one attempt: authorized when `failure` is null, else failed. */
export function makeCharge(
  ctx: StripeContext,
  intent: PaymentIntent,
  method: KeptMethod,
  failure: WireError | null,
): Charge {
  const charge: Charge = {
    id: makeId('ch'),
    object: 'charge',
    amount: intent.amount,
    amount_captured: 0,
    amount_refunded: 0,
    balance_transaction: null,
    billing_details: method.wire.billing_details,
    captured: false,
    created: nowSeconds(),
    currency: intent.currency,
    customer: intent.customer,
    description: intent.description,
    disputed: false,
    failure_code: failure?.code ?? null,
    failure_message: failure?.message ?? null,
    livemode: false,
    metadata: { ...intent.metadata },
    outcome: failure
      ? {
          network_status: 'declined_by_network',
          reason: failure.decline_code ?? failure.code ?? null,
          risk_level: 'normal',
          seller_message: 'The bank did not return any further details with this decline.',
          type: 'issuer_declined',
        }
      : {
          network_status: 'approved_by_network',
          reason: null,
          risk_level: 'normal',
          seller_message: 'Payment complete.',
          type: 'authorized',
        },
    paid: failure === null,
    payment_intent: intent.id,
    payment_method: method.id,
    payment_method_details: { type: 'card', card: method.wire.card },
    receipt_email: intent.receipt_email,
    receipt_url: null,
    refunded: false,
    status: failure ? 'failed' : 'succeeded',
  };
  intent.latest_charge = charge.id;
  ctx.books.keep('charge', charge);
  return charge;
}

/** Takes the money: `amount` minor units unless the fault plan takes another sum. The journal says what was taken. */
export function captureCharge(ctx: StripeContext, intent: PaymentIntent, charge: Charge, amount: number): void {
  const taken = takeCapture(ctx.plan, amount, intent.currency);
  charge.captured = true;
  charge.amount_captured = taken.amount;
  charge.currency = taken.currency;
  if (taken.amount > charge.amount) charge.amount = taken.amount;
  intent.currency = taken.currency;
  intent.status = 'succeeded';
  intent.amount_capturable = 0;
  intent.amount_received = taken.amount;
  ctx.books.keep('charge', charge);
  ctx.books.keep('intent', intent);
  ctx.books.record({
    type: 'charge.captured',
    intent: intent.id,
    charge: charge.id,
    refund: null,
    amount: taken.amount,
    of: intent,
  });
}
