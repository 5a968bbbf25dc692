import { randomUUID } from 'node:crypto';
import type { Snapshot } from '@liventix/contracts/live';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { breathe } from '../../apps/server/src/features/demo/breathe.ts';
import { expireHolds } from '../../apps/server/src/features/holds/expire-holds.ts';
import { openTill, places, type Till } from './checkout-till.ts';

let till: Till;
beforeAll(async () => {
  till = await openTill();
});
afterAll(() => till.close());
beforeEach(() => till.app.services.limits.clear());
afterEach(() => till.expectSound());

describe('buying', () => {
  it('a guest who pays has her tickets, her mail and an order in her name', async () => {
    const stage = await till.stage([{ quantity: 10 }]);
    const visitor = till.app.visitor();
    const checkoutId = randomUUID();
    const held = await visitor.api.holds.place({
      eventId: stage.eventId,
      checkoutId,
      lines: [{ tierId: stage.tierId, quantity: 2 }],
    });
    const taken = await visitor.api.orders.checkout({ checkoutId });
    expect(held).toEqual({ checkoutId, expiresAt: taken.expiresAt });
    expect(taken).toMatchObject({
      checkoutId,
      state: 'holding',
      totalCents: 4300,
      feesCents: 300,
      extendable: true,
      freeNow: null,
    });
    const actor = await visitor.actor();
    expect(actor?.isAnonymous).toBe(true);
    const mara = { ...visitor, userId: actor?.userId ?? '', email: `mara-${randomUUID()}@example.test` };
    const order = await mara.api.orders.create({
      checkoutId,
      email: mara.email,
      name: 'Mara Lind',
      showFirstName: false,
      attendeeNames: { [stage.tierId]: ['Mara', 'Bo'] },
    });
    expect(order).toMatchObject({ state: 'holding', order: { email: mara.email, paymentError: null } });
    const orderId = order.order?.id ?? '';
    const form = await mara.api.payments.start({ orderId });
    expect(form).toMatchObject({
      amountCents: 4300,
      currency: 'EUR',
      publishableKey: till.app.env.STRIPE_PUBLISHABLE_KEY,
    });
    expect(form.clientSecret).toMatch(/^pi_.*_secret_/);
    const screen = await till.watch(mara, checkoutId);
    till.sims.stripe.pay(await till.intentOf(orderId));
    const paid = await till.becomes(screen, 'paid');
    expect(paid.data).toMatchObject({ ticketCount: 2, orderCode: order.order?.code });
    const view = await mara.api.orders.checkout({ checkoutId });
    expect(view.tickets.map((ticket) => ticket.holderName)).toEqual(['Mara', 'Bo']);
    expect(view.expiresAt).toBeNull();
    const mail = await till.app.mailTo(mara.email);
    expect(mail.subject).toBe('Your 2 tickets for Late Frequencies');
    expect(mail.attachments?.[0]?.contentType).toBe('application/pdf');
    expect(await mara.api.orders.mine()).toMatchObject([{ checkoutId, state: 'paid', ticketCount: 2 }]);
    expect((await mara.api.orders.byCode({ code: order.order?.code ?? '' })).checkoutId).toBe(checkoutId);
    await till.worked();
    expect(till.app.mails.filter((each) => each.to === mara.email)).toHaveLength(1);
    expect(await till.stock(stage.tierId)).toEqual({ issued: 2, reserved: 0 });
    await expect
      .poll(async () =>
        (await till.app.admin`select kind from analytics.user_actions where user_id = ${mara.userId} order by id`).map(
          (row) => row.kind,
        ),
      )
      .toEqual(['order', 'paid']);
    screen.close();
  });

  it('a free order is complete at once, without a payment', async () => {
    const stage = await till.stage([{ quantity: 5, priceCents: 0 }]);
    const mara = await till.buyer();
    const view = await till.order(mara, stage, 2);
    expect(view).toMatchObject({ state: 'paid', totalCents: 0, feesCents: 0 });
    expect(view.tickets).toHaveLength(2);
    await expect(mara.api.payments.start({ orderId: view.orderId })).rejects.toMatchObject({ code: 'ORDER_PAID' });
    await till.app.mailTo(mara.email);
  });

  it('several kinds of ticket are one checkout, all or nothing', async () => {
    const stage = await till.stage([{ quantity: 5 }, { quantity: 1, priceCents: 4000 }]);
    const [floor = '', balcony = ''] = stage.tierIds;
    const mara = await till.buyer();
    const both = (quantity: number) =>
      mara.api.holds.place({
        eventId: stage.eventId,
        checkoutId: randomUUID(),
        lines: [
          { tierId: floor, quantity: 1 },
          { tierId: balcony, quantity },
        ],
      });
    await expect(both(2)).rejects.toMatchObject({
      code: 'TIER_NOT_ENOUGH',
      data: { details: { free: 1, tierId: balcony } },
    });
    expect(await till.stock(floor)).toEqual({ issued: 0, reserved: 0 });
    expect((await mara.api.orders.checkout(await both(1))).lines).toHaveLength(2);
  });
});

