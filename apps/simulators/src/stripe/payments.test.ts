import Stripe from 'stripe';
import { describe, expect, it } from 'vitest';
import { connect, newIntent, paidIntent, refusal, useTestBench } from './testing/start-shop.ts';

const bench = useTestBench();

describe('paying', () => {
  it('a good card pays, once, and the journal says so', async () => {
    const intent = await newIntent(bench);
    const paid = await bench.stripe.paymentIntents.confirm(intent.id, { payment_method: 'pm_card_visa' });
    expect(paid).toMatchObject({ status: 'succeeded', amount_received: 4200 });
    expect(bench.simulators.stripe.moneyOf(intent.id)).toEqual({ captured: 4200, refunded: 0 });
    const again = await refusal(bench.stripe.paymentIntents.confirm(intent.id, { payment_method: 'pm_card_visa' }));
    expect(again.code).toBe('payment_intent_unexpected_state');
    expect(bench.simulators.stripe.moneyOf(intent.id).captured).toBe(4200);
  });

  it.each([
    ['pm_card_chargeDeclined', 'card_declined', 'generic_decline'],
    ['pm_card_chargeDeclinedInsufficientFunds', 'card_declined', 'insufficient_funds'],
    ['pm_card_chargeDeclinedExpiredCard', 'expired_card', ''],
    ['pm_card_chargeDeclinedIncorrectCvc', 'incorrect_cvc', ''],
  ])('%s is refused with its code, charges nothing and leaves the intent open', async (card, code, declineCode) => {
    const intent = await newIntent(bench);
    const error = await refusal(bench.stripe.paymentIntents.confirm(intent.id, { payment_method: card }));
    expect(error).toMatchObject({ type: 'StripeCardError', code, decline_code: declineCode });
    expect(error.payment_intent?.status).toBe('requires_payment_method');
    expect(bench.simulators.stripe.moneyOf(intent.id).captured).toBe(0);
    const paid = await bench.stripe.paymentIntents.confirm(intent.id, { payment_method: 'pm_card_visa' });
    expect(paid.status).toBe('succeeded');
  });

  it('the charge comes along when it is asked for', async () => {
    const { id } = await paidIntent(bench);
    const intent = await bench.stripe.paymentIntents.retrieve(id, { expand: ['latest_charge'] });
    expect(intent.latest_charge).toMatchObject({ object: 'charge', paid: true, amount_captured: 5000 });
    const charge = await bench.stripe.charges.retrieve((intent.latest_charge as Stripe.Charge).id);
    expect(charge.payment_intent).toBe(id);
  });

  it('a payment that is processing cannot be cancelled, and settles later either way', async () => {
    const good = await paidIntent(bench, 'pm_sim_async');
    const bad = await paidIntent(bench, 'pm_sim_asyncFails');
    expect([good.status, bad.status]).toEqual(['processing', 'processing']);
    expect((await refusal(bench.stripe.paymentIntents.cancel(good.id))).payment_intent?.status).toBe('processing');
    bench.simulators.stripe.settle();
    expect((await bench.stripe.paymentIntents.retrieve(good.id)).status).toBe('succeeded');
    expect(await bench.stripe.paymentIntents.retrieve(bad.id)).toMatchObject({
      status: 'requires_payment_method',
      last_payment_error: { decline_code: 'generic_decline' },
    });
  });

  it('manual capture takes the money only when captured, and a cancel lets it go', async () => {
    const input = { amount: 900, currency: 'usd', capture_method: 'manual', payment_method: 'pm_card_visa' } as const;
    const first = await bench.stripe.paymentIntents.create({ ...input, confirm: true });
    const second = await bench.stripe.paymentIntents.create({ ...input, confirm: true });
    expect(first).toMatchObject({ status: 'requires_capture', amount_capturable: 900 });
    expect(bench.simulators.stripe.moneyOf(first.id).captured).toBe(0);
    expect((await bench.stripe.paymentIntents.capture(first.id, { amount_to_capture: 600 })).amount_received).toBe(600);
    expect((await bench.stripe.paymentIntents.cancel(second.id)).status).toBe('canceled');
    expect(bench.simulators.stripe.moneyOf(second.id).captured).toBe(0);
  });

  it('a cancelled intent cannot be paid, and a paid one cannot be cancelled', async () => {
    const open = await newIntent(bench);
    const canceled = await bench.stripe.paymentIntents.cancel(open.id, { cancellation_reason: 'abandoned' });
    expect(canceled).toMatchObject({ status: 'canceled', cancellation_reason: 'abandoned' });
    const late = await refusal(bench.stripe.paymentIntents.confirm(open.id, { payment_method: 'pm_card_visa' }));
    expect(late.code).toBe('payment_intent_unexpected_state');
    const paid = await paidIntent(bench);
    expect((await refusal(bench.stripe.paymentIntents.cancel(paid.id))).payment_intent?.status).toBe('succeeded');
  });

  it('a captured amount other than the one asked is told truthfully', async () => {
    bench.simulators.stripe.captureAmount(100, { currency: 'usd' });
    const wrong = await paidIntent(bench);
    expect(wrong).toMatchObject({ amount: 5000, amount_received: 100, currency: 'usd' });
    expect((await paidIntent(bench)).amount_received).toBe(5000);
    expect((await bench.stripe.refunds.create({ payment_intent: wrong.id })).amount).toBe(100);
  });
});

