import { randomUUID } from 'node:crypto';
import type postgres from 'postgres';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { expireHolds } from '../../apps/server/src/features/holds/expire-holds.ts';
import { storeWebhook } from '../../apps/server/src/features/payments/payments.sql.ts';
import { reconcilePayments } from '../../apps/server/src/features/payments/reconcile-payments.ts';
import { syncPayment } from '../../apps/server/src/features/payments/sync-payment.ts';
import { reconcileRefunds } from '../../apps/server/src/features/refunds/reconcile-refunds.ts';
import { requestRefund } from '../../apps/server/src/features/refunds/request-refund.ts';
import { sendRefundOnce } from '../../apps/server/src/features/refunds/send-refund.ts';
import { type Buyer, openTill, places, type Stage, type Till } from './checkout-till.ts';

let till: Till;
beforeAll(async () => {
  till = await openTill();
});
afterAll(() => till.close());
beforeEach(() => {
  till.app.services.limits.clear();
  till.sims.stripe.clearFaults();
});
afterEach(() => till.expectSound());

const stateOf = async (buyer: Buyer, checkoutId: string) => (await buyer.api.orders.checkout({ checkoutId })).state;
const moneyOf = (intentId: string) => till.sims.stripe.moneyOf(intentId);
const ticketsOf = async (orderId: string) =>
  (await till.app.admin`select id from ticketing.tickets where order_id = ${orderId}`).length;
const refundsOf = (orderId: string) =>
  till.app.admin<{ id: string; kind: string; status: string; amount_cents: number }[]>`
    select id, kind, status, amount_cents from ticketing.refunds where order_id = ${orderId} order by created_at`;
/** As if nothing had been heard for a while. */
const age = async (orderId: string, minutes = 3) => {
  const span = `${minutes} minutes`;
  await till.app.admin.begin(async (tx) => {
    await tx`set local session_replication_role = replica`;
    await tx`update ticketing.orders set updated_at = updated_at - ${span}::interval where id = ${orderId}`;
    await tx`update ticketing.refunds set updated_at = updated_at - ${span}::interval where order_id = ${orderId}`;
  });
};

async function lapsed(stage: Stage, quantity = 1) {
  const mara = await till.buyer();
  const order = await till.pay(mara, stage, quantity);
  await till.worked(); // what heard of the payment's beginning has looked, and will not look again
  await till.lapse(order.checkoutId);
  return { mara, ...order };
}

describe('starting to pay', () => {
  it('twice, in two tabs or at once, is one payment', async () => {
    const mara = await till.buyer();
    const { orderId } = await till.order(mara, await till.stage([{ quantity: 5 }]));
    const before = till.sims.stripe.intents().length;
    const forms = await Promise.all(Array.from({ length: 4 }, () => mara.api.payments.start({ orderId })));
    forms.push(await mara.api.payments.start({ orderId }));
    expect(new Set(forms.map((form) => form.clientSecret)).size).toBe(1);
    expect(till.sims.stripe.intents().length).toBe(before + 1);
    expect(till.sims.stripe.intents().at(-1)).toMatchObject({
      metadata: { order_id: orderId },
      payment_method_types: ['card'],
      capture_method: 'automatic',
    });
  });

  it('works although the provider keeps a failure of its own under the first key', async () => {
    const mara = await till.buyer();
    const { orderId } = await till.order(mara, await till.stage([{ quantity: 5 }]));
    till.sims.stripe.failApi('kept-error', { path: '/v1/payment_intents', method: 'POST' });
    expect(await mara.api.payments.start({ orderId })).toMatchObject({ amountCents: 2150 });
  });

  it('while the provider is away loses nothing: the places stay, and it works afterwards', async () => {
    const mara = await till.buyer();
    const { orderId, checkoutId } = await till.order(mara, await till.stage([{ quantity: 5 }]));
    till.sims.stripe.setFaults({ apiDown: true });
    await expect(mara.api.payments.start({ orderId })).rejects.toMatchObject({
      status: 503,
      code: 'PAYMENT_UNAVAILABLE',
    });
    expect(await stateOf(mara, checkoutId)).toBe('paying');
    till.sims.stripe.clearFaults();
    expect(await mara.api.payments.start({ orderId })).toMatchObject({ amountCents: 2150 });
  });

  it('whose answer got lost finds the same payment', async () => {
    const mara = await till.buyer();
    const { orderId } = await till.order(mara, await till.stage([{ quantity: 5 }]));
    const before = till.sims.stripe.intents().length;
    till.sims.stripe.failApi('accept-then-reset', { path: '/v1/payment_intents', method: 'POST', times: 3 });
    await expect(mara.api.payments.start({ orderId })).rejects.toMatchObject({ code: 'PAYMENT_UNAVAILABLE' });
    await mara.api.payments.start({ orderId });
    expect(till.sims.stripe.intents().length).toBe(before + 1);
  });

  it('after the order lapsed while the provider was asked leaves no payment open', async () => {
    const stage = await till.stage([{ quantity: 5 }]);
    const mara = await till.buyer();
    const { orderId, checkoutId } = await till.order(mara, stage);
    till.sims.stripe.setFaults({ apiDelayMs: 300 });
    const starting = mara.api.payments.start({ orderId });
    await expect.poll(() => stateOf(mara, checkoutId)).toBe('paying');
    await till.lapse(checkoutId);
    await expireHolds(till.app.work());
    await starting;
    till.sims.stripe.clearFaults();
    await till.worked();
    expect(till.sims.stripe.intents().at(-1)).toMatchObject({ metadata: { order_id: orderId }, status: 'canceled' });
  });
});

