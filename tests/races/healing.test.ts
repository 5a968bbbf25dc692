import crypto from 'node:crypto';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { type BoxOffice, openBoxOffice, stock } from './box-office.ts';

/** States that only a hand in the database makes: health names each, healing mends what rows prove and names the rest. */
let office: BoxOffice;
beforeAll(async () => {
  office = await openBoxOffice(4);
});
afterAll(() => office.close());

let eventId: string;
let tierId: string;
let buyer: string;
let order: { orderId: string; totalCents: number };
let tickets: string[];

async function buy(quantity: number) {
  const [userId] = (await office.people(1)) as [string];
  const checkoutId = crypto.randomUUID();
  const [held] = await office.reserve([{ checkoutId, userId, lines: [{ tierId, quantity }] }]);
  expect(held?.outcome).toBe('held');
  const made = await office.order(checkoutId, userId);
  return { userId, ...made, outcome: (await office.complete(made.orderId, made.totalCents)).outcome };
}

beforeEach(async () => {
  const stage = await office.stage([{ quantity: 10 }]);
  eventId = stage.eventId;
  tierId = stage.tierIds[0] as string;
  const bought = await buy(3);
  buyer = bought.userId;
  order = bought;
  const rows = await office.test
    .admin`select id from ticketing.tickets where order_id = ${order.orderId} order by sequence_number`;
  tickets = rows.map(({ id }) => id);
});

interface Change {
  what: string;
  id: string;
  before: string | null;
  after: string | null;
  done: boolean;
}
const heal = (dryRun: boolean) =>
  office.sql<Change[]>`select * from ticketing.reconcile_event_tickets(${eventId}, ${dryRun})`;
const codes = async (): Promise<string[]> => {
  const [row] = await office.sql<
    { findings: { code: string }[] }[]
  >`select findings from ticketing.event_health where event_id = ${eventId}`;
  return row?.findings.map(({ code }) => code) ?? [];
};

/** Heals; what the dry run said is what was done, and a second run finds only what it named before. */
async function healed(): Promise<Change[]> {
  const planned = await heal(true);
  const done = await heal(false);
  const named = done.filter((change) => !change.done);
  expect(done.map(({ done: _, ...change }) => change)).toEqual(planned.map(({ done: _, ...change }) => change));
  expect(await heal(false)).toEqual(named);
  return [...done];
}

