import Stripe from 'stripe';
import { describe, expect, it } from 'vitest';
import { connect, newIntent, paidIntent, refusal, useTestBench } from './testing/start-shop.ts';

const bench = useTestBench();

describe('webhooks', () => {
  it('are signed, name the request that caused them, and are sent again until accepted', async () => {
    bench.shop.state.refuse = 1;
    const { id } = await paidIntent(bench);
    await bench.simulators.stripe.idle();
    const mine = bench.shop.events.filter((event) => event.type === 'payment_intent.succeeded');
    expect(mine.map((event) => (event.data.object as Stripe.PaymentIntent).id)).toEqual([id]);
    expect(mine[0]?.request?.id).toMatch(/^req_/);
    expect(bench.shop.rejected).toEqual([]);
    expect(bench.simulators.stripe.deliveries().some((delivery) => delivery.attempts[0]?.status === 500)).toBe(true);
    expect(new Set(bench.shop.events.map((event) => event.id)).size).toBe(bench.shop.events.length);
  });

  it('a foreign or stale signature does not pass the SDK', async () => {
    const answer = await fetch(bench.shop.url, {
      method: 'POST',
      body: '{}',
      headers: { 'stripe-signature': 't=1,v1=00' },
    });
    expect(answer.status).toBe(400);
    const payload = '{"id":"evt_1"}';
    const stale = Stripe.webhooks.generateTestHeaderString({ payload, secret: 'whsec_simulator', timestamp: 1 });
    expect(() => bench.stripe.webhooks.constructEvent(payload, stale, 'whsec_simulator')).toThrow();
    bench.shop.rejected.length = 0;
  });

  it('can be doubled', async () => {
    bench.simulators.stripe.setFaults({ duplicate: 2 });
    await newIntent(bench);
    await bench.simulators.stripe.idle();
    expect(bench.shop.types()).toEqual(Array(3).fill('payment_intent.created'));
  });

  it('can be dropped, found in the list of events, and sent again', async () => {
    bench.simulators.stripe.setFaults({ dropNext: 3 });
    const { id } = await paidIntent(bench);
    await bench.simulators.stripe.idle();
    expect(bench.shop.events).toEqual([]);
    const missed = await bench.stripe.events.list({ delivery_success: false, type: 'payment_intent.succeeded' });
    const event = missed.data.find((candidate) => (candidate.data.object as Stripe.PaymentIntent).id === id);
    await bench.simulators.stripe.replay(event?.id ?? '');
    expect(bench.shop.types()).toEqual(['payment_intent.succeeded']);
  });

  it('can be held and sent in any order', async () => {
    bench.simulators.stripe.hold();
    await paidIntent(bench);
    expect(bench.shop.events).toEqual([]);
    await bench.simulators.stripe.flush((events) => [...events].reverse().concat(events.slice(0, 1)));
    expect(bench.shop.types()).toEqual([
      'payment_intent.succeeded',
      'charge.succeeded',
      'payment_intent.created',
      'payment_intent.created',
    ]);
  });

  it('can arrive in the wrong order by themselves', async () => {
    bench.simulators.stripe.setFaults({ reorder: 3 });
    await paidIntent(bench);
    await bench.simulators.stripe.idle();
    expect(bench.shop.types()).toEqual(['payment_intent.succeeded', 'charge.succeeded', 'payment_intent.created']);
  });
});

describe('an API that fails', () => {
  it('an answer lost after the charge: the retry with the same key learns the truth and charges nothing more', async () => {
    const input = { amount: 5000, currency: 'eur', payment_method: 'pm_card_visa', confirm: true } as const;
    for (const kind of ['accept-then-error', 'accept-then-hang', 'accept-then-reset'] as const) {
      const options = { idempotencyKey: `lost-${kind}` };
      const before = bench.simulators.stripe.journal().length;
      bench.simulators.stripe.failApi(kind, { path: '/v1/payment_intents', method: 'POST' });
      const impatient = connect(bench, { timeout: 150 });
      // A closed connection is retried once by the SDK itself: then the true answer is already here.
      const lost = await impatient.paymentIntents.create(input, options).catch((error: unknown) => error);
      if (kind !== 'accept-then-reset') expect(lost).toBeInstanceOf(Stripe.errors.StripeError);
      const intent = await bench.stripe.paymentIntents.create(input, options);
      expect(intent.status).toBe('succeeded');
      const captured = bench.simulators.stripe
        .journal()
        .slice(before)
        .filter((entry) => entry.type === 'charge.captured');
      expect(captured).toHaveLength(1);
    }
  });

  it('500, 429 and silence before anything happened leave no trace', async () => {
    const before = bench.simulators.stripe.journal().length;
    bench.simulators.stripe.failApi('error', { path: '/v1/payment_intents' });
    expect((await refusal(newIntent(bench))).statusCode).toBe(500);
    bench.simulators.stripe.failApi('rate-limit');
    expect((await refusal(newIntent(bench))).type).toBe('StripeRateLimitError');
    bench.simulators.stripe.failApi('hang');
    const impatient = connect(bench, { timeout: 100 });
    const silent = impatient.paymentIntents.create({ amount: 900, currency: 'eur' }, { idempotencyKey: 'hung' });
    expect((await refusal(silent)).type).toBe('StripeConnectionError');
    expect(bench.simulators.stripe.journal().length).toBe(before);
    const patient = connect(bench, { maxNetworkRetries: 2 });
    expect(
      (await patient.paymentIntents.create({ amount: 900, currency: 'eur' }, { idempotencyKey: 'hung' })).id,
    ).toBeTruthy();
  });

  it('only requests that fit the path are hit', async () => {
    const { id } = await paidIntent(bench);
    bench.simulators.stripe.failApi('error', { path: '/v1/refunds', times: 2 });
    expect((await bench.stripe.paymentIntents.retrieve(id)).id).toBe(id);
    await refusal(bench.stripe.refunds.create({ payment_intent: id }));
    await refusal(bench.stripe.refunds.create({ payment_intent: id }));
    expect((await bench.stripe.refunds.create({ payment_intent: id })).status).toBe('succeeded');
  });

  it('unreachable, and refusing connections, until it is back', async () => {
    bench.simulators.stripe.setFaults({ apiDown: true });
    expect((await refusal(newIntent(bench))).type).toBe('StripeConnectionError');
    bench.simulators.stripe.clearFaults();
    await bench.simulators.stripe.goDown();
    expect((await refusal(newIntent(bench))).type).toBe('StripeConnectionError');
    await bench.simulators.stripe.comeBack();
    expect((await newIntent(bench)).id).toBeTruthy();
  });
});
