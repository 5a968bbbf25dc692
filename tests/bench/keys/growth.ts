import type { TestDatabase } from '@liventix/db/testing';
import { createTestApp, type TestApp } from '@liventix/server/testing';
import type { Actor } from '../../../apps/server/src/platform/context.ts';
import { type Bench, expectSound, type Measured } from '../bench.ts';
import { productTake, uuidV7 } from '../hot-tier.ts';
import { percentile } from '../measure-calls.ts';

const FEW = 1000;
const PER_ORDER = 5;
const ORDERS_PER_PERSON = 2;

/** What people wait for, on an event with a thousand tickets and on one with a million: turn by turn, p50 against p50. */
export async function run(bench: Bench): Promise<Measured> {
  const small = await openEvening(bench, FEW);
  const many = bench.size(1_000_000);
  const since = performance.now();
  const large = await openEvening(bench, many);
  bench.note(
    `${many.toLocaleString('en-US')} tickets were written in ${((performance.now() - since) / 1000).toFixed(0)} s`,
  );
  const measured: Measured = {};
  const turns = bench.quick ? 40 : 200;
  for (const what of ['hold', 'availability', 'dashboard', 'events'] as const) {
    measured[what] = [];
    for (let round = 0; round < bench.rounds; round++) {
      const sides = [small, large].map((evening) => ({ evening, times: [] as number[] }));
      for (let turn = -10; turn < turns; turn++) {
        // Each goes first every other time: who comes second finds the processor warm, or given to somebody else.
        for (const { evening, times } of turn % 2 ? [...sides].reverse() : sides) {
          const before = performance.now();
          await evening[what]();
          if (turn >= 0) times.push(performance.now() - before);
        }
      }
      const [peer, value] = sides.map(({ times }) =>
        percentile(
          times.sort((a, b) => a - b),
          0.5,
        ),
      );
      measured[what].push({ value: value as number, peer: peer as number });
    }
  }
  await expectSound(small.database);
  await expectSound(large.database);
  return measured;
}

interface Evening {
  database: TestDatabase;
  hold(): Promise<void>;
  availability(): Promise<void>;
  dashboard(): Promise<void>;
  events(): Promise<void>;
}

async function openEvening(bench: Bench, tickets: number): Promise<Evening> {
  const database = await bench.database();
  const { eventId, tierId, organizerId, fresh } = await stageSold(database, tickets);
  const app: TestApp = await createTestApp({ database, simulators: false, feed: false });
  bench.atEnd(() => app.close());
  const organizer: Actor = {
    userId: organizerId,
    sessionId: uuidV7(),
    email: 'organizer@example.org',
    name: 'Organizer',
    isAnonymous: false,
    emailVerified: true,
    role: 'organizer',
  };
  const take = productTake(database, { eventId, tierIds: [tierId] });
  let next = 0;
  return {
    database,
    async hold() {
      if (!(await take({ userId: fresh[next++] as string, checkoutId: uuidV7() })))
        throw new Error('a hold was refused');
    },
    async availability() {
      await app.services.live.snapshot(app.ctx(null), 'event', eventId);
    },
    async dashboard() {
      await app.services.live.snapshot(app.ctx(organizer), 'staff', eventId);
    },
    async events() {
      const { events } = await app.caller(null).events.discover({});
      if (events.length === 0) throw new Error('the list is empty');
    },
  };
}

