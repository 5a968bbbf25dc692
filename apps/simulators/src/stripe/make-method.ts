import type { KeptMethod } from './books.types.ts';
import { makeId, nowSeconds } from './make-id.ts';
import { type Form, formOf, textOf } from './parse-form.ts';
import type { StripeContext } from './stripe.context.ts';
import { refuseCard, refuseInput, refuseMissing } from './stripe-refusal.ts';
import { findCardByNumber, findCardByToken, isCardNumber, type TestCard } from './test-cards.rules.ts';

interface CardDetails {
  expMonth: number;
  expYear: number;
  country: string | null;
  email: string | null;
  name: string | null;
}

/**
 * Finds or makes the payment method a request names: an id made before, a test token (`pm_card_visa`) or typed card
 * data (`payment_method_data`). Undefined when it names none. Wrong card data is refused as the bank's form would.
 */
export function makeMethod(ctx: StripeContext, form: Form): KeptMethod | undefined {
  const id = textOf(form, 'payment_method');
  if (id !== undefined) {
    const existing = ctx.books.find('method', id);
    if (existing) return existing;
    const card = findCardByToken(id);
    if (!card) refuseMissing('PaymentMethod', id, 'payment_method');
    return keepMethod(ctx, card, { expMonth: 12, expYear: 2034, country: 'US', email: null, name: null });
  }
  if (form.payment_method_data === undefined) return undefined;
  return makeTypedMethod(ctx, formOf(form, 'payment_method_data'));
}

/** The same from the fields of a form: `type`, `card[number]`, `card[exp_month]`, `card[exp_year]`, `card[cvc]`. */
export function makeTypedMethod(ctx: StripeContext, data: Form): KeptMethod {
  const type = textOf(data, 'type');
  if (type !== 'card') refuseInput('payment_method_unactivated', 'Only cards are simulated.', 'type');
  const typed = formOf(data, 'card');
  const number = (textOf(typed, 'number') ?? '').replace(/\s/g, '');
  const expMonth = Number(textOf(typed, 'exp_month') ?? 12);
  const shortYear = Number(textOf(typed, 'exp_year') ?? 2034);
  const expYear = shortYear < 100 ? 2000 + shortYear : shortYear;
  requireCardData(number, expMonth, expYear, textOf(typed, 'cvc'));
  const card = findCardByNumber(number);
  if (!card) {
    refuseCard({
      code: 'card_declined',
      decline_code: 'test_mode_live_card',
      message: 'Your card was declined. Your request was in test mode, but used a non test card.',
    });
  }
  const billing = formOf(data, 'billing_details');
  return keepMethod(ctx, card, {
    expMonth,
    expYear,
    country: textOf(formOf(billing, 'address'), 'country') ?? null,
    email: textOf(billing, 'email') ?? null,
    name: textOf(billing, 'name') ?? null,
  });
}

function requireCardData(number: string, expMonth: number, expYear: number, cvc: string | undefined): void {
  if (!isCardNumber(number)) {
    refuseCard({ code: 'incorrect_number', message: 'Your card number is incorrect.', param: 'number' });
  }
  if (!Number.isInteger(expMonth) || expMonth < 1 || expMonth > 12) {
    refuseCard({
      code: 'invalid_expiry_month',
      message: "Your card's expiration month is invalid.",
      param: 'exp_month',
    });
  }
  const today = new Date();
  if (expYear * 12 + expMonth < today.getFullYear() * 12 + today.getMonth() + 1) {
    refuseCard({ code: 'invalid_expiry_year', message: "Your card's expiration year is invalid.", param: 'exp_year' });
  }
  if (cvc !== undefined && !/^\d{3,4}$/.test(cvc)) {
    refuseCard({ code: 'invalid_cvc', message: "Your card's security code is invalid.", param: 'cvc' });
  }
}

function keepMethod(ctx: StripeContext, card: TestCard, details: CardDetails): KeptMethod {
  const id = makeId('pm');
  const wrongCvc = card.outcome.kind === 'declines' && card.outcome.code === 'incorrect_cvc';
  const method: KeptMethod = {
    id,
    outcome: card.outcome,
    refund: card.refund,
    disputed: card.disputed,
    wire: {
      id,
      object: 'payment_method',
      billing_details: { address: { country: details.country }, email: details.email, name: details.name },
      card: {
        brand: card.brand,
        checks: { cvc_check: wrongCvc ? 'fail' : 'pass' },
        country: 'US',
        exp_month: details.expMonth,
        exp_year: details.expYear,
        fingerprint: `sim${card.number || card.tokens[0]}`.slice(-16),
        funding: 'credit',
        last4: card.number.slice(-4) || '4242',
      },
      created: nowSeconds(),
      customer: null,
      livemode: false,
      metadata: {},
      type: 'card',
    },
  };
  ctx.books.keep('method', method);
  return method;
}
