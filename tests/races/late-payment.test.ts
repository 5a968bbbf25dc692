import crypto from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type BoxOffice, openBoxOffice, type Stage, stock } from './box-office.ts';

let office: BoxOffice;
beforeAll(async () => {
  office = await openBoxOffice(16);
});
afterAll(() => office.close());

interface Bought extends Stage {
  tierId: string;
  userId: string;
  checkoutId: string;
  orderId: string;
  totalCents: number;
}

/** A pending order for `quantity` places of a tier with `places`. */
async function pendingOrder(places = 4, quantity = 2, event: Record<string, unknown> = {}): Promise<Bought> {
  const stage = await office.stage([{ quantity: places }], event);
  return { ...stage, ...(await orderOn(stage, quantity)) };
}

async function orderOn(stage: Stage, quantity: number, buyer?: string, mailbox?: string) {
  const userId = buyer ?? ((await office.people(1))[0] as string);
  const tierId = stage.tierIds[0] as string;
  const checkoutId = crypto.randomUUID();
  expect((await office.reserve([{ checkoutId, userId, lines: [{ tierId, quantity }] }]))[0]?.outcome).toBe('held');
  const { orderId, totalCents } = await office.order(checkoutId, userId, mailbox);
  return { tierId, userId, checkoutId, orderId, totalCents };
}

const sweep = () => office.sql`select * from public.cleanup_expired_ticket_holds()`;
/** As the webhook's job writes it down before it completes. */
const captured = (bought: Bought, ago: string) => office.test.admin`
  update ticketing.orders set captured_cents = total_cents, created_at = created_at - interval '5 minutes', captured_at = clock_timestamp() - ${ago}::interval, payment_state = 'succeeded'
   where id = ${bought.orderId}`;
const refundsOf = (orderId: string) =>
  office.test.admin`select kind, status, amount_cents from ticketing.refunds where order_id = ${orderId}`.then((rows) =>
    rows.map((row) => ({ ...row })),
  );
const orderRow = async (orderId: string) => {
  const [row] = await office.test
    .admin`select status, late, cancel_reason, captured_cents from ticketing.orders where id = ${orderId}`;
  return { ...row };
};
const sends = async (orderId: string) => {
  const rows = await office.test.admin`select id from ticketing.refunds where order_id = ${orderId}`;
  const jobs = await office.jobs('refunds.send');
  return jobs.filter((job) => rows.some((row) => row.id === job.refundId)).length;
};

async function expectMoneyBack(bought: Bought, outcome: string, kind: string, captured: number): Promise<void> {
  // the webhook, the return page and the reconciler report it at once, then once more
  const answers = await Promise.all(Array.from({ length: 8 }, () => office.complete(bought.orderId, captured)));
  answers.push(await office.complete(bought.orderId, captured));
  expect(new Set(answers.map((answer) => answer.outcome))).toEqual(new Set([outcome]));
  expect(await refundsOf(bought.orderId)).toEqual([{ kind, status: 'pending', amount_cents: captured }]);
  expect(await sends(bought.orderId)).toBe(1);
  const row = await orderRow(bought.orderId);
  expect(row).toMatchObject({ status: 'cancelled', captured_cents: captured });
  await office.expectSound();
}

