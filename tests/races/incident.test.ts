import crypto from 'node:crypto';
import type postgres from 'postgres';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type BoxOffice, openBoxOffice, stock } from './box-office.ts';

/**
 * The state in which the Liventix Official Event once stood: 100 places, 10 issued, 90 reserved by holds that nothing freed,
 * 11 paid orders of which one has no ticket, 24 orders left pending. Loaded by the columns of docs/schema.md's first part
 * alone: every other column must have a default or be empty.
 */
const PRICE_CENTS = 2500;
const DAY = 86_400_000;

let office: BoxOffice;
let eventId: string;
let tierId: string;
let organizer: string;
let owedOrder: string;

/** Writes the rows of the incident, by the named columns alone. */
async function load(admin: postgres.ISql, people: string[]): Promise<Incident> {
  const organizer = people[35] as string;
  const eventId = crypto.randomUUID();
  const tierId = crypto.randomUUID();
  // The rows bring profiles of their own.
  await admin`delete from public.profiles where id = any(${people}::uuid[])`;
  await admin`insert into public.profiles ${admin(
    people.slice(0, 35).map((id, index) => ({
      id,
      email: `${id}@example.org`,
      display_name: `Guest ${index}`,
      photo_url: null,
      role: 'attendee',
    })),
  )}`;
  await admin`insert into events.events ${admin({
    id: eventId,
    title: 'Liventix Official Event',
    start_at: new Date(Date.now() + 20 * DAY),
    end_at: new Date(Date.now() + 20.2 * DAY),
    venue: 'The Warehouse',
    category: 'Music',
    cover_image_url: null,
    description: 'The first one.',
    city: 'Hamburg',
    visibility: 'public',
    owner_context_type: 'user',
    owner_context_id: organizer,
    created_by: organizer,
  })}`;
  await admin`insert into ticketing.ticket_tiers ${admin({
    id: tierId,
    event_id: eventId,
    name: 'General Admission',
    price_cents: PRICE_CENTS,
    quantity: 100,
    issued_quantity: 10,
    reserved_quantity: 90,
    status: 'active',
    sales_start: null,
    sales_end: null,
  })}`;
  const orders = people.slice(0, 35).map((userId, index) => ({
    id: crypto.randomUUID(),
    event_id: eventId,
    user_id: userId,
    status: index < 11 ? 'paid' : 'pending',
    total_cents: PRICE_CENTS,
    subtotal_cents: PRICE_CENTS,
    fees_cents: 0,
    stripe_payment_intent_id: index < 11 ? `pi_old_${eventId}_${index}` : null,
    created_at: new Date(Date.now() - (3 + index / 10) * DAY),
  }));
  await admin`insert into ticketing.orders ${admin(orders)}`;
  await admin`insert into ticketing.order_items ${admin(
    orders.map((order) => ({
      id: crypto.randomUUID(),
      order_id: order.id,
      tier_id: tierId,
      quantity: 1,
      price_cents: PRICE_CENTS,
    })),
  )}`;
  await admin`insert into ticketing.tickets ${admin(
    orders.slice(0, 10).map((order, index) => ({
      id: crypto.randomUUID(),
      order_id: order.id,
      event_id: eventId,
      tier_id: tierId,
      owner_user_id: order.user_id,
      status: index === 0 ? 'redeemed' : 'issued',
      qr_code: `old-code-${index}-${tierId}`,
      created_at: order.created_at,
      sequence_number: index + 1,
    })),
  )}`;
  await admin`insert into ticketing.ticket_holds ${admin(
    people.slice(0, 30).map((userId) => ({
      id: crypto.randomUUID(),
      user_id: userId,
      tier_id: tierId,
      quantity: 3,
      status: 'active',
      expires_at: new Date(Date.now() - 2 * DAY),
      created_at: new Date(Date.now() - 2 * DAY - 900_000),
    })),
  )}`;
  return { eventId, tierId, organizer, owedOrder: (orders[10] as { id: string }).id };
}

interface Incident {
  eventId: string;
  tierId: string;
  organizer: string;
  /** The paid order without a ticket. */
  owedOrder: string;
}

beforeAll(async () => {
  office = await openBoxOffice();
  ({ eventId, tierId, organizer, owedOrder } = await load(office.test.admin, await office.people(36)));
});
afterAll(() => office.close());

interface Change {
  what: string;
  id: string;
  before: string;
  after: string;
  done: boolean;
}
const reconcile = (dryRun: boolean) =>
  office.sql<Change[]>`select * from ticketing.reconcile_event_tickets(${eventId}, ${dryRun})`;
