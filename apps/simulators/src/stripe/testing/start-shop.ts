import http from 'node:http';
import type { AddressInfo } from 'node:net';
import Stripe from 'stripe';
import { afterAll, afterEach, beforeAll, beforeEach, expect } from 'vitest';
import { type Simulators, startSimulators } from '../../start-simulators.ts';

/** A shop's webhook endpoint: verifies with the real SDK and tells who waits. */
export async function startShop(secret: string) {
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

export type Shop = Awaited<ReturnType<typeof startShop>>;

/** What the tests of one file share. Filled before the first of them runs. */
export interface TestBench {
  simulators: Simulators;
  shop: Shop;
  /** The real SDK with a secret key; it does not retry by itself. */
  stripe: Stripe;
}

/** Simulators and a shop for one test file: outcomes come only by `settle()`, refused webhooks come again at once. */
export function useTestBench(): TestBench {
  const bench = {} as TestBench;
  beforeAll(async () => {
    bench.simulators = await startSimulators({ settleAfterMs: 60_000, webhookRetryMs: 5 });
    bench.shop = await startShop(bench.simulators.webhookSecret);
    bench.simulators.stripe.setWebhookUrl(bench.shop.url);
    bench.stripe = connect(bench);
  });
  afterAll(async () => {
    bench.shop.stop();
    await bench.simulators.stop();
  });
  beforeEach(async () => {
    await bench.simulators.stripe.idle();
    bench.shop.events.length = 0;
  });
  afterEach(() => bench.simulators.stripe.clearFaults());
  return bench;
}

export function connect(bench: TestBench, options: { maxNetworkRetries?: number; timeout?: number } = {}): Stripe {
  return new Stripe('sk_test_simulator', {
    host: '127.0.0.1',
    port: bench.simulators.stripePort,
    protocol: 'http',
    telemetry: false,
    maxNetworkRetries: 0,
    ...options,
  });
}

export function newIntent({ stripe }: TestBench, amount = 4200, currency = 'eur') {
  return stripe.paymentIntents.create({ amount, currency });
}

/** An intent over 50.00 euro that a test card was asked to pay. */
export function paidIntent({ stripe }: TestBench, card = 'pm_card_visa') {
  return stripe.paymentIntents.create({ amount: 5000, currency: 'eur', payment_method: card, confirm: true });
}

/** What a promise was rejected with; fails when it was not. */
export async function refusal(promise: Promise<unknown>): Promise<Stripe.errors.StripeError> {
  const outcome = await promise.then(
    () => null,
    (error: unknown) => error,
  );
  expect(outcome, 'was expected to be refused').toBeInstanceOf(Stripe.errors.StripeError);
  return outcome as Stripe.errors.StripeError;
}