describe('bad input is refused as Stripe does', () => {
  it.each([
    [{ amount: 49, currency: 'usd' }, 'amount_too_small'],
    [{ amount: 29, currency: 'gbp' }, 'amount_too_small'],
    [{ amount: 49, currency: 'jpy' }, 'amount_too_small'],
    [{ amount: 100_000_000, currency: 'usd' }, 'amount_too_large'],
    [{ amount: 12.5, currency: 'usd' }, 'parameter_invalid_integer'],
    [{ amount: -5, currency: 'usd' }, 'parameter_invalid_integer'],
    [{ amount: 1001, currency: 'kwd' }, 'invalid_charge_amount'],
    [{ amount: 5000 }, 'parameter_missing'],
    [{ amount: 5000, currency: 'usd', payment_method_types: ['card'] }, 'parameter_unknown'],
  ])('%j: %s', async (input, code) => {
    const create = bench.stripe.paymentIntents.create(input as unknown as Stripe.PaymentIntentCreateParams);
    expect((await refusal(create)).code).toBe(code);
  });

  it('yen have no cents: 3800 is three thousand eight hundred', async () => {
    expect((await newIntent(bench, 3800, 'jpy')).amount).toBe(3800);
    const paid = await bench.stripe.paymentIntents.create({
      amount: 3800,
      currency: 'jpy',
      payment_method: 'pm_card_visa',
      confirm: true,
    });
    const error = await refusal(bench.stripe.refunds.create({ payment_intent: paid.id, amount: 3801 }));
    expect(error.message).toContain('¥3,801');
  });

  it('another key, an unknown intent, an unknown address', async () => {
    const stranger = new Stripe('sk_live_x', {
      host: '127.0.0.1',
      port: bench.simulators.stripePort,
      protocol: 'http',
    });
    expect((await refusal(stranger.paymentIntents.retrieve('pi_1'))).type).toBe('StripeAuthenticationError');
    expect(await refusal(bench.stripe.paymentIntents.retrieve('pi_none'))).toMatchObject({ code: 'resource_missing' });
    expect((await refusal(bench.stripe.customers.list())).code).toBe('url_invalid');
  });

  it('the sum of an intent changes while it is open, and never after', async () => {
    const open = await newIntent(bench, 1000);
    const changed = await bench.stripe.paymentIntents.update(open.id, { amount: 1200, metadata: { order_id: 'o-1' } });
    expect(changed).toMatchObject({ amount: 1200, metadata: { order_id: 'o-1' } });
    const paid = await paidIntent(bench);
    expect((await refusal(bench.stripe.paymentIntents.update(paid.id, { amount: 1200 }))).code).toBe(
      'payment_intent_unexpected_state',
    );
    expect((await bench.stripe.paymentIntents.update(paid.id, { metadata: { note: 'x' } })).metadata).toEqual({
      note: 'x',
    });
  });

  it('automatic methods, or the allowed ones, but not both', async () => {
    const base = { amount: 4200, currency: 'eur' };
    const allowed = await bench.stripe.paymentIntents.create({ ...base, allowed_payment_method_types: ['card'] });
    expect(allowed.payment_method_types).toEqual(['card']);
    const automatic = await bench.stripe.paymentIntents.create({
      ...base,
      automatic_payment_methods: { enabled: true },
    });
    expect(automatic.automatic_payment_methods?.enabled).toBe(true);
    const both = {
      ...base,
      allowed_payment_method_types: ['card' as const],
      automatic_payment_methods: { enabled: true },
    };
    expect((await refusal(bench.stripe.paymentIntents.create(both))).code).toBe('parameters_exclusive');
  });
});

