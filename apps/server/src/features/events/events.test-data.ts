import { randomUUID } from 'node:crypto';
import type postgres from 'postgres';

/** Rows for tests, written past every verb so that any state can be set up. */
export interface EventSeed {
  title?: string;
  slug?: string;
  city?: string;
  venue?: string;
  category?: string;
  description?: string;
  status?: 'draft' | 'published' | 'postponed' | 'cancelled';
  visibility?: 'public' | 'unlisted' | 'private';
  display?: 'exact' | 'low_only' | 'hidden' | null;
  /** Local wall time in the zone, or an SQL expression over `clock_timestamp()`. */
  startLocal?: string;
  startIn?: string;
  endIn?: string;
  timeZone?: string;
  owner?: string;
  organization?: string;
  feeBps?: number;
  feeFixedCents?: number;
  taxIncluded?: boolean;
}

export interface TierSeed {
  name?: string;
  priceCents?: number;
  quantity?: number;
  issued?: number;
  reserved?: number;
  status?: 'active' | 'inactive';
  salesStartIn?: string;
  salesEndIn?: string;
  taxRateBps?: number;
}

type Sql = postgres.Sql;

export async function makeUser(sql: Sql, name = 'Theo Brandt'): Promise<string> {
  const id = randomUUID();
  await sql`insert into auth.users (id, name, email, email_verified) values (${id}, ${name}, ${`${id}@example.test`}, true)`;
  await sql`insert into public.profiles (id, email, display_name) values (${id}, ${`${id}@example.test`}, ${name})
            on conflict (id) do update set display_name = excluded.display_name`;
  return id;
}

export async function makeOrganization(sql: Sql, slug: string, name: string): Promise<string> {
  const [row] = await sql<
    { id: string }[]
  >`insert into organizations.organizations (name, slug) values (${name}, ${slug}) returning id`;
  return row!.id;
}

export async function makeEvent(
  sql: Sql,
  seed: EventSeed,
  tiers: TierSeed[] = [{}],
): Promise<{ id: string; slug: string; tierIds: string[] }> {
  const owner = seed.owner ?? (await makeUser(sql));
  const status = seed.status ?? 'published';
  const start = seed.startLocal ? null : (seed.startIn ?? '3 days');
  const [event] = await sql<{ id: string; slug: string }[]>`
    insert into events.events (title, slug, city, venue, category, description, status, visibility, availability_display, time_zone, start_local, start_at, end_at,
      owner_context_type, owner_context_id, created_by, fee_bps, fee_fixed_cents, tax_included, cancelled_at, refund_policy)
    values (${seed.title ?? 'Subfloor'}, ${seed.slug ?? `e-${randomUUID().slice(0, 8)}`}, ${seed.city ?? 'Berlin'}, ${seed.venue ?? 'Kraftraum Ost'},
      ${seed.category ?? 'club'}, ${seed.description ?? ''}, ${status}, ${seed.visibility ?? 'public'}, ${seed.display === undefined ? 'exact' : seed.display},
      ${seed.timeZone ?? 'Europe/Berlin'}, ${seed.startLocal ?? null}::timestamp, clock_timestamp() + ${start}::interval, clock_timestamp() + ${seed.endIn ?? null}::interval,
      ${seed.organization ? 'organization' : 'user'}, ${seed.organization ?? owner}, ${owner}, ${seed.feeBps ?? 0}, ${seed.feeFixedCents ?? 0},
      ${seed.taxIncluded ?? true}, ${status === 'cancelled' ? sql`clock_timestamp()` : null}, 'until_1d')
    returning id, slug`;
  const tierIds: string[] = [];
  for (const [position, tier] of tiers.entries()) {
    const [row] = await sql<{ id: string }[]>`
      insert into ticketing.ticket_tiers (event_id, name, price_cents, quantity, issued_quantity, reserved_quantity, status, position, tax_rate_bps, sales_start, sales_end)
      values (${event!.id}, ${tier.name ?? `Tier ${position}`}, ${tier.priceCents ?? 1200}, ${tier.quantity ?? 100}, ${tier.issued ?? 0}, ${tier.reserved ?? 0},
        ${tier.status ?? 'active'}, ${position}, ${tier.taxRateBps ?? 0}, clock_timestamp() + ${tier.salesStartIn ?? null}::interval, clock_timestamp() + ${tier.salesEndIn ?? null}::interval)
      returning id`;
    tierIds.push(row!.id);
  }
  return { ...event!, tierIds };
}

/** A ticket somebody holds, with the paid order it came from. */
export async function giveTicket(
  sql: Sql,
  eventId: string,
  tierId: string,
  userId: string,
  showFirstName = false,
): Promise<void> {
  const [order] = await sql<{ id: string }[]>`
    insert into ticketing.orders (event_id, user_id, status, buyer_name, show_first_name, paid_at)
    values (${eventId}, ${userId}, 'paid', 'Ada Okafor', ${showFirstName}, clock_timestamp()) returning id`;
  await sql`insert into ticketing.order_items (order_id, tier_id, quantity, price_cents) values (${order!.id}, ${tierId}, 2, 1200)`;
  await sql`
    insert into ticketing.tickets (order_id, event_id, tier_id, owner_user_id, qr_code, sequence_number)
    values (${order!.id}, ${eventId}, ${tierId}, ${userId}, ${randomUUID()},
      (select coalesce(max(sequence_number), 0) + 1 from ticketing.tickets where event_id = ${eventId}))`;
}
