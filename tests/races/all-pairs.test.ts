import crypto from 'node:crypto';
import { sqlState } from '@liventix/db/client';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { moveEverything, moveOrdersOfMailbox } from '../../apps/server/src/features/accounts/accounts.sql.ts';
import { moveMailbox } from '../../apps/server/src/features/accounts/move-guest.ts';
import { type BoxOffice, openBoxOffice, reserve, type Stage } from './box-office.ts';

/** Sessions of each of the two operations, and how often each session repeats its own. */
const SESSIONS = 2;
const REPEATS = 3;

let office: BoxOffice;
beforeAll(async () => {
  office = await openBoxOffice(2 * SESSIONS + 2);
});
afterAll(() => office?.close());

/** The rows that both operations of a pair work on. */
interface Ground {
  stage: Stage;
  people: string[];
  checkouts: { checkoutId: string; userId: string }[];
  orders: { orderId: string; checkoutId: string; userId: string; totalCents: number }[];
  tickets: { id: string; qr_code: string }[];
  refunds: string[];
}

// A fixed sequence: a failure is found again by running the file again (the interleaving is the server's).
let seed = 7;
const random = (below: number): number => {
  seed = (seed * 1_103_515_245 + 12_345) % 2_147_483_648;
  return Math.floor((seed / 2_147_483_648) * below);
};
const pick = <T>(from: T[]): T => from[random(from.length)] as T;

type Operation = (ground: Ground) => Promise<unknown>;

const newCheckout = ({ stage, people }: Ground) => {
  const both = random(2) ? stage.tierIds : [...stage.tierIds].reverse();
  const tiers = random(3) ? both : both.slice(0, 1);
  return {
    checkoutId: crypto.randomUUID(),
    userId: pick(people),
    lines: tiers.map((tierId) => ({ tierId, quantity: 1 + random(2) })),
    addressKey: String(1 + random(3)),
  };
};
const complete = async ({ orders }: Ground): Promise<unknown> => {
  const { orderId, totalCents } = pick(orders);
  return office.complete(orderId, totalCents);
};