/** An evening with this many tickets sold, written in sets under every constraint, as checkouts would have left it. */
async function stageSold(database: TestDatabase, tickets: number) {
  const { admin } = database;
  const orders = tickets / PER_ORDER;
  const buyers = orders / ORDERS_PER_PERSON;
  const people = await admin<{ id: string }[]>`
    insert into auth.users (name, email) select 'Person ' || g, public.uuid_v7() || '@example.org' from generate_series(1, 2000) g returning id`;
  const [organizerId = '', ...fresh] = people.map((row) => row.id);
  const [event] = await admin<{ id: string }[]>`
    insert into events.events (title, owner_context_id, created_by, start_at, status, slug)
    values ('Late Frequencies', ${organizerId}, ${organizerId}, now() + interval '30 days', 'published', 'late-frequencies') returning id`;
  const eventId = event?.id ?? '';
  const [tier] = await admin<{ id: string }[]>`
    insert into ticketing.ticket_tiers (event_id, name, price_cents, quantity) values (${eventId}, 'General Admission', 2000, ${tickets + 100_000}) returning id`;
  const tierId = tier?.id ?? '';
  await admin.begin(async (tx) => {
    await tx`
      create temp table sold on commit drop as
      select g as n, public.uuid_v7() as order_id, public.uuid_v7() as checkout_id, null::uuid as user_id,
             now() - interval '20 days' * (1 - g::float8 / ${orders}) as at
        from generate_series(1, ${orders}::int) g`;
    await tx`
      with made as (
        insert into auth.users (name, email) select 'Buyer ' || g, public.uuid_v7() || '@example.org' from generate_series(1, ${buyers}::int) g returning id
      ), numbered as (select id, row_number() over () as n from made)
      update sold s set user_id = m.id from numbered m where m.n = 1 + (s.n - 1) / ${ORDERS_PER_PERSON}`;
    await tx`
      insert into ticketing.ticket_holds (user_id, tier_id, event_id, checkout_id, quantity, status, created_at, expires_at, ended_at, end_reason,
             unit_face_cents, unit_fee_cents, unit_tax_cents, unit_total_cents)
      select user_id, ${tierId}, ${eventId}, checkout_id, ${PER_ORDER}, 'converted', at - interval '2 minutes', at + interval '13 minutes', at, 'paid', 2000, 0, 0, 2000
        from sold order by n`;
    await tx`
      insert into ticketing.orders (id, event_id, user_id, checkout_id, status, payment_state, mailbox, buyer_name, subtotal_cents, total_cents, captured_cents,
             stripe_payment_intent_id, created_at, paid_at)
      select order_id, ${eventId}, user_id, checkout_id, 'paid', 'succeeded', user_id || '@example.org', 'Ada', ${PER_ORDER * 2000}, ${PER_ORDER * 2000}, ${PER_ORDER * 2000},
             'pi_' || order_id, at - interval '1 minute', at from sold order by n`;
    await tx`
      insert into ticketing.order_items (order_id, tier_id, quantity, price_cents) select order_id, ${tierId}, ${PER_ORDER}, 2000 from sold order by n`;
    await tx`
      create temp table issued on commit drop as
      select public.uuid_v7() as id, s.order_id, s.user_id, s.at, (s.n - 1) * ${PER_ORDER} + p as seq from sold s, generate_series(1, ${PER_ORDER}::int) p`;
    await tx`
      insert into ticketing.tickets (id, order_id, event_id, tier_id, owner_user_id, sequence_number, qr_code, holder_name, face_cents, paid_cents, created_at)
      select id, order_id, ${eventId}, ${tierId}, user_id, seq, ticketing.qr_code_of(id, 0), 'Ada', 2000, 2000, at from issued order by seq`;
    await tx`
      insert into ticketing.ticket_events (ticket_id, kind, to_user_id, created_at) select id, 'issued', user_id, at from issued order by seq`;
    await tx`insert into ticketing.event_counters (event_id, last_sequence) values (${eventId}, ${tickets}) on conflict (event_id) do update set last_sequence = excluded.last_sequence`;
    await tx`update ticketing.ticket_tiers set issued_quantity = ${tickets} where id = ${tierId}`;
  });
  // what the worker does every second while the sales go on
  for (let folded = 1; folded > 0; ) {
    const [row] = await admin<{ folded: number }[]>`select ticketing.fold_event_totals() as folded`;
    folded = row?.folded ?? 0;
  }
  await admin`vacuum analyze`;
  return { eventId, tierId, organizerId, fresh };
}
