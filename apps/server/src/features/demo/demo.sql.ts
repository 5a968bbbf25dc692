import type { Databases } from '@liventix/db/client';
import type postgres from 'postgres';
import type { DemoEvent } from './content/events.ts';

/** Every statement of the demo. Runs as the engine, except for the people themselves, who belong to the sign-in library. */
type Sql = postgres.ISql;

export interface PersonRow {
  id: string;
  email: string;
  name: string;
}

/** Whether the demo's content is here already. */
export async function isSeeded(sql: Sql): Promise<boolean> {
  const [row] = await sql<{ yes: boolean }[]>`
    select exists (select from events.events where title = 'Subfloor' and deleted_at is null) as yes`;
  return row?.yes ?? false;
}

/** Writes people with one shared password hash; returns them in the order given. */
export async function writePeople(
  db: Databases,
  people: readonly { name: string; email: string; role: string; settings: object; passwordHash: string | null }[],
): Promise<PersonRow[]> {
  const names = people.map((person) => person.name);
  const emails = people.map((person) => person.email);
  const hashes = people.map((person) => person.passwordHash);
  const rows = await db.auth.sql<PersonRow[]>`
    with made as (
      insert into auth.users (name, email, email_verified)
      select u.name, u.email, true from unnest(${names}::text[], ${emails}::text[]) u(name, email)
      returning id, email, name
    ), keyed as (
      insert into auth.accounts (user_id, account_id, provider_id, password)
      select m.id, m.id::text, 'credential', u.hash
      from made m join unnest(${emails}::text[], ${hashes}::text[]) u(email, hash) on u.email = m.email
      where u.hash is not null
    )
    select id, email, name from made`;
  const byEmail = new Map(rows.map((row) => [row.email, row]));
  const ordered = people.flatMap((person) => byEmail.get(person.email) ?? []);
  await db.engine.sql`
    insert into public.profiles (id, email, display_name, role, settings)
    select u.id, u.email, u.name, u.role::public.profile_role, u.settings::jsonb
    from unnest(${ordered.map((row) => row.id)}::uuid[], ${ordered.map((row) => row.email)}::text[],
      ${ordered.map((row) => row.name)}::text[], ${people.map((person) => person.role)}::text[],
      ${people.map((person) => JSON.stringify(person.settings))}::text[]) u(id, email, name, role, settings)
    on conflict (id) do update set role = excluded.role, settings = excluded.settings`;
  return ordered;
}

export async function writeOrganization(
  sql: Sql,
  organization: {
    name: string;
    slug: string;
    description: string;
    city: string;
    palette: string;
    feeFixedCents: number;
  },
): Promise<string> {
  const [row] = await sql<{ id: string }[]>`
    insert into organizations.organizations (name, slug, description, city, palette, fee_fixed_cents)
    values (${organization.name}, ${organization.slug}, ${organization.description}, ${organization.city},
      ${organization.palette}, ${organization.feeFixedCents}) returning id`;
  if (!row) throw new Error('an organization was not written');
  return row.id;
}

export async function writeMember(sql: Sql, orgId: string, userId: string, role: string): Promise<void> {
  await sql`
    insert into organizations.org_memberships (org_id, user_id, role)
    values (${orgId}, ${userId}, ${role}::public.org_role) on conflict do nothing`;
}

export async function writeFollowers(
  sql: Sql,
  kind: 'user' | 'organization',
  targetId: string,
  users: string[],
): Promise<void> {
  await sql`
    insert into social.follows (user_id, target_type, target_id)
    select u, ${kind}::public.owner_context, ${targetId} from unnest(${users}::uuid[]) u on conflict do nothing`;
}

export interface EventPlace {
  ownerType: 'user' | 'organization';
  ownerId: string;
  createdBy: string;
  feeFixedCents: number;
  slug: string;
}

/**
 * Writes an event with a start far enough ahead that it sells; `settleTimes` gives it its real day afterwards.
 * The face price of a tier is what the buyer pays less the host's fixed fee.
 */