const OPERATIONS: Record<string, Operation> = {
  reserve: (ground) => reserve(office.sql, [newCheckout(ground), newCheckout(ground)]),
  replace: (ground) => {
    const { checkoutId, userId } = pick(ground.checkouts);
    return reserve(office.sql, [{ ...newCheckout(ground), userId, replaces: checkoutId }]);
  },
  extend: ({ checkouts }) => {
    const { checkoutId, userId } = pick(checkouts);
    return office.sql`select ticketing.extend_checkout(${checkoutId}, ${userId})`;
  },
  release: ({ checkouts }) => {
    const { checkoutId, userId } = pick(checkouts);
    return office.sql`select ticketing.release_checkout(${checkoutId}, ${userId})`;
  },
  'extend many': ({ checkouts }) => {
    const some = [pick(checkouts), pick(checkouts), pick(checkouts)];
    return office.sql`select * from ticketing.extend_checkouts(
      ${some.map((checkout) => checkout.checkoutId)}::uuid[], ${some.map((checkout) => checkout.userId)}::uuid[])`;
  },
  'release many': ({ checkouts }) => {
    const some = [pick(checkouts), pick(checkouts)];
    return office.sql`select * from ticketing.release_checkouts(
      ${some.map((checkout) => checkout.checkoutId)}::uuid[], ${some.map((checkout) => checkout.userId)}::uuid[])`;
  },
  lapse: ({ checkouts }) => office.lapse(pick(checkouts).checkoutId),
  expire: ({ stage }) =>
    office.sql`select * from public.cleanup_expired_ticket_holds(${random(2) ? stage.eventId : null})`,
  'cancel lapsed orders': ({ stage }) =>
    office.sql`select * from ticketing.cancel_lapsed_orders(${random(2) ? stage.eventId : null})`,
  'create order': ({ checkouts }) => {
    const { checkoutId, userId } = pick(checkouts);
    return office.order(checkoutId, userId, random(4) ? undefined : 'shared@example.org');
  },
  'begin payment': ({ orders }) => {
    const { orderId, userId } = pick(orders);
    return office.sql`select ticketing.begin_payment(${orderId}, ${userId})`;
  },
  'complete one': complete,
  'complete many': ({ orders }) => {
    const some = [pick(orders), pick(orders), pick(orders), pick(orders)];
    return office.sql`select * from ticketing.complete_orders_batch(
      ${some.map((order) => order.orderId)}::uuid[], ${some.map((order) => `pi_${order.orderId}`)}::text[], ${some.map((order) => order.totalCents)}::bigint[])`;
  },
  'complete late': async (ground) => {
    const { orderId, checkoutId, totalCents } = pick(ground.orders);
    await office.lapse(checkoutId);
    return office.complete(orderId, totalCents);
  },
  'request refund': ({ orders, stage }) =>
    office.sql`select ticketing.request_refund(${pick(orders).orderId}, 'requested', ${stage.organizerId})`,
  'settle refund': async ({ refunds }) => {
    if (refunds.length > 0)
      await office.sql`select ticketing.settle_refund(${pick(refunds)}, ${random(2) === 0}, ${`re_${crypto.randomUUID()}`})`;
  },
  'refund outside': async ({ orders }) => {
    const { orderId } = pick(orders);
    const [noted] = await office.sql<{ id: string | null }[]>`
      select ticketing.note_outside_refund(${orderId}, ${`re_${crypto.randomUUID()}`}, ${1 + random(40)}, 'requested', now()) ->> 'refundId' as id`;
    if (noted?.id) await office.sql`select ticketing.settle_refund(${noted.id}, ${random(2) === 0}, null)`;
  },
  dispute: ({ orders }) => {
    const { orderId, totalCents } = pick(orders);
    const status = ['inquiry', 'open', 'won', 'lost'][random(4)] ?? 'open';
    return office.sql`select ticketing.apply_dispute(${orderId}, ${`dp_${orderId}`}, ${status}, ${Math.max(1, totalCents)}, 'fraudulent', now())`;
  },
  'pause or resume a tier': ({ stage }) =>
    office.sql`select ticketing.pause_sales(${stage.eventId}, ${pick(stage.tierIds)}, ${random(2) === 0})`,
  'pause or resume all': ({ stage }) =>
    office.sql`select ticketing.pause_sales(${stage.eventId}, null, ${random(2) === 0})`,
  redeem: async ({ tickets, stage }) => {
    if (tickets.length > 0)
      await office.sql`select ticketing.redeem_ticket(${pick(tickets).qr_code}, ${stage.eventId}, ${stage.organizerId}, 'north')`;
  },
  'undo redeem': async ({ tickets, stage }) => {
    if (tickets.length > 0)
      await office.sql`select ticketing.undo_redeem(${pick(tickets).id}, ${stage.eventId}, ${stage.organizerId})`;
  },
  'reconcile the event': ({ stage }) =>
    office.sql`select * from ticketing.reconcile_event_tickets(${stage.eventId}, false)`,
  'reconcile the counters': ({ stage }) =>
    office.sql`select * from ticketing.reconcile_issued_quantity(${random(2) ? stage.eventId : null}, false)`,
  'move a guest': ({ checkouts, people }) =>
    office.sql.begin((sql) => moveEverything(sql, pick(checkouts).userId, pick(people))),
  'move the orders of a mailbox': ({ orders, people }) => {
    const { userId } = pick(orders);
    return office.sql.begin((sql) => moveOrdersOfMailbox(sql, [userId], pick(people), `${userId}@example.org`));
  },
  'edit a tier': ({ stage }) => office.sql`
    update ticketing.ticket_tiers set price_cents = ${1000 + random(5) * 100}, quantity = greatest(${50 + random(20)}, issued_quantity + reserved_quantity)
    where id = ${pick(stage.tierIds)}`,
  'publish or unpublish': ({ stage }) => {
    const to = random(2) ? 'draft' : 'published';
    return office.sql.begin(async (sql) => {
      // In the order of docs/domain.md, as the verb does.
      await sql`select from ticketing.ticket_tiers where event_id = ${stage.eventId} order by id for no key update`;
      await sql`update events.events set status = ${to}::public.event_status where id = ${stage.eventId} and status <> ${to}::public.event_status`;
    });
  },
};

/** A refusal that the domain promises: an event with buyers does not go back to draft. */
const PROMISED = 'event_has_buyers';

async function makeGround(people: string[]): Promise<Ground> {
  const stage = await office.stage([{ quantity: 60 }, { quantity: 60 }], {
    max_per_person: 50,
    start_at: new Date(Date.now() + 3_600_000).toISOString(),
  });
  return { stage, people, checkouts: [], orders: [], tickets: [], refunds: [] };
}