describe('what cannot be asked', () => {
  it.each([0, -1, 1.5, 2 ** 53, 51, Number.NaN])(
    'a quantity of %s is refused before anything happens',
    async (quantity) => {
      const stage = await till.stage([{ quantity: 100 }]);
      await expect(places(await till.buyer(), stage, quantity)).rejects.toMatchObject({ code: 'INPUT_INVALID' });
      expect(await till.stock(stage.tierId)).toEqual({ issued: 0, reserved: 0 });
    },
  );

  it('more than an order or a person may have is refused with the limits', async () => {
    const stage = await till.stage([{ quantity: 100, maxPerOrder: 4 }, { quantity: 100 }], { max_per_person: 5 });
    const mara = await till.buyer();
    await expect(places(mara, stage, 5)).rejects.toMatchObject({
      code: 'QUANTITY_INVALID',
      data: { details: { min: 1, max: 4 } },
    });
    await expect(places(mara, { ...stage, tierId: stage.tierIds[1] ?? '' }, 6)).rejects.toMatchObject({
      code: 'PERSON_LIMIT',
      data: { details: { max: 5, have: 0 } },
    });
  });

  it('the same mailbox under another guest counts as the same person', async () => {
    const stage = await till.stage([{ quantity: 100, priceCents: 0 }], { max_per_person: 3 });
    const mara = await till.buyer();
    await till.order(mara, stage, 2);
    const again = { ...(await till.buyer()), email: mara.email.toUpperCase() };
    await expect(till.order(again, stage, 2)).rejects.toMatchObject({
      code: 'PERSON_LIMIT',
      data: { details: { max: 3, have: 2 } },
    });
  });

  it("someone else's checkout and order are as unknown as missing ones", async () => {
    const stage = await till.stage([{ quantity: 10 }]);
    const mara = await till.buyer();
    const thief = await till.buyer();
    const { checkoutId, orderId, order } = await till.pay(mara, stage, 1);
    const asked = async (id: string, oid: string, code: string) =>
      (
        await Promise.allSettled([
          thief.api.orders.checkout({ checkoutId: id }),
          thief.api.holds.extend({ checkoutId: id }),
          thief.api.holds.release({ checkoutId: id }),
          thief.api.orders.create({ checkoutId: id, email: 'x@example.test', name: 'X', showFirstName: false }),
          thief.api.payments.start({ orderId: oid }),
          thief.api.payments.sync({ orderId: oid }),
          thief.api.orders.byCode({ code }),
        ])
      ).map(
        (answer) => answer.status === 'rejected' && [answer.reason.status, answer.reason.code, answer.reason.message],
      );
    const foreign = await asked(checkoutId, orderId, order?.code ?? '');
    expect(foreign).toEqual(await asked(randomUUID(), randomUUID(), 'ZZZZZZZZ'));
    for (const answer of foreign) expect(answer).toMatchObject([404, expect.anything(), expect.anything()]);
    expect(await (await thief.socket()).join('order', checkoutId)).toEqual({ ok: false, reason: 'not_found' });
    expect(await thief.api.orders.mine()).toEqual([]);
    expect((await mara.api.orders.checkout({ checkoutId })).state).toBe('paying');
  });

  it('a tier of another event, a private event and a draft sell nothing to strangers', async () => {
    const here = await till.stage([{ quantity: 10 }]);
    const there = await till.stage([{ quantity: 10 }]);
    const hidden = await till.stage([{ quantity: 10 }], { visibility: 'private' });
    const draft = await till.stage([{ quantity: 10 }], { status: 'draft' });
    const mara = await till.buyer();
    await expect(places(mara, { ...here, tierId: there.tierId }, 1)).rejects.toMatchObject({ code: 'TIER_UNKNOWN' });
    await expect(places(mara, hidden, 1)).rejects.toMatchObject({ code: 'NOT_FOUND' });
    await expect(places(mara, draft, 1)).rejects.toMatchObject({ code: 'NOT_FOUND' });
  });

  it('how many are left stays unsaid where the organizer hides it', async () => {
    const stage = await till.stage([{ quantity: 3 }], { availability_display: 'hidden' });
    const refused = await places(await till.buyer(), stage, 4).catch((error) => error);
    expect(refused).toMatchObject({ code: 'TIER_NOT_ENOUGH', message: expect.stringContaining('Only a few left') });
    expect(refused.data.details).toEqual({ tierId: stage.tierId, free: 'a few' });
  });
});

