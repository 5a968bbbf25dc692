import http from 'node:http';
import type { AddressInfo } from 'node:net';
import Stripe from 'stripe';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { type Simulators, startSimulators } from '../start-simulators.ts';

/** A shop's webhook endpoint: verifies with the real SDK and tells who waits. */
async function startShop(secret: string) {
  const stripe = new Stripe('sk_test_shop');
  const events: Stripe.Event[] = [];
  const rejected: string[] = [];
  const state = { refuse: 0 };
  const server = http.createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      try {
        const signature = String(request.headers['stripe-signature']);
        const event = stripe.webhooks.constructEvent(Buffer.concat(chunks), signature, secret);
        if (state.refuse > 0) {
          state.refuse -= 1;
          response.writeHead(500).end('not now');
          return;
        }
        events.push(event);
        response.end('ok');
      } catch (error) {
        rejected.push(String(error));
        response.writeHead(400).end('bad signature');
      }
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}/webhooks/stripe`,
    events,
    rejected,
    state,
    types: () => events.map((event) => event.type),
    stop: () => {
      server.closeAllConnections();
      server.close();
    },
  };
}

let simulators: Simulators;
let shop: Awaited<ReturnType<typeof startShop>>;
let stripe: Stripe;

beforeAll(async () => {
  simulators = await startSimulators({ settleAfterMs: 60_000, webhookRetryMs: 5 });
  shop = await startShop(simulators.webhookSecret);
  simulators.stripe.setWebhookUrl(shop.url);
  stripe = connect();
});

afterAll(async () => {
  shop.stop();
  await simulators.stop();
});

beforeEach(async () => {
  await simulators.stripe.idle();
  shop.events.length = 0;
});

afterEach(() => simulators.stripe.clearFaults());

function connect(options: { maxNetworkRetries?: number; timeout?: number } = {}) {
  return new Stripe('sk_test_simulator', {
    host: '127.0.0.1',
    port: simulators.stripePort,
    protocol: 'http',
    telemetry: false,
    maxNetworkRetries: 0,
    ...options,
  });
}

const newIntent = (amount = 4200, currency = 'eur') => stripe.paymentIntents.create({ amount, currency });

/** What a promise was rejected with; fails when it was not. */
async function refusal(promise: Promise<unknown>): Promise<Stripe.errors.StripeError> {
  const outcome = await promise.then(
    () => null,
    (error: unknown) => error,
  );
  expect(outcome, 'was expected to be refused').toBeInstanceOf(Stripe.errors.StripeError);
  return outcome as Stripe.errors.StripeError;
}

const paidIntent = async (card = 'pm_card_visa', amount = 5000) =>
  stripe.paymentIntents.create({ amount, currency: 'eur', payment_method: card, confirm: true });

describe('paying', () => {
  it('a good card pays, once, and the journal says so', async () => {
    const intent = await newIntent();
    const paid = await stripe.paymentIntents.confirm(intent.id, { payment_method: 'pm_card_visa' });
    expect(paid).toMatchObject({ status: 'succeeded', amount_received: 4200 });
    expect(simulators.stripe.moneyOf(intent.id)).toEqual({ captured: 4200, refunded: 0 });
    const again = await refusal(stripe.paymentIntents.confirm(intent.id, { payment_method: 'pm_card_visa' }));
    expect(again.code).toBe('payment_intent_unexpected_state');
    expect(simulators.stripe.moneyOf(intent.id).captured).toBe(4200);
  });

  it.each([
    ['pm_card_chargeDeclined', 'card_declined', 'generic_decline'],
    ['pm_card_chargeDeclinedInsufficientFunds', 'card_declined', 'insufficient_funds'],
    ['pm_card_chargeDeclinedExpiredCard', 'expired_card', ''],
    ['pm_card_chargeDeclinedIncorrectCvc', 'incorrect_cvc', ''],
  ])('%s is refused with its code, charges nothing and leaves the intent open', async (card, code, declineCode) => {
    const intent = await newIntent();
    const error = await refusal(stripe.paymentIntents.confirm(intent.id, { payment_method: card }));
    expect(error).toMatchObject({ type: 'StripeCardError', code, decline_code: declineCode });
    expect(error.payment_intent?.status).toBe('requires_payment_method');
    expect(simulators.stripe.moneyOf(intent.id).captured).toBe(0);
    const paid = await stripe.paymentIntents.confirm(intent.id, { payment_method: 'pm_card_visa' });
    expect(paid.status).toBe('succeeded');
  });

  it('the charge comes along when it is asked for', async () => {
    const { id } = await paidIntent();
    const intent = await stripe.paymentIntents.retrieve(id, { expand: ['latest_charge'] });
    expect(intent.latest_charge).toMatchObject({ object: 'charge', paid: true, amount_captured: 5000 });
    const charge = await stripe.charges.retrieve((intent.latest_charge as Stripe.Charge).id);
    expect(charge.payment_intent).toBe(id);
  });

  it('a payment that is processing cannot be cancelled, and settles later either way', async () => {
    const good = await paidIntent('pm_sim_async');
    const bad = await paidIntent('pm_sim_asyncFails');
    expect([good.status, bad.status]).toEqual(['processing', 'processing']);
    expect((await refusal(stripe.paymentIntents.cancel(good.id))).payment_intent?.status).toBe('processing');
    simulators.stripe.settle();
    expect((await stripe.paymentIntents.retrieve(good.id)).status).toBe('succeeded');
    expect(await stripe.paymentIntents.retrieve(bad.id)).toMatchObject({
      status: 'requires_payment_method',
      last_payment_error: { decline_code: 'generic_decline' },
    });
  });

  it('manual capture takes the money only when captured, and a cancel lets it go', async () => {
    const input = { amount: 900, currency: 'usd', capture_method: 'manual', payment_method: 'pm_card_visa' } as const;
    const first = await stripe.paymentIntents.create({ ...input, confirm: true });
    const second = await stripe.paymentIntents.create({ ...input, confirm: true });
    expect(first).toMatchObject({ status: 'requires_capture', amount_capturable: 900 });
    expect(simulators.stripe.moneyOf(first.id).captured).toBe(0);
    expect((await stripe.paymentIntents.capture(first.id, { amount_to_capture: 600 })).amount_received).toBe(600);
    expect((await stripe.paymentIntents.cancel(second.id)).status).toBe('canceled');
    expect(simulators.stripe.moneyOf(second.id).captured).toBe(0);
  });

  it('a cancelled intent cannot be paid, and a paid one cannot be cancelled', async () => {
    const open = await newIntent();
    const canceled = await stripe.paymentIntents.cancel(open.id, { cancellation_reason: 'abandoned' });
    expect(canceled).toMatchObject({ status: 'canceled', cancellation_reason: 'abandoned' });
    const late = await refusal(stripe.paymentIntents.confirm(open.id, { payment_method: 'pm_card_visa' }));
    expect(late.code).toBe('payment_intent_unexpected_state');
    const paid = await paidIntent();
    expect((await refusal(stripe.paymentIntents.cancel(paid.id))).payment_intent?.status).toBe('succeeded');
  });

  it('a captured amount other than the one asked is told truthfully', async () => {
    simulators.stripe.captureAmount(100, { currency: 'usd' });
    const wrong = await paidIntent();
    expect(wrong).toMatchObject({ amount: 5000, amount_received: 100, currency: 'usd' });
    expect((await paidIntent()).amount_received).toBe(5000);
    expect((await stripe.refunds.create({ payment_intent: wrong.id })).amount).toBe(100);
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
    const create = stripe.paymentIntents.create(input as unknown as Stripe.PaymentIntentCreateParams);
    expect((await refusal(create)).code).toBe(code);
  });

  it('yen have no cents: 3800 is three thousand eight hundred', async () => {
    expect((await newIntent(3800, 'jpy')).amount).toBe(3800);
    const paid = await stripe.paymentIntents.create({
      amount: 3800,
      currency: 'jpy',
      payment_method: 'pm_card_visa',
      confirm: true,
    });
    const error = await refusal(stripe.refunds.create({ payment_intent: paid.id, amount: 3801 }));
    expect(error.message).toContain('¥3,801');
  });

  it('another key, an unknown intent, an unknown address', async () => {
    const stranger = new Stripe('sk_live_x', { host: '127.0.0.1', port: simulators.stripePort, protocol: 'http' });
    expect((await refusal(stranger.paymentIntents.retrieve('pi_1'))).type).toBe('StripeAuthenticationError');
    expect(await refusal(stripe.paymentIntents.retrieve('pi_none'))).toMatchObject({ code: 'resource_missing' });
    expect((await refusal(stripe.customers.list())).code).toBe('url_invalid');
  });

  it('the sum of an intent changes while it is open, and never after', async () => {
    const open = await newIntent(1000);
    const changed = await stripe.paymentIntents.update(open.id, { amount: 1200, metadata: { order_id: 'o-1' } });
    expect(changed).toMatchObject({ amount: 1200, metadata: { order_id: 'o-1' } });
    const paid = await paidIntent();
    expect((await refusal(stripe.paymentIntents.update(paid.id, { amount: 1200 }))).code).toBe(
      'payment_intent_unexpected_state',
    );
    expect((await stripe.paymentIntents.update(paid.id, { metadata: { note: 'x' } })).metadata).toEqual({ note: 'x' });
  });

  it('automatic methods, or the allowed ones, but not both', async () => {
    const base = { amount: 4200, currency: 'eur' };
    const allowed = await stripe.paymentIntents.create({ ...base, allowed_payment_method_types: ['card'] });
    expect(allowed.payment_method_types).toEqual(['card']);
    const automatic = await stripe.paymentIntents.create({ ...base, automatic_payment_methods: { enabled: true } });
    expect(automatic.automatic_payment_methods?.enabled).toBe(true);
    const both = {
      ...base,
      allowed_payment_method_types: ['card' as const],
      automatic_payment_methods: { enabled: true },
    };
    expect((await refusal(stripe.paymentIntents.create(both))).code).toBe('parameters_exclusive');
  });
});

describe('idempotency keys', () => {
  it('the same request replays its answer, a decline included, and nothing happens twice', async () => {
    const input = { amount: 5000, currency: 'eur', payment_method: 'pm_card_visa', confirm: true } as const;
    const first = await stripe.paymentIntents.create(input, { idempotencyKey: 'same' });
    const second = await stripe.paymentIntents.create(input, { idempotencyKey: 'same' });
    expect(second.id).toBe(first.id);
    expect(second.lastResponse.headers['idempotent-replayed']).toBe('true');
    expect(simulators.stripe.moneyOf(first.id).captured).toBe(5000);
    const declined = { ...input, payment_method: 'pm_card_chargeDeclined' };
    const [one, two] = [
      await refusal(stripe.paymentIntents.create(declined, { idempotencyKey: 'declined' })),
      await refusal(stripe.paymentIntents.create(declined, { idempotencyKey: 'declined' })),
    ];
    expect(two.payment_intent?.id).toBe(one.payment_intent?.id);
  });

  it('another request under the same key is an idempotency error', async () => {
    await stripe.paymentIntents.create({ amount: 5000, currency: 'eur' }, { idempotencyKey: 'other' });
    const other = stripe.paymentIntents.create({ amount: 6000, currency: 'eur' }, { idempotencyKey: 'other' });
    expect((await refusal(other)).type).toBe('StripeIdempotencyError');
  });

  it('a request that failed validation does not use its key up', async () => {
    const options = { idempotencyKey: 'mended' };
    await refusal(stripe.paymentIntents.create({ amount: 1, currency: 'eur' }, options));
    expect((await stripe.paymentIntents.create({ amount: 5000, currency: 'eur' }, options)).status).toBeTruthy();
  });

  it('while the first is still running the second is told 409, and the SDK that retries gets the same answer', async () => {
    simulators.stripe.setFaults({ apiDelayMs: 60 });
    const input = { amount: 5000, currency: 'eur' };
    const [first, second] = await Promise.allSettled([
      stripe.paymentIntents.create(input, { idempotencyKey: 'twice' }),
      stripe.paymentIntents.create(input, { idempotencyKey: 'twice' }),
    ]);
    const refused = [first, second].find((outcome) => outcome.status === 'rejected');
    expect(refused?.reason).toMatchObject({ statusCode: 409, code: 'idempotency_key_in_use' });
    const patient = connect({ maxNetworkRetries: 3 });
    const [one, two] = await Promise.all([
      patient.paymentIntents.create(input, { idempotencyKey: 'patient' }),
      patient.paymentIntents.create(input, { idempotencyKey: 'patient' }),
    ]);
    expect(two.id).toBe(one.id);
  });
});

describe('refunds', () => {
  it('partial, the rest, and never more than was captured', async () => {
    const { id } = await paidIntent();
    await stripe.refunds.create({ payment_intent: id, amount: 2000, metadata: { refund_id: 'r-1' } });
    await refusal(stripe.refunds.create({ payment_intent: id, amount: 4000 }));
    const rest = await stripe.refunds.create({ payment_intent: id });
    expect(rest).toMatchObject({ amount: 3000, status: 'succeeded' });
    expect((await refusal(stripe.refunds.create({ payment_intent: id }))).code).toBe('charge_already_refunded');
    expect(simulators.stripe.moneyOf(id)).toEqual({ captured: 5000, refunded: 5000 });
    const listed = await stripe.refunds.list({ payment_intent: id });
    expect(listed.data.map((refund) => refund.amount)).toEqual([3000, 2000]);
    expect((await stripe.refunds.retrieve(rest.id)).status).toBe('succeeded');
  });

  it('an unpaid intent has nothing to refund', async () => {
    const open = await newIntent();
    expect((await refusal(stripe.refunds.create({ payment_intent: open.id }))).type).toBe('StripeInvalidRequestError');
  });

  it.each([
    ['4000000000007726', 'pending', 'failed', 5000],
    ['4000000000005126', 'succeeded', 'failed', 5000],
  ])('a refund to %s is %s first and %s later, and the money can be sent again', async (card, first, later, left) => {
    const intent = await newIntent(5000);
    simulators.stripe.pay(intent.id, card);
    const refund = await stripe.refunds.create({ payment_intent: intent.id });
    expect(refund.status).toBe(first);
    simulators.stripe.settle();
    expect(await stripe.refunds.retrieve(refund.id)).toMatchObject({
      status: later,
      failure_reason: 'expired_or_canceled_card',
    });
    await simulators.stripe.idle();
    expect(shop.types()).toContain('refund.failed');
    expect(simulators.stripe.moneyOf(intent.id)).toEqual({ captured: left, refunded: 0 });
    expect((await stripe.refunds.create({ payment_intent: intent.id })).amount).toBe(5000);
    simulators.stripe.settle();
  });

  it('a pending refund may also succeed', async () => {
    const { id } = await paidIntent('pm_card_pendingRefund');
    const refund = await stripe.refunds.create({ payment_intent: id });
    expect(refund.status).toBe('pending');
    simulators.stripe.settle();
    expect((await stripe.refunds.retrieve(refund.id)).status).toBe('succeeded');
  });

  it('a disputed charge is announced and cannot be refunded until the dispute is won', async () => {
    const { id } = await paidIntent('pm_card_createDispute');
    await simulators.stripe.idle();
    expect(shop.types()).toContain('charge.dispute.created');
    expect((await refusal(stripe.refunds.create({ payment_intent: id }))).code).toBe('charge_disputed');
    const [dispute] = (await stripe.disputes.list({ payment_intent: id })).data;
    simulators.stripe.closeDispute(dispute?.id ?? '', 'won');
    expect((await stripe.refunds.create({ payment_intent: id })).amount).toBe(5000);
  });
});

describe('lists', () => {
  it('events come in pages, newest first, and can be asked for by type', async () => {
    for (let count = 0; count < 4; count += 1) await paidIntent();
    const seen: string[] = [];
    for await (const event of stripe.events.list({ limit: 3 })) seen.push(event.id);
    expect(seen.length).toBe(simulators.stripe.events().length);
    expect(new Set(seen).size).toBe(seen.length);
    const paid = await stripe.events.list({ type: 'payment_intent.succeeded', limit: 2 });
    expect(paid).toMatchObject({ has_more: true });
    expect(paid.data.every((event) => event.type === 'payment_intent.succeeded')).toBe(true);
    expect((await stripe.events.retrieve(seen[0] ?? '')).id).toBe(seen[0]);
    const future = Math.floor(Date.now() / 1000) + 60;
    expect((await stripe.events.list({ created: { gte: future } })).data).toEqual([]);
  });

  it('intents are found by metadata and listed by time', async () => {
    const intent = await stripe.paymentIntents.create({ amount: 900, currency: 'eur', metadata: { order_id: 'o-77' } });
    const found = await stripe.paymentIntents.search({
      query: `metadata['order_id']:'o-77' AND status:'requires_payment_method'`,
    });
    expect(found.data.map(({ id }) => id)).toEqual([intent.id]);
    const listed = await stripe.paymentIntents.list({ created: { gte: intent.created }, limit: 1 });
    expect(listed.data[0]?.id).toBe(intent.id);
  });
});

describe('webhooks', () => {
  it('are signed, name the request that caused them, and are sent again until accepted', async () => {
    shop.state.refuse = 1;
    const { id } = await paidIntent();
    await simulators.stripe.idle();
    const mine = shop.events.filter((event) => event.type === 'payment_intent.succeeded');
    expect(mine.map((event) => (event.data.object as Stripe.PaymentIntent).id)).toEqual([id]);
    expect(mine[0]?.request?.id).toMatch(/^req_/);
    expect(shop.rejected).toEqual([]);
    expect(simulators.stripe.deliveries().some((delivery) => delivery.attempts[0]?.status === 500)).toBe(true);
    expect(new Set(shop.events.map((event) => event.id)).size).toBe(shop.events.length);
  });

  it('a foreign or stale signature does not pass the SDK', async () => {
    const answer = await fetch(shop.url, { method: 'POST', body: '{}', headers: { 'stripe-signature': 't=1,v1=00' } });
    expect(answer.status).toBe(400);
    const payload = '{"id":"evt_1"}';
    const stale = Stripe.webhooks.generateTestHeaderString({ payload, secret: 'whsec_simulator', timestamp: 1 });
    expect(() => stripe.webhooks.constructEvent(payload, stale, 'whsec_simulator')).toThrow();
    shop.rejected.length = 0;
  });

  it('can be doubled', async () => {
    simulators.stripe.setFaults({ duplicate: 2 });
    await newIntent();
    await simulators.stripe.idle();
    expect(shop.types()).toEqual(Array(3).fill('payment_intent.created'));
  });

  it('can be dropped, found in the list of events, and sent again', async () => {
    simulators.stripe.setFaults({ dropNext: 3 });
    const { id } = await paidIntent();
    await simulators.stripe.idle();
    expect(shop.events).toEqual([]);
    const missed = await stripe.events.list({ delivery_success: false, type: 'payment_intent.succeeded' });
    const event = missed.data.find((candidate) => (candidate.data.object as Stripe.PaymentIntent).id === id);
    await simulators.stripe.replay(event?.id ?? '');
    expect(shop.types()).toEqual(['payment_intent.succeeded']);
  });

  it('can be held and sent in any order', async () => {
    simulators.stripe.hold();
    await paidIntent();
    expect(shop.events).toEqual([]);
    await simulators.stripe.flush((events) => [...events].reverse().concat(events.slice(0, 1)));
    expect(shop.types()).toEqual([
      'payment_intent.succeeded',
      'charge.succeeded',
      'payment_intent.created',
      'payment_intent.created',
    ]);
  });

  it('can arrive in the wrong order by themselves', async () => {
    simulators.stripe.setFaults({ reorder: 3 });
    await paidIntent();
    await simulators.stripe.idle();
    expect(shop.types()).toEqual(['payment_intent.succeeded', 'charge.succeeded', 'payment_intent.created']);
  });
});

describe('an API that fails', () => {
  it('an answer lost after the charge: the retry with the same key learns the truth and charges nothing more', async () => {
    const input = { amount: 5000, currency: 'eur', payment_method: 'pm_card_visa', confirm: true } as const;
    for (const kind of ['accept-then-error', 'accept-then-hang', 'accept-then-reset'] as const) {
      const options = { idempotencyKey: `lost-${kind}` };
      const before = simulators.stripe.journal().length;
      simulators.stripe.failApi(kind, { path: '/v1/payment_intents', method: 'POST' });
      const impatient = connect({ timeout: 150 });
      // A closed connection is retried once by the SDK itself: then the true answer is already here.
      const lost = await impatient.paymentIntents.create(input, options).catch((error: unknown) => error);
      if (kind !== 'accept-then-reset') expect(lost).toBeInstanceOf(Stripe.errors.StripeError);
      const intent = await stripe.paymentIntents.create(input, options);
      expect(intent.status).toBe('succeeded');
      const captured = simulators.stripe
        .journal()
        .slice(before)
        .filter((entry) => entry.type === 'charge.captured');
      expect(captured).toHaveLength(1);
    }
  });

  it('500, 429 and silence before anything happened leave no trace', async () => {
    const before = simulators.stripe.journal().length;
    simulators.stripe.failApi('error', { path: '/v1/payment_intents' });
    expect((await refusal(newIntent())).statusCode).toBe(500);
    simulators.stripe.failApi('rate-limit');
    expect((await refusal(newIntent())).type).toBe('StripeRateLimitError');
    simulators.stripe.failApi('hang');
    const impatient = connect({ timeout: 100 });
    const silent = impatient.paymentIntents.create({ amount: 900, currency: 'eur' }, { idempotencyKey: 'hung' });
    expect((await refusal(silent)).type).toBe('StripeConnectionError');
    expect(simulators.stripe.journal().length).toBe(before);
    const patient = connect({ maxNetworkRetries: 2 });
    expect(
      (await patient.paymentIntents.create({ amount: 900, currency: 'eur' }, { idempotencyKey: 'hung' })).id,
    ).toBeTruthy();
  });

  it('only requests that fit the path are hit', async () => {
    const { id } = await paidIntent();
    simulators.stripe.failApi('error', { path: '/v1/refunds', times: 2 });
    expect((await stripe.paymentIntents.retrieve(id)).id).toBe(id);
    await refusal(stripe.refunds.create({ payment_intent: id }));
    await refusal(stripe.refunds.create({ payment_intent: id }));
    expect((await stripe.refunds.create({ payment_intent: id })).status).toBe('succeeded');
  });

  it('unreachable, and refusing connections, until it is back', async () => {
    simulators.stripe.setFaults({ apiDown: true });
    expect((await refusal(newIntent())).type).toBe('StripeConnectionError');
    simulators.stripe.clearFaults();
    await simulators.stripe.goDown();
    expect((await refusal(newIntent())).type).toBe('StripeConnectionError');
    await simulators.stripe.comeBack();
    expect((await newIntent()).id).toBeTruthy();
  });
});

describe('the browser side', () => {
  const callFromBrowser = (path: string, fields: Record<string, string>, key = 'pk_test_simulator') =>
    fetch(`${simulators.url}/stripe/v1/${path}`, {
      method: 'POST',
      headers: { authorization: `Bearer ${key}` },
      body: new URLSearchParams(fields),
    }).then(async (response) => ({
      status: response.status,
      body: (await response.json()) as Record<string, unknown>,
    }));
  const typed = (number: string) => ({
    'payment_method_data[type]': 'card',
    'payment_method_data[card][number]': number,
    'payment_method_data[card][exp_month]': '12',
    'payment_method_data[card][exp_year]': '2034',
    'payment_method_data[card][cvc]': '123',
  });

  it('a publishable key confirms with the client secret and can do nothing else', async () => {
    const intent = await newIntent();
    const confirm = `payment_intents/${intent.id}/confirm`;
    const wrong = await callFromBrowser(confirm, { client_secret: 'pi_x_secret_y', ...typed('4242424242424242') });
    expect(wrong.status).toBe(400);
    expect((await callFromBrowser(`payment_intents/${intent.id}/cancel`, {})).status).toBe(401);
    expect((await callFromBrowser('refunds', { payment_intent: intent.id }, 'sk_test_simulator')).status).toBe(400);
    const secret = { client_secret: intent.client_secret ?? '' };
    const paid = await callFromBrowser(confirm, { ...secret, ...typed('4242 4242 4242 4242') });
    expect(paid.body).toMatchObject({ status: 'succeeded' });
  });

  it('a card that is no test card, or mistyped, is refused', async () => {
    const intent = await newIntent();
    const path = `payment_intents/${intent.id}/confirm`;
    const secret = { client_secret: intent.client_secret ?? '' };
    const real = await callFromBrowser(path, { ...secret, ...typed('4539578763621486') });
    expect(real.body.error).toMatchObject({ decline_code: 'test_mode_live_card' });
    const mistyped = await callFromBrowser(path, { ...secret, ...typed('4242424242424241') });
    expect(mistyped.body.error).toMatchObject({ code: 'incorrect_number' });
    const old = await callFromBrowser(path, {
      ...secret,
      ...typed('4242424242424242'),
      'payment_method_data[card][exp_year]': '2020',
    });
    expect(old.body.error).toMatchObject({ code: 'invalid_expiry_year' });
    expect(simulators.stripe.moneyOf(intent.id).captured).toBe(0);
  });

  it.each([
    ['complete', 'succeeded', 'succeeded'],
    ['fail', 'requires_payment_method', 'failed'],
  ])('3D Secure: %s ends as %s and comes back to the shop', async (answer, status, redirectStatus) => {
    const intent = await newIntent();
    const asked = await callFromBrowser(`payment_intents/${intent.id}/confirm`, {
      client_secret: intent.client_secret ?? '',
      ...typed('4000 0025 0000 3155'),
      return_url: 'http://shop.test/order/1?tab=2',
    });
    const { next_action: next } = asked.body as unknown as Stripe.PaymentIntent;
    const address = next?.redirect_to_url?.url ?? '';
    expect(address).toMatch(/^\/simulators\/stripe\/3ds\/pi_/);
    const origin = `http://127.0.0.1:${simulators.stripePort}`;
    expect(await (await fetch(origin + address)).text()).toContain('Complete authentication');
    expect((await fetch(`${origin}${address.split('?')[0]}?cs=wrong`)).status).toBe(404);
    const left = await fetch(origin + address, {
      method: 'POST',
      body: new URLSearchParams({ answer }),
      redirect: 'manual',
    });
    const location = new URL(left.headers.get('location') ?? '');
    expect(location.pathname + location.search).toMatch(/^\/order\/1\?tab=2&payment_intent=pi_/);
    expect(location.searchParams.get('redirect_status')).toBe(redirectStatus);
    expect(location.searchParams.get('payment_intent_client_secret')).toBe(intent.client_secret);
    expect((await stripe.paymentIntents.retrieve(intent.id)).status).toBe(status);
  });

  it('a challenge that is never answered leaves the intent to be cancelled', async () => {
    const intent = await newIntent();
    simulators.stripe.pay(intent.id, '4000000000003220');
    expect((await stripe.paymentIntents.retrieve(intent.id)).status).toBe('requires_action');
    expect((await stripe.paymentIntents.cancel(intent.id)).status).toBe('canceled');
    simulators.stripe.completeChallenge(intent.id, 'complete');
    expect(simulators.stripe.moneyOf(intent.id).captured).toBe(0);
  });

  it('the script and the pages are served under the base path', async () => {
    const script = await fetch(`${simulators.url}/stripe/stripe.js`);
    expect(script.headers.get('content-type')).toContain('javascript');
    expect(await script.text()).toContain('endive');
    for (const path of ['/', '/stripe', '/inbox']) expect((await fetch(simulators.url + path)).status).toBe(200);
    expect((await fetch(`${simulators.url}/nothing`)).status).toBe(404);
  });
});

describe('levers for another process', () => {
  const pull = (name: string, input: object, type = 'application/json') =>
    fetch(`${simulators.url}/stripe/controls/${name}`, {
      method: 'POST',
      headers: { 'content-type': type },
      body: JSON.stringify(input),
    });

  it('set faults, read the journal', async () => {
    expect((await pull('set-faults', { hold: true, duplicate: 1 })).status).toBe(200);
    expect(simulators.stripe.faults).toMatchObject({ hold: true, duplicate: 1 });
    await pull('clear-faults', {});
    expect(simulators.stripe.faults.hold).toBe(false);
    const { id } = await paidIntent();
    const journal = await (await fetch(`${simulators.url}/stripe/journal.json`)).json();
    expect(journal).toContainEqual(expect.objectContaining({ type: 'charge.captured', intent: id, amount: 5000 }));
  });

  it('say what is wrong, and listen to no foreign form', async () => {
    const unknown = await pull('set-faults', { explode: 1 });
    expect([unknown.status, await unknown.json()]).toEqual([400, { message: 'There is no fault named explode.' }]);
    expect((await pull('nothing', {})).status).toBe(400);
    expect((await pull('set-faults', { hold: true }, 'text/plain')).status).toBe(415);
  });
});
