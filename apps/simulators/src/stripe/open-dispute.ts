import { announceEvent } from './announce-event.ts';
import { makeId, nowSeconds } from './make-id.ts';
import type { StripeContext } from './stripe.context.ts';
import type { Charge, Dispute } from './wire.types.ts';

/** How long a seller has to hand in evidence. */
const EVIDENCE_SECONDS = 9 * 86_400;

/** The buyer's bank takes the money back and asks why; an inquiry only asks. */
export function openDispute(
  ctx: StripeContext,
  { charge, reason, amount, inquiry = false }: { charge: Charge; reason: string; amount?: number; inquiry?: boolean },
): Dispute {
  const dispute: Dispute = {
    id: makeId('dp'),
    object: 'dispute',
    amount: amount ?? charge.amount_captured - charge.amount_refunded,
    charge: charge.id,
    created: nowSeconds(),
    currency: charge.currency,
    evidence_details: {
      due_by: nowSeconds() + EVIDENCE_SECONDS,
      has_evidence: false,
      past_due: false,
      submission_count: 0,
    },
    is_charge_refundable: inquiry,
    livemode: false,
    metadata: {},
    payment_intent: charge.payment_intent,
    reason,
    status: inquiry ? 'warning_needs_response' : 'needs_response',
  };
  charge.disputed = true;
  ctx.books.keep('dispute', dispute);
  ctx.books.keep('charge', charge);
  if (!inquiry) record(ctx, 'dispute.created', dispute, charge);
  announceEvent(ctx, 'charge.dispute.created', dispute);
  if (!inquiry) announceEvent(ctx, 'charge.dispute.funds_withdrawn', dispute);
  return dispute;
}

/** An inquiry becomes a dispute: now the money is taken. */
export function escalateInquiry(ctx: StripeContext, dispute: Dispute): Dispute {
  const charge = ctx.books.find('charge', dispute.charge);
  if (!charge || dispute.status !== 'warning_needs_response') return dispute;
  dispute.status = 'needs_response';
  dispute.is_charge_refundable = false;
  ctx.books.keep('dispute', dispute);
  record(ctx, 'dispute.created', dispute, charge);
  announceEvent(ctx, 'charge.dispute.updated', dispute);
  announceEvent(ctx, 'charge.dispute.funds_withdrawn', dispute);
  return dispute;
}

/** The bank decides, or turns its decision around; a won dispute brings the money back. */
export function closeDispute(ctx: StripeContext, dispute: Dispute, outcome: 'won' | 'lost'): Dispute {
  const charge = ctx.books.find('charge', dispute.charge);
  if (!charge || !['needs_response', 'won', 'lost'].includes(dispute.status) || dispute.status === outcome)
    return dispute;
  const isTakenAgain = dispute.status === 'won';
  dispute.status = outcome;
  charge.disputed = outcome === 'lost';
  ctx.books.keep('dispute', dispute);
  ctx.books.keep('charge', charge);
  record(ctx, isTakenAgain ? 'dispute.created' : `dispute.${outcome}`, dispute, charge);
  announceEvent(ctx, 'charge.dispute.closed', dispute);
  if (outcome === 'won') announceEvent(ctx, 'charge.dispute.funds_reinstated', dispute);
  return dispute;
}

function record(
  ctx: StripeContext,
  type: 'dispute.created' | 'dispute.won' | 'dispute.lost',
  dispute: Dispute,
  charge: Charge,
): void {
  const { amount, payment_intent: intent } = dispute;
  ctx.books.record({ type, intent, charge: charge.id, refund: null, amount, of: charge });
}