export async function writeEvent(
  sql: Sql,
  event: DemoEvent,
  place: EventPlace,
): Promise<{ id: string; tiers: string[] }> {
  const [row] = await sql<{ id: string }[]>`
    insert into events.events (title, summary, description, venue, address, city, category, visibility, status, published_at,
      owner_context_type, owner_context_id, created_by, slug, time_zone, currency, start_local, end_local, doors_local,
      line_up, min_age, access_info, refund_policy, online_url, poster, fee_fixed_cents, tax_included, waiting_room)
    values (${event.title}, ${event.summary}, ${event.description}, ${event.venue}, ${event.address || null}, ${event.city},
      ${event.category}, ${event.visibility ?? 'public'}::public.event_visibility, 'published', clock_timestamp(),
      ${place.ownerType}::public.owner_context, ${place.ownerId}, ${place.createdBy}, ${place.slug}, ${event.timeZone}, ${event.currency},
      (now() at time zone ${event.timeZone})::date + 60 + time '20:00', (now() at time zone ${event.timeZone})::date + 60 + time '23:00',
      (now() at time zone ${event.timeZone})::date + 60 + time '19:00',
      ${JSON.stringify(event.lineUp)}::text::jsonb, ${event.minAge ?? null}, ${event.access},
      ${event.status === 'draft' ? null : event.refundPolicy}, ${event.onlineUrl ?? null},
      ${event.status === 'draft' ? null : JSON.stringify({ ...event.poster, seed: event.number })}::text::jsonb, ${place.feeFixedCents}, true, ${event.waitingRoom ?? 'by_itself'})
    returning id`;
  if (!row) throw new Error('an event was not written');
  const tiers: string[] = [];
  for (const [position, tier] of event.tiers.entries()) {
    const face = tier.priceCents === 0 ? 0 : tier.priceCents - place.feeFixedCents;
    const [written] = await sql<{ id: string }[]>`
      insert into ticketing.ticket_tiers (event_id, name, description, price_cents, quantity, position, tax_rate_bps)
      values (${row.id}, ${tier.name}, ${tier.includes}, ${face}, ${tier.quantity}, ${position}, ${event.taxRateBps}) returning id`;
    if (written) tiers.push(written.id);
  }
  return { id: row.id, tiers };
}

/** Gives the event its real day: D plus `event.day`, in its own zone. A night that began before five in the morning is still yesterday's. */
export async function settleTimes(
  sql: Sql,
  eventId: string,
  event: DemoEvent,
  tiers: readonly string[],
): Promise<void> {
  const endDay = event.day + (event.endsNextDay ? 1 : 0);
  await sql`
    update events.events set
      start_local = d.day + ${event.day}::int + ${event.start}::time,
      end_local = d.day + ${endDay}::int + ${event.end}::time,
      doors_local = d.day + ${event.day}::int + ${event.doors}::time,
      status = case when ${event.status === 'draft'} then 'draft'::public.event_status else status end,
      published_at = case when ${event.status === 'draft'} then null else clock_timestamp() - interval '31 days' end
    from (select ((now() at time zone ${event.timeZone}) - interval '5 hours')::date as day) d
    where id = ${eventId}`;
  for (const [index, tier] of event.tiers.entries()) {
    const id = tiers[index];
    if (tier.opens && id)
      await sql`
        update ticketing.ticket_tiers set sales_start =
          ((((now() at time zone ${event.timeZone}) - interval '5 hours')::date + ${tier.opens.day}::int + ${tier.opens.at}::time) at time zone ${event.timeZone})
        where id = ${id}`;
  }
}

export interface Line {
  checkoutId: string;
  tierId: string;
  userId: string;
  quantity: number;
}

/** Takes places through the product's one function; throws when a checkout is refused. */
export async function takePlaces(sql: Sql, lines: readonly Line[]): Promise<void> {
  const refused = await sql<{ outcome: string; detail: unknown }[]>`
    select outcome, detail from ticketing.reserve_batch(${lines.map((l) => l.checkoutId)}::uuid[], ${lines.map((l) => l.tierId)}::uuid[],
      ${lines.map((l) => l.userId)}::uuid[], ${lines.map((l) => l.quantity)}::int[]) where outcome <> 'held'`;
  if (refused.length > 0) throw new Error(`demo places were refused: ${JSON.stringify(refused.slice(0, 3))}`);
}

