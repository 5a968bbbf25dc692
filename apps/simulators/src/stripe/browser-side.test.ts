import type Stripe from 'stripe';
import { describe, expect, it } from 'vitest';
import { newIntent, paidIntent, useTestBench } from './testing/start-shop.ts';

const bench = useTestBench();

describe('the browser side', () => {
  const callFromBrowser = (path: string, fields: Record<string, string>, key = 'pk_test_simulator') =>
    fetch(`${bench.simulators.url}/stripe/v1/${path}`, {
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
    const intent = await newIntent(bench);
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
    const intent = await newIntent(bench);
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
    expect(bench.simulators.stripe.moneyOf(intent.id).captured).toBe(0);
  });

  it.each([
    ['complete', 'succeeded', 'succeeded'],
    ['fail', 'requires_payment_method', 'failed'],
  ])('3D Secure: %s ends as %s and comes back to the shop', async (answer, status, redirectStatus) => {
    const intent = await newIntent(bench);
    const asked = await callFromBrowser(`payment_intents/${intent.id}/confirm`, {
      client_secret: intent.client_secret ?? '',
      ...typed('4000 0025 0000 3155'),
      return_url: 'http://shop.test/order/1?tab=2',
    });
    const { next_action: next } = asked.body as unknown as Stripe.PaymentIntent;
    const address = next?.redirect_to_url?.url ?? '';
    expect(address).toMatch(/^\/simulators\/stripe\/3ds\/pi_/);
    const origin = `http://127.0.0.1:${bench.simulators.stripePort}`;
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
    expect((await bench.stripe.paymentIntents.retrieve(intent.id)).status).toBe(status);
  });

  it('a challenge that is never answered leaves the intent to be cancelled', async () => {
    const intent = await newIntent(bench);
    bench.simulators.stripe.pay(intent.id, '4000000000003220');
    expect((await bench.stripe.paymentIntents.retrieve(intent.id)).status).toBe('requires_action');
    expect((await bench.stripe.paymentIntents.cancel(intent.id)).status).toBe('canceled');
    bench.simulators.stripe.completeChallenge(intent.id, 'complete');
    expect(bench.simulators.stripe.moneyOf(intent.id).captured).toBe(0);
  });

  it('the script and the pages are served under the base path', async () => {
    const script = await fetch(`${bench.simulators.url}/stripe/stripe.js`);
    expect(script.headers.get('content-type')).toContain('javascript');
    expect(await script.text()).toContain('endive');
    for (const path of ['/', '/stripe', '/inbox']) expect((await fetch(bench.simulators.url + path)).status).toBe(200);
    expect((await fetch(`${bench.simulators.url}/nothing`)).status).toBe(404);
  });
});

describe('levers for another process', () => {
  const pull = (name: string, input: object, type = 'application/json') =>
    fetch(`${bench.simulators.url}/stripe/controls/${name}`, {
      method: 'POST',
      headers: { 'content-type': type },
      body: JSON.stringify(input),
    });

  it('set faults, read the journal', async () => {
    expect((await pull('set-faults', { hold: true, duplicate: 1 })).status).toBe(200);
    expect(bench.simulators.stripe.faults).toMatchObject({ hold: true, duplicate: 1 });
    await pull('clear-faults', {});
    expect(bench.simulators.stripe.faults.hold).toBe(false);
    const { id } = await paidIntent(bench);
    const journal = await (await fetch(`${bench.simulators.url}/stripe/journal.json`)).json();
    expect(journal).toContainEqual(expect.objectContaining({ type: 'charge.captured', intent: id, amount: 5000 }));
  });

  it('say what is wrong, and listen to no foreign form', async () => {
    const unknown = await pull('set-faults', { explode: 1 });
    expect([unknown.status, await unknown.json()]).toEqual([400, { message: 'There is no fault named explode.' }]);
    expect((await pull('nothing', {})).status).toBe(400);
    expect((await pull('set-faults', { hold: true }, 'text/plain')).status).toBe(415);
  });
});
