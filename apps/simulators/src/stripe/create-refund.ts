import { announceEvent } from './announce-event.ts';
import { formatAmount } from './currencies.rules.ts';
import { KNOWN_PARAMETERS, requireKnown } from './known-parameters.rules.ts';
import { makeId, nowSeconds } from './make-id.ts';
import { type Form, textOf } from './parse-form.ts';
import { readAmount } from './read-amount.ts';
import { readMetadata } from './read-metadata.ts';
import type { StripeContext } from './stripe.context.ts';
import { refuseInput, refuseMissing, refuseState } from './stripe-refusal.ts';
import type { Charge, Refund } from './wire.types.ts';

const REASONS = ['duplicate', 'fraudulent', 'requested_by_customer'];

/** POST /v1/refunds: whole or in part, never more than was captured; how it ends is up to the card. */
export function createRefund(ctx: StripeContext, form: Form, id = makeId('re')): Refund {
  requireKnown(form, KNOWN_PARAMETERS.createRefund);
  const asked = readAmount(form);
  const reason = textOf(form, 'reason') ?? null;
  if (reason && !REASONS.includes(reason)) {
    refuseInput(undefined, `Invalid reason: must be one of ${REASONS.join(', ')}`, 'reason');
  }
  const charge = findCharge(ctx, form);
  requireRefundable(ctx, charge);
  const left = charge.amount_captured - charge.amount_refunded;
  if (left <= 0) {
    refuseState('charge_already_refunded', `Charge ${charge.id} has already been refunded.`, { charge: charge.id });
  }
  const amount = asked ?? left;
  if (amount > left) {
    const [much, most] = [formatAmount(amount, charge.currency), formatAmount(left, charge.currency)];
    refuseState('amount_too_large', `Refund amount (${much}) is greater than unrefunded amount on charge (${most})`, {
      param: 'amount',
    });
  }
  const outcome = ctx.books.find('method', charge.payment_method)?.refund ?? 'succeeds';
  const refund: Refund = {
    id,
    object: 'refund',
    amount,
    balance_transaction: null,
    charge: charge.id,
    created: nowSeconds(),
    currency: charge.currency,
    metadata: readMetadata(form),
    payment_intent: charge.payment_intent,
    payment_method: charge.payment_method,
    reason,
    receipt_number: null,
    status: outcome.startsWith('pending') ? 'pending' : 'succeeded',
  };
  charge.amount_refunded += amount;
  charge.refunded = charge.amount_refunded === charge.amount_captured;
  ctx.books.keep('refund', refund);
  ctx.books.keep('charge', charge);
  record(ctx, 'refund.created', refund);
  if (refund.status === 'succeeded') record(ctx, 'refund.succeeded', refund);
  announceEvent(ctx, 'refund.created', refund);
  announceEvent(ctx, 'charge.refunded', charge);
  if (outcome !== 'succeeds') awaitRefund(ctx, refund);
  return refund;
}

function findCharge(ctx: StripeContext, form: Form): Charge {
  const chargeId = textOf(form, 'charge');
  const intentId = textOf(form, 'payment_intent');
  if (chargeId) return ctx.books.find('charge', chargeId) ?? refuseMissing('charge', chargeId, 'charge');
  if (!intentId) {
    refuseInput('parameter_missing', 'One of the following params should be provided: payment_intent or charge.');
  }
  const intent = ctx.books.find('intent', intentId) ?? refuseMissing('payment_intent', intentId, 'payment_intent');
  const charge = ctx.books.find('charge', intent.latest_charge);
  if (charge?.status === 'succeeded') return charge;
  refuseState(
    'payment_intent_unexpected_state',
    `This PaymentIntent (${intent.id}) does not have a successful charge to refund.`,
  );
}

function requireRefundable(ctx: StripeContext, charge: Charge): void {
  if (charge.status !== 'succeeded' || !charge.captured) {
    refuseState('charge_not_refundable', `Charge ${charge.id} was not captured and can't be refunded.`);
  }
  const disputes = ctx.books.all('dispute').filter((dispute) => dispute.charge === charge.id);
  if (disputes.some((dispute) => !dispute.is_charge_refundable && dispute.status !== 'won')) {
    refuseState('charge_disputed', `Charge ${charge.id} has been charged back; cannot issue a refund.`);
  }
}

/** Starts the wait for a refund whose end comes later; also after a restart. */
export function awaitRefund(ctx: StripeContext, refund: Refund): void {
  ctx.pending.after(ctx.settings.settleAfterMs, () => {
    const charge = ctx.books.find('charge', refund.charge);
    const outcome = ctx.books.find('method', refund.payment_method)?.refund;
    if (!charge || refund.status === 'failed') return;
    const later = { ...ctx, cause: { id: null, idempotency_key: null } };
    if (outcome === 'pending-then-succeeds') {
      refund.status = 'succeeded';
      ctx.books.keep('refund', refund);
      record(ctx, 'refund.succeeded', refund);
    } else {
      refund.status = 'failed';
      refund.failure_reason = 'expired_or_canceled_card';
      charge.amount_refunded -= refund.amount;
      charge.refunded = false;
      ctx.books.keep('refund', refund);
      ctx.books.keep('charge', charge);
      record(ctx, 'refund.failed', refund);
      announceEvent(later, 'refund.failed', refund);
    }
    announceEvent(later, 'refund.updated', refund);
    announceEvent(later, 'charge.refund.updated', refund);
    ctx.books.write();
  });
}

function record(
  ctx: StripeContext,
  type: 'refund.created' | 'refund.succeeded' | 'refund.failed',
  refund: Refund,
): void {
  const { id, payment_intent: intent, charge, amount } = refund;
  ctx.books.record({ type, intent, charge, refund: id, amount, of: { ...refund, metadata: refund.metadata } });
}
