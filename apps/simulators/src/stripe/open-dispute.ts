import { announceEvent } from './announce-event.ts';
import { makeId, nowSeconds } from './make-id.ts';
import type { StripeContext } from './stripe.context.ts';
import type { Charge, Dispute } from './wire.types.ts';

/** The buyer's bank takes the money back and asks why. */
export function openDispute(
  ctx: StripeContext,
  { charge, reason, amount }: { charge: Charge; reason: string; amount?: number },
): Dispute {
  const dispute: Dispute = {
    id: makeId('dp'),
    object: 'dispute',
    amount: amount ?? charge.amount_captured - charge.amount_refunded,
    charge: charge.id,
    created: nowSeconds(),
    currency: charge.currency,
    is_charge_refundable: false,
    livemode: false,
    metadata: {},
    payment_intent: charge.payment_intent,
    reason,
    status: 'needs_response',
  };
  charge.disputed = true;
  ctx.books.keep('dispute', dispute);
  ctx.books.keep('charge', charge);
  record(ctx, 'dispute.created', dispute, charge);
  announceEvent(ctx, 'charge.dispute.created', dispute);
  announceEvent(ctx, 'charge.dispute.funds_withdrawn', dispute);
  return dispute;
}

/** The bank decides; a won dispute brings the money back. */
export function closeDispute(ctx: StripeContext, dispute: Dispute, outcome: 'won' | 'lost'): Dispute {
  const charge = ctx.books.find('charge', dispute.charge);
  if (!charge || dispute.status !== 'needs_response') return dispute;
  dispute.status = outcome;
  charge.disputed = outcome === 'lost';
  ctx.books.keep('dispute', dispute);
  ctx.books.keep('charge', charge);
  record(ctx, 'dispute.closed', dispute, charge);
  announceEvent(ctx, 'charge.dispute.closed', dispute);
  if (outcome === 'won') announceEvent(ctx, 'charge.dispute.funds_reinstated', dispute);
  return dispute;
}

function record(
  ctx: StripeContext,
  type: 'dispute.created' | 'dispute.closed',
  dispute: Dispute,
  charge: Charge,
): void {
  const { amount, payment_intent: intent } = dispute;
  ctx.books.record({ type, intent, charge: charge.id, refund: null, amount, of: charge });
}
