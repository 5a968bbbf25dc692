import { randomUUID } from 'node:crypto';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { Person } from '../../apps/server/src/features/organizer/organizer.test-data.ts';
import { reconcileOutside } from '../../apps/server/src/features/payments/reconcile-outside.ts';
import { mailRefund } from '../../apps/server/src/features/refunds/mail-refund.ts';
import { openTill, type Stage, type Till } from './checkout-till.ts';

/** Pays; a refund to it succeeds and fails later. */
const CARD_REFUND_FAILS_LATE = '4000000000005126';
/** Is processing for a while, then fails. */
const CARD_PROCESSES_THEN_FAILS = '4000000000000085';
/** Pays, and its holder disputes it at once. */
const CARD_IS_DISPUTED = '4000000000000259';
const PRICE = 2150; // a place of 20.00 with its fee

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

interface Night {
  owner: Person;
  stage: Stage;
}

/** An event that starts in an hour, of an organizer who reads her mail. */
async function night(): Promise<Night> {
  const owner = await till.app.signUp({ name: 'Theo Brandt', verified: true, secondFactor: true });
  const stage = await till.stage([{ quantity: 200 }], {
    owner_context_id: owner.userId,
    created_by: owner.userId,
    start_at: new Date(Date.now() + 3_600_000).toISOString(),
  });
  return { owner, stage };
}

async function sold({ stage }: Night, quantity = 1, card?: string) {
  const mara = await till.buyer();
  const order = await till.pay(mara, stage, quantity);
  till.sims.stripe.pay(order.intentId, card);
  await till.worked();
  return { mara, ...order };
}

/** As another program with the account's key would: no metadata of ours. */
const refundOutside = async (intentId: string, amount?: number) => {
  await till.app.services.stripe.refunds.create({ payment_intent: intentId, ...(amount ? { amount } : {}) });
};

async function reconciled(): Promise<void> {
  while (await reconcileOutside(till.app.work()));
  await till.worked();
}

const orderOf = async (orderId: string) => {
  const [row] = await till.app.admin<
    { status: string; refunded: number; disputed: number; dispute: string | null; owed: number; captured: number }[]
  >`select status, refunded_cents as refunded, disputed_cents as disputed, dispute_state as dispute, owed_cents as owed, captured_cents as captured
      from ticketing.orders where id = ${orderId}`;
  return row;
};
const ticketsOf = (orderId: string) =>
  till.app.admin<{ id: string; status: string; reason: string | null }[]>`
    select id, status, suspended_reason as reason from ticketing.tickets where order_id = ${orderId} order by sequence_number`;
const refundsOf = (orderId: string) =>
  till.app.admin<{ kind: string; status: string; amount: number }[]>`
    select kind, status, amount_cents as amount from ticketing.refunds where order_id = ${orderId} order by created_at`;

/** Subjects of what an owner was mailed about money. */
const mailsTo = (owner: Person) =>
  till.app.mails
    .filter(({ to, subject }) => to === owner.email && subject.includes('Late Frequencies'))
    .map(({ subject }) => subject);

/** What the database says an order is worth equals what the provider's journal says moved. */
async function expectAgreement(orderId: string, intentId: string): Promise<void> {
  const order = await orderOf(orderId);
  const { captured, refunded } = till.sims.stripe.moneyOf(intentId);
  expect({ captured: order?.captured, refunded: order?.refunded, disputed: order?.disputed }).toEqual({
    captured,
    refunded,
    disputed: till.sims.stripe.disputedOf(intentId),
  });
}

