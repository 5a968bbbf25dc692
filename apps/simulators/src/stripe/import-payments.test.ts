import Stripe from 'stripe';
import { expect, test } from 'vitest';
import { startSimulators } from '../start-simulators.ts';

test('a payment of the past can be re-read and refunded, and announces nothing itself', async () => {
  const simulators = await startSimulators({});
  const stripe = new Stripe('sk_test_past', {
    host: '127.0.0.1',
    port: simulators.stripePort,
    protocol: 'http',
    telemetry: false,
  });
  const past = [
    { id: 'pi_past_1', orderId: 'one', amount: 2500, currency: 'eur', refunded: 0 },
    { id: 'pi_past_2', orderId: 'two', amount: 1800, currency: 'eur', refunded: 1800, refundId: 're_past_2' },
  ];
  expect(simulators.stripe.importPayments(past)).toBe(2);
  expect(simulators.stripe.importPayments(past)).toBe(0);
  expect(simulators.stripe.events()).toEqual([]);

  expect(await stripe.paymentIntents.retrieve('pi_past_1')).toMatchObject({
    status: 'succeeded',
    amount_received: 2500,
  });
  expect(await stripe.refunds.create({ payment_intent: 'pi_past_1' })).toMatchObject({
    amount: 2500,
    status: 'succeeded',
  });
  await expect(stripe.refunds.create({ payment_intent: 'pi_past_2' })).rejects.toMatchObject({
    code: 'charge_already_refunded',
  });
  expect((await stripe.refunds.list({ payment_intent: 'pi_past_2' })).data.map((refund) => refund.id)).toEqual([
    're_past_2',
  ]);
  await simulators.stop();
});