/** Before each pair: some living checkouts, some with an order, some paid; nobody cools down. */
async function restock(ground: Ground): Promise<void> {
  const { stage } = ground;
  const { admin } = office.test;
  await admin`delete from ticketing.hold_lapses where event_id = ${stage.eventId}`;
  await office.sql`select ticketing.pause_sales(${stage.eventId}, null, false)`;
  for (const tierId of stage.tierIds)
    await office.sql`select ticketing.pause_sales(${stage.eventId}, ${tierId}, false)`;
  await admin`update events.events set status = 'published' where id = ${stage.eventId} and status = 'draft'`;
  const fresh = [newCheckout(ground), newCheckout(ground), newCheckout(ground)];
  await reserve(office.sql, fresh);
  ground.checkouts = await admin<Ground['checkouts']>`
    select distinct checkout_id as "checkoutId", user_id as "userId", max(created_at) from ticketing.ticket_holds where event_id = ${stage.eventId}
    group by 1, 2 order by 3 desc limit 6`;
  for (const [index, { checkoutId, userId }] of ground.checkouts.slice(0, 3).entries()) {
    const { outcome, orderId, totalCents } = await office.order(checkoutId, userId);
    if (index > 0 && outcome === 'created') await office.complete(orderId, totalCents);
  }
  ground.orders = await admin<Ground['orders']>`
    select id as "orderId", checkout_id as "checkoutId", user_id as "userId", total_cents as "totalCents" from ticketing.orders
    where event_id = ${stage.eventId} order by created_at desc limit 6`;
  ground.tickets = await admin<Ground['tickets']>`
    select id, qr_code from ticketing.tickets where event_id = ${stage.eventId} and status <> 'refunded' order by created_at desc limit 6`;
  // one refund is always under way, so that settling it meets every other operation
  const [refundable] = await admin<{ id: string }[]>`
    select o.id from ticketing.orders o where o.event_id = ${stage.eventId} and o.status = 'paid'
      and not exists (select from ticketing.refunds r where r.order_id = o.id and r.status = 'pending') limit 1`;
  if (refundable)
    await office.sql`select ticketing.request_refund(${refundable.id}, 'requested', ${stage.organizerId})`;
  const refunds = await admin<{ id: string }[]>`
    select r.id from ticketing.refunds r join ticketing.orders o on o.id = r.order_id
    where o.event_id = ${stage.eventId} and r.status = 'pending' limit 4`;
  ground.refunds = refunds.map((row) => row.id);
  if (ground.orders.length === 0) throw new Error('The ground has no orders: nothing would race.');
}

/**
 * Refusals that are right. Refunds settle here as nobody at the provider would let them: two of one order may together be more than
 * was captured, and then the order's own check keeps the second out.
 */
function isPromise(operation: string, error: unknown): boolean {
  if (sqlState(error) !== '23514') return false;
  const name = (error as { constraint_name?: string }).constraint_name;
  return name === PROMISED || (name === 'orders_check' && ['settle refund', 'refund outside'].includes(operation));
}

const names = Object.keys(OPERATIONS);

describe('every operation against every other, on the same rows', () => {
  it(`ends without a deadlock, an unexpected error or a broken invariant (${(names.length * (names.length + 1)) / 2} pairs)`, async () => {
    const people = await office.people(40);
    const failures: string[] = [];
    let done = 0;
    for (const [index, first] of names.entries()) {
      const ground = await makeGround(people);
      for (const second of names.slice(index)) {
        await restock(ground);
        const session = async (name: string): Promise<void> => {
          for (let repeat = 0; repeat < REPEATS; repeat++) {
            try {
              await OPERATIONS[name]?.(ground);
              done++;
            } catch (error) {
              const { message } = error as Error;
              if (!isPromise(name, error))
                failures.push(
                  `${first} / ${second}: ${name}: ${sqlState(error)} ${message} ${(error as { detail?: string }).detail ?? ''}`,
                );
            }
          }
        };
        await Promise.all(Array.from({ length: SESSIONS }, () => [session(first), session(second)]).flat());
      }
      await office.expectSound();
    }
    expect(failures.join('\n')).toBe('');
    expect(done).toBeGreaterThan(2000);
    await office.test.admin`select pg_stat_force_next_flush()`;
    const [stat] = await office.test
      .admin`select deadlocks::int from pg_stat_database where datname = current_database()`;
    expect(stat).toEqual({ deadlocks: 0 });
    // Nothing of it was idle: money was taken, places were lost, tickets were used and refunded.
    const [seen] = await office.test.admin`
      select (select count(*)::int from ticketing.tickets) as tickets, (select count(*)::int from ticketing.refunds where status = 'succeeded') as refunds,
             (select count(*)::int from ticketing.ticket_holds where status = 'expired') as expired, (select count(*)::int from ticketing.orders where late) as late,
             (select count(*)::int from analytics.scan_logs where outcome = 'admitted') as admitted`;
    for (const [what, count] of Object.entries(seen ?? {})) expect([what, count > 5]).toEqual([what, true]);
  }, 300_000);
});