describe('paying', () => {
  it('declined keeps the places, says why, and another card works', async () => {
    const stage = await till.stage([{ quantity: 5 }]);
    const mara = await till.buyer();
    const { checkoutId, orderId, intentId } = await till.pay(mara, stage);
    const screen = await till.watch(mara, checkoutId);
    till.sims.stripe.pay(intentId, '4000000000009995');
    const said = await screen.next((given) => (given.data as { paymentError?: string }).paymentError != null);
    expect(said.data).toMatchObject({ state: 'paying', paymentError: 'insufficient_funds' });
    expect(await mara.api.payments.start({ orderId })).toMatchObject({ amountCents: 2150 });
    till.sims.stripe.pay(intentId);
    await till.becomes(screen, 'paid');
    await till.worked(); // the decline's webhook may come after: paid never goes back
    expect(await mara.api.orders.checkout({ checkoutId })).toMatchObject({
      state: 'paid',
      order: { paymentError: null },
    });
    screen.close();
  });

  it('left at the bank lapses, and nothing can be charged afterwards', async () => {
    const stage = await till.stage([{ quantity: 5 }]);
    const { mara, checkoutId, intentId } = await lapsed(stage);
    till.sims.stripe.pay(intentId, '4000002500003155');
    await till.worked();
    await expireHolds(till.app.work());
    await till.worked();
    expect(await stateOf(mara, checkoutId)).toBe('expired');
    till.sims.stripe.completeChallenge(intentId, 'complete');
    await till.worked();
    expect(till.sims.stripe.intents().find((intent) => intent.id === intentId)?.status).toBe('canceled');
    expect(moneyOf(intentId)).toEqual({ captured: 0, refunded: 0 });
    expect(await till.stock(stage.tierId)).toEqual({ issued: 0, reserved: 0 });
  });

  it('that takes its time shows as processing, outlives the hold and becomes tickets', async () => {
    const stage = await till.stage([{ quantity: 5 }]);
    const mara = await till.buyer();
    const { checkoutId, intentId } = await till.pay(mara, stage);
    const screen = await till.watch(mara, checkoutId);
    till.sims.stripe.pay(intentId, '4000000000000077');
    await till.becomes(screen, 'processing');
    till.sims.stripe.settle();
    await till.becomes(screen, 'paid');
    screen.close();
  });

  it('is known on the return page before any webhook', async () => {
    const mara = await till.buyer();
    const { orderId, intentId } = await till.pay(mara, await till.stage([{ quantity: 5 }]));
    till.sims.stripe.hold();
    till.sims.stripe.pay(intentId);
    expect(await mara.api.payments.sync({ orderId })).toMatchObject({
      state: 'paid',
      tickets: [{ sequenceNumber: 1 }],
    });
    await till.sims.stripe.flush();
    await till.worked();
    expect(await ticketsOf(orderId)).toBe(1);
  });

  it('told by webhook, return page and reconciler at once is one set of tickets', async () => {
    const stage = await till.stage([{ quantity: 50 }]);
    const mara = await till.buyer();
    const { orderId, intentId } = await till.pay(mara, stage, 3);
    till.sims.stripe.pay(intentId);
    await Promise.all([
      ...Array.from({ length: 8 }, () => mara.api.payments.sync({ orderId })),
      ...Array.from({ length: 8 }, () => syncPayment(till.app.work(), { orderId })),
    ]);
    await till.worked();
    expect(await ticketsOf(orderId)).toBe(3);
    expect(await till.stock(stage.tierId)).toEqual({ issued: 3, reserved: 0 });
  });

  it.each([
    ['another amount', 1, undefined],
    ['another currency', 2150, 'usd'],
  ])('%s than the order says is never fulfilled and goes back in full', async (_name, amount, currency) => {
    const stage = await till.stage([{ quantity: 5 }]);
    const mara = await till.buyer();
    const { checkoutId, orderId, intentId } = await till.pay(mara, stage);
    till.sims.stripe.captureAmount(amount, currency ? { currency } : {});
    till.sims.stripe.pay(intentId);
    await till.worked();
    expect(moneyOf(intentId)).toEqual({ captured: amount, refunded: amount });
    expect(await refundsOf(orderId)).toMatchObject([
      { kind: 'amount_mismatch', status: 'succeeded', amount_cents: amount },
    ]);
    expect(await mara.api.orders.checkout({ checkoutId })).toMatchObject({
      state: 'refunded',
      tickets: [],
      refundedCents: amount,
    });
    expect((await till.app.mailTo(mara.email)).subject).toContain('We’ve sent back');
    expect(await till.stock(stage.tierId)).toEqual({ issued: 0, reserved: 0 });
    for (const event of till.sims.stripe.events().slice(-6)) await till.sims.stripe.replay(event.id);
    await syncPayment(till.app.work(), { orderId });
    await till.worked();
    expect(await refundsOf(orderId)).toHaveLength(1);
  });
});