describe('healing', () => {
  it('sets a ticket counter right that is too low, and sales go on before anybody heals', async () => {
    await office.test.admin`update ticketing.event_counters set last_sequence = 0 where event_id = ${eventId}`;
    expect(await codes()).toEqual(['numbers']);
    expect(await healed()).toMatchObject([{ what: 'counter.last_sequence', before: '0', after: '3', done: true }]);
    await office.test.admin`update ticketing.event_counters set last_sequence = 1 where event_id = ${eventId}`;
    expect((await buy(2)).outcome).toBe('completed');
    expect(await codes()).toEqual([]);
    await office.expectSound();
  });

  it('sets a ticket counter right that is too high, and names a gap in the numbers', async () => {
    await office.test.admin`update ticketing.event_counters set last_sequence = 7 where event_id = ${eventId}`;
    await office.test.admin`update ticketing.tickets set sequence_number = 5 where id = ${tickets[2] ?? ''}`;
    expect(await codes()).toEqual(['numbers']);
    expect(await healed()).toMatchObject([
      { what: 'counter.last_sequence', before: '7', after: '5', done: true },
      { what: 'ticket.numbers', id: eventId, done: false },
    ]);
    await office.test.admin`update ticketing.tickets set sequence_number = 3 where id = ${tickets[2] ?? ''}`;
    await healed();
    await office.expectSound();
  });

  it('makes a ticket good again that is on hold without a refund', async () => {
    await office.test.admin`update ticketing.tickets set suspended_reason = 'refund' where id = ${tickets[0] ?? ''}`;
    expect(await codes()).toEqual(['suspended']);
    expect(await healed()).toMatchObject([{ what: 'ticket.suspended', id: tickets[0], done: true }]);
    expect(await codes()).toEqual([]);
    await office.expectSound();
  });

  it('books a dispute that did not reach its order, and puts its tickets on hold', async () => {
    const { admin } = office.test;
    await admin`
      insert into ticketing.disputes (order_id, event_id, provider_dispute_id, amount_cents, status, reason, opened_at)
      values (${order.orderId}, ${eventId}, ${`dp_${order.orderId}`}, ${order.totalCents}, 'open', 'fraudulent', clock_timestamp())`;
    expect(await codes()).toEqual(['refunds', 'open_disputes']);
    expect(await healed()).toMatchObject([
      { what: 'order.disputed_cents', after: String(order.totalCents), done: true },
    ]);
    expect(await codes()).toEqual(['open_disputes']);
    const held =
      await admin`select id from ticketing.tickets where order_id = ${order.orderId} and suspended_reason = 'dispute'`;
    expect(held).toHaveLength(tickets.length);
    await office.expectSound();
  });

  it('ends the tickets of a refund that succeeded, returns their places and books it on the order', async () => {
    const { admin } = office.test;
    const [refund] = await admin`
      insert into ticketing.refunds (order_id, amount_cents, status, settled_at)
      values (${order.orderId}, ${order.totalCents}, 'succeeded', clock_timestamp()) returning id`;
    await admin`insert into ticketing.refund_tickets select ${refund?.id}, unnest(${tickets}::uuid[])`;
    expect(await codes()).toEqual(['refunds', 'refunded_tickets']);
    const changes = await healed();
    expect(changes.map(({ what, after }) => [what, after])).toEqual([
      ...tickets.map(() => ['ticket.status', 'refunded']),
      ['order.refunded_cents', String(order.totalCents)],
      ['order.status', 'refunded'],
    ]);
    expect(await stock(office.sql, tierId)).toMatchObject({ free: 10, issued: 0 });
    expect(await codes()).toEqual([]);
    await office.expectSound();
  });

  it('keeps the places of refunded tickets back where the event says so', async () => {
    const { admin } = office.test;
    await admin`update events.events set resell_refunded = false where id = ${eventId}`;
    const [refund] = await admin`
      insert into ticketing.refunds (order_id, amount_cents, status, settled_at) values (${order.orderId}, 100, 'succeeded', clock_timestamp()) returning id`;
    await admin`insert into ticketing.refund_tickets values (${refund?.id}, ${tickets[0] ?? ''})`;
    await healed();
    expect(await stock(office.sql, tierId)).toMatchObject({ free: 7, issued: 2 });
    await office.expectSound();
  });

  it('marks a ticket type on sale that says sold out with places free', async () => {
    const { admin } = office.test;
    await admin.begin(async (sql) => {
      await sql`set local session_replication_role = 'replica'`;
      await sql`update ticketing.ticket_tiers set status = 'sold_out' where id = ${tierId}`;
    });
    expect(await codes()).toEqual(['tier_status']);
    expect(await healed()).toMatchObject([{ what: 'tier.status', before: 'sold_out', after: 'active', done: true }]);
    expect(await codes()).toEqual([]);
    await office.expectSound();
  });

  it('counts totals and curve again that are wrong', async () => {
    await office.test.admin`
      insert into ticketing.event_changes (event_id, at, tickets, gross_cents, refunded_cents, fees_cents, paid_orders, admitted, version)
      values (${eventId}, date_bin('5 minutes', clock_timestamp(), timestamptz '2000-01-01 00:00:00+00'), 1, 100, 0, 0, 1, 0, 0)`;
    expect(await codes()).toEqual(['totals']);
    expect(await healed()).toMatchObject([{ what: 'event.totals', done: true }]);
    expect(await codes()).toEqual([]);
    await office.expectSound();
  });

  it('names a person with two checkouts, and captured money without a ticket, and touches neither', async () => {
    const { admin } = office.test;
    await admin`insert into ticketing.ticket_holds (user_id, tier_id, quantity) select ${buyer}, ${tierId}, 1 from generate_series(1, 2)`;
    await admin`update ticketing.ticket_tiers set reserved_quantity = 2 where id = ${tierId}`;
    const [other] = (await office.people(1)) as [string];
    const checkoutId = crypto.randomUUID();
    await office.reserve([{ checkoutId, userId: other, lines: [{ tierId, quantity: 1 }] }]);
    const { orderId } = await office.order(checkoutId, other);
    await admin.begin(async (sql) => {
      await sql`set local session_replication_role = 'replica'`;
      await sql`
        update ticketing.orders set captured_cents = total_cents, updated_at = clock_timestamp() - interval '6 minutes' where id = ${orderId}`;
    });
    expect(await codes()).toEqual(['checkouts', 'captured']);
    expect(await healed()).toMatchObject([
      { what: 'checkout.one_per_person', id: buyer, done: false },
      { what: 'order.captured_without_tickets', id: orderId, done: false },
    ]);
    await admin`select ticketing.release_checkout(checkout_id, ${buyer}, 'released') from ticketing.ticket_holds where user_id = ${buyer} and status = 'active'`;
    await office.complete(
      orderId,
      (await admin`select total_cents from ticketing.orders where id = ${orderId}`)[0]?.total_cents,
    );
    await office.expectSound();
  });

  it('spares a buyer in checkout, with minutes or with seconds left', async () => {
    const people = (await office.people(2)) as [string, string];
    const checkouts = people.map(() => crypto.randomUUID());
    for (const [at, userId] of people.entries())
      await office.reserve([{ checkoutId: checkouts[at] as string, userId, lines: [{ tierId, quantity: 1 }] }]);
    await office.test.admin`
      update ticketing.ticket_holds set expires_at = clock_timestamp() + interval '20 seconds' where checkout_id = ${checkouts[1] as string}`;
    await office.test.admin`update ticketing.ticket_tiers set reserved_quantity = 0 where id = ${tierId}`;
    expect(await healed()).toMatchObject([{ what: 'tier.reserved_quantity', before: '0', after: '2', done: true }]);
    const holds = await office.test
      .admin`select status from ticketing.ticket_holds where checkout_id = any (${checkouts}::uuid[])`;
    expect(holds.map(({ status }) => status)).toEqual(['active', 'active']);
    for (const [at, userId] of people.entries()) {
      const { orderId, totalCents } = await office.order(checkouts[at] as string, userId);
      expect((await office.complete(orderId, totalCents)).outcome).toBe('completed');
    }
    await office.expectSound();
  });
});
