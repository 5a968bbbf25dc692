import crypto from 'node:crypto';
import { checkInvariants, readInvariants } from '@liventix/db/invariants';
import type postgres from 'postgres';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type BoxOffice, openBoxOffice, type Stage } from './box-office.ts';

/**
 * The checker is checked: each bug below is planted into a sound database and must be named by the invariants, and each
 * invariant must be broken by some bug. A planted bug is rolled back.
 */
let office: BoxOffice;
let stage: Stage;
const made = { tier: '', paid: '', pending: '', buyer: '', other: '', checkout: '', ticket: '', hold: '', post: '' };

beforeAll(async () => {
  office = await openBoxOffice(4);
  stage = await office.stage([{ quantity: 10 }], { max_per_person: 4 });
  made.tier = stage.tierIds[0] as string;
  [made.buyer, made.other] = (await office.people(2)) as [string, string];
  const buy = async (userId: string, quantity: number) => {
    const checkoutId = crypto.randomUUID();
    await office.reserve([{ checkoutId, userId, lines: [{ tierId: made.tier, quantity }] }]);
    return { checkoutId, ...(await office.order(checkoutId, userId)) };
  };
  const paid = await buy(made.buyer, 3);
  made.paid = paid.orderId;
  await office.complete(paid.orderId, paid.totalCents);
  const pending = await buy(made.other, 2);
  made.pending = pending.orderId;
  made.checkout = pending.checkoutId;
  const [row] = await office.test
    .admin`select id from ticketing.tickets where order_id = ${made.paid} order by sequence_number limit 1`;
  made.ticket = row?.id;
  const [hold] = await office.test.admin`select id from ticketing.ticket_holds where checkout_id = ${made.checkout}`;
  made.hold = hold?.id;
  const [post] = await office.test.admin`
    insert into social.event_posts (event_id, author_user_id, text) values (${stage.eventId}, ${stage.organizerId}, 'Doors') returning id`;
  made.post = post?.id;
  await office.test
    .admin`insert into social.event_reactions (post_id, user_id, kind) values (${made.post}, ${made.buyer}, 'like')`;
});
afterAll(() => office.close());

type Plant = (sql: postgres.TransactionSql) => PromiseLike<unknown>;
const caught = new Set<string>();

/** Rules about an event's rows: the event's health must see them too. */
const OF_EVENTS = new Set(
  readInvariants()
    .filter(({ query }) => query.includes('event_violations'))
    .map(({ name }) => name),
);

async function namesAfter(plant: Plant): Promise<string[]> {
  const undo = new Error('undo');
  let names: string[] = [];
  await office.test.admin
    .begin(async (sql) => {
      await plant(sql);
      // the checker opens a transaction of its own; here it gets the one with the bug in it
      const inside = {
        begin: (_mode: string, work: (tx: postgres.TransactionSql) => unknown) => work(sql),
      } as unknown as postgres.Sql;
      names = (await checkInvariants(inside)).filter((result) => result.violations > 0).map((result) => result.name);
      const ailing = await sql`select from ticketing.event_health where score < 100 and findings <> '[]'`;
      if (names.some((name) => OF_EVENTS.has(name)))
        expect(ailing.length, 'events that health names').toBeGreaterThan(0);
      else if (names.length === 0) expect(ailing).toEqual([]);
      throw undo;
    })
    .catch((error: unknown) => {
      if (error !== undo) throw error;
    });
  return names;
}