describe('idempotency keys', () => {
  it('the same request replays its answer, a decline included, and nothing happens twice', async () => {
    const input = { amount: 5000, currency: 'eur', payment_method: 'pm_card_visa', confirm: true } as const;
    const first = await bench.stripe.paymentIntents.create(input, { idempotencyKey: 'same' });
    const second = await bench.stripe.paymentIntents.create(input, { idempotencyKey: 'same' });
    expect(second.id).toBe(first.id);
    expect(second.lastResponse.headers['idempotent-replayed']).toBe('true');
    expect(bench.simulators.stripe.moneyOf(first.id).captured).toBe(5000);
    const declined = { ...input, payment_method: 'pm_card_chargeDeclined' };
    const [one, two] = [
      await refusal(bench.stripe.paymentIntents.create(declined, { idempotencyKey: 'declined' })),
      await refusal(bench.stripe.paymentIntents.create(declined, { idempotencyKey: 'declined' })),
    ];
    expect(two.payment_intent?.id).toBe(one.payment_intent?.id);
  });

  it('another request under the same key is an idempotency error', async () => {
    await bench.stripe.paymentIntents.create({ amount: 5000, currency: 'eur' }, { idempotencyKey: 'other' });
    const other = bench.stripe.paymentIntents.create({ amount: 6000, currency: 'eur' }, { idempotencyKey: 'other' });
    expect((await refusal(other)).type).toBe('StripeIdempotencyError');
  });

  it('a request that failed validation does not use its key up', async () => {
    const options = { idempotencyKey: 'mended' };
    await refusal(bench.stripe.paymentIntents.create({ amount: 1, currency: 'eur' }, options));
    expect((await bench.stripe.paymentIntents.create({ amount: 5000, currency: 'eur' }, options)).status).toBeTruthy();
  });

  it('while the first is still running the second is told 409, and the SDK that retries gets the same answer', async () => {
    bench.simulators.stripe.setFaults({ apiDelayMs: 60 });
    const input = { amount: 5000, currency: 'eur' };
    const [first, second] = await Promise.allSettled([
      bench.stripe.paymentIntents.create(input, { idempotencyKey: 'twice' }),
      bench.stripe.paymentIntents.create(input, { idempotencyKey: 'twice' }),
    ]);
    const refused = [first, second].find((outcome) => outcome.status === 'rejected');
    expect(refused?.reason).toMatchObject({ statusCode: 409, code: 'idempotency_key_in_use' });
    const patient = connect(bench, { maxNetworkRetries: 3 });
    const [one, two] = await Promise.all([
      patient.paymentIntents.create(input, { idempotencyKey: 'patient' }),
      patient.paymentIntents.create(input, { idempotencyKey: 'patient' }),
    ]);
    expect(two.id).toBe(one.id);
  });
});