/** Orders for living checkouts, through the product's own function, one statement. */
export async function writeOrders(
  sql: Sql,
  checkouts: readonly { checkoutId: string; userId: string; email: string; name: string; showFirstName: boolean }[],
): Promise<void> {
  await sql`
    select ticketing.create_order(u.checkout, u.usr, u.email, u.name, '{}', u.shown::boolean)
    from unnest(${checkouts.map((c) => c.checkoutId)}::uuid[], ${checkouts.map((c) => c.userId)}::uuid[], ${checkouts.map((c) => c.email)}::text[],
      ${checkouts.map((c) => c.name)}::text[], ${checkouts.map((c) => String(c.showFirstName))}::text[]) u(checkout, usr, email, name, shown)`;
}

export interface Charge {
  orderId: string;
  paymentId: string | null;
  cents: number;
  currency: string;
}

/** What the given checkouts' orders cost. */
export async function readCharges(sql: Sql, checkoutIds: readonly string[]): Promise<Charge[]> {
  const rows = await sql<{ id: string; total_cents: number; currency: string }[]>`
    select id, total_cents, currency from ticketing.orders where checkout_id = any(${checkoutIds as string[]}::uuid[]) order by id`;
  return rows.map((row) => ({
    orderId: row.id,
    paymentId: row.total_cents > 0 ? `pi_demo_${row.id.replaceAll('-', '')}` : null,
    cents: row.total_cents,
    currency: row.currency.toLowerCase(),
  }));
}

/** Completes orders through the product's batch function. */
export async function completeOrders(sql: Sql, charges: readonly Charge[]): Promise<void> {
  const refused = await sql<{ outcome: string }[]>`
    select outcome from ticketing.complete_orders_batch(${charges.map((c) => c.orderId)}::uuid[], ${charges.map((c) => c.paymentId)}::text[],
      ${charges.map((c) => c.cents)}::bigint[]) where outcome <> 'completed'`;
  if (refused.length > 0) throw new Error(`demo orders were refused: ${JSON.stringify(refused.slice(0, 3))}`);
}

/** Mail for orders of the past is not sent: it is marked as sent, and the job finds nothing to do. */
export async function markMailed(sql: Sql, checkoutIds: readonly string[]): Promise<void> {
  await sql`update ticketing.orders set confirmation_mailed_at = clock_timestamp() where checkout_id = any(${checkoutIds as string[]}::uuid[])`;
}

/** Lets checkouts lapse as if their time had run out, through the product's own clean-up. */
export async function letLapse(sql: Sql, checkoutIds: readonly string[]): Promise<void> {
  await sql`
    update ticketing.ticket_holds set created_at = created_at - interval '1 hour', expires_at = expires_at - interval '1 hour'
    where checkout_id = any(${checkoutIds as string[]}::uuid[])`;
  await sql`select * from public.cleanup_expired_ticket_holds(null, false, 100000)`;
  await sql`select ticketing.cancel_lapsed_orders(null, 100000)`;
}

/** Moves each checkout's rows back in time by its own number of seconds: hold, order, tickets and their records. */
export async function ageCheckouts(sql: Sql, ages: readonly { checkoutId: string; seconds: number }[]): Promise<void> {
  const ids = ages.map((age) => age.checkoutId);
  const seconds = ages.map((age) => Math.round(age.seconds));
  await sql`
    update ticketing.ticket_holds h set created_at = h.created_at - u.back, expires_at = h.expires_at - u.back, ended_at = h.ended_at - u.back
    from (select id, make_interval(secs => s) as back from unnest(${ids}::uuid[], ${seconds}::int[]) u(id, s)) u where h.checkout_id = u.id`;
  await sql`
    update ticketing.orders o set created_at = o.created_at - u.back, paid_at = o.paid_at - u.back, cancelled_at = o.cancelled_at - u.back
    from (select id, make_interval(secs => s) as back from unnest(${ids}::uuid[], ${seconds}::int[]) u(id, s)) u where o.checkout_id = u.id`;
  await sql`
    update ticketing.tickets k set created_at = k.created_at - u.back
    from (select o.id, make_interval(secs => s) as back from unnest(${ids}::uuid[], ${seconds}::int[]) u(checkout, s)
          join ticketing.orders o on o.checkout_id = u.checkout) u where k.order_id = u.id`;
}