describe('a payment that succeeds after its hold ended', () => {
  it('gets its places when they are free again, swept or not, and says it was late', async () => {
    for (const swept of [true, false]) {
      const bought = await pendingOrder();
      await office.lapse(bought.checkoutId);
      if (swept) {
        await sweep();
        await office.sql`select ticketing.cancel_lapsed_orders(${bought.eventId})`;
        expect((await orderRow(bought.orderId)).cancel_reason).toBe('expired');
      }
      const answers = await Promise.all(
        Array.from({ length: 8 }, () => office.complete(bought.orderId, bought.totalCents)),
      );
      expect(answers.map((answer) => answer.outcome).sort()).toEqual([...Array(7).fill('already_paid'), 'reacquired']);
      expect(await orderRow(bought.orderId)).toMatchObject({ status: 'paid', late: true, cancel_reason: null });
      expect(await stock(office.sql, bought.tierId)).toMatchObject({ free: 2, reserved: 0, issued: 2 });
      expect(await refundsOf(bought.orderId)).toEqual([]);
      await office.expectSound();
    }
  });

  it('goes back in full when the places went to somebody else, once, however often it is reported', async () => {
    const bought = await pendingOrder(2);
    await office.lapse(bought.checkoutId);
    await orderOn(bought, 1); // the full tier frees what lapsed and sells it
    await expectMoneyBack(bought, 'no_places', 'late_payment', bought.totalCents);
    expect(await stock(office.sql, bought.tierId)).toMatchObject({ free: 1, reserved: 1, issued: 0 });
  });

  it('frees the lapsed holds of others before it gives up', async () => {
    const bought = await pendingOrder(2);
    await office.lapse(bought.checkoutId);
    const other = await orderOn(bought, 2);
    await office.lapse(other.checkoutId);
    expect((await office.complete(bought.orderId, bought.totalCents)).outcome).toBe('reacquired');
    expect(await stock(office.sql, bought.tierId)).toMatchObject({ free: 0, reserved: 0, issued: 2 });
    await office.expectSound();
  });

  it('but was captured while the hold lived is not late: no sweep takes the places, whoever asks for them', async () => {
    const bought = await pendingOrder(2);
    await captured(bought, '1 minute');
    await office.lapse(bought.checkoutId);
    const [visitor] = (await office.people(1)) as [string];
    const lines = [{ tierId: bought.tierId, quantity: 1 }];
    const asked = await office.reserve([{ checkoutId: crypto.randomUUID(), userId: visitor, lines }]);
    expect(asked[0]?.outcome).not.toBe('held');
    await sweep();
    expect(await office.sql`select * from public.cleanup_expired_ticket_holds(${bought.eventId}, true)`).toEqual([]);
    await office.sql`select ticketing.reconcile_event_tickets(${bought.eventId}, false)`;
    await office.expectSound();
    expect((await office.complete(bought.orderId, bought.totalCents)).outcome).toBe('completed');
    expect(await orderRow(bought.orderId)).toMatchObject({ status: 'paid', late: false });
    expect(await stock(office.sql, bought.tierId)).toMatchObject({ free: 0, reserved: 0, issued: 2 });
    await office.expectSound();
  });

  it('keeps its places against a late one of the same batch', async () => {
    const stage = await office.stage([{ quantity: 2 }]);
    const late = await orderOn(stage, 2);
    await office.lapse(late.checkoutId);
    const inTime = await orderOn(stage, 2); // takes the lapsed places
    await captured({ ...stage, ...inTime }, '1 minute');
    await office.lapse(inTime.checkoutId);
    const ids = [late.orderId, inTime.orderId];
    const rows = await office.sql`
      select outcome from ticketing.complete_orders_batch(${ids}::uuid[], ${ids.map((id) => `pi_${id}`)}::text[],
        ${ids.map(() => late.totalCents)}::bigint[])`;
    expect(rows.map((row) => row.outcome)).toEqual(['no_places', 'completed']);
    await office.expectSound();
  });

  it('is late by the time of its capture: after the hold, though nobody swept it', async () => {
    const bought = await pendingOrder();
    await office.lapse(bought.checkoutId);
    await captured(bought, '0 seconds');
    expect((await office.complete(bought.orderId, bought.totalCents)).outcome).toBe('reacquired');
    expect(await orderRow(bought.orderId)).toMatchObject({ status: 'paid', late: true });
  });

  it('goes back when the buyer had cancelled', async () => {
    const bought = await pendingOrder();
    await office.sql`select ticketing.release_checkout(${bought.checkoutId}, ${bought.userId})`;
    await expectMoneyBack(bought, 'no_places', 'late_payment', bought.totalCents);
  });

  it('goes back when the event is over or was cancelled, though places are free', async () => {
    const over = await pendingOrder();
    await office.lapse(over.checkoutId);
    await office.test
      .admin`update events.events set start_at = clock_timestamp() - interval '9 hours' where id = ${over.eventId}`;
    await expectMoneyBack(over, 'no_places', 'late_payment', over.totalCents);

    const cancelled = await pendingOrder();
    await office.test
      .admin`update events.events set status = 'cancelled', cancelled_at = clock_timestamp() where id = ${cancelled.eventId}`;
    await expectMoneyBack(cancelled, 'no_places', 'late_payment', cancelled.totalCents);
    expect(await stock(office.sql, cancelled.tierId)).toMatchObject({ reserved: 0, issued: 0 });
  });

  it('and a new hold see an event that was cancelled while they waited for its places', async () => {
    const bought = await pendingOrder();
    await office.lapse(bought.checkoutId);
    const [visitor] = (await office.people(1)) as [string];
    let paid: Promise<{ outcome: string }> | undefined;
    let asked: Promise<{ outcome: string }[]> | undefined;
    await office.test.admin.begin(async (sql) => {
      await sql`select from ticketing.ticket_tiers where id = ${bought.tierId} for no key update`;
      paid = office.complete(bought.orderId, bought.totalCents);
      const lines = [{ tierId: bought.tierId, quantity: 1 }];
      asked = office.reserve([{ checkoutId: crypto.randomUUID(), userId: visitor, lines }]);
      for (let waiting = 0; waiting < 2; ) {
        const [row] = await sql`
          select count(*)::int as n from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock' and application_name = 'races'`;
        waiting = row?.n;
        await sql`select pg_stat_clear_snapshot()`;
      }
      await sql`update events.events set status = 'cancelled', cancelled_at = clock_timestamp() where id = ${bought.eventId}`;
    });
    expect((await asked)?.[0]?.outcome).toBe('event_cancelled');
    expect((await paid)?.outcome).toBe('no_places');
    await office.expectSound();
  });

  it('goes back when the buyer reached the limit meanwhile', async () => {
    const bought = await pendingOrder(10, 2, { max_per_person: 3 });
    await office.lapse(bought.checkoutId);
    await sweep();
    const second = await orderOn(bought, 2, bought.userId);
    expect((await office.complete(second.orderId, second.totalCents)).outcome).toBe('completed');
    await expectMoneyBack(bought, 'no_places', 'late_payment', bought.totalCents);
  });

  it.each(['at once', 'in one batch'])(
    'goes back beyond the limit of its mailbox, whatever guests ordered with it, %s',
    async (how) => {
      const stage = await office.stage([{ quantity: 40 }], { max_per_person: 4 });
      const mailbox = `${crypto.randomUUID()}@example.org`;
      const orders: Omit<Bought, keyof Stage>[] = [];
      for (let guest = 0; guest < 4; guest += 1) {
        orders.push(await orderOn(stage, 3, undefined, mailbox));
        await office.lapse(orders.at(-1)?.checkoutId ?? '');
      }
      const ids = orders.map((order) => order.orderId);
      const outcomes =
        how === 'at once'
          ? (await Promise.all(orders.map((order) => office.complete(order.orderId, order.totalCents)))).map(
              (answer) => answer.outcome,
            )
          : (
              await office.sql`select outcome from ticketing.complete_orders_batch(${ids}::uuid[], ${ids}::text[], ${orders.map((order) => order.totalCents)}::bigint[])`
            ).map((row) => row.outcome);
      expect(outcomes.sort()).toEqual(['no_places', 'no_places', 'no_places', 'reacquired']);
      expect(await stock(office.sql, stage.tierIds[0] as string)).toMatchObject({ reserved: 0, issued: 3 });
      await office.expectSound();
    },
  );

  it('of another amount is never fulfilled and goes back as it was captured, in time or late', async () => {
    for (const late of [false, true]) {
      const bought = await pendingOrder();
      if (late) await office.lapse(bought.checkoutId);
      await expectMoneyBack(bought, 'amount_mismatch', 'amount_mismatch', bought.totalCents - 1);
      expect(await stock(office.sql, bought.tierId)).toMatchObject({ reserved: 0, issued: 0 });
    }
  });

  it('of a batch is settled each for itself', async () => {
    const stage = await office.stage([{ quantity: 3 }]);
    const one = await orderOn(stage, 2);
    await office.lapse(one.checkoutId);
    const two = await orderOn(stage, 2); // takes the lapsed places
    const third = await orderOn(stage, 1);
    const ids = [one.orderId, two.orderId, third.orderId, crypto.randomUUID(), two.orderId];
    const rows = await office.sql`
      select outcome from ticketing.complete_orders_batch(${ids}::uuid[], ${ids.map((_, index) => `pi_batch_${index}`)}::text[],
        ${[one.totalCents, two.totalCents, null, 1, two.totalCents]}::bigint[])`;
    expect(rows.map((row) => row.outcome)).toEqual([
      'no_places',
      'completed',
      'not_captured',
      'not_found',
      'already_paid',
    ]);
    expect(await sends(one.orderId)).toBe(1);
    expect(
      (await office.jobs('orders.after-payment')).filter((job) => JSON.stringify(job).includes(two.orderId)),
    ).toHaveLength(1);
    await office.expectSound();
  });

  it('never runs for an order with a total and no captured amount', async () => {
    const bought = await pendingOrder();
    await expect(office.complete(bought.orderId, null)).rejects.toThrow('ORDER_NOT_CAPTURED');
    expect(await orderRow(bought.orderId)).toMatchObject({ status: 'pending' });
  });

  it('and the refund that follows leave one ticket set, one refund, and the places on sale, whichever comes first', async () => {
    const bought = await pendingOrder(2);
    await office.complete(bought.orderId, bought.totalCents);
    const asked = await Promise.all(
      Array.from(
        { length: 4 },
        () =>
          office.sql`select ticketing.request_refund(${bought.orderId}, 'requested', ${bought.organizerId}) as answer`,
      ),
    );
    expect(asked.map(([row]) => row?.answer.outcome).sort()).toEqual(['pending', 'pending', 'pending', 'requested']);
    const [refund] = await office.test.admin`select id from ticketing.refunds where order_id = ${bought.orderId}`;
    const settled = await Promise.all(
      Array.from(
        { length: 4 },
        () => office.sql`select ticketing.settle_refund(${refund?.id}, true, 're_1') as answer`,
      ),
    );
    expect(settled.map(([row]) => row?.answer.outcome).sort()).toEqual(['settled', 'settled', 'settled', 'succeeded']);
    expect(await orderRow(bought.orderId)).toMatchObject({ status: 'refunded' });
    expect(await stock(office.sql, bought.tierId)).toEqual({ free: 2, reserved: 0, issued: 0, status: 'active' });
    await office.expectSound();
  });
});
