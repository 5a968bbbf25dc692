import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { writePaid } from '../../apps/server/src/features/documents/receipts.rules.ts';
import { readOrderFacts } from '../../apps/server/src/features/tickets/tickets.sql.ts';
import { writeReceipt } from '../../apps/server/src/features/tickets/write-receipt.ts';
import { openTill, type Till } from './checkout-till.ts';

let till: Till;
beforeAll(async () => {
  till = await openTill();
});
afterAll(() => till.close());
afterEach(() => till.expectSound());

/** The sentence at the foot of an order's receipt, from the order as it is kept. */
async function footOf(orderId: string): Promise<string> {
  const order = await readOrderFacts(till.app.db.engine.sql, orderId);
  if (!order) throw new Error('the order is not paid');
  return writePaid(writeReceipt(order, { title: 'Late Frequencies', hostName: 'Jun Aoki' }), 'Europe/Berlin');
}

describe('the receipt of a real order', () => {
  it('says which card paid, on paper and in the mail, and never that nothing was due', async () => {
    const stage = await till.stage([{ quantity: 5 }]);
    const mara = await till.buyer();
    const { orderId, intentId } = await till.pay(mara, stage);
    till.sims.stripe.pay(intentId, '5555555555554444');
    await till.worked();
    expect(await footOf(orderId)).toMatch(/^Paid with Mastercard ending 4444 on \w+ \d+ \w+ \d{4}\.$/);
    const mail = await till.app.mailTo(mara.email);
    expect(mail.text).toMatch(/Paid with Mastercard ending 4444\s+on\s/);
    expect(mail.text).not.toContain('Nothing was due');
  });

  it('says nothing was due for a free order, and for that alone', async () => {
    const stage = await till.stage([{ quantity: 5, priceCents: 0 }, { quantity: 5 }]);
    const mara = await till.buyer();
    const { orderId } = await till.order(mara, stage);
    await till.worked();
    expect(await footOf(orderId)).toBe('Nothing was due.');
  });
});

describe('a refusal of the payment provider', () => {
  it('is told apart from its absence: this order will never be taken, so nobody is told to try again', async () => {
    // below what the provider charges: such a price is refused when it is saved, and may be loaded from elsewhere
    const stage = await till.stage([{ quantity: 5, priceCents: 10 }], { fee_bps: 0, fee_fixed_cents: 0 });
    const mara = await till.buyer();
    const { orderId } = await till.order(mara, stage);
    await expect(mara.api.payments.start({ orderId })).rejects.toMatchObject({ code: 'PAYMENT_REFUSED', status: 409 });
  });

  it('of our key is an outage to the buyer', async () => {
    const stage = await till.stage([{ quantity: 5 }]);
    const mara = await till.buyer();
    const { orderId } = await till.order(mara, stage);
    till.sims.stripe.setFaults({ keyRevoked: true });
    await expect(mara.api.payments.start({ orderId })).rejects.toMatchObject({ code: 'PAYMENT_UNAVAILABLE' });
    till.sims.stripe.clearFaults();
    expect(await mara.api.payments.start({ orderId })).toMatchObject({ amountCents: 2150 });
  });
});