/** Forgets the lapses of the past: nobody has to cool down for history. */
export async function clearLapses(sql: Sql): Promise<void> {
  await sql`delete from ticketing.hold_lapses`;
}

/** Refunds whole orders through the product's two functions; the provider's side is written by the caller. */
export async function refundOrders(
  sql: Sql,
  orderIds: readonly string[],
  actor: string,
): Promise<{ paymentId: string; refundId: string; cents: number }[]> {
  const refunded: { paymentId: string; refundId: string; cents: number }[] = [];
  for (const [index, orderId] of orderIds.entries()) {
    await sql`select ticketing.request_refund(${orderId}, 'requested', ${actor})`;
    const [row] = await sql<{ id: string; amount_cents: number; intent: string | null }[]>`
      select r.id, r.amount_cents, o.stripe_payment_intent_id as intent from ticketing.refunds r join ticketing.orders o on o.id = r.order_id
      where r.order_id = ${orderId} and r.status = 'pending'`;
    if (!row) continue;
    const refundId = `re_demo_${row.id.replaceAll('-', '')}`;
    await sql`select ticketing.settle_refund(${row.id}, true, ${refundId})`;
    await sql`
      update ticketing.refunds set created_at = created_at - make_interval(hours => ${30 + 17 * index}), settled_at = settled_at - make_interval(hours => ${30 + 17 * index})
      where id = ${row.id}`;
    await sql`
      update ticketing.tickets set refunded_at = refunded_at - make_interval(hours => ${30 + 17 * index})
      where order_id = ${orderId} and refunded_at is not null`;
    if (row.intent) refunded.push({ paymentId: row.intent, refundId, cents: row.amount_cents });
  }
  return refunded;
}

/** The places that refunds of these checkouts gave back, one row per order and tier. */
export async function freedPlaces(
  sql: Sql,
  checkoutIds: readonly string[],
): Promise<{ tierId: string; quantity: number }[]> {
  return sql<{ tierId: string; quantity: number }[]>`
    select i.tier_id as "tierId", i.quantity from ticketing.orders o join ticketing.order_items i on i.order_id = o.id
    where o.checkout_id = any(${checkoutIds as string[]}::uuid[]) and o.status = 'refunded' order by o.id`;
}

/** Jobs that the past would have done long ago. */
export async function forgetJobs(sql: Sql): Promise<void> {
  await sql`delete from graphile_worker._private_jobs where task_id in (
    select id from graphile_worker._private_tasks where identifier in ('orders.after-payment', 'refunds.send', 'payments.cancel-intent')) and locked_at is null`;
}

/** Admits the first `count` tickets of an event that is over, as its door did, with its log. */
export async function admitPast(sql: Sql, eventId: string, count: number, scanner: string): Promise<void> {
  await sql`
    with admitted as (
      update ticketing.tickets k set status_before_redeem = k.status, status = 'redeemed', redeemed_by = ${scanner}, gate = 'A',
        redeemed_at = e.start_at + make_interval(mins => (k.sequence_number * 7) % 150)
      from events.events e where e.id = k.event_id and k.event_id = ${eventId} and k.status = 'issued' and k.sequence_number <= ${count}
      returning k.id, k.owner_user_id, k.redeemed_at
    ), noted as (
      insert into ticketing.ticket_events (ticket_id, kind, to_user_id, actor_user_id, created_at) select id, 'redeemed', owner_user_id, ${scanner}, redeemed_at from admitted
    )
    insert into analytics.scan_logs (event_id, ticket_id, outcome, gate, scanned_by, created_at) select ${eventId}, id, 'admitted', 'A', ${scanner}, redeemed_at from admitted`;
}

