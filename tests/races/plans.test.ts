import crypto from 'node:crypto';
import postgres from 'postgres';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type BoxOffice, openBoxOffice, reserve } from './box-office.ts';

const ROWS = 20_000;
const RUSH = 320;
/** One buyer's ways that are counted on the empty database; each reads a few rows more than the one before. */
const WALKS = 8;
const SLACK_ROWS = 40;

/** Every buyer at an address of her own. */
const addressOf = (userId: string): string =>
  BigInt.asIntN(64, BigInt(`0x${userId.replaceAll('-', '').slice(16)}`)).toString();

let office: BoxOffice;
let session: postgres.Sql;
beforeAll(async () => {
  office = await openBoxOffice(2);
  // one session: its plans are cached while the tables are empty, as after a deployment on a new database
  session = postgres(office.test.urls.engine, { max: 1, onnotice: () => {} });
});
afterAll(async () => {
  await session.end({ timeout: 5 });
  await office.close();
});

/** Rows read so far: from end to end per table, and through each index. */
async function rowsRead(): Promise<Record<string, number>> {
  await session`select pg_stat_force_next_flush()`;
  // tables whose size does not grow with sales may be read whole
  const rows = await session<{ name: string; rows: number }[]>`
    select relid::regclass::text as name, seq_tup_read::int as rows from pg_stat_user_tables
     where schemaname in ('ticketing', 'events') and relname not in ('events', 'ticket_tiers', 'event_counters')
    union all
    select indexrelid::regclass::text, idx_tup_read::int from pg_stat_user_indexes where schemaname in ('ticketing', 'events') order by 1`;
  return Object.fromEntries(rows.map((row) => [row.name, row.rows]));
}