describe('webhooks', () => {
  it('twice, newest first and all again have one effect', async () => {
    const stage = await till.stage([{ quantity: 5 }]);
    const mara = await till.buyer();
    const { checkoutId, orderId, intentId } = await till.pay(mara, stage, 2);
    till.sims.stripe.hold();
    till.sims.stripe.pay(intentId, '4000000000000002');
    till.sims.stripe.pay(intentId);
    await till.sims.stripe.flush((events) => [...events].reverse().flatMap((event) => [event, event]));
    for (const event of till.sims.stripe.events().slice(-4)) await till.sims.stripe.replay(event.id);
    await till.worked();
    expect(await stateOf(mara, checkoutId)).toBe('paid');
    expect(await ticketsOf(orderId)).toBe(2);
    expect(till.app.mails.filter((mail) => mail.to === mara.email)).toHaveLength(1);
  });

  it('that never came are healed by the reconciler', async () => {
    const mara = await till.buyer();
    const { checkoutId, orderId, intentId } = await till.pay(mara, await till.stage([{ quantity: 5 }]));
    await till.worked(); // the webhook of the new payment would find the money too
    till.sims.stripe.setFaults({ dropNext: 10 });
    till.sims.stripe.pay(intentId);
    await reconcilePayments(till.app.work());
    expect(await stateOf(mara, checkoutId)).toBe('paying'); // a webhook may still be under way
    await age(orderId, 4);
    await reconcilePayments(till.app.work());
    expect(await stateOf(mara, checkoutId)).toBe('paying'); // one that is quiet for long is looked at every three minutes
    await age(orderId, 2);
    await reconcilePayments(till.app.work());
    expect(await stateOf(mara, checkoutId)).toBe('paid');
  });

  it('about an order that is not here yet wait for it', async () => {
    const stage = await till.stage([{ quantity: 5 }]);
    const mara = await till.buyer();
    const orderId = randomUUID();
    const intent = await till.app.services.stripe.paymentIntents.create({
      amount: 2150,
      currency: 'eur',
      allowed_payment_method_types: ['card'],
      metadata: { order_id: orderId },
    });
    till.sims.stripe.pay(intent.id);
    await till.sims.stripe.idle();
    const parked = () => till.app.admin`
      select id, attempts from ticketing.webhook_events where processed_at is null and last_error like '%is not here%'`;
    await expect.poll(async () => (await parked()).length).toBeGreaterThan(0);
    const made = await till.order(mara, stage);
    await till.app.admin.begin(async (tx) => {
      await tx`alter table ticketing.order_items drop constraint order_items_order_id_fkey`;
      await tx`update ticketing.order_items set order_id = ${orderId} where order_id = ${made.orderId}`;
      await tx`update ticketing.orders set id = ${orderId} where id = ${made.orderId}`;
      await tx`alter table ticketing.order_items add constraint order_items_order_id_fkey foreign key (order_id) references ticketing.orders (id) on delete cascade`;
    });
    await till.app.admin`update graphile_worker._private_jobs set run_at = now() where locked_at is null`;
    await expect.poll(() => stateOf(mara, made.checkoutId), { timeout: 8000 }).toBe('paid');
    await expect.poll(async () => (await parked()).length, { timeout: 8000 }).toBe(0);
  });

  it('about a payment that the provider does not know are given up after an hour, and stay for people', async () => {
    const subject = `pi_${randomUUID()}`;
    const id = `evt_${randomUUID()}`;
    const payload = JSON.stringify({ data: { object: { id: subject, object: 'payment_intent' } } });
    await till.app.db.engine.transaction((_tx, sql) =>
      storeWebhook(sql, { id, type: 'payment_intent.succeeded', subject, payload }),
    );
    const read = async () => (await till.app.admin`select * from ticketing.webhook_events where id = ${id}`)[0];
    const job = () => till.app.admin`select id from graphile_worker._private_jobs where key = ${`webhook:${subject}`}`;
    await expect.poll(async () => (await read())?.last_error).toMatch(/No such payment_intent/i);
    expect(await read()).toMatchObject({ processed_at: null, failed_at: null });
    expect(await job()).toHaveLength(1);
    await till.app
      .admin`update ticketing.webhook_events set received_at = received_at - interval '1 hour' where id = ${id}`;
    await till.app.admin`update graphile_worker._private_jobs set run_at = now() where locked_at is null`;
    await expect.poll(async () => (await job()).length, { timeout: 8000 }).toBe(0);
    expect(await read()).toMatchObject({ processed_at: null, failed_at: expect.any(Date), attempts: 2 });
  });

  it('about an order that never comes are given up after an hour, and stay for people', async () => {
    const { id } = await till.app.services.stripe.paymentIntents.create({
      amount: 2150,
      currency: 'eur',
      allowed_payment_method_types: ['card'],
      metadata: { order_id: randomUUID() },
    });
    till.sims.stripe.pay(id);
    await till.sims.stripe.idle();
    const open = () => till.app.admin`
      select last_error from ticketing.webhook_events
       where payload -> 'data' -> 'object' ->> 'id' = ${id} and processed_at is null and failed_at is null`;
    await expect.poll(async () => (await open())[0]?.last_error).toMatch(/is not here: succeeded, received 2150 eur/);
    await till.app
      .admin`update ticketing.webhook_events set received_at = received_at - interval '1 hour' where processed_at is null`;
    await till.app.admin`update graphile_worker._private_jobs set run_at = now() where locked_at is null`;
    await expect.poll(async () => (await open()).length, { timeout: 8000 }).toBe(0);
  });

  it('of one payment are one job, and one that comes while it runs is not lost', async () => {
    const subject = `pi_${randomUUID()}`;
    const payload = JSON.stringify({ data: { object: { id: subject, object: 'payment_intent' } } });
    const ids = [0, 1, 2].map(() => `evt_${randomUUID()}`);
    const store = (sql: postgres.ISql, id = '') =>
      storeWebhook(sql, { id, type: 'charge.succeeded', subject, payload });
    const jobs = (sql: postgres.ISql, isDone = false) => sql`
      select id from graphile_worker._private_jobs where payload ->> 'eventId' = any(${ids}::text[]) and (locked_at is not null or ${!isDone})`;
    till.sims.stripe.setFaults({ apiDelayMs: 500 });
    await till.app.db.engine.transaction(async (_tx, sql) => {
      await store(sql, ids[0]);
      await store(sql, ids[1]);
      expect(await jobs(sql)).toHaveLength(1);
    });
    await expect.poll(async () => (await jobs(till.app.admin, true)).length).toBe(1);
    await till.app.db.engine.transaction((_tx, sql) => store(sql, ids[2])); // the first is at the provider
    await expect
      .poll(async () => {
        const [row] = await till.app.admin`
          select count(*)::int as n from ticketing.webhook_events where subject = ${subject} and last_error is not null`;
        return row?.n;
      })
      .toBe(3);
    till.sims.stripe.clearFaults();
    await till.app.admin`update ticketing.webhook_events set processed_at = now() where subject = ${subject}`;
  });

  it('of other shops on the same account are put aside', async () => {
    const intent = await till.app.services.stripe.paymentIntents.create({
      amount: 500,
      currency: 'eur',
      allowed_payment_method_types: ['card'],
    });
    till.sims.stripe.pay(intent.id);
    await till.worked();
    const rows = await till.app.admin`
      select last_error from ticketing.webhook_events where payload -> 'data' -> 'object' ->> 'id' = ${intent.id}`;
    expect(rows.length).toBeGreaterThan(0);
    for (const row of rows) expect(row.last_error).toBe('no order of ours');
  });

  it('are taken only with a fresh signature of ours over the very bytes', async () => {
    const { stripe } = till.app.services;
    const send = async (body: string, signature: string | null) =>
      (
        await fetch(`${till.app.url}/webhooks/stripe`, {
          method: 'POST',
          body,
          headers: {
            'content-type': 'application/json',
            ...(signature === null ? {} : { 'stripe-signature': signature }),
          },
        })
      ).status;
    const body = JSON.stringify({
      id: `evt_${randomUUID()}`,
      object: 'event',
      type: 'test.event',
      data: { object: { id: 'x', object: 'thing' } },
    });
    const sign = (secret: string, timestamp = Math.floor(Date.now() / 1000)) =>
      stripe.webhooks.generateTestHeaderString({ payload: body, secret, timestamp });
    expect(await send(body, null)).toBe(400);
    expect(await send(body, sign('whsec_of_somebody_else'))).toBe(400);
    expect(await send(body, sign(till.sims.webhookSecret, Math.floor(Date.now() / 1000) - 3600))).toBe(400);
    for (let i = 0; i < body.length; i += 7) {
      const changed = body.slice(0, i) + String.fromCharCode(body.charCodeAt(i) ^ 1) + body.slice(i + 1);
      expect(await send(changed, sign(till.sims.webhookSecret))).toBe(400);
    }
    const stored = () => till.app.admin`select id from ticketing.webhook_events where type = 'test.event'`;
    expect(await stored()).toHaveLength(0);
    for (const secret of till.app.env.STRIPE_WEBHOOK_SECRETS) expect(await send(body, sign(secret))).toBe(200);
    expect(await stored()).toHaveLength(1);
    await till.worked();
  });
});