describe('a hold', () => {
  it('sent twice at once is one hold; sent with other places it is refused', async () => {
    const stage = await till.stage([{ quantity: 10 }, { quantity: 10 }]);
    const mara = await till.buyer();
    const checkoutId = randomUUID();
    const both = await Promise.all([places(mara, stage, 2, checkoutId), places(mara, stage, 2, checkoutId)]);
    expect(both[0].expiresAt).toEqual(both[1].expiresAt);
    await expect(places(mara, stage, 3, checkoutId)).rejects.toMatchObject({ code: 'CHECKOUT_MISMATCH' });
    await expect(places(mara, { ...stage, tierId: stage.tierIds[1] ?? '' }, 2, checkoutId)).rejects.toMatchObject({
      code: 'CHECKOUT_MISMATCH',
    });
    await expect(places(await till.buyer(), stage, 2, checkoutId)).rejects.toMatchObject({ code: 'CHECKOUT_MISMATCH' });
    expect(await till.stock(stage.tierId)).toEqual({ issued: 0, reserved: 2 });
  });

  it('in a second tab leads back to the first', async () => {
    const stage = await till.stage([{ quantity: 10 }]);
    const mara = await till.buyer();
    const { checkoutId } = await places(mara, stage, 2);
    await expect(places(mara, stage, 1)).rejects.toMatchObject({
      code: 'CHECKOUT_ELSEWHERE',
      data: { details: { checkoutId } },
    });
    expect((await mara.api.holds.current({ eventId: stage.eventId }))?.checkoutId).toBe(checkoutId);
    expect(await till.app.visitor().api.holds.current({ eventId: stage.eventId })).toBeNull();
  });

  it('changes its quantity in one step and keeps its time', async () => {
    const stage = await till.stage([{ quantity: 3 }]);
    const mara = await till.buyer();
    const first = await places(mara, stage, 2);
    await mara.api.orders.create({
      checkoutId: first.checkoutId,
      email: mara.email,
      name: 'Mara',
      showFirstName: false,
    });
    const change = (replaces: string, quantity: number) =>
      mara.api.holds.place({
        eventId: stage.eventId,
        checkoutId: randomUUID(),
        lines: [{ tierId: stage.tierId, quantity }],
        replaces,
      });
    const second = await change(first.checkoutId, 3);
    expect(second.expiresAt).toEqual(first.expiresAt);
    expect(await till.stock(stage.tierId)).toEqual({ issued: 0, reserved: 3 });
    expect((await mara.api.orders.checkout({ checkoutId: first.checkoutId })).state).toBe('released');
    await expireHolds(till.app.work());
    expect(await mara.api.orders.checkout({ checkoutId: first.checkoutId })).toMatchObject({
      state: 'released',
      order: { cancelReason: 'by_buyer' },
    });
    await expect(change(first.checkoutId, 1)).rejects.toMatchObject({ code: 'HOLD_ENDED' });
  });

  it('is extended once, by five minutes', async () => {
    const stage = await till.stage([{ quantity: 3 }]);
    const mara = await till.buyer();
    const first = await places(mara, stage, 1);
    const longer = await mara.api.holds.extend({ checkoutId: first.checkoutId });
    expect(Number(longer.expiresAt) - Number(first.expiresAt)).toBe(300_000);
    expect(longer.extendable).toBe(false);
    await expect(mara.api.holds.extend({ checkoutId: first.checkoutId })).rejects.toMatchObject({
      code: 'HOLD_EXTENDED_ALREADY',
    });
  });

  it('started to pay late is extended by itself, but not in its last seconds', async () => {
    const stage = await till.stage([{ quantity: 3 }]);
    const mara = await till.buyer();
    const { checkoutId, orderId } = await till.order(mara, stage);
    await till.lapse(checkoutId, '-8 seconds');
    await expect(mara.api.payments.start({ orderId })).rejects.toMatchObject({ code: 'HOLD_TOO_LATE_TO_PAY' });
    await till.lapse(checkoutId, '-60 seconds');
    const form = await mara.api.payments.start({ orderId });
    expect(Number(form.expiresAt) - Date.now()).toBeGreaterThan(330_000);
  });

  it('is stretched by a pause, in which nobody else may start', async () => {
    const stage = await till.stage([{ quantity: 3 }]);
    const mara = await till.buyer();
    const first = await places(mara, stage, 1);
    await till.app.db.engine.sql`select ticketing.pause_sales(${stage.eventId}, null, true)`;
    const paused = await mara.api.orders.checkout({ checkoutId: first.checkoutId });
    expect(paused).toMatchObject({ state: 'holding', paused: true });
    expect(Number(paused.expiresAt) - Number(first.expiresAt)).toBe(1_800_000);
    // What her clock shows while it stands is what she had left when the pause began, and what she has when it ends.
    const [since] = await till.app.admin<{ ms: number }[]>`
      select floor(extract(epoch from paused_since) * 1000)::float8 as ms from ticketing.ticket_holds where checkout_id = ${first.checkoutId}`;
    const standing = Number(paused.expiresAt) - (paused.standsUntil ?? 0);
    expect(Math.abs(standing - (Number(first.expiresAt) - (since?.ms ?? 0)))).toBeLessThanOrEqual(2);
    const [event] = await till.app.admin<
      { slug: string }[]
    >`select slug from events.events where id = ${stage.eventId}`;
    const page = await mara.api.events.bySlug({ slug: event?.slug ?? '' });
    expect(page.checkout?.standsUntil).toBe(paused.standsUntil);
    await till.app.db.engine.sql`select ticketing.pause_sales(${stage.eventId}, null, false)`;
    const resumed = await mara.api.orders.checkout({ checkoutId: first.checkoutId });
    expect(resumed).toMatchObject({ paused: false, standsUntil: null });
    const [used] = await till.app.admin<{ ms: number }[]>`
      select paused_seconds * 1000 as ms from ticketing.ticket_holds where checkout_id = ${first.checkoutId}`;
    expect(Number(resumed.expiresAt) - Number(first.expiresAt)).toBe(used?.ms);
    await till.app.db.engine.sql`select ticketing.pause_sales(${stage.eventId}, null, true)`;
    await expect(places(await till.buyer(), stage, 1)).rejects.toMatchObject({ code: 'SALES_PAUSED' });
  });

  it('that has run out is dead at once, swept or not, and says what is free now', async () => {
    const stage = await till.stage([{ quantity: 3 }]);
    const mara = await till.buyer();
    const { checkoutId, orderId } = await till.order(mara, stage, 2);
    const screen = await till.watch(mara, checkoutId);
    await till.lapse(checkoutId);
    expect(await mara.api.orders.checkout({ checkoutId })).toMatchObject({ state: 'expired', expiresAt: null });
    await expect(mara.api.payments.start({ orderId })).rejects.toMatchObject({ code: 'HOLD_EXPIRED' });
    await expect(mara.api.holds.extend({ checkoutId })).rejects.toMatchObject({ code: 'HOLD_EXPIRED' });
    await expect(
      mara.api.orders.create({ checkoutId, email: mara.email, name: 'Mara', showFirstName: false }),
    ).rejects.toMatchObject({ code: 'HOLD_EXPIRED' });
    await expect(places(mara, stage, 2, checkoutId)).rejects.toMatchObject({ code: 'HOLD_EXPIRED' });
    await expireHolds(till.app.work());
    await till.becomes(screen, 'expired');
    expect(await mara.api.orders.checkout({ checkoutId })).toMatchObject({
      state: 'expired',
      freeNow: 3,
      order: { cancelReason: 'expired', email: mara.email },
    });
    screen.close();
  });

  it('ends exactly once however many workers sweep', async () => {
    const stage = await till.stage([{ quantity: 50 }]);
    const buyers = await Promise.all(Array.from({ length: 8 }, () => till.buyer()));
    const held = await Promise.all(buyers.map((buyer) => till.order(buyer, stage, 2)));
    for (const { checkoutId } of held) await till.lapse(checkoutId);
    await Promise.all(Array.from({ length: 4 }, () => expireHolds(till.app.work())));
    await expireHolds(till.app.work());
    expect(await till.stock(stage.tierId)).toEqual({ issued: 0, reserved: 0 });
    const [row] = await till.app.admin`
      select count(*)::int as lapses from ticketing.hold_lapses where event_id = ${stage.eventId}`;
    expect(row?.lapses).toBe(8);
    const ends = await till.app
      .admin`select from_state, to_state from ticketing.state_log where entity_id = any(${held.map((each) => each.orderId)}::uuid[])`;
    expect(ends).toHaveLength(8);
  });

  /** While a table is locked and what `start` began waits for it: somebody new takes a place of another event. */
  const holdBeside = async (table: 'ticketing.orders' | 'events.event_alerts', start: () => Promise<unknown>[]) => {
    const other = await till.stage([{ quantity: 5 }]);
    let waiting: Promise<unknown>[] = [];
    let settled = 0;
    await till.app.admin.begin(async (tx) => {
      await tx`lock table ${tx(table)} in exclusive mode`;
      waiting = start().map((each) => each.finally(() => settled++));
      await expect
        .poll(async () => {
          const rows = await tx`
            select from pg_locks where relation = ${table}::regclass and not granted and database = (select oid from pg_database where datname = current_database())`;
          return rows.length;
        })
        .toBeGreaterThan(7);
      const newcomer = till.app.visitor();
      const { checkoutId } = await newcomer.api.holds.place({
        eventId: other.eventId,
        checkoutId: randomUUID(),
        lines: [{ tierId: other.tierId, quantity: 1 }],
      });
      expect(await newcomer.api.holds.current({ eventId: other.eventId })).toMatchObject({ checkoutId });
      expect(settled).toBe(0);
    });
    expect(await Promise.all(waiting)).toHaveLength(14);
  };

  it('of another event is taken, by somebody new, while orders wait for a lock', async () => {
    const stage = await till.stage([{ quantity: 40 }]);
    const buyers = await Promise.all(Array.from({ length: 14 }, () => till.buyer()));
    const held = await Promise.all(buyers.map(async (buyer) => ({ buyer, ...(await places(buyer, stage, 1)) })));
    await holdBeside('ticketing.orders', () =>
      held.map(({ buyer, checkoutId }) =>
        buyer.api.orders.create({ checkoutId, email: buyer.email, name: 'Mara Lind', showFirstName: false }),
      ),
    );
  });

  it('of another event is taken, by somebody new, while somebody’s own things wait for a lock', async () => {
    const { eventId } = await till.stage([{ quantity: 4 }]);
    const buyer = await till.buyer();
    await holdBeside('events.event_alerts', () =>
      Array.from({ length: 14 }, () => buyer.api.events.untellMe({ eventId, kind: 'place_back' })),
    );
  });

  it('of a demo’s crowd is ordered and paid by the demo’s next breath', async () => {
    const stage = await till.stage([{ quantity: 4 }]);
    const buyer = await till.buyer();
    const { checkoutId } = await places(buyer, stage, 1);
    await till.app
      .admin`update auth.users set email = ${`crowd-${randomUUID()}@liventix.test`} where id = ${buyer.userId}`;
    await till.app
      .admin`update ticketing.ticket_holds set created_at = created_at - interval '1 minute' where checkout_id = ${checkoutId}`;
    const { switches } = till.app.services;
    switches.breathing = true;
    await breathe(till.app.work());
    switches.breathing = false;
    const [order] = await till.app.admin<{ paymentState: string }[]>`
      select payment_state as "paymentState" from ticketing.orders where checkout_id = ${checkoutId}`;
    expect(order?.paymentState).not.toBe('none');
    await expect
      .poll(async () => (await buyer.api.orders.checkout({ checkoutId })).state, { timeout: 20_000 })
      .toBe('paid');
  });

  it('is told to open windows after its commit, also where nothing but the process that took it tells', async () => {
    const stage = await till.stage([{ quantity: 40 }]);
    const mara = await till.buyer();
    const window = await till.app.visitor().socket();
    await window.join('event', stage.eventId);
    let held: Promise<unknown> = Promise.resolve();
    // Taking the place waits for its tier: whoever reads meanwhile sees what was before, and nobody tells her again.
    await till.app.admin.begin(async (tx) => {
      await tx`select from ticketing.ticket_tiers where id = ${stage.tierId} for update`;
      held = places(mara, stage, 2);
      await expect
        .poll(async () => {
          await tx`select pg_stat_clear_snapshot()`;
          return (await tx`select from pg_stat_activity where pg_backend_pid() = any(pg_blocking_pids(pid))`).length;
        })
        .toBeGreaterThan(0);
      await window.settle();
    });
    await held;
    await window.next(
      (given) => given.kind === 'event' && (given as Snapshot<'event'>).data.tiers[0]?.free === 38,
      5000,
    );
    window.close();
  });

  it('given back is free at once and stays given back', async () => {
    const stage = await till.stage([{ quantity: 2 }]);
    const mara = await till.buyer();
    const { checkoutId } = await till.pay(mara, stage, 2);
    await expect(places(await till.buyer(), stage, 1)).rejects.toMatchObject({
      code: 'TIER_ALL_IN_CHECKOUT',
      data: { details: { nextReleaseAt: expect.any(Number) } },
    });
    expect(await mara.api.holds.release({ checkoutId })).toMatchObject({ state: 'released', freeNow: 2 });
    expect(await mara.api.holds.release({ checkoutId })).toMatchObject({ state: 'released' });
    await till.worked();
    expect(till.sims.stripe.intents().at(-1)?.status).toBe('canceled');
    await places(await till.buyer(), stage, 2);
  });

  it('after two that lapsed waits before the third', async () => {
    const stage = await till.stage([{ quantity: 9 }]);
    const mara = await till.buyer();
    for (let i = 0; i < 2; i++) {
      await till.lapse((await places(mara, stage, 1)).checkoutId);
      await expireHolds(till.app.work());
    }
    await expect(places(mara, stage, 1)).rejects.toMatchObject({
      code: 'HOLD_COOLING_DOWN',
      data: { retryAfterSeconds: expect.any(Number), details: { until: expect.any(Number) } },
    });
  });

  it('that lapsed counts once, over however many kinds of ticket it was', async () => {
    const stage = await till.stage([{ quantity: 9 }, { quantity: 9 }, { quantity: 9 }]);
    const mara = await till.buyer();
    const checkoutId = randomUUID();
    const lines = stage.tierIds.map((tierId) => ({ tierId, quantity: 1 }));
    await mara.api.holds.place({ eventId: stage.eventId, checkoutId, lines });
    await till.lapse(checkoutId);
    await expireHolds(till.app.work());
    await till.lapse((await places(mara, stage, 1)).checkoutId); // the second
    await expireHolds(till.app.work());
    await expect(places(mara, stage, 1)).rejects.toMatchObject({ code: 'HOLD_COOLING_DOWN' });
  });

  it('is refused with the reason when the tier is closed, the event over, cancelled or not on sale yet', async () => {
    const mara = await till.buyer();
    const day = (days: number) => new Date(Date.now() + days * 86_400_000).toISOString();
    const closed = await till.stage([{ quantity: 5 }]);
    await till.app.admin`update ticketing.ticket_tiers set status = 'inactive' where id = ${closed.tierId}`;
    await expect(places(mara, closed, 1)).rejects.toMatchObject({ code: 'TIER_CLOSED' });
    const over = await till.stage([{ quantity: 5 }], { start_at: day(-2), end_at: day(-1) });
    await expect(places(mara, over, 1)).rejects.toMatchObject({ code: 'EVENT_ENDED' });
    const off = await till.stage([{ quantity: 5 }], { status: 'cancelled', cancelled_at: day(0) });
    await expect(places(mara, off, 1)).rejects.toMatchObject({ code: 'EVENT_CANCELLED' });
    const early = await till.stage([{ quantity: 5 }]);
    await till.app.admin`update ticketing.ticket_tiers set sales_start = ${day(1)} where id = ${early.tierId}`;
    await expect(places(mara, early, 1)).rejects.toMatchObject({
      code: 'TIER_NOT_YET',
      data: { details: { opensAt: expect.any(Number) } },
    });
  });

  it('outlives the closing of its tier, and keeps its price', async () => {
    const stage = await till.stage([{ quantity: 5 }]);
    const mara = await till.buyer();
    const { checkoutId, orderId } = await till.order(mara, stage);
    await till.app
      .admin`update ticketing.ticket_tiers set status = 'inactive', price_cents = 9900 where id = ${stage.tierId}`;
    expect(await mara.api.payments.start({ orderId })).toMatchObject({ amountCents: 2150 });
    till.sims.stripe.pay(await till.intentOf(orderId));
    await till.worked();
    expect(await mara.api.orders.checkout({ checkoutId })).toMatchObject({ state: 'paid', totalCents: 2150 });
  });

  it('on the last place goes to one of 64 buyers at once, and every other is told why', async () => {
    const buyers = [];
    for (let n = 0; n < 64; n++) {
      till.app.services.limits.clear();
      buyers.push(await till.buyer());
    }
    for (let round = 0; round < 3; round++) {
      const stage = await till.stage([{ quantity: 1 }]);
      const answers = await Promise.allSettled(buyers.map((buyer) => places(buyer, stage, 1)));
      expect(answers.filter((answer) => answer.status === 'fulfilled')).toHaveLength(1);
      for (const answer of answers)
        if (answer.status === 'rejected') expect(answer.reason.code).toBe('TIER_ALL_IN_CHECKOUT');
      expect(await till.stock(stage.tierId)).toEqual({ issued: 0, reserved: 1 });
    }
  });
});