describe('a refund made in the provider’s dashboard', () => {
  it('ends the order as ours would: tickets void, places back, net corrected, a line in the timeline', async () => {
    const given = await night();
    const { owner, stage } = given;
    const { orderId, intentId } = await sold(given, 2);
    await refundOutside(intentId);
    await till.worked();
    expect(await orderOf(orderId)).toMatchObject({ status: 'refunded', refunded: 2 * PRICE });
    expect(await refundsOf(orderId)).toEqual([{ kind: 'outside', status: 'succeeded', amount: 2 * PRICE }]);
    expect((await ticketsOf(orderId)).map((ticket) => ticket.status)).toEqual(['refunded', 'refunded']);
    expect(await till.stock(stage.tierId)).toEqual({ issued: 0, reserved: 0 });
    const { snapshot } = await owner.api.organizer.dashboard({ eventId: stage.eventId });
    expect(snapshot.data).toMatchObject({ grossCents: 2 * PRICE, refundedCents: 2 * PRICE, netCents: 0 });
    const page = await owner.api.organizer.order({ orderId });
    expect(page.timeline.map((entry) => entry.kind)).toEqual(
      expect.arrayContaining(['refund_outside', 'refund_succeeded', 'order_refunded']),
    );
    await expectAgreement(orderId, intentId);
  });

  it('of a part is an amount that voids nothing; the part that makes it whole voids all', async () => {
    const given = await night();
    const { orderId, intentId } = await sold(given);
    await refundOutside(intentId, 500);
    await till.worked();
    expect(await orderOf(orderId)).toMatchObject({ status: 'paid', refunded: 500 });
    expect(await ticketsOf(orderId)).toMatchObject([{ status: 'issued', reason: null }]);
    await refundOutside(intentId, PRICE - 500);
    await till.worked();
    expect(await orderOf(orderId)).toMatchObject({ status: 'refunded', refunded: PRICE });
    expect(await ticketsOf(orderId)).toMatchObject([{ status: 'refunded' }]);
    await expectAgreement(orderId, intentId);
  });

  it('is found by the reconciler when its webhook was lost', async () => {
    const { orderId, intentId } = await sold(await night());
    till.sims.stripe.setFaults({ dropNext: 50 });
    await refundOutside(intentId);
    till.sims.stripe.clearFaults();
    await till.worked();
    expect(await orderOf(orderId)).toMatchObject({ status: 'paid', refunded: 0 });
    await reconciled();
    expect(await orderOf(orderId)).toMatchObject({ status: 'refunded', refunded: PRICE });
  });

  it('that nobody has told us of is found when ours is refused for it', async () => {
    const given = await night();
    const { orderId, intentId } = await sold(given);
    till.sims.stripe.setFaults({ dropNext: 50 });
    await refundOutside(intentId);
    await given.owner.api.organizer.refundOrder({ orderId, reason: 'requested' });
    await till.worked();
    till.sims.stripe.clearFaults();
    expect(await orderOf(orderId)).toMatchObject({ status: 'refunded', refunded: PRICE, owed: 0 });
    expect((await refundsOf(orderId)).map((refund) => [refund.kind, refund.status]).sort()).toEqual([
      ['order', 'failed'],
      ['outside', 'succeeded'],
    ]);
    expect(mailsTo(given.owner)).toEqual([]);
  });
});