describe('a payment that comes too late', () => {
  it('takes the same places again when they are free', async () => {
    const stage = await till.stage([{ quantity: 2 }]);
    const { mara, checkoutId, orderId, intentId } = await lapsed(stage, 2);
    till.sims.stripe.hold();
    till.sims.stripe.pay(intentId);
    await expireHolds(till.app.work()); // and the job that cancels the intent finds the money
    await till.sims.stripe.flush();
    await till.worked();
    expect(await mara.api.orders.checkout({ checkoutId })).toMatchObject({
      state: 'paid',
      order: { late: true },
      refundedCents: 0,
    });
    expect(await ticketsOf(orderId)).toBe(2);
    expect(moneyOf(intentId)).toEqual({ captured: 4300, refunded: 0 });
  });

  it('goes back in full to who had given her places back herself, and says so: she asked for nothing more', async () => {
    const stage = await till.stage([{ quantity: 2 }]);
    const mara = await till.buyer();
    const { checkoutId, orderId, intentId } = await till.pay(mara, stage, 2);
    await till.worked();
    till.sims.stripe.hold();
    till.sims.stripe.pay(intentId);
    await mara.api.holds.release({ checkoutId });
    await till.sims.stripe.flush();
    await till.worked();
    expect(moneyOf(intentId)).toEqual({ captured: 4300, refunded: 4300 });
    const [mail] = till.app.mails.filter((each) => each.to === mara.email);
    expect(mail?.text).toMatch(/after you had given your places back/);
    expect(mail?.text).not.toMatch(/first we tell/);
    expect(await till.app.admin`select 1 from events.event_alerts where user_id = ${mara.userId}`).toHaveLength(0);
    expect(await refundsOf(orderId)).toMatchObject([{ status: 'succeeded' }]);
  });

  it('goes back in full, fees too, when the places are gone, once, and says so', async () => {
    const stage = await till.stage([{ quantity: 2 }]);
    const { mara, checkoutId, orderId, intentId } = await lapsed(stage, 2);
    const screen = await till.watch(mara, checkoutId);
    till.sims.stripe.hold();
    till.sims.stripe.pay(intentId);
    await places(await till.buyer(), stage, 1); // a full tier frees its lapsed holds by itself
    await till.sims.stripe.flush((events) => events.flatMap((event) => [event, event]));
    const back = await till.becomes(screen, 'refunded');
    expect(back.data.refundedCents).toBe(4300);
    await Promise.all([syncPayment(till.app.work(), { orderId }), syncPayment(till.app.work(), { orderId })]);
    for (const event of till.sims.stripe.events().slice(-4)) await till.sims.stripe.replay(event.id);
    await till.worked();
    expect(await refundsOf(orderId)).toMatchObject([{ kind: 'late_payment', status: 'succeeded', amount_cents: 4300 }]);
    expect(moneyOf(intentId)).toEqual({ captured: 4300, refunded: 4300 });
    expect(await mara.api.orders.checkout({ checkoutId })).toMatchObject({
      state: 'refunded',
      tickets: [],
      freeNow: 1,
    });
    expect(till.app.mails.filter((mail) => mail.to === mara.email).map((mail) => mail.subject)).toEqual([
      'We’ve sent back your €43 for Late Frequencies',
    ]);
    screen.close();
  });

  it('after the event is over always goes back', async () => {
    const stage = await till.stage([{ quantity: 2 }]);
    const { mara, checkoutId, intentId } = await lapsed(stage);
    till.sims.stripe.hold();
    till.sims.stripe.pay(intentId);
    await till.app
      .admin`update events.events set start_at = now() - interval '2 days', end_at = now() - interval '1 day' where id = ${stage.eventId}`;
    await expireHolds(till.app.work());
    await till.sims.stripe.flush();
    await till.worked();
    expect(await stateOf(mara, checkoutId)).toBe('refunded');
    expect(moneyOf(intentId)).toEqual({ captured: 2150, refunded: 2150 });
  });

  it('found while its intent is cancelled is settled without any webhook', async () => {
    const stage = await till.stage([{ quantity: 2 }]);
    const { mara, checkoutId, intentId } = await lapsed(stage);
    till.sims.stripe.setFaults({ dropNext: 10 });
    till.sims.stripe.pay(intentId);
    await expireHolds(till.app.work());
    await till.worked();
    expect(await stateOf(mara, checkoutId)).toBe('paid');
  });

  it('of an order that lapsed an hour ago is found by the reconciler', async () => {
    const stage = await till.stage([{ quantity: 2 }]);
    const { mara, checkoutId, orderId, intentId } = await lapsed(stage);
    till.sims.stripe.pay(intentId, '4000000000000077');
    await till.worked();
    await expireHolds(till.app.work());
    await till.worked();
    expect(await stateOf(mara, checkoutId)).toBe('expired');
    till.sims.stripe.setFaults({ dropNext: 10 });
    till.sims.stripe.settle();
    await age(orderId);
    await reconcilePayments(till.app.work());
    expect(await stateOf(mara, checkoutId)).toBe('paid');
  });

  it('that failed days after its order lapsed, unheard, cannot be paid any more', async () => {
    const stage = await till.stage([{ quantity: 2 }]);
    const { orderId, intentId } = await lapsed(stage);
    till.sims.stripe.pay(intentId, '4000000000000085'); // is processing for a while, then fails
    await till.worked();
    await expireHolds(till.app.work());
    await till.worked();
    till.sims.stripe.setFaults({ dropNext: 10 });
    till.sims.stripe.settle();
    await till.app.admin.begin(async (tx) => {
      await tx`set local session_replication_role = replica`;
      await tx`
        update ticketing.orders set created_at = created_at - interval '3 days', cancelled_at = cancelled_at - interval '3 days',
               updated_at = updated_at - interval '3 days' where id = ${orderId}`;
    });
    await reconcilePayments(till.app.work());
    await till.app.admin`
      update graphile_worker._private_jobs set run_at = clock_timestamp() where key = ${`cancel-intent:${orderId}`}`;
    await till.worked();
    expect((await till.app.services.stripe.paymentIntents.retrieve(intentId)).status).toBe('canceled');
  });

  it('by the form of a checkout that was changed meanwhile goes back, heard of before its order is closed or after', async () => {
    const stage = await till.stage([{ quantity: 9 }]);
    for (const isClosed of [true, false]) {
      const mara = await till.buyer();
      const { checkoutId, orderId, intentId } = await till.pay(mara, stage, 2);
      await till.worked();
      const checkout = { eventId: stage.eventId, checkoutId: randomUUID(), replaces: checkoutId };
      await mara.api.holds.place({ ...checkout, lines: [{ tierId: stage.tierId, quantity: 3 }] });
      till.sims.stripe.pay(intentId);
      if (isClosed) await expireHolds(till.app.work());
      await till.worked();
      expect(moneyOf(intentId)).toEqual({ captured: 4300, refunded: 4300 });
      expect(await ticketsOf(orderId)).toBe(0);
      expect(await stateOf(mara, checkout.checkoutId)).toBe('holding');
      expect(await mara.api.orders.checkout({ checkoutId })).toMatchObject({
        state: 'refunded',
        order: { cancelReason: 'by_buyer' },
      });
    }
  });

  it('beside the one that its order keeps pays nothing and goes back whole, whichever is paid first', async () => {
    const stage = await till.stage([{ quantity: 4 }]);
    for (const isFirst of [true, false]) {
      const mara = await till.buyer();
      const { checkoutId, orderId, intentId } = await till.pay(mara, stage);
      // Made by another program with the account's key, in the name of her order.
      const { id: foreign } = await till.app.services.stripe.paymentIntents.create({
        amount: 2150,
        currency: 'eur',
        allowed_payment_method_types: ['card'],
        metadata: { order_id: orderId },
      });
      for (const id of isFirst ? [foreign, intentId] : [intentId, foreign]) {
        till.sims.stripe.hold();
        till.sims.stripe.pay(id);
        // Somebody saw it first and sent a part back by hand.
        if (id === foreign)
          await till.app.services.stripe.refunds.create({ payment_intent: foreign, amount: isFirst ? 100 : 2150 });
        await till.sims.stripe.flush();
        till.sims.stripe.clearFaults();
        await till.worked();
      }
      expect(moneyOf(foreign)).toEqual({ captured: 2150, refunded: 2150 });
      expect(moneyOf(intentId)).toEqual({ captured: 2150, refunded: 0 });
      expect(await till.intentOf(orderId)).toBe(intentId);
      expect(await refundsOf(orderId)).toEqual([]);
      expect(await ticketsOf(orderId)).toBe(1);
      expect(await stateOf(mara, checkoutId)).toBe('paid');
    }
  });

  /** The expiry may win so clearly that the provider has cancelled the intent before the card is shown: then nothing is charged. */
  const payUnlessEnded = (intentId: string): void => {
    if (till.sims.stripe.intents().find((intent) => intent.id === intentId)?.status !== 'canceled')
      till.sims.stripe.pay(intentId);
  };

  it('races its expiry and its resale: tickets or all the money, never both, never neither', async () => {
    const stage = await till.stage([{ quantity: 4 }]);
    const runs = await Promise.all(Array.from({ length: 8 }, () => till.buyer())).then((buyers) =>
      Promise.all(
        buyers
          .slice(0, 4)
          .map(async (buyer, i) => ({ buyer, rival: buyers[i + 4] as Buyer, ...(await till.pay(buyer, stage, 1)) })),
      ),
    );
    for (const run of runs) await till.lapse(run.checkoutId, '-150 milliseconds');
    await Promise.all(
      runs.flatMap((run, i) => [
        new Promise((resolve) => setTimeout(resolve, 100 + i * 30)).then(() => payUnlessEnded(run.intentId)),
        new Promise((resolve) => setTimeout(resolve, 140 + i * 20)).then(() => expireHolds(till.app.work())),
        new Promise((resolve) => setTimeout(resolve, 150 + i * 15)).then(() =>
          places(run.rival, stage, 1).catch(() => null),
        ),
      ]),
    );
    await till.worked();
    await expireHolds(till.app.work());
    await till.worked();
    for (const run of runs) {
      const { captured, refunded } = moneyOf(run.intentId);
      expect([await ticketsOf(run.orderId), captured - refunded]).toEqual(captured > refunded ? [1, 2150] : [0, 0]);
      expect(['paid', 'refunded', 'expired']).toContain(await stateOf(run.buyer, run.checkoutId));
    }
  });
});