const health = async () => {
  const [row] = await office.sql`select * from ticketing.event_health where event_id = ${eventId}`;
  return row as { score: number; findings: { sentence: string }[] };
};
/** Every row that a repair could touch, as one text. */
const everything = async (): Promise<string> => {
  const [row] = await office.test.admin`
    select (select string_agg(t::text, '|' order by t.id) from ticketing.ticket_tiers t) || (select string_agg(o::text, '|' order by o.id) from ticketing.orders o)
        || (select string_agg(h::text, '|' order by h.id) from ticketing.ticket_holds h) || (select string_agg(k::text, '|' order by k.id) from ticketing.tickets k)
        || (select count(*) from graphile_worker._private_jobs) || (select count(*) from ticketing.ticket_events) as text`;
  return row?.text;
};
const countsOf = (changes: Change[]) => {
  const counts: Record<string, number> = {};
  for (const { what } of changes) counts[what] = (counts[what] ?? 0) + 1;
  return counts;
};

describe('a database in the state of the official event', () => {
  it('is diagnosed in plain sentences', async () => {
    const { score, findings } = await health();
    expect(findings.map((finding) => finding.sentence)).toEqual([
      '90 places are kept by 30 checkouts whose time ran out.',
      '24 orders are pending although nothing is held for them.',
      'One paid order misses tickets.',
    ]);
    expect(score).toBeLessThan(40);
  });

  it('is left as it is by dry runs, which say exactly what would be done', async () => {
    const before = await everything();
    expect(
      await office.sql`select what, before, after, done from public.cleanup_expired_ticket_holds(${eventId}, true)`,
    ).toEqual([{ what: 'tier.reserved_quantity', before: 90, after: 0, done: false }]);
    expect(await office.sql`select * from ticketing.reconcile_issued_quantity(${eventId})`).toHaveLength(0); // the counters agree with the rows
    const planned = await reconcile(true);
    expect(countsOf(planned)).toEqual({ 'tier.lapsed_places_freed': 1, 'order.tickets_issued': 1, 'order.status': 24 });
    expect(planned.find((change) => change.what === 'tier.lapsed_places_freed')).toMatchObject({
      id: tierId,
      before: '90',
      after: '0',
      done: false,
    });
    expect(planned.find((change) => change.what === 'order.tickets_issued')).toMatchObject({
      id: owedOrder,
      before: '0',
      after: '1',
      done: false,
    });
    expect(await everything()).toBe(before);
  });

  it('is healed: what was said is done, and a second run finds nothing', async () => {
    const planned = await reconcile(true);
    const done = await reconcile(false);
    expect(done).toEqual(planned.map((change) => ({ ...change, done: true })));
    expect(await stock(office.sql, tierId)).toEqual({ free: 89, reserved: 0, issued: 11, status: 'active' });
    const orders = await office.test.admin`
      select status, cancel_reason, count(*)::int as n from ticketing.orders where event_id = ${eventId} group by 1, 2 order by 1, 2`;
    expect(orders.map((row) => ({ ...row }))).toEqual([
      { status: 'paid', cancel_reason: null, n: 11 },
      { status: 'cancelled', cancel_reason: 'expired', n: 24 },
    ]);
    const [ticket] = await office.test
      .admin`select sequence_number, status, paid_cents from ticketing.tickets where order_id = ${owedOrder}`;
    expect({ ...ticket }).toEqual({ sequence_number: 11, status: 'issued', paid_cents: PRICE_CENTS });
    expect(await reconcile(false)).toHaveLength(0);
    expect(await health()).toMatchObject({ score: 100, findings: [] });
    await office.expectSound();
  });

  it('sells its 89 remaining places once it is published, and not one more', async () => {
    const people = await office.people(90);
    const buy = async (userId: string) => {
      const checkoutId = crypto.randomUUID();
      const [answer] = await office.reserve([{ checkoutId, userId, lines: [{ tierId, quantity: 1 }] }]);
      if (answer?.outcome !== 'held') return answer?.outcome;
      const { orderId, totalCents } = await office.order(checkoutId, userId);
      return (await office.complete(orderId, totalCents)).outcome;
    };
    expect(await buy(people[0] as string)).toBe('tier_unknown'); // loaded events are drafts until somebody publishes them
    await office.test
      .admin`update events.events set status = 'published', published_at = clock_timestamp() where id = ${eventId}`;
    for (const userId of people.slice(0, 89)) expect(await buy(userId)).toBe('completed');
    expect(await buy(people[89] as string)).toBe('sold_out');
    expect(await stock(office.sql, tierId)).toEqual({ free: 0, reserved: 0, issued: 100, status: 'sold_out' });
    await office.expectSound();
  });

  it('refunds a loaded order by what the order says, since its tickets do not say what was paid', async () => {
    const [order] = await office.test.admin`
      select o.id from ticketing.orders o join ticketing.tickets k on k.order_id = o.id where k.qr_code = ${`old-code-3-${tierId}`}`;
    const [row] = await office.sql`select ticketing.request_refund(${order?.id}, 'requested', ${organizer}) as answer`;
    expect(row?.answer).toMatchObject({ outcome: 'requested', amountCents: PRICE_CENTS });
    await office.sql`select ticketing.settle_refund(${row?.answer.refundId}, true, 're_loaded')`;
    expect(await stock(office.sql, tierId)).toMatchObject({ free: 1, issued: 99 });
    await office.expectSound();
  });
});

