import { describe, expect, it } from 'vitest';
import { newIntent, paidIntent, refusal, useTestBench } from './testing/start-shop.ts';

const bench = useTestBench();

describe('refunds', () => {
  it('partial, the rest, and never more than was captured', async () => {
    const { id } = await paidIntent(bench);
    await bench.stripe.refunds.create({ payment_intent: id, amount: 2000, metadata: { refund_id: 'r-1' } });
    await refusal(bench.stripe.refunds.create({ payment_intent: id, amount: 4000 }));
    const rest = await bench.stripe.refunds.create({ payment_intent: id });
    expect(rest).toMatchObject({ amount: 3000, status: 'succeeded' });
    expect((await refusal(bench.stripe.refunds.create({ payment_intent: id }))).code).toBe('charge_already_refunded');
    expect(bench.simulators.stripe.moneyOf(id)).toEqual({ captured: 5000, refunded: 5000 });
    const listed = await bench.stripe.refunds.list({ payment_intent: id });
    expect(listed.data.map((refund) => refund.amount)).toEqual([3000, 2000]);
    expect((await bench.stripe.refunds.retrieve(rest.id)).status).toBe('succeeded');
  });

  it('an unpaid intent has nothing to refund', async () => {
    const open = await newIntent(bench);
    expect((await refusal(bench.stripe.refunds.create({ payment_intent: open.id }))).type).toBe(
      'StripeInvalidRequestError',
    );
  });

  it.each([
    ['4000000000007726', 'pending', 'failed', 5000],
    ['4000000000005126', 'succeeded', 'failed', 5000],
  ])('a refund to %s is %s first and %s later, and the money can be sent again', async (card, first, later, left) => {
    const intent = await newIntent(bench, 5000);
    bench.simulators.stripe.pay(intent.id, card);
    const refund = await bench.stripe.refunds.create({ payment_intent: intent.id });
    expect(refund.status).toBe(first);
    bench.simulators.stripe.settle();
    expect(await bench.stripe.refunds.retrieve(refund.id)).toMatchObject({
      status: later,
      failure_reason: 'expired_or_canceled_card',
    });
    await bench.simulators.stripe.idle();
    expect(bench.shop.types()).toContain('refund.failed');
    expect(bench.simulators.stripe.moneyOf(intent.id)).toEqual({ captured: left, refunded: 0 });
    expect((await bench.stripe.refunds.create({ payment_intent: intent.id })).amount).toBe(5000);
    bench.simulators.stripe.settle();
  });

  it('a pending refund may also succeed', async () => {
    const { id } = await paidIntent(bench, 'pm_card_pendingRefund');
    const refund = await bench.stripe.refunds.create({ payment_intent: id });
    expect(refund.status).toBe('pending');
    bench.simulators.stripe.settle();
    expect((await bench.stripe.refunds.retrieve(refund.id)).status).toBe('succeeded');
  });

  it('a disputed charge is announced and cannot be refunded until the dispute is won', async () => {
    const { id } = await paidIntent(bench, 'pm_card_createDispute');
    await bench.simulators.stripe.idle();
    expect(bench.shop.types()).toContain('charge.dispute.created');
    expect((await refusal(bench.stripe.refunds.create({ payment_intent: id }))).code).toBe('charge_disputed');
    const [dispute] = (await bench.stripe.disputes.list({ payment_intent: id })).data;
    bench.simulators.stripe.closeDispute(dispute?.id ?? '', 'won');
    expect((await bench.stripe.refunds.create({ payment_intent: id })).amount).toBe(5000);
  });
});

describe('lists', () => {
  it('events come in pages, newest first, and can be asked for by type', async () => {
    for (let count = 0; count < 4; count += 1) await paidIntent(bench);
    const seen: string[] = [];
    for await (const event of bench.stripe.events.list({ limit: 3 })) seen.push(event.id);
    expect(seen.length).toBe(bench.simulators.stripe.events().length);
    expect(new Set(seen).size).toBe(seen.length);
    const paid = await bench.stripe.events.list({ type: 'payment_intent.succeeded', limit: 2 });
    expect(paid).toMatchObject({ has_more: true });
    expect(paid.data.every((event) => event.type === 'payment_intent.succeeded')).toBe(true);
    expect((await bench.stripe.events.retrieve(seen[0] ?? '')).id).toBe(seen[0]);
    const future = Math.floor(Date.now() / 1000) + 60;
    expect((await bench.stripe.events.list({ created: { gte: future } })).data).toEqual([]);
  });

  it('intents are found by metadata and listed by time', async () => {
    const intent = await bench.stripe.paymentIntents.create({
      amount: 900,
      currency: 'eur',
      metadata: { order_id: 'o-77' },
    });
    const found = await bench.stripe.paymentIntents.search({
      query: `metadata['order_id']:'o-77' AND status:'requires_payment_method'`,
    });
    expect(found.data.map(({ id }) => id)).toEqual([intent.id]);
    const listed = await bench.stripe.paymentIntents.list({ created: { gte: intent.created }, limit: 1 });
    expect(listed.data[0]?.id).toBe(intent.id);
  });
});