export async function writeAlerts(sql: Sql, eventId: string, people: readonly PersonRow[]): Promise<void> {
  await sql`
    insert into events.event_alerts (event_id, user_id, mailbox, kind, confirmed_at)
    select ${eventId}, u.id, u.email, 'place_back', clock_timestamp() from unnest(${people.map((p) => p.id)}::uuid[], ${people.map((p) => p.email)}::text[]) u(id, email)
    on conflict do nothing`;
}

export async function saveEvents(sql: Sql, userId: string, eventIds: readonly string[]): Promise<void> {
  await sql`insert into events.saved_events (user_id, event_id) select ${userId}, e from unnest(${eventIds as string[]}::uuid[]) e on conflict do nothing`;
}

export async function writePost(
  sql: Sql,
  post: {
    eventId: string;
    authorId: string;
    text: string;
    media: readonly string[];
    asHost: boolean;
    pinned: boolean;
    minutesAgo: number;
  },
): Promise<string> {
  const [row] = await sql<{ id: string }[]>`
    insert into social.event_posts (event_id, author_user_id, text, media_urls, as_organization, pinned_at, created_at)
    values (${post.eventId}, ${post.authorId}, ${post.text}, ${JSON.stringify(post.media)}::text::jsonb, ${post.asHost},
      case when ${post.pinned} then clock_timestamp() end, clock_timestamp() - make_interval(mins => ${post.minutesAgo}))
    returning id`;
  if (!row) throw new Error('a post was not written');
  return row.id;
}

export async function writeLikes(sql: Sql, postId: string, users: readonly string[]): Promise<void> {
  await sql`
    insert into social.event_reactions (post_id, user_id, kind) select ${postId}, u, 'like' from unnest(${users as string[]}::uuid[]) u on conflict do nothing`;
}

export async function writeComment(
  sql: Sql,
  comment: { postId: string; userId: string; text: string; minutesAgo: number; hiddenReason: string | null },
): Promise<void> {
  await sql`
    insert into social.event_reactions (post_id, user_id, kind, text, created_at, hidden_at, hidden_reason)
    values (${comment.postId}, ${comment.userId}, 'comment', ${comment.text}, clock_timestamp() - make_interval(mins => ${comment.minutesAgo}),
      case when ${comment.hiddenReason}::text is not null then clock_timestamp() end, ${comment.hiddenReason})`;
}

/** Whole days between the demo's D and today, by the event that is always tonight. */
export async function daysSinceFirstNight(sql: Sql): Promise<number> {
  const [row] = await sql<{ days: number }[]>`
    select ((now() at time zone time_zone) - interval '5 hours')::date - start_local::date as days
    from events.events where title = 'Subfloor' and deleted_at is null limit 1`;
  return row?.days ?? 0;
}

/** Moves everything the demo wrote forward by whole days: events, sale windows, history, talk. */
export async function moveForward(sql: Sql, days: number): Promise<void> {
  await sql`
    update events.events set start_local = start_local + make_interval(days => ${days}), end_local = end_local + make_interval(days => ${days}),
      doors_local = doors_local + make_interval(days => ${days})`;
  await sql`
    update ticketing.ticket_tiers set sales_start = sales_start + make_interval(days => ${days}), sales_end = sales_end + make_interval(days => ${days})
    where sales_start is not null or sales_end is not null`;
  await sql`
    update ticketing.orders set created_at = created_at + make_interval(days => ${days}), paid_at = paid_at + make_interval(days => ${days}),
      cancelled_at = cancelled_at + make_interval(days => ${days}) where created_at < clock_timestamp() - make_interval(days => ${days})`;
  await sql`
    update ticketing.tickets set created_at = created_at + make_interval(days => ${days}), redeemed_at = redeemed_at + make_interval(days => ${days})
    where created_at < clock_timestamp() - make_interval(days => ${days})`;
  await sql`update social.event_posts set created_at = created_at + make_interval(days => ${days}) where created_at < clock_timestamp() - make_interval(days => ${days})`;
  await sql`update social.event_reactions set created_at = created_at + make_interval(days => ${days}) where created_at < clock_timestamp() - make_interval(days => ${days})`;
  await sql`delete from analytics.event_metrics`;
}