describe('a refund that fails after it had succeeded', () => {
  const failedLate = async (given: Night) => {
    const order = await sold(given, 1, CARD_REFUND_FAILS_LATE);
    await given.owner.api.organizer.refundOrder({ orderId: order.orderId, reason: 'requested' });
    await till.worked();
    expect(await orderOf(order.orderId)).toMatchObject({ status: 'refunded', refunded: PRICE, owed: 0 });
    till.sims.stripe.settle();
    await till.worked();
    return order;
  };

  it('corrects what was sent back and says what is owed: on the order, the dashboard, Health, /admin and by mail', async () => {
    const given = await night();
    const { owner, stage } = given;
    const { mara, orderId, intentId, checkoutId } = await failedLate(given);
    expect(await orderOf(orderId)).toMatchObject({ status: 'refunded', refunded: 0, owed: PRICE });
    expect(await refundsOf(orderId)).toEqual([{ kind: 'order', status: 'failed', amount: PRICE }]);
    // its tickets have ended and its places may be sold again: that stays
    expect(await ticketsOf(orderId)).toMatchObject([{ status: 'refunded' }]);
    const { snapshot } = await owner.api.organizer.dashboard({ eventId: stage.eventId });
    expect(snapshot.data).toMatchObject({ refundedCents: 0, owedCents: PRICE });
    const health = await owner.api.organizer.health({ eventId: stage.eventId });
    expect(health.findings).toMatchObject([{ code: 'refunds_owed', count: 1 }]);
    const page = await owner.api.organizer.order({ orderId });
    expect(page).toMatchObject({ owedCents: PRICE, refundedCents: 0, refundableCents: PRICE });
    expect(page.timeline.map((entry) => entry.kind)).toEqual(
      expect.arrayContaining(['refund_succeeded', 'refund_taken_back']),
    );
    expect(await mara.api.orders.checkout({ checkoutId })).toMatchObject({ state: 'refunded', owedCents: PRICE });
    const mail = await till.app.mailTo(owner.email);
    expect(mail.subject).toContain('A refund of €21.50 did not arrive');
    expect(mail.text).toContain('still owed €21.50');
    await expectAgreement(orderId, intentId);
  });

  it('is sent once more from the order, and nothing is owed when that arrives', async () => {
    const given = await night();
    const { orderId, intentId } = await failedLate(given);
    await given.owner.api.organizer.refundOrder({ orderId, reason: 'requested' });
    await till.worked();
    expect(await orderOf(orderId)).toMatchObject({ status: 'refunded', refunded: PRICE, owed: 0 });
    till.sims.stripe.settle(); // the same card: it comes back again
    await till.worked();
    expect(await orderOf(orderId)).toMatchObject({ refunded: 0, owed: PRICE });
    await refundOutside(intentId);
    await till.worked();
    expect(await orderOf(orderId)).toMatchObject({ refunded: PRICE, owed: 0 });
    await expectAgreement(orderId, intentId);
  });

  it('is found by the reconciler when its webhook was lost', async () => {
    const given = await night();
    const { orderId, intentId } = await sold(given, 1, CARD_REFUND_FAILS_LATE);
    await given.owner.api.organizer.refundOrder({ orderId, reason: 'requested' });
    await till.worked();
    till.sims.stripe.setFaults({ dropNext: 50 });
    till.sims.stripe.settle();
    till.sims.stripe.clearFaults();
    await reconciled();
    expect(await orderOf(orderId)).toMatchObject({ refunded: 0, owed: PRICE });
    await expectAgreement(orderId, intentId);
  });

  it('is not told to the buyer as sent when it failed before the mail left', async () => {
    const given = await night();
    const order = await sold(given);
    await till.app
      .admin`update ticketing.orders set mailbox = ${`late-${randomUUID()}@example.test`} where id = ${order.orderId}`;
    const [{ mailbox } = { mailbox: '' }] = await till.app.admin<
      { mailbox: string }[]
    >`select mailbox from ticketing.orders where id = ${order.orderId}`;
    // The row as it is between the two words of the provider: succeeded, then failed, and the mail's job comes last.
    const { sql } = till.app.db.engine;
    const [{ id } = { id: '' }] = await sql<{ id: string }[]>`
      insert into ticketing.refunds (order_id, amount_cents) values (${order.orderId}, ${PRICE}) returning id`;
    await sql`select ticketing.settle_refund(${id}::uuid, true, 're_early', null)`;
    await sql`select ticketing.settle_refund(${id}::uuid, false, 're_early', 'expired_or_canceled_card')`;
    await mailRefund(till.app.work(), { refundId: id });
    expect(till.app.mails.filter((mail) => mail.to === mailbox)).toEqual([]);
    expect(await orderOf(order.orderId)).toMatchObject({ refunded: 0, owed: PRICE });
  });
});