describe('a dump that is loaded with triggers off', () => {
  it('is named and healed like one that is loaded plainly, kept totals included', async () => {
    const people = await office.people(36);
    const loaded = await office.test.admin.begin(async (tx) => {
      await tx`set local session_replication_role = 'replica'`;
      return load(tx, people);
    });
    const named = async () => {
      const [row] = await office.sql<
        { score: number; findings: { code: string }[] }[]
      >`select score, findings from ticketing.event_health where event_id = ${loaded.eventId}`;
      return { score: row?.score, codes: row?.findings.map(({ code }) => code) };
    };
    expect((await named()).codes).toEqual([
      'lapsed_holds',
      'stale_pending_orders',
      'paid_orders_without_tickets',
      'totals',
    ]);
    const heal = (dryRun: boolean) =>
      office.sql<Change[]>`select * from ticketing.reconcile_event_tickets(${loaded.eventId}, ${dryRun})`;
    const planned = await heal(true);
    expect(await heal(false)).toEqual(planned.map((change) => ({ ...change, done: true })));
    expect(await heal(false)).toEqual([]);
    expect(await named()).toEqual({ score: 100, codes: [] });
    await office.expectSound();
  });
});

describe('rows loaded by the named columns alone', () => {
  it('are accepted in every state that the schema names', async () => {
    const { admin } = office.test;
    const [user] = (await office.people(1)) as [string];
    const orgId = crypto.randomUUID();
    await admin`insert into organizations.organizations ${admin({ id: orgId, name: 'Kantine', description: '', created_at: new Date() })}`;
    await admin`insert into organizations.org_memberships ${admin({ id: crypto.randomUUID(), org_id: orgId, user_id: user, role: 'owner', created_at: new Date() })}`;
    for (const status of ['pending', 'paid', 'cancelled', 'refunded']) {
      const id = crypto.randomUUID();
      await admin`insert into ticketing.orders ${admin({ id, event_id: eventId, user_id: user, status, total_cents: 0, subtotal_cents: 0, fees_cents: 0, stripe_payment_intent_id: null, created_at: new Date() })}`;
      await admin`insert into ticketing.order_items ${admin({ id: crypto.randomUUID(), order_id: id, tier_id: tierId, quantity: 1, price_cents: 0 })}`;
      if (status !== 'refunded') continue;
      await admin`insert into ticketing.refunds ${admin({ id: crypto.randomUUID(), order_id: id, amount_cents: 100, reason: 'requested', status: 'failed', created_at: new Date() })}`;
      for (const [index, ticket] of ['issued', 'transferred', 'redeemed', 'refunded'].entries())
        await admin`insert into ticketing.tickets ${admin({ id: crypto.randomUUID(), order_id: id, event_id: eventId, tier_id: tierId, owner_user_id: user, status: ticket, qr_code: `any-${index}`, created_at: new Date(), sequence_number: 900 + index })}`;
    }
    for (const status of ['active', 'converted', 'released', 'expired'])
      await admin`insert into ticketing.ticket_holds ${admin({ id: crypto.randomUUID(), user_id: user, tier_id: tierId, quantity: 1, status, expires_at: new Date(), created_at: new Date() })}`;
    const postId = crypto.randomUUID();
    await admin`insert into social.event_posts ${admin({ id: postId, event_id: eventId, author_user_id: user, text: 'Hello', media_urls: admin.json([]), like_count: 0, comment_count: 0, created_at: new Date() })}`;
    for (const kind of ['like', 'comment', 'share'])
      await admin`insert into social.event_reactions ${admin({ id: crypto.randomUUID(), post_id: postId, user_id: user, kind })}`;
  });
});