describe('plans that were cached while the tables were empty', () => {
  // First in this file: nothing is held yet. A table that is known as empty is one page to the planner, one that was never
  // looked at is ten: both must be right.
  it('do not go stale in a rush of buyers who have nothing yet: nobody else’s rows are read for them', async () => {
    const { tierIds } = await office.stage([{ quantity: 2 * RUSH }]);
    const lines = [{ tierId: tierIds[0] as string, quantity: 1 }];
    const people = await office.people(RUSH);
    await office.test.admin.unsafe('vacuum analyze ticketing.ticket_holds, ticketing.tickets, ticketing.hold_lapses');
    const before = await rowsRead();
    for (let at = 0; at < RUSH; at += 32) {
      const answers = await reserve(
        session,
        people
          .slice(at, at + 32)
          .map((userId) => ({ checkoutId: crypto.randomUUID(), userId, lines, addressKey: addressOf(userId) })),
      );
      expect(answers.filter((answer) => answer.outcome === 'held')).toHaveLength(32);
    }
    const after = await rowsRead();
    const read = Object.entries(after).filter(
      ([name, rows]) => /ticket_holds|tickets_|hold_lapses/.test(name) && rows - (before[name] ?? 0) > RUSH,
    );
    expect(read).toEqual([]);
  });

  it('do not go stale: every function of the checkout reads as many rows of a full database as of an empty one', async () => {
    const { admin } = office.test;
    const { eventId, tierIds, organizerId } = await office.stage([{ quantity: 400 }], {
      max_per_person: 50,
      start_at: new Date(Date.now() + 3_600_000),
    });
    const tierId = tierIds[0] as string;

    /** One buyer's whole way, and each sweep once. */
    const walk = async (userId: string): Promise<void> => {
      const line = [{ tierId, quantity: 1 }];
      const addressKey = addressOf(userId);
      const first = crypto.randomUUID();
      const second = crypto.randomUUID();
      await reserve(session, [{ checkoutId: first, userId, lines: line, addressKey }]);
      await session`select ticketing.extend_checkout(${first}, ${userId})`;
      const [answer] = await reserve(session, [
        { checkoutId: second, userId, lines: [{ tierId, quantity: 2 }], replaces: first, addressKey },
      ]);
      expect(answer?.outcome).toBe('held');
      const [made] =
        await session`select ticketing.create_order(${second}, ${userId}, ${`${userId}@example.org`}, 'Ada') as answer`;
      const { orderId, totalCents } = (made as postgres.Row).answer;
      await session`select ticketing.begin_payment(${orderId}, ${userId})`;
      await session`select * from public.cleanup_expired_ticket_holds(${eventId}, false, 10)`;
      await session`select * from public.cleanup_expired_ticket_holds(null, false, 10)`;
      await session`select * from ticketing.cancel_lapsed_orders(null, 10)`;
      const [paid] =
        await session`select ticketing.complete_order_atomic(${orderId}, ${`pi_${orderId}`}, ${totalCents}) as answer`;
      expect(paid?.answer.outcome).toBe('completed');
      await session`select ticketing.redeem_ticket(${paid?.answer.tickets[0].qrCode}, ${eventId}, ${organizerId})`;
      await session`select ticketing.undo_redeem(${paid?.answer.tickets[0].id}, ${eventId}, ${organizerId})`;
      const [back] = await session`select ticketing.request_refund(${orderId}, 'requested', ${organizerId}) as answer`;
      await session`select ticketing.settle_refund(${back?.answer.refundId}, true, ${`re_${orderId}`})`;
      const third = crypto.randomUUID();
      await reserve(session, [{ checkoutId: third, userId, lines: line, addressKey }]);
      await session`select ticketing.release_checkout(${third}, ${userId})`;
    };

    const people = await office.people(30);
    await walk(people[0] as string);
    // The planner has seen the tables with a handful of rows: to read those whole is the cheapest plan, and the one it keeps.
    await admin.unsafe('analyze');
    for (const userId of people.slice(1, 8)) await walk(userId); // past the five runs after which a plan is kept
    const start = await rowsRead();
    for (const userId of people.slice(8, 8 + WALKS)) await walk(userId);
    const empty = await rowsRead();

    // Autovacuum's analyze would throw the old plans away: the worst case is that it has not come by yet.
    for (const table of [
      'ticket_holds',
      'orders',
      'order_items',
      'tickets',
      'hold_lapses',
      'refunds',
      'refund_tickets',
    ])
      await admin.unsafe(`alter table ticketing.${table} set (autovacuum_enabled = false)`);
    const crowd = await office.people(ROWS / 20);
    const [other] = await admin`
      insert into ticketing.ticket_tiers (event_id, name, price_cents, quantity) values (${eventId}, 'Earlier', 0, ${ROWS}) returning id`;
    await admin`insert into ticketing.ticket_holds (user_id, tier_id, quantity, status, ended_at)
      select (${crowd}::uuid[])[1 + g % ${crowd.length}], ${other?.id}, 1, 'expired', clock_timestamp() from generate_series(1, ${ROWS}::int) g`;
    // an on-sale in full swing: others hold and own thousands of this very event
    await admin`insert into ticketing.ticket_holds (user_id, tier_id, quantity, address_key)
      select u, ${other?.id}, 1, row_number() over () from unnest(${crowd}::uuid[]) u`;
    await admin`insert into ticketing.hold_lapses (event_id, user_id, checkout_id, tier_id, address_key, quantity)
      select ${eventId}, (${crowd}::uuid[])[1 + g % ${crowd.length}], public.uuid_v7(), ${other?.id}::uuid, g, 1 from generate_series(1, ${ROWS}::int) g`;
    const [bought] = await admin`
      insert into ticketing.orders (event_id, user_id, status, paid_at) values (${eventId}, ${crowd[0] as string}, 'paid', clock_timestamp()) returning id`;
    await admin`insert into ticketing.tickets (order_id, event_id, tier_id, owner_user_id, qr_code, sequence_number)
      select ${bought?.id}, ${eventId}, ${other?.id}, (${crowd}::uuid[])[1 + g % ${crowd.length}], 'crowd-' || g, 100000 + g from generate_series(1, ${ROWS}::int) g`;
    await admin`with o as (insert into ticketing.orders (event_id, user_id, status, cancel_reason)
        select ${eventId}, (${crowd}::uuid[])[1 + g % ${crowd.length}], 'cancelled', 'expired' from generate_series(1, ${ROWS}::int) g returning id)
      insert into ticketing.order_items (order_id, tier_id, quantity, price_cents) select id, ${other?.id}, 1, 0 from o`;

    const before = await rowsRead();
    for (const userId of people.slice(8 + WALKS)) await walk(userId);
    const full = await rowsRead();
    const grown = Object.keys(full)
      .map((name) => ({
        name,
        empty: ((empty[name] ?? 0) - (start[name] ?? 0)) / WALKS,
        full: ((full[name] ?? 0) - (before[name] ?? 0)) / (people.length - 8 - WALKS),
      }))
      .filter((read) => read.full > 2 * read.empty + SLACK_ROWS);
    expect(grown).toEqual([]);
  });
});