describe('a dispute', () => {
  it('makes the order disputed, takes its money out of net, suspends its tickets and tells the owner', async () => {
    const given = await night();
    const { owner, stage } = given;
    const { mara, orderId, intentId, checkoutId } = await sold(given, 2);
    const screen = await till.watch(mara, checkoutId);
    till.sims.stripe.dispute(intentId);
    await till.becomes(screen, 'disputed');
    screen.close();
    await till.worked();
    expect(await orderOf(orderId)).toMatchObject({ status: 'paid', dispute: 'open', disputed: 2 * PRICE });
    const { snapshot } = await owner.api.organizer.dashboard({ eventId: stage.eventId });
    expect(snapshot.data).toMatchObject({ grossCents: 2 * PRICE, disputedCents: 2 * PRICE, netCents: 0, feesCents: 0 });
    expect((await owner.api.organizer.health({ eventId: stage.eventId })).findings).toMatchObject([
      { code: 'open_disputes', count: 1 },
    ]);
    const page = await owner.api.organizer.order({ orderId });
    expect(page).toMatchObject({ disputeState: 'open', disputedCents: 2 * PRICE, refundableCents: 0 });
    expect(page.disputes).toMatchObject([{ status: 'open', reason: 'fraudulent', amountCents: 2 * PRICE }]);
    expect(page.timeline.map((entry) => entry.kind)).toContain('dispute_opened');
    const [ticket] = await ticketsOf(orderId);
    const ticketId = ticket?.id ?? '';
    expect(await owner.api.organizer.admit({ eventId: stage.eventId, ticketId })).toMatchObject({
      outcome: 'disputed',
    });
    const wallet = await mara.api.tickets.get({ ticketId });
    expect(wallet.tickets[0]).toMatchObject({ suspendedReason: 'dispute', code: null });
    await expect(owner.api.organizer.refundOrder({ orderId, reason: 'requested' })).rejects.toMatchObject({
      code: 'ORDER_DISPUTED',
      status: 409,
    });
    expect(await refundsOf(orderId)).toEqual([]);
    const mail = await till.app.mailTo(owner.email);
    expect(mail.subject).toContain('€43 is disputed');
    expect(mail.text).toContain('payment was not theirs');
    await expectAgreement(orderId, intentId);
  });

  it('that is won brings the money and the tickets back', async () => {
    const given = await night();
    const { orderId, intentId } = await sold(given);
    const { id } = till.sims.stripe.dispute(intentId);
    await till.worked();
    till.sims.stripe.closeDispute(id, 'won');
    await till.worked();
    expect(await orderOf(orderId)).toMatchObject({ status: 'paid', dispute: null, disputed: 0 });
    const [ticket] = await ticketsOf(orderId);
    expect(ticket).toMatchObject({ status: 'issued', reason: null });
    expect(
      await given.owner.api.organizer.admit({ eventId: given.stage.eventId, ticketId: ticket?.id ?? '' }),
    ).toMatchObject({ outcome: 'admitted' });
    expect((await given.owner.api.organizer.health({ eventId: given.stage.eventId })).score).toBe(100);
    expect(mailsTo(given.owner)).toEqual([
      expect.stringContaining('€21.50 is disputed'),
      expect.stringContaining('You won: €21.50 is back'),
    ]);
  });

  it('that is lost keeps the money out and the tickets suspended', async () => {
    const given = await night();
    const { orderId, intentId } = await sold(given);
    const { id } = till.sims.stripe.dispute(intentId);
    till.sims.stripe.closeDispute(id, 'lost');
    await till.worked();
    expect(await orderOf(orderId)).toMatchObject({ status: 'paid', dispute: 'lost', disputed: PRICE });
    expect(await ticketsOf(orderId)).toMatchObject([{ status: 'issued', reason: 'dispute' }]);
    await expect(given.owner.api.organizer.refundOrder({ orderId, reason: 'requested' })).rejects.toMatchObject({
      code: 'ORDER_DISPUTED',
    });
    await expectAgreement(orderId, intentId);
  });

  it('over a part that is lost keeps that part out; the tickets are good again, until the rest goes back', async () => {
    const given = await night();
    const { orderId, intentId } = await sold(given, 2);
    const { id } = till.sims.stripe.dispute(intentId, { amount: 500 });
    await till.worked();
    expect((await ticketsOf(orderId)).map(({ reason }) => reason)).toEqual(['dispute', 'dispute']);
    till.sims.stripe.closeDispute(id, 'lost');
    await till.worked();
    expect(await orderOf(orderId)).toMatchObject({ status: 'paid', dispute: 'lost', disputed: 500 });
    const tickets = await ticketsOf(orderId);
    expect(tickets.map(({ reason }) => reason)).toEqual([null, null]);
    const at = { eventId: given.stage.eventId, ticketId: tickets[0]?.id ?? '' };
    expect(await given.owner.api.organizer.admit(at)).toMatchObject({ outcome: 'admitted' });
    await given.owner.api.organizer.undoAdmit(at);
    const told = () =>
      till.app.mails.find(({ to, subject }) => to === given.owner.email && subject.includes('You lost'));
    await expect.poll(() => told()?.text, { timeout: 60_000 }).toContain('The rest is paid: its 2 tickets are good.');
    await expectAgreement(orderId, intentId);
    // The provider refunds no charge that was charged back; were it to, all of it would be back.
    const { sql } = till.app.db.engine;
    await sql`select ticketing.note_outside_refund(${orderId}::uuid, ${`re_${orderId}`}, ${2 * PRICE - 500}, 'requested', clock_timestamp())`;
    expect((await ticketsOf(orderId)).map(({ reason }) => reason)).toEqual(['refund', 'refund']);
    await sql`select ticketing.settle_refund(id, true, provider_refund_id) from ticketing.refunds where order_id = ${orderId}`;
    expect((await ticketsOf(orderId)).map(({ status }) => status)).toEqual(['refunded', 'refunded']);
  });

  it('over a part of a payment in another currency takes that part, and one that is won may be lost after all', async () => {
    const given = await night();
    const order = await till.pay(await till.buyer(), given.stage);
    till.sims.stripe.captureAmount(3249, { currency: 'usd' });
    till.sims.stripe.pay(order.intentId);
    await till.worked();
    const { id } = till.sims.stripe.dispute(order.intentId, { amount: 782 });
    till.sims.stripe.closeDispute(id, 'won');
    await till.worked();
    expect(await orderOf(order.orderId)).toMatchObject({ captured: 3249, disputed: 0 });
    till.sims.stripe.closeDispute(id, 'lost');
    await till.worked();
    expect(await orderOf(order.orderId)).toMatchObject({ captured: 3249, disputed: 782 });
  });

  it('that is only asked about moves nothing, until the bank takes the money', async () => {
    const given = await night();
    const { orderId, intentId } = await sold(given);
    const { id } = till.sims.stripe.dispute(intentId, { inquiry: true });
    await till.worked();
    expect(await orderOf(orderId)).toMatchObject({ dispute: null, disputed: 0 });
    expect(await ticketsOf(orderId)).toMatchObject([{ reason: null }]);
    till.sims.stripe.escalate(id);
    await till.worked();
    expect(await orderOf(orderId)).toMatchObject({ dispute: 'open', disputed: PRICE });
    expect(await ticketsOf(orderId)).toMatchObject([{ reason: 'dispute' }]);
  });

  it('is found by the reconciler when its webhooks were lost, opened and closed', async () => {
    const { orderId, intentId } = await sold(await night());
    till.sims.stripe.setFaults({ dropNext: 50 });
    const { id } = till.sims.stripe.dispute(intentId);
    await reconciled();
    expect(await orderOf(orderId)).toMatchObject({ dispute: 'open', disputed: PRICE });
    till.sims.stripe.closeDispute(id, 'won');
    await reconciled();
    expect(await orderOf(orderId)).toMatchObject({ dispute: null, disputed: 0 });
    till.sims.stripe.clearFaults();
  });

  it('while a refund waits ends with the refund refused, the tickets suspended for the dispute, and nothing owed', async () => {
    const given = await night();
    const { orderId, intentId } = await sold(given);
    till.sims.stripe.setFaults({ apiDown: true });
    await given.owner.api.organizer.refundOrder({ orderId, reason: 'requested' });
    till.sims.stripe.dispute(intentId);
    till.sims.stripe.clearFaults();
    await till.app.admin`update graphile_worker._private_jobs set run_at = now()`;
    await till.worked();
    await reconciled();
    expect(await orderOf(orderId)).toMatchObject({ dispute: 'open', disputed: PRICE, refunded: 0, owed: 0 });
    expect(await ticketsOf(orderId)).toMatchObject([{ reason: 'dispute' }]);
    await expectAgreement(orderId, intentId);
  });
});