const BUGS: Record<string, [Plant, ...string[]]> = {
  'the capacity check is dropped and a tier sells on': [
    (sql) =>
      sql.unsafe(
        `alter table ticketing.ticket_tiers drop constraint never_oversold; update ticketing.ticket_tiers set reserved_quantity = 8 where id = '${made.tier}'`,
      ),
    'never oversold',
    'active holds are the reserved places',
    'the guards stand',
  ],
  'a hold is released twice': [
    (sql) => sql`update ticketing.ticket_tiers set reserved_quantity = reserved_quantity - 1 where id = ${made.tier}`,
    'active holds are the reserved places',
  ],
  'a hold is left active': [
    (sql) =>
      sql`update ticketing.ticket_holds set expires_at = clock_timestamp() - interval '2 minutes' where id = ${made.hold}`,
    'no hold is active 60 seconds past its expiry',
  ],
  'an expired hold is revived': [
    (sql) =>
      sql.unsafe(`alter table ticketing.ticket_holds disable trigger guard_hold;
        update ticketing.ticket_holds set status = 'active' where status = 'converted'`),
    'active holds are the reserved places',
    'the guards stand',
  ],
  'a hold is marked converted before its order is paid': [
    (sql) =>
      sql`update ticketing.ticket_holds set status = 'converted', ended_at = clock_timestamp() where id = ${made.hold}`,
    'a hold became tickets only with its order',
  ],
  'a hold ends without a time': [
    (sql) => sql`update ticketing.ticket_holds set status = 'released' where id = ${made.hold}`,
    'an ended hold says when',
  ],
  'one id is two people’s checkout': [
    async (sql) => {
      const [tier] =
        await sql`insert into ticketing.ticket_tiers (event_id, name, price_cents, quantity) values (${stage.eventId}, 'Late', 0, 1) returning id`;
      await sql`insert into ticketing.ticket_holds (user_id, tier_id, quantity, status, checkout_id, ended_at)
        values (${made.buyer}, ${tier?.id}, 1, 'expired', ${made.checkout}, clock_timestamp())`;
    },
    "a checkout is one person's, for one event",
  ],
  'a person holds twice': [
    (sql) =>
      sql.unsafe(`insert into ticketing.ticket_holds (user_id, tier_id, quantity) values ('${made.other}', '${made.tier}', 1);
      update ticketing.ticket_tiers set reserved_quantity = reserved_quantity + 1 where id = '${made.tier}'`),
    'one active checkout per person and event',
  ],
  'completion forgets a ticket': [
    (sql) =>
      sql.unsafe(
        `delete from ticketing.ticket_events where ticket_id = '${made.ticket}'; delete from ticketing.tickets where id = '${made.ticket}'`,
      ),
    'a paid order has exactly the tickets of its lines',
    'kept tickets are the issued places',
    'ticket numbers are gap-free per event',
  ],
  'a webhook delivered twice issues twice': [
    (sql) => sql`insert into ticketing.tickets (order_id, event_id, tier_id, owner_user_id, qr_code, sequence_number)
      select order_id, event_id, tier_id, owner_user_id, qr_code || 'x', 4 from ticketing.tickets where id = ${made.ticket}`,
    'a paid order has exactly the tickets of its lines',
    'kept tickets are the issued places',
    'the ticket counter stands at the highest number',
  ],
  'the counter of issued places drifts': [
    (sql) => sql`update ticketing.ticket_tiers set issued_quantity = issued_quantity + 1 where id = ${made.tier}`,
    'kept tickets are the issued places',
  ],
  'a tier’s status is written by hand': [
    (sql) =>
      sql.unsafe(
        `alter table ticketing.ticket_tiers disable trigger keep_tier; update ticketing.ticket_tiers set status = 'sold_out' where id = '${made.tier}'`,
      ),
    "a tier's status follows its stock",
  ],
  'a ticket is given for a pending order': [
    (sql) => sql`insert into ticketing.tickets (order_id, event_id, tier_id, owner_user_id, qr_code, sequence_number)
      values (${made.pending}, ${stage.eventId}, ${made.tier}, ${made.other}, 'too-early', 4)`,
    'no ticket without a paid order',
  ],
  'the webhook is marked done before its effects': [
    (sql) =>
      sql.unsafe(`alter table ticketing.orders disable trigger keep_order;
      update ticketing.orders set captured_cents = total_cents, updated_at = clock_timestamp() - interval '6 minutes' where id = '${made.pending}'`),
    'captured money has tickets or a full refund within five minutes',
  ],
  'an order is repriced after it was paid': [
    (sql) => sql`update ticketing.orders set total_cents = total_cents + 1 where id = ${made.paid}`,
    "an order's total is the sum of its lines",
    'captured is the total when paid',
  ],
  'a refund uses a fresh key per retry': [
    (sql) =>
      sql`insert into ticketing.refunds (order_id, amount_cents, kind) select ${made.paid}, 4000, 'goodwill' from generate_series(1, 2)`,
    'refunds never exceed what was captured',
  ],
  'a late payment goes back twice': [
    (sql) =>
      sql.unsafe(`drop index ticketing.refunds_automatic_once;
      insert into ticketing.refunds (order_id, amount_cents, kind) select '${made.paid}', 1, 'late_payment' from generate_series(1, 2)`),
    'what goes back by itself goes back once',
  ],
  'a settled refund is not booked': [
    (sql) =>
      sql`insert into ticketing.refunds (order_id, amount_cents, status) values (${made.paid}, 100, 'succeeded')`,
    'the refunded amount is the sum of succeeded refunds',
  ],
  'a settled refund leaves its ticket good': [
    (
      sql,
    ) => sql`with r as (insert into ticketing.refunds (order_id, amount_cents, status) values (${made.paid}, 100, 'succeeded') returning id)
      insert into ticketing.refund_tickets select r.id, ${made.ticket} from r`,
    'a settled refund ended its tickets',
  ],
  'a failed refund leaves its ticket suspended': [
    (sql) => sql`update ticketing.tickets set suspended_reason = 'refund' where id = ${made.ticket}`,
    'a suspended ticket waits for a refund',
  ],
  'a dispute leaves its ticket good': [
    (sql) =>
      sql.unsafe(`with d as (insert into ticketing.disputes (order_id, event_id, provider_dispute_id, amount_cents, status, reason, opened_at)
          select id, event_id, 'dp_1', 100, 'open', 'fraudulent', clock_timestamp() from ticketing.orders where id = '${made.paid}')
        update ticketing.orders set disputed_cents = 100, dispute_state = 'open' where id = '${made.paid}'`),
    "a disputed order's tickets are suspended, and only those",
  ],
  'a lost dispute is not booked': [
    (sql) =>
      sql`insert into ticketing.disputes (order_id, event_id, provider_dispute_id, amount_cents, status, reason, opened_at, closed_at)
        select id, event_id, 'dp_1', 100, 'lost', 'fraudulent', clock_timestamp(), clock_timestamp() from ticketing.orders where id = ${made.paid}`,
    "an order's disputed money is the sum of its disputes",
  ],
  'one payment pays two orders': [
    (sql) =>
      sql.unsafe(`alter table ticketing.orders drop constraint orders_stripe_payment_intent_id_key;
      update ticketing.orders set stripe_payment_intent_id = 'pi_same'`),
    'a payment pays one order',
  ],
  'the webhook queue stands': [
    (sql) =>
      sql`insert into ticketing.webhook_events (id, type, payload, received_at) values ('evt_1', 'x', '{}', clock_timestamp() - interval '11 minutes')`,
    'no webhook waits longer than ten minutes',
  ],
  'numbers are taken from max + 1 without a lock': [
    (sql) => sql`update ticketing.tickets set sequence_number = 9 where id = ${made.ticket}`,
    'ticket numbers are gap-free per event',
    'the ticket counter stands at the highest number',
  ],
  'a transfer keeps the old code': [
    (sql) => sql`update ticketing.tickets set rotation = 1 where id = ${made.ticket}`,
    "a ticket's code names the ticket and its rotation",
  ],
  'a scan selects, then inserts': [
    (sql) =>
      sql`insert into ticketing.ticket_events (ticket_id, kind) select ${made.ticket}, 'redeemed' from generate_series(1, 2)`,
    'admitted once',
  ],
  'a dead ticket is admitted': [
    (sql) =>
      sql.unsafe(`update ticketing.tickets set status = 'refunded' where id = '${made.ticket}';
      insert into analytics.scan_logs (event_id, ticket_id, outcome, scanned_by) values ('${stage.eventId}', '${made.ticket}', 'admitted', '${stage.organizerId}')`),
    'no dead or suspended ticket was admitted',
  ],
  'a line is sold for another event': [
    async (sql) => {
      const [event] =
        await sql`insert into events.events (title, owner_context_id, created_by) values ('Other', ${stage.organizerId}, ${stage.organizerId}) returning id`;
      const [tier] =
        await sql`insert into ticketing.ticket_tiers (event_id, name, price_cents, quantity) values (${event?.id}, 'Other', 0, 1) returning id`;
      await sql`insert into ticketing.order_items (order_id, tier_id, quantity, price_cents) values (${made.pending}, ${tier?.id}, 1, 0)`;
    },
    'tickets, orders and tiers agree on their event',
  ],
  'an order is in another currency': [
    (sql) => sql`update ticketing.orders set currency = 'USD' where id = ${made.paid}`,
    'one currency per event',
  ],
  'the limit is read before the lock': [
    (sql) => sql`update events.events set max_per_person = 2 where id = ${stage.eventId}`,
    'nobody keeps more places than the limit',
  ],
  'an order is left pending for ever': [
    (sql) =>
      sql.unsafe(`update ticketing.ticket_holds set status = 'expired', ended_at = clock_timestamp() - interval '11 minutes' where id = '${made.hold}';
      update ticketing.orders set created_at = created_at - interval '1 hour' where id = '${made.pending}'`),
    'no order waits ten minutes for places that nobody holds',
  ],
  'a paid order goes back to pending': [
    (sql) =>
      sql.unsafe(
        `alter table ticketing.orders disable trigger log_transition; update ticketing.orders set status = 'pending' where id = '${made.paid}'`,
      ),
    'each state is the last one written down',
    'the guards stand',
  ],
  'a refunded ticket is issued again': [
    (sql) =>
      sql`insert into ticketing.state_log (entity, entity_id, from_state, to_state) values ('ticket', ${made.ticket}, 'refunded', 'issued')`,
    'only legal moves were made',
  ],
  'a like is counted twice': [
    (sql) => sql`update social.event_posts set like_count = like_count + 1 where id = ${made.post}`,
    'likes and comments are counted exactly',
  ],
  'an order is paid and the kept totals do not hear of it': [
    (sql) =>
      sql.unsafe(`alter table ticketing.orders disable trigger note_update;
        update ticketing.orders set status = 'paid', paid_at = clock_timestamp() where id = '${made.pending}'`),
    'kept totals are the sums of orders and tickets',
    'the kept curve is the sum of orders and tickets, in each of its widths',
    'the guards stand',
  ],
  'changes of the kept totals are folded twice': [
    (sql) =>
      sql`insert into ticketing.event_changes (event_id, at, tickets, gross_cents, refunded_cents, fees_cents, paid_orders, admitted, version)
        select event_id, at, tickets, gross_cents, refunded_cents, fees_cents, paid_orders, admitted, version from ticketing.event_changes`,
    'kept totals are the sums of orders and tickets',
    'the kept curve is the sum of orders and tickets, in each of its widths',
  ],
  'an organization is gone and its event is not': [
    (sql) =>
      sql`insert into events.events (title, owner_context_type, owner_context_id, created_by) values ('Orphan', 'organization', ${crypto.randomUUID()}, ${stage.organizerId})`,
    'every event owner exists',
  ],
  'the last owner leaves': [
    (sql) => sql`insert into organizations.organizations (name) values ('Nobody’s')`,
    'every living organization has a living owner',
  ],
  'the last owner deletes the account': [
    async (sql) => {
      const [org] = await sql`insert into organizations.organizations (name) values ('Nobody’s') returning id`;
      const [owner] = await sql`insert into auth.users (email) values ('gone@example.test') returning id`;
      await sql`insert into organizations.org_memberships (org_id, user_id, role) values (${org?.id}, ${owner?.id}, 'owner')`;
      await sql`update auth.users set deleted_at = clock_timestamp() where id = ${owner?.id}`;
    },
    'every living organization has a living owner',
  ],
  'row level security is switched off on one table': [
    (sql) => sql.unsafe('alter table ticketing.refunds no force row level security'),
    'row level security is on and forced on every table',
  ],
  'a table comes without its service policy': [
    (sql) => sql.unsafe('drop policy refunds_service on ticketing.refunds'),
    'every table has its service policy',
  ],
  'the engine may bypass policies': [
    (sql) => sql.unsafe('alter role service_role bypassrls'),
    'the working roles own nothing and bypass nothing',
  ],
  'a view asks as its owner': [
    (sql) => sql.unsafe('alter view ticketing.event_health reset (security_invoker)'),
    'views ask as the caller',
  ],
  'a definer function takes any search path': [
    (sql) => sql.unsafe('alter function access.has_ticket(uuid) reset search_path'),
    'definer functions pin their search path',
  ],
  'commits are acknowledged before they are on disk': [
    (sql) => sql.unsafe('set local synchronous_commit = off'),
    'an acknowledged commit is on disk',
  ],
};

describe('the checker', () => {
  it('finds nothing in a sound database', async () => {
    expect(await namesAfter((sql) => sql`select 1`)).toEqual([]);
  });

  for (const [bug, [plant, ...expected]] of Object.entries(BUGS)) {
    it(`notices when ${bug}`, async () => {
      const names = await namesAfter(plant);
      for (const name of names) caught.add(name);
      expect(names).toEqual(expect.arrayContaining(expected));
    });
  }

  it('has no invariant that none of these bugs breaks', () => {
    expect(
      readInvariants()
        .map((invariant) => invariant.name)
        .filter((name) => !caught.has(name)),
    ).toEqual([]);
  });
});