/** The user's own event, and one kind of ticket in it. */
export async function findOfficialEvent(sql: Sql): Promise<{ eventId: string; tierId: string } | null> {
  const [row] = await sql<{ eventId: string; tierId: string }[]>`
    select e.id as "eventId", t.id as "tierId" from events.events e join ticketing.ticket_tiers t on t.event_id = e.id
    where e.title = 'Liventix Official Event' and e.deleted_at is null limit 1`;
  return row ?? null;
}

/**
 * Puts the event into the state that tests/races/incident.test.ts keeps: every free place kept by checkouts that lapsed
 * days ago and that nothing freed, one paid order without its ticket, twenty-four orders pending for ever.
 * Breaks the rows on purpose, in one transaction; health names each of it and reconcile heals it.
 */
export async function breakEvent(
  sql: Sql,
  eventId: string,
  tierId: string,
  crowd: readonly PersonRow[],
): Promise<void> {
  await sql`select id from ticketing.ticket_tiers where event_id = ${eventId} order by id for no key update`;
  const [lost] = await sql<{ id: string }[]>`
    select k.id from ticketing.tickets k where k.event_id = ${eventId} and k.status = 'issued'
      and k.sequence_number = (select max(x.sequence_number) from ticketing.tickets x where x.event_id = ${eventId})
      and not exists (select from ticketing.refund_tickets r where r.ticket_id = k.id)`;
  if (lost) {
    await sql`delete from ticketing.ticket_events where ticket_id = ${lost.id}`;
    await sql`delete from ticketing.tickets where id = ${lost.id}`;
    await sql`update ticketing.ticket_tiers set issued_quantity = issued_quantity - 1 where id = ${tierId}`;
    await sql`
      update ticketing.event_counters c set version = version + 1,
        last_sequence = coalesce((select max(k.sequence_number) from ticketing.tickets k where k.event_id = c.event_id), 0)
      where event_id = ${eventId}`;
  }
  await sql`delete from ticketing.orders where event_id = ${eventId} and status = 'cancelled' and captured_cents is null`;
  const late = crowd.slice(0, 24);
  await sql`
    with made as (
      insert into ticketing.orders (event_id, user_id, mailbox, buyer_name, subtotal_cents, total_cents, created_at)
      select ${eventId}, u.id, u.email, u.name, 2500, 2500, clock_timestamp() - interval '3 days'
      from unnest(${late.map((p) => p.id)}::uuid[], ${late.map((p) => p.email)}::text[], ${late.map((p) => p.name)}::text[]) u(id, email, name)
      returning id
    )
    insert into ticketing.order_items (order_id, tier_id, quantity, price_cents) select id, ${tierId}, 1, 2500 from made`;
  await sql`
    with kept as (
      insert into ticketing.ticket_holds (user_id, tier_id, event_id, quantity, created_at, expires_at)
      select u.id, ${tierId}, ${eventId}, 1, clock_timestamp() - interval '3 days', clock_timestamp() - interval '3 days' + interval '15 minutes'
      from unnest(${crowd.slice(24).map((p) => p.id)}::uuid[]) u(id)
      limit (select t.quantity - t.issued_quantity - t.reserved_quantity from ticketing.ticket_tiers t where t.id = ${tierId})
      returning quantity
    )
    update ticketing.ticket_tiers set reserved_quantity = reserved_quantity + (select coalesce(sum(quantity), 0) from kept) where id = ${tierId}`;
}

/** The crowd: buyers nobody steps into. */
export async function findCrowd(sql: Sql, most: number): Promise<PersonRow[]> {
  return sql<PersonRow[]>`
    select id, email, name from auth.users where email like 'crowd%@liventix.test' and deleted_at is null order by random() limit ${most}`;
}

export interface BreathingTier {
  tierId: string;
  eventId: string;
  title: string;
  free: number;
}

/**
 * Where the breathing may buy: public, on sale, not the incident's event nor the talks; at most 60 % of what was free is taken.
 * "The Quiet Hour" is left to the lapsing holds.
 */