/** A small seeded generator: a failing run is repeated by its number. */
function dice(seed: number): (most: number) => number {
  let state = seed * 2654435761;
  return (most) => {
    state = (Math.imul(state ^ (state >>> 15), 0x2c1b3c6d) + 0x9e3779b9) | 0;
    return (state >>> 0) % most;
  };
}

describe('disputes, refunds, late failures and scans', () => {
  it('in any order, told late, doubled, backwards or never, agree with the provider’s journal', async () => {
    const given = await night();
    const { owner, stage } = given;
    const { stripe } = till.sims;
    const seeds = Number(process.env.MONEY_SEEDS ?? 6);
    for (let seed = 1; seed <= seeds; seed += 1) {
      const roll = dice(seed);
      const { orderId, intentId } = await sold(given, 1, roll(2) === 0 ? CARD_REFUND_FAILS_LATE : undefined);
      const [ticket] = await ticketsOf(orderId);
      const ticketId = ticket?.id ?? '';
      const dropped = roll(3) === 0;
      const steps = [
        () => refundOutside(intentId, 1 + roll(900)),
        () => refundOutside(intentId),
        () => owner.api.organizer.refundOrder({ orderId, reason: 'requested' }),
        () => Promise.resolve(stripe.dispute(intentId, { inquiry: roll(3) === 0, amount: PRICE })),
        () => Promise.resolve(stripe.settle()),
        () => owner.api.organizer.admit({ eventId: stage.eventId, ticketId }),
        ...(['won', 'lost'] as const).map((outcome) => async () => {
          const open = stripe
            .disputes()
            .find((each) => each.payment_intent === intentId && each.status === 'needs_response');
          if (open) stripe.closeDispute(open.id, outcome);
        }),
        async () => {
          const asked = stripe
            .disputes()
            .find((each) => each.payment_intent === intentId && each.status === 'warning_needs_response');
          if (asked) stripe.escalate(asked.id);
        },
      ];
      if (dropped) stripe.setFaults({ dropNext: 1000 });
      else stripe.hold();
      for (let step = 0; step < 6; step += 1) {
        // A refusal of ours or of the provider is an answer; what counts is where things stand afterwards.
        await steps[roll(steps.length)]?.().catch(() => undefined);
        if (roll(4) === 0 && !dropped) {
          await stripe.flush((events) => events.reverse());
          stripe.hold();
        }
      }
      if (!dropped) await stripe.flush((events) => events.reverse().flatMap((event) => [event, event]));
      stripe.clearFaults();
      stripe.settle();
      await till.worked();
      await reconciled();
      await reconciled();
      await expectAgreement(orderId, intentId);
      const order = await orderOf(orderId);
      const [after] = await ticketsOf(orderId);
      if (after?.status !== 'refunded') expect(after?.reason === 'dispute').toBe(order?.dispute !== null);
      await till.expectSound();
    }
  });
});