describe('a refund', () => {
  async function paid(card = '4242424242424242', quantity = 2, event = {}) {
    const stage = await till.stage([{ quantity: 5 }], event);
    const mara = await till.buyer();
    const order = await till.pay(mara, stage, quantity);
    till.sims.stripe.pay(order.intentId, card);
    await till.worked();
    expect(await stateOf(mara, order.checkoutId)).toBe('paid');
    return { stage, mara, ...order };
  }
  const refund = (orderId: string, keepFees = false) =>
    requestRefund(till.app.work(), { orderId, reason: 'requested', keepFees });

  it('suspends the tickets, ends them when the money is on its way, and gives the places back', async () => {
    const { stage, mara, checkoutId, orderId, intentId } = await paid();
    till.sims.stripe.setFaults({ apiDelayMs: 200 });
    const screen = await till.watch(mara, checkoutId);
    expect(await refund(orderId)).toMatchObject({ amountCents: 4300 });
    expect(await stateOf(mara, checkoutId)).toBe('refunding');
    await expect(refund(orderId)).rejects.toMatchObject({ code: 'REFUND_PENDING' });
    await till.becomes(screen, 'refunded');
    till.sims.stripe.clearFaults();
    await till.worked();
    expect(moneyOf(intentId)).toEqual({ captured: 4300, refunded: 4300 });
    expect(await till.stock(stage.tierId)).toEqual({ issued: 0, reserved: 0 });
    await expect(refund(orderId)).rejects.toMatchObject({ code: 'REFUND_TOO_MUCH' });
    expect(till.app.mails.filter((mail) => mail.to === mara.email).map((mail) => mail.subject)).toContain(
      '€43 for Late Frequencies is on its way back',
    );
    screen.close();
  });

  it.each([
    [true, 4000],
    [false, 4300],
  ])('keeps the fees only if the policy said so (%s)', async (policy, amount) => {
    const { orderId, intentId } = await paid(undefined, 2, { refund_keeps_fees: policy });
    expect(await refund(orderId, true)).toMatchObject({ amountCents: amount });
    await till.worked();
    expect(moneyOf(intentId).refunded).toBe(amount);
  });

  it('keeps no fee from who bought before the terms did', async () => {
    const { stage, mara, checkoutId, orderId, intentId } = await paid(undefined, 2, { refund_policy: 'until_1d' });
    await till.app
      .admin`update events.events set refund_policy = 'none', refund_keeps_fees = true where id = ${stage.eventId}`;
    const { event } = await mara.api.orders.checkout({ checkoutId });
    expect(event).toMatchObject({ refundPolicy: 'until_1d', refundKeepsFees: false });
    expect(await refund(orderId, true)).toMatchObject({ amountCents: 4300 });
    await till.worked();
    expect(moneyOf(intentId).refunded).toBe(4300);
  });

  it('keeps the fees of what is left when a part went back before', async () => {
    const { orderId, intentId } = await paid(undefined, 2, { refund_keeps_fees: true });
    await till.app.services.stripe.refunds.create({ payment_intent: intentId, amount: 500 });
    await till.worked();
    expect(await refund(orderId, true)).toMatchObject({ amountCents: 3500 });
    await till.worked();
    expect(moneyOf(intentId).refunded).toBe(4000);
  });

  it.each(['accept-then-reset', 'accept-then-error', 'kept-error', 'reset'] as const)(
    'sent through a fault (%s) leaves once',
    async (kind) => {
      const { mara, checkoutId, orderId, intentId } = await paid();
      till.sims.stripe.failApi(kind, { path: '/v1/refunds', method: 'POST', times: 4 });
      await refund(orderId);
      await age(orderId);
      await expect
        .poll(
          async () => {
            await till.app.admin`update graphile_worker._private_jobs set run_at = now() where locked_at is null`;
            return stateOf(mara, checkoutId);
          },
          { timeout: 15_000, interval: 200 },
        )
        .toBe('refunded');
      await reconcileRefunds(till.app.work());
      await till.worked();
      expect(moneyOf(intentId)).toEqual({ captured: 4300, refunded: 4300 });
      expect(till.sims.stripe.refunds().filter((each) => each.payment_intent === intentId)).toHaveLength(1);
    },
  );

  it('of a part of the money, sent through a lost answer, leaves once and keeps the tickets', async () => {
    const { mara, checkoutId, orderId, intentId } = await paid();
    const [row] = await till.app.admin<{ id: string }[]>`
      insert into ticketing.refunds (order_id, amount_cents, reason, kind) values (${orderId}, 500, 'goodwill', 'goodwill') returning id`;
    till.sims.stripe.failApi('accept-then-reset', { path: '/v1/refunds', method: 'POST', times: 3 });
    till.sims.stripe.setFaults({ dropNext: 10 }); // nor does a webhook tell
    await expect(sendRefundOnce(till.app.work(), { refundId: row?.id ?? '' })).rejects.toThrow();
    await sendRefundOnce(till.app.work(), { refundId: row?.id ?? '' });
    await till.worked();
    expect(moneyOf(intentId)).toEqual({ captured: 4300, refunded: 500 });
    expect(await mara.api.orders.checkout({ checkoutId })).toMatchObject({ state: 'paid', refundedCents: 500 });
  });

  it('that is pending and then fails gives the tickets back', async () => {
    const { mara, checkoutId, orderId } = await paid('4000000000007726');
    await refund(orderId);
    await till.worked();
    expect(await stateOf(mara, checkoutId)).toBe('refunding');
    till.sims.stripe.settle();
    await till.worked();
    expect(await stateOf(mara, checkoutId)).toBe('paid');
    expect(await refundsOf(orderId)).toMatchObject([{ status: 'failed' }]);
  });

  it('whose last word got lost is found by the reconciler', async () => {
    const { mara, checkoutId, orderId } = await paid('4000000000007726');
    await refund(orderId);
    await till.worked();
    till.sims.stripe.setFaults({ dropNext: 10 });
    till.sims.stripe.settle();
    await age(orderId);
    await reconcileRefunds(till.app.work());
    expect(await stateOf(mara, checkoutId)).toBe('paid');
  });

  it('asked for by two at once is one', async () => {
    const { orderId, intentId } = await paid();
    const answers = await Promise.allSettled([refund(orderId), refund(orderId), refund(orderId)]);
    expect(answers.filter((answer) => answer.status === 'fulfilled')).toHaveLength(1);
    await till.worked();
    expect(moneyOf(intentId).refunded).toBe(4300);
  });

  it('of a free order ends its tickets at once', async () => {
    const stage = await till.stage([{ quantity: 5, priceCents: 0 }]);
    const mara = await till.buyer();
    const { orderId, checkoutId } = await till.order(mara, stage, 2);
    expect(await refund(orderId)).toEqual({ refundId: null, amountCents: 0 });
    expect(await stateOf(mara, checkoutId)).toBe('refunded');
    expect(await till.stock(stage.tierId)).toEqual({ issued: 0, reserved: 0 });
    await till.worked();
  });
});