/** Sessions of the races that wait for a lock at this moment. */
const waiting = async (): Promise<number> => {
  const [row] = await office.test.admin`
    select count(*)::int as n from pg_stat_activity
     where datname = current_database() and wait_event_type = 'Lock' and application_name = 'races'`;
  return row?.n;
};

describe('orders that are locked out of turn', () => {
  it('are not: three tabs order one checkout, two of them to one mailbox that somebody else is ordering to', async () => {
    const { eventId, tierIds } = await office.stage([{ quantity: 10 }]);
    const [person] = (await office.people(1)) as [string];
    const checkoutId = crypto.randomUUID();
    await reserve(office.sql, [{ checkoutId, userId: person, lines: [{ tierId: tierIds[0] as string, quantity: 1 }] }]);
    const mailbox = 'three-tabs@example.org';
    const tabs: Promise<{ outcome: string }>[] = [];
    await office.test.admin.begin(async (other) => {
      await other`select pg_advisory_xact_lock(hashtextextended(${eventId} || public.normal_mailbox(${mailbox}), 4))`;
      tabs.push(office.order(checkoutId, person, mailbox));
      while ((await waiting()) < 1);
      let ended = false;
      tabs.push(office.order(checkoutId, person).finally(() => (ended = true)));
      while (!ended && (await waiting()) < 2);
      tabs.push(office.order(checkoutId, person, mailbox));
      while ((await waiting()) < (ended ? 2 : 3));
    });
    expect((await Promise.all(tabs)).map((tab) => tab.outcome).sort()).toEqual(['created', 'existing', 'existing']);
    await office.expectSound();
  });

  it('are not: what a guest had and what her account got by its mailbox are locked by id, as whoever is paid locks them', async () => {
    const [guest, account] = (await office.people(2)) as [string, string];
    const orders: { id: string; mailbox: string; totalCents: number }[] = [];
    for (const mailbox of ['near@example.org', 'far@example.org']) {
      const { tierIds } = await office.stage([{ quantity: 10 }]);
      const checkoutId = crypto.randomUUID();
      await reserve(office.sql, [
        { checkoutId, userId: guest, lines: [{ tierId: tierIds[0] as string, quantity: 1 }] },
      ]);
      const { orderId, totalCents } = await office.order(checkoutId, guest, mailbox);
      orders.push({ id: orderId, mailbox, totalCents });
    }
    const [first, last] = orders.sort((a, b) => (a.id < b.id ? -1 : 1)) as [(typeof orders)[0], (typeof orders)[0]];
    expect((await office.complete(last.id, last.totalCents)).outcome).toBe('completed');
    await office.sql.begin((sql) => moveOrdersOfMailbox(sql, [guest], account, last.mailbox));
    let move: Promise<unknown> | undefined;
    await office.sql.begin(async (payer) => {
      await payer`select from ticketing.orders where id = ${first.id} for update`;
      move = office.sql.begin((sql) => moveEverything(sql, guest, account));
      while ((await waiting()) < 1);
      await payer`select from ticketing.orders where id = ${last.id} for update`;
    });
    expect(await move).toMatchObject({ isWhole: true, orders: [{ id: first.id }] });
    const kept = await office.test
      .admin`select user_id, claimed_from from ticketing.orders where id = any(${[first.id, last.id]}::uuid[])`;
    expect([...kept]).toEqual([account, account].map((user_id) => ({ user_id, claimed_from: null })));
    await office.expectSound();
  });

  it('are not: what several guests ordered with a mailbox is locked over all of them before any tier', async () => {
    const [first, second, account] = (await office.people(3)) as [string, string, string];
    const { tierIds } = await office.stage([{ quantity: 10 }]);
    const tierId = tierIds[0] as string;
    const mailbox = 'two-guests@example.org';
    await office.test.admin`update auth.users set is_anonymous = true where id in (${first}, ${second})`;
    const orders: string[] = [];
    for (const userId of [first, second].sort()) {
      const checkoutId = crypto.randomUUID();
      await reserve(office.sql, [{ checkoutId, userId, lines: [{ tierId, quantity: 1 }] }]);
      const { orderId, totalCents } = await office.order(checkoutId, userId, mailbox);
      await office.complete(orderId, totalCents);
      orders.push(orderId);
    }
    let claim: Promise<unknown> | undefined;
    await office.sql.begin(async (desk) => {
      await desk`select from ticketing.orders where id = ${orders[1] ?? ''} for update`;
      claim = office.sql.begin((sql) => moveMailbox(sql, mailbox, account));
      while ((await waiting()) < 1);
      await desk`select from ticketing.ticket_tiers where id = ${tierId} for no key update`;
    });
    expect(await claim).toHaveLength(2);
    await office.expectSound();
  });
});