describe('a payment that was processing when its places lapsed', () => {
  it('cannot be paid any more once it failed', async () => {
    const given = await night();
    const mara = await till.buyer();
    const order = await till.pay(mara, given.stage, 2);
    till.sims.stripe.pay(order.intentId, CARD_PROCESSES_THEN_FAILS);
    await till.worked();
    await till.lapse(order.checkoutId);
    await till.app.db.engine.sql`select * from public.cleanup_expired_ticket_holds()`;
    await till.app.db.engine.sql`select * from ticketing.cancel_lapsed_orders(null)`;
    await till.worked();
    till.sims.stripe.settle();
    await till.worked();
    await till.app
      .admin`update graphile_worker._private_jobs set run_at = clock_timestamp() where key = ${`cancel-intent:${order.orderId}`}`;
    await till.worked();
    expect((await till.app.services.stripe.paymentIntents.retrieve(order.intentId)).status).toBe('canceled');
  });
});

describe('a free order that the host takes back', () => {
  it('ends at once, and its buyer is told by mail, with the host’s words and her name in the timeline', async () => {
    const given = await night();
    await till.app.admin`update ticketing.ticket_tiers set price_cents = 0 where id = ${given.stage.tierId}`;
    const mara = await till.buyer();
    const { orderId } = await till.order(mara, given.stage, 2);
    await till.worked();
    const page = await given.owner.api.organizer.refundOrder({
      orderId,
      reason: 'requested',
      note: 'The hall is full.',
    });
    expect(page).toMatchObject({ status: 'refunded' });
    const ended = page.timeline.filter(({ kind }) => kind === 'ticket_refunded');
    expect(ended.map(({ by }) => by)).toContain('Theo Brandt');
    const told = () =>
      till.app.mails.find(({ to, subject }) => to === mara.email && subject.includes('no longer let you in'));
    await expect.poll(() => told()?.text, { timeout: 60_000 }).toContain('The hall is full.');
  });
});