export async function findBreathingTiers(sql: Sql): Promise<BreathingTier[]> {
  return sql<BreathingTier[]>`
    select t.id as "tierId", e.id as "eventId", e.title, t.quantity - t.issued_quantity - t.reserved_quantity as free
    from ticketing.ticket_tiers t join events.events e on e.id = t.event_id
    where ticketing.closed_reason(t, e, clock_timestamp()) is null and e.visibility = 'public'
      and e.title not in ('Liventix Official Event', 'Ship It!', 'The Quiet Hour')
      and t.quantity - t.issued_quantity - t.reserved_quantity > t.quantity * 0.4 * 0.25
    order by random() limit 1`;
}

export async function findQuietTier(sql: Sql): Promise<BreathingTier | null> {
  const [row] = await sql<BreathingTier[]>`
    select t.id as "tierId", e.id as "eventId", e.title, t.quantity - t.issued_quantity - t.reserved_quantity as free
    from ticketing.ticket_tiers t join events.events e on e.id = t.event_id
    where e.title = 'The Quiet Hour' and ticketing.closed_reason(t, e, clock_timestamp()) is null limit 1`;
  return row ?? null;
}

/** Orders the breathing made more than half an hour ago and may give back, so that the demo never sells out by itself. */
export async function findOldBreaths(sql: Sql): Promise<string[]> {
  const rows = await sql<{ id: string }[]>`
    select o.id from ticketing.orders o join auth.users u on u.id = o.user_id
    where u.email like 'crowd%@liventix.test' and o.status = 'paid' and o.stripe_payment_intent_id not like 'pi_demo_%'
      and o.paid_at < clock_timestamp() - interval '30 minutes'
      and not exists (select from ticketing.refunds r where r.order_id = o.id)
    order by o.paid_at limit 1`;
  return rows.map((row) => row.id);
}

export async function shortenHold(sql: Sql, checkoutId: string, seconds: number): Promise<void> {
  await sql`
    update ticketing.ticket_holds set expires_at = clock_timestamp() + make_interval(secs => ${seconds})
    where checkout_id = ${checkoutId} and status = 'active'`;
}

/** A recent post to like or answer, with its event. */
export async function findRecentPost(sql: Sql): Promise<{ postId: string; eventId: string } | null> {
  const [row] = await sql<{ postId: string; eventId: string }[]>`
    select id as "postId", event_id as "eventId" from social.event_posts
    where deleted_at is null and hidden_at is null order by created_at desc limit 12 offset 0`;
  return row ?? null;
}

export interface BreathingCheckout {
  checkoutId: string;
  userId: string;
}

/** The crowd's living checkouts that have been thought over long enough. Those for "The Quiet Hour" are left to lapse. */
export async function findRipeCheckouts(sql: Sql): Promise<BreathingCheckout[]> {
  return sql<BreathingCheckout[]>`
    select distinct h.checkout_id as "checkoutId", h.user_id as "userId"
    from ticketing.ticket_holds h join auth.users u on u.id = h.user_id join events.events e on e.id = h.event_id
    where h.status = 'active' and h.expires_at > clock_timestamp() + interval '30 seconds' and h.created_at < clock_timestamp() - interval '6 seconds'
      and u.email like 'crowd%@liventix.test' and e.title not in ('The Quiet Hour', 'Liventix Official Event')
      and not exists (select from ticketing.orders o where o.checkout_id = h.checkout_id and o.payment_state in ('processing', 'succeeded'))
    limit 3`;
}

/** The database's clock, in whole ticks of so many seconds: what the breathing does next hangs on it alone. */
export async function readTick(sql: Sql, seconds: number): Promise<number> {
  const [row] = await sql<{ tick: number }[]>`
    select floor(extract(epoch from clock_timestamp()) / ${seconds}::int)::int as tick`;
  return row?.tick ?? 0;
}

export async function findPeople(sql: Sql, ids: readonly string[]): Promise<PersonRow[]> {
  return sql<PersonRow[]>`select id, email, name from auth.users where id = any(${ids as string[]}::uuid[])`;
}

export async function findByTitle(sql: Sql, title: string): Promise<{ eventId: string; slug: string } | null> {
  const [row] = await sql<{ eventId: string; slug: string }[]>`
    select id as "eventId", slug from events.events where title = ${title} and deleted_at is null limit 1`;
  return row ?? null;
}
