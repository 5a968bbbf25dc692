import { createHmac, randomUUID } from 'node:crypto';
import { createTestApp, type TestApp } from '@liventix/server/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  buy,
  makeReadyEvent,
  makeTeam,
  type Team,
} from '../../apps/server/src/features/organizer/organizer.test-data.ts';

const SECRET = 'whsec_of_the_attacked_server';

describe('money', () => {
  let app: TestApp;
  let team: Team;
  let eventId: string;
  let tierId: string;

  beforeAll(async () => {
    app = await createTestApp({
      worker: true,
      simulators: true,
      env: { DEMO: false, LOG_LEVEL: 'silent', STRIPE_WEBHOOK_SECRETS: [SECRET] },
    });
    team = await makeTeam(app);
    const made = await makeReadyEvent(team.owner, { orgId: team.orgId });
    eventId = made.eventId;
    tierId = made.tierIds[0] ?? '';
    await team.owner.api.organizer.publish({ eventId });
    await app.admin`update events.events set start_at = now() + interval '1 hour', doors_at = null where id = ${eventId}`;
  });
  afterAll(() => app.close());

  /** A paid order with a payment that the provider knows. */
  async function paid() {
    const order = await buy(app, eventId, [{ tierId, quantity: 1 }]);
    const [row] = await app.admin<{ intent: string; cents: number; ticket: string }[]>`
      select o.stripe_payment_intent_id as intent, o.captured_cents as cents, k.id as ticket
        from ticketing.orders o join ticketing.tickets k on k.order_id = o.id where o.id = ${order.orderId}`;
    const { intent = '', cents = 0, ticket = '' } = row ?? {};
    app.simulators?.stripe.importPayments([
      { id: intent, orderId: order.orderId, amount: cents, currency: 'eur', refunded: 0 },
    ]);
    return { ...order, intent, cents, ticket };
  }

  const event = (type: string, object: Record<string, unknown>, id = `evt_${randomUUID()}`) =>
    JSON.stringify({ id, object: 'event', type, created: 1, data: { object } });
  const sign = (payload: string, secret = SECRET, timestamp = Math.floor(Date.now() / 1000)) =>
    `t=${timestamp},v1=${createHmac('sha256', secret).update(`${timestamp}.${payload}`).digest('hex')}`;
  const send = (body: string, signature: string | null) =>
    fetch(`${app.url}/webhooks/stripe`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', ...(signature ? { 'stripe-signature': signature } : {}) },
      body,
    });
  const standing = async (orderId: string) => {
    const [row] = await app.admin<Record<string, unknown>[]>`
      select o.status, o.refunded_cents, o.disputed_cents, o.dispute_state, o.owed_cents, k.status as ticket, k.suspended_reason
        from ticketing.orders o join ticketing.tickets k on k.order_id = o.id where o.id = ${orderId}`;
    return row;
  };
  const SOUND = {
    status: 'paid',
    refunded_cents: 0,
    disputed_cents: 0,
    dispute_state: null,
    owed_cents: 0,
    ticket: 'issued',
    suspended_reason: null,
  };
  const worked = () =>
    expect
      .poll(
        async () => {
          const [row] = await app.admin<{ n: number }[]>`
            select count(*)::int as n from ticketing.webhook_events where processed_at is null`;
          return row?.n;
        },
        { timeout: 10_000, interval: 20 },
      )
      .toBe(0);

  const news = ({ intent, cents, orderId }: { intent: string; cents: number; orderId: string }) => [
    event('charge.dispute.created', {
      id: 'dp_forged',
      object: 'dispute',
      amount: cents,
      currency: 'eur',
      status: 'lost',
      payment_intent: intent,
    }),
    event('refund.updated', {
      id: 're_forged',
      object: 'refund',
      amount: cents,
      status: 'succeeded',
      payment_intent: intent,
      metadata: { order_id: orderId },
    }),
    event('charge.refunded', { id: 'ch_forged', object: 'charge', amount_refunded: cents, payment_intent: intent }),
  ];

  it('is not moved by a webhook that is unsigned, signed with another secret, or signed an hour ago', async () => {
    const order = await paid();
    for (const body of news(order)) {
      const old = sign(body, SECRET, Math.floor(Date.now() / 1000) - 3600);
      for (const signature of [null, '', 't=1,v1=00', sign(body, 'whsec_guessed'), old, sign(`${body} `)]) {
        expect((await send(body, signature)).status).toBe(400);
      }
    }
    await worked();
    expect(await standing(order.orderId)).toEqual(SOUND);
  });

  it('of one order costs the provider few calls, however often its buyer begins to pay and comes back', async () => {
    app.services.limits.clear();
    const guest = await app.guest();
    const checkoutId = randomUUID();
    await guest.api.holds.place({ eventId, checkoutId, lines: [{ tierId, quantity: 1 }] });
    const email = `${randomUUID()}@corp.test`;
    const { order } = await guest.api.orders.create({ checkoutId, email, name: 'Mara', showFirstName: false });
    const orderId = order?.id ?? '';
    const begun: string[] = [];
    for (let n = 0; n < 8; n++)
      begun.push(
        await guest.api.payments.start({ orderId }).then(
          () => 'ok',
          ({ code }: { code: string }) => code,
        ),
      );
    expect(begun).toEqual([...Array(6).fill('ok'), 'RATE_LIMITED', 'RATE_LIMITED']);
    const { paymentIntents } = app.services.stripe;
    const { retrieve } = paymentIntents;
    let looks = 0;
    paymentIntents.retrieve = ((...given: Parameters<typeof retrieve>) => {
      looks++;
      return retrieve.apply(paymentIntents, given);
    }) as typeof retrieve;
    for (let n = 0; n < 10; n++) expect((await guest.api.payments.sync({ orderId })).state).toBe('paying');
    paymentIntents.retrieve = retrieve;
    expect(looks).toBe(6);
  });

  it('is not moved by what a signed webhook says: what counts is what the provider answers', async () => {
    const order = await paid();
    for (const body of news(order)) expect((await send(body, sign(body))).status).toBe(200);
    await worked();
    expect(await standing(order.orderId)).toEqual(SOUND);
  });

  it('that is disputed admits nobody, and replaying the old webhooks of a won dispute takes nothing back', async () => {
    const order = await paid();
    const { stripe } = app.simulators ?? {};
    if (!stripe) throw new Error('no simulator');
    const dispute = stripe.dispute(order.intent);
    const opened = event('charge.dispute.created', { ...dispute });
    expect((await send(opened, sign(opened))).status).toBe(200);
    await worked();
    expect(await standing(order.orderId)).toMatchObject({ dispute_state: 'open', suspended_reason: 'dispute' });
    for (const person of [team.scanner, team.owner]) {
      expect(await person.api.organizer.admit({ eventId, ticketId: order.ticket })).toMatchObject({
        outcome: 'disputed',
      });
    }
    const [row] = await app.admin<{ n: number }[]>`
      select count(*)::int as n from analytics.scan_logs where ticket_id = ${order.ticket} and outcome = 'disputed'`;
    expect(row?.n).toBe(2);
    await expect(
      team.owner.api.organizer.refundOrder({ orderId: order.orderId, reason: 'requested' }),
    ).rejects.toMatchObject({ code: 'ORDER_DISPUTED' });
    stripe.closeDispute(dispute.id, 'won');
    const closed = event('charge.dispute.closed', { ...dispute });
    expect((await send(closed, sign(closed))).status).toBe(200);
    await worked();
    // the same event, and the same news under a new name
    const again = event('charge.dispute.created', { ...dispute, status: 'needs_response' });
    for (const body of [opened, again]) expect((await send(body, sign(body))).status).toBe(200);
    await worked();
    expect(await standing(order.orderId)).toEqual(SOUND);
  });

  it('of a stranger’s order is not asked for: refunds need the role', async () => {
    const order = await paid();
    for (const person of [team.stranger, team.scanner, team.editor, team.viewer, order.buyer]) {
      await expect(
        person.api.organizer.refundOrder({ orderId: order.orderId, reason: 'requested' }),
      ).rejects.toMatchObject({ status: expect.toSatisfy((status: number) => [401, 403, 404].includes(status)) });
    }
    expect(await standing(order.orderId)).toEqual(SOUND);
  });
});