describe('a host who is to be deleted', () => {
  it('stays while a buyer of an event that is over is owed money', async () => {
    const given = await night();
    const { orderId } = await sold(given, 1, CARD_REFUND_FAILS_LATE);
    await given.owner.api.organizer.refundOrder({ orderId, reason: 'requested' });
    await till.worked();
    till.sims.stripe.settle();
    await till.worked();
    expect(await orderOf(orderId)).toMatchObject({ owed: PRICE });
    await till.app.admin`
      update events.events set start_at = now() - interval '20 hours', end_at = now() - interval '15 hours', doors_at = null where id = ${given.stage.eventId}`;
    await expect(given.owner.api.accounts.delete({ confirmEmail: given.owner.email })).rejects.toMatchObject({
      code: 'EVENTS_WITHOUT_HOST',
    });
  });
});

describe('a late payment that the bank took back', () => {
  it('is no money without a ticket: health has nothing to say of it', async () => {
    const given = await night();
    await till.app.admin`update ticketing.ticket_tiers set quantity = 1 where id = ${given.stage.tierId}`;
    const mara = await till.buyer();
    const late = await till.pay(mara, given.stage, 1);
    await till.lapse(late.checkoutId, '5 seconds');
    await sold(given);
    till.sims.stripe.hold();
    till.sims.stripe.pay(late.intentId, CARD_IS_DISPUTED);
    await till.sims.stripe.flush();
    till.sims.stripe.clearFaults();
    await till.worked();
    const dispute = till.sims.stripe.disputes().find((each) => each.payment_intent === late.intentId);
    till.sims.stripe.closeDispute(dispute?.id ?? '', 'lost');
    await till.worked();
    expect(await orderOf(late.orderId)).toMatchObject({ status: 'cancelled', disputed: PRICE });
    expect(await mara.api.orders.checkout({ checkoutId: late.checkoutId })).toMatchObject({ state: 'disputed' });
    await till.app.admin.begin(async (sql) => {
      await sql`set local session_replication_role = replica`;
      await sql`update ticketing.orders set updated_at = updated_at - interval '1 hour' where id = ${late.orderId}`;
    });
    const { findings } = await given.owner.api.organizer.health({ eventId: given.stage.eventId });
    expect(findings.filter(({ code }) => code === 'captured')).toEqual([]);
  });
});
