import type { OrganizationSnapshot, StaffSnapshot } from '@liventix/contracts/live';
import type { OrgRole } from '@liventix/contracts/organizations';
import type {
  DisputeState,
  EventState,
  ORDER_FILTERS,
  OrderStatus,
  OrganizerEventView,
  OrganizerTier,
} from '@liventix/contracts/organizer';
import { READINESS_CHECKS, type ReadinessView } from '@liventix/contracts/organizer';
import type { PosterSpec } from '@liventix/contracts/posters';
import type postgres from 'postgres';
import type { SearchWord } from './organizer.rules.ts';

type Sql = postgres.ISql;

/** Statements get timestamps as text: turns the named columns into dates. */
function dated<T extends object>(rows: readonly T[], ...columns: (keyof T)[]): T[] {
  for (const row of rows) {
    for (const column of columns) if (row[column] !== null) row[column] = new Date(row[column] as string) as never;
  }
  return [...rows];
}

// An event that is over says so by the database's clock; the row keeps `published`.
const state = (sql: Sql) => sql`
  case when e.status in ('published', 'postponed') and events.over_at(e.start_at, e.end_at) <= clock_timestamp() then 'ended' else e.status::text end`;
const local = (sql: Sql, column: string) => sql`to_char(${sql(column)}, 'YYYY-MM-DD"T"HH24:MI')`;
// A sale is an order that was paid, sent back since or not; what was captured is the truth about its amount.
const sold = (sql: Sql) => sql`o.status in ('paid', 'refunded')`;
const paidCents = (sql: Sql) => sql`coalesce(o.captured_cents, o.total_cents)`;
/** What of an order's money was with its buyer or her bank at a moment. */
const backUntil = (sql: Sql, at: postgres.Fragment) => sql`(
  (select coalesce(sum(r.amount_cents), 0) from ticketing.refunds r where r.order_id = o.id and coalesce(r.settled_at, r.created_at) < ${at}
      and (r.status = 'succeeded' or r.taken_back_at >= ${at}))
  + (select coalesce(sum(x.amount_cents), 0) from ticketing.disputes x where x.order_id = o.id and x.opened_at < ${at}
      and (x.status in ('open', 'lost') or x.status = 'won' and x.closed_at >= ${at})))`;
const paidAt = (sql: Sql) => sql`coalesce(o.paid_at, o.created_at)`;

// ---- events

/** The event's own columns; what a reader's role, its tiers and its poster add comes from elsewhere. */
export type EventRow = Omit<
  OrganizerEventView,
  'fees' | 'poster' | 'palette' | 'posterVersion' | 'organization' | 'role' | 'permissions' | 'tiers' | 'readiness'
> &
  OrganizerEventView['fees'] & { poster: unknown; organizationId: string | null; organizationName: string | null };

export async function readEvent(sql: Sql, eventId: string): Promise<EventRow | null> {
  const rows = await sql<EventRow[]>`
    select e.id, e.slug, e.title, e.summary, e.description, ${state(sql)} as status, e.visibility, e.category,
           ${local(sql, 'e.start_local')} as "startLocal", ${local(sql, 'e.end_local')} as "endLocal", ${local(sql, 'e.doors_local')} as "doorsLocal",
           e.start_at as "startAt", e.end_at as "endAt", e.doors_at as "doorsAt", e.time_zone as "timeZone", e.venue, e.address, e.city,
           e.online_url as "onlineUrl", e.access_info as "accessInfo", e.line_up as "lineUp", e.min_age as "minAge", e.refund_policy as "refundPolicy",
           e.refund_keeps_fees as "refundKeepsFees", e.availability_display as "availabilityDisplay", e.max_per_person as "maxPerPerson",
           trim(e.currency) as currency, e.tax_included as "taxIncluded", e.resell_refunded as "resellRefunded", e.posts_by_verified as "postsByVerified", e.waiting_room as "waitingRoom",
           e.fee_bps as "feeBps", e.fee_fixed_cents as "feeFixedCents", e.fee_cap_cents as "feeCapCents", e.fee_paid_by as "feePaidBy",
           e.cover_image_url as "coverImageUrl", e.poster, e.sales_paused_at is not null as paused, e.published_at as "publishedAt",
           g.id as "organizationId", g.name as "organizationName",
           exists (select from ticketing.orders o where o.event_id = e.id) as "hasOrders", e.edition
      from events.events e
      left join organizations.organizations g on e.owner_context_type = 'organization' and g.id = e.owner_context_id
     where e.id = ${eventId} and e.deleted_at is null`;
  return dated(rows, 'startAt', 'endAt', 'doorsAt', 'publishedAt')[0] ?? null;
}

/** Tiers of an event in their order, with what a buyer pays by the one arithmetic that checkout uses. */
export async function listTiers(sql: Sql, eventId: string): Promise<OrganizerTier[]> {
  const rows = await sql<OrganizerTier[]>`
    select t.id, t.name, t.description, t.price_cents as "priceCents", q.total_cents as "buyerCents", t.quantity, t.issued_quantity as issued,
           t.reserved_quantity as reserved, t.status, t.paused_at is not null as paused,
           to_char(t.sales_start at time zone e.time_zone, 'YYYY-MM-DD"T"HH24:MI') as "salesStartLocal",
           to_char(t.sales_end at time zone e.time_zone, 'YYYY-MM-DD"T"HH24:MI') as "salesEndLocal",
           t.min_per_order as "minPerOrder", t.max_per_order as "maxPerOrder", t.tax_rate_bps as "taxRateBps",
           t.issued_quantity + t.reserved_quantity > 0 or exists (select from ticketing.order_items i where i.tier_id = t.id) as used, t.edition
      from ticketing.ticket_tiers t join events.events e on e.id = t.event_id,
           lateral ticketing.quote_of(t.price_cents, e.fee_bps, e.fee_fixed_cents, e.fee_cap_cents, e.fee_paid_by, t.tax_rate_bps, e.tax_included) q
     where t.event_id = ${eventId} and t.deleted_at is null order by t.position, t.id`;
  return [...rows];
}

export async function readReadiness(sql: Sql, eventId: string): Promise<ReadinessView | null> {
  const [row] = await sql<
    Record<string, unknown>[]
  >`select * from ticketing.event_readiness r where r.event_id = ${eventId}`;
  if (!row) return null;
  return {
    ready: row.ready === true,
    passed: Number(row.passed),
    total: Number(row.total),
    checks: READINESS_CHECKS.map((name) => ({ name, passed: row[name] === true })),
  };
}

export interface OverviewRow {
  id: string;
  slug: string;
  title: string;
  status: EventState;
  paused: boolean;
  startAt: Date | null;
  timeZone: string;
  city: string | null;
  venue: string | null;
  category: string | null;
  currency: string;
  poster: unknown;
  coverImageUrl: string | null;
  organizationId: string | null;
  organizationName: string | null;
  role: OrgRole;
  sold: number;
  inCheckout: number;
  capacity: number;
  grossCents: number;
}

/**
 * Events of a person, her own and through organizations: coming ones soonest first, drafts, then what is over. Drafts only
 * for roles that may see events. At most 200.
 */
export async function listEventsOf(sql: Sql, userId: string): Promise<OverviewRow[]> {
  const rows = await sql<OverviewRow[]>`
    select e.id, e.slug, e.title, ${state(sql)} as status, e.sales_paused_at is not null as paused, e.start_at as "startAt", e.time_zone as "timeZone",
           e.city, e.venue, e.category, trim(e.currency) as currency, e.poster, e.cover_image_url as "coverImageUrl",
           g.id as "organizationId", g.name as "organizationName", coalesce(m.role::text, 'owner') as role,
           t.sold, t.in_checkout as "inCheckout", t.capacity,
           k.gross as "grossCents"
      from events.events e
      left join organizations.organizations g on e.owner_context_type = 'organization' and g.id = e.owner_context_id
      left join organizations.org_memberships m on m.org_id = g.id and m.user_id = ${userId}
      cross join lateral (
        select coalesce(sum(t.issued_quantity), 0)::int as sold, coalesce(sum(t.reserved_quantity), 0)::int as in_checkout, coalesce(sum(t.quantity), 0)::int as capacity
          from ticketing.ticket_tiers t where t.event_id = e.id and t.deleted_at is null) t
      cross join lateral ${keptTotals(sql, sql`e.id`)} k
     where e.deleted_at is null
       and (e.status <> 'draft' or m.role is null or access.role_allows(m.role, 'events.see'))
       and (m.user_id is not null and g.deleted_at is null or e.owner_context_type = 'user' and e.owner_context_id = ${userId})
     order by case when ${state(sql)} = 'ended' or e.status = 'cancelled' then 2 when e.status = 'draft' then 1 else 0 end,
              case when ${state(sql)} = 'ended' then null else e.start_at end nulls last, e.start_at desc, e.id
     limit 200`;
  return dated(rows, 'startAt');
}

export interface NewEvent {
  id: string;
  title: string;
  slug: string;
  ownerType: 'user' | 'organization';
  ownerId: string;
  createdBy: string;
  timeZone: string;
  currency: string;
  city: string | null;
  poster: PosterSpec;
}

/** A draft, with the fees its organization starts with. */
export async function insertEvent(sql: Sql, row: NewEvent): Promise<void> {
  await sql`
    insert into events.events (id, title, slug, owner_context_type, owner_context_id, created_by, time_zone, currency, city, poster,
                               fee_bps, fee_fixed_cents, fee_cap_cents, fee_paid_by)
    select ${row.id}::uuid, ${row.title}, ${row.slug}, ${row.ownerType}::public.owner_context, ${row.ownerId}::uuid, ${row.createdBy}::uuid, ${row.timeZone}, ${row.currency},
           coalesce(${row.city}::text, g.city), ${JSON.stringify(row.poster)}::text::jsonb,
           coalesce(g.fee_bps, 0), coalesce(g.fee_fixed_cents, 0), g.fee_cap_cents, coalesce(g.fee_paid_by, 'buyer')
      from (select) one left join organizations.organizations g on ${row.ownerType}::text = 'organization' and g.id = ${row.ownerId}::uuid`;
}

export async function newId(sql: Sql): Promise<string> {
  const [row] = await sql<{ id: string }[]>`select public.uuid_v7() as id`;
  return row?.id ?? '';
}

/** Columns of an event as its editor changes them; jsonb ones as text. */
export type EventChange = Record<string, string | number | boolean | null>;

/** Locks the event's tiers and the event, in the order of docs/domain.md, and says what guards a change needs. */
export async function lockEvent(
  sql: Sql,
  eventId: string,
): Promise<{ status: string; publishedAt: Date | null; hasOrders: boolean } | null> {
  await sql`select from ticketing.ticket_tiers where event_id = ${eventId} order by id for no key update`;
  const rows = await sql<{ status: string; publishedAt: Date | null; hasOrders: boolean }[]>`
    select e.status, e.published_at as "publishedAt", exists (select from ticketing.orders o where o.event_id = e.id) as "hasOrders"
      from events.events e where e.id = ${eventId} and e.deleted_at is null for no key update`;
  return dated(rows, 'publishedAt')[0] ?? null;
}

/** False when the event is no longer of the edition that the change was made from. */
export async function changeEvent(sql: Sql, eventId: string, change: EventChange, edition?: number): Promise<boolean> {
  if (Object.keys(change).length === 0) return true;
  const guard = edition === undefined ? sql`` : sql`and edition = ${edition}`;
  const rows = await sql`update events.events set ${sql(change)} where id = ${eventId} ${guard} returning 1`;
  return rows.length > 0;
}

/** After a wall time that happens twice was written: the instant that was meant. The wall time stays as it is. */
export async function settleInstant(
  sql: Sql,
  eventId: string,
  column: 'start_at' | 'end_at' | 'doors_at',
  at: Date,
): Promise<void> {
  await sql`update events.events set ${sql(column)} = ${at} where id = ${eventId} and ${sql(column)} is distinct from ${at}`;
}

export async function changeStatus(sql: Sql, eventId: string, to: 'published' | 'draft'): Promise<boolean> {
  const rows = await sql`
    update events.events set status = ${to}, published_at = case when ${to} = 'published' then coalesce(published_at, clock_timestamp()) end
     where id = ${eventId} and status = ${to === 'published' ? 'draft' : 'published'} returning 1`;
  return rows.length > 0;
}

/** Pauses or resumes; running holds are stretched by the pause. See ticketing.pause_sales. */
export async function pauseSales(sql: Sql, eventId: string, tierId: string | null, paused: boolean): Promise<boolean> {
  const [row] = await sql<
    { changed: boolean }[]
  >`select ticketing.pause_sales(${eventId}, ${tierId}, ${paused}) as changed`;
  return row?.changed ?? false;
}

// ---- tiers

export async function findTier(
  sql: Sql,
  tierId: string,
): Promise<{ eventId: string; currency: string; timeZone: string } | null> {
  const [row] = await sql<{ eventId: string; currency: string; timeZone: string }[]>`
    select t.event_id as "eventId", trim(e.currency) as currency, e.time_zone as "timeZone"
      from ticketing.ticket_tiers t join events.events e on e.id = t.event_id where t.id = ${tierId} and t.deleted_at is null`;
  return row ?? null;
}

export interface TierChange {
  name?: string;
  description?: string;
  price_cents?: number;
  quantity?: number;
  sales_start?: Date | null;
  sales_end?: Date | null;
  min_per_order?: number;
  max_per_order?: number;
  tax_rate_bps?: number;
  status?: 'active' | 'inactive';
}

/** A new tier behind the others; null when there are sixty, or three hundred with those that were taken away: each costs a lock. */
export async function insertTier(
  sql: Sql,
  eventId: string,
  row: TierChange & { name: string; price_cents: number; quantity: number },
): Promise<string | null> {
  const [made] = await sql<{ id: string }[]>`
    insert into ticketing.ticket_tiers (event_id, name, description, price_cents, quantity, sales_start, sales_end, min_per_order, max_per_order, tax_rate_bps, position)
    select ${eventId}::uuid, ${row.name}, ${row.description ?? ''}, ${row.price_cents}::int, ${row.quantity}::int, ${row.sales_start ?? null}::timestamptz, ${row.sales_end ?? null}::timestamptz,
           ${row.min_per_order ?? 1}::int, ${row.max_per_order ?? 10}::int, ${row.tax_rate_bps ?? 0}::int,
           (select coalesce(max(t.position), -1) + 1 from ticketing.ticket_tiers t where t.event_id = ${eventId})
     where (select count(*) from ticketing.ticket_tiers t where t.event_id = ${eventId} and t.deleted_at is null) < 60
       and (select count(*) from ticketing.ticket_tiers t where t.event_id = ${eventId}) < 300
    returning id`;
  return made?.id ?? null;
}

/**
 * One guarded statement: false when the tier is no longer of the edition that the change was made from, or when the
 * quantity would fall below what is sold or in checkout. `readTierGuards` says which.
 */
export async function changeTier(sql: Sql, tierId: string, change: TierChange, edition?: number): Promise<boolean> {
  if (Object.keys(change).length === 0) return true;
  const enough =
    change.quantity === undefined ? sql`` : sql`and issued_quantity + reserved_quantity <= ${change.quantity}`;
  const unchanged = edition === undefined ? sql`` : sql`and edition = ${edition}`;
  const rows = await sql`
    update ticketing.ticket_tiers set ${sql(change as Record<string, string | number | Date | null>)}
     where id = ${tierId} and deleted_at is null ${unchanged} ${enough} returning 1`;
  return rows.length > 0;
}

export async function readTierGuards(sql: Sql, tierId: string): Promise<{ taken: number; edition: number } | null> {
  const [row] = await sql<{ taken: number; edition: number }[]>`
    select issued_quantity + reserved_quantity as taken, edition from ticketing.ticket_tiers where id = ${tierId} and deleted_at is null`;
  return row ?? null;
}

/** Takes a tier away that nobody ever held or bought. */
export async function deleteTier(sql: Sql, tierId: string): Promise<boolean> {
  const rows = await sql`
    update ticketing.ticket_tiers t set deleted_at = clock_timestamp(), status = 'inactive'
     where t.id = ${tierId} and t.deleted_at is null and t.issued_quantity = 0 and t.reserved_quantity = 0
       and not exists (select from ticketing.order_items i where i.tier_id = t.id) returning 1`;
  return rows.length > 0;
}

/** Puts tiers into the given order; ids of other events change nothing. Locks by id, as everywhere. */
export async function orderTiers(sql: Sql, eventId: string, tierIds: string[]): Promise<void> {
  await sql`select 1 from ticketing.ticket_tiers where event_id = ${eventId} order by id for no key update`;
  await sql`
    update ticketing.ticket_tiers t set position = o.n::int from unnest(${tierIds}::uuid[]) with ordinality o(id, n)
     where t.id = o.id and t.event_id = ${eventId}`;
}

// ---- orders and attendees

export interface OrderRow {
  id: string;
  code: string;
  name: string;
  email: string | null;
  totalCents: number;
  refundedCents: number;
  status: OrderStatus;
  refunding: boolean;
  disputeState: DisputeState | null;
  owedCents: number;
  quantity: number;
  tiers: string;
  createdAt: Date;
  /** created_at with all its digits, for the cursor. */
  place: string;
}

export interface Search {
  words: SearchWord[];
  /** Whether addresses and parts of order codes may be searched: for roles that see them. */
  addresses: boolean;
}

/** Who may not see codes finds an order by its whole one only: a part would be guessed letter by letter. */
const codeIs = (sql: Sql, { part, code }: SearchWord, addresses: boolean) => {
  if (code === null) return sql``;
  return addresses
    ? sql`or o.code like upper(${code}) or o.mailbox ilike ${part}`
    : sql`or o.code || '%' = upper(${code})`;
};

/**
 * Rows of orders `o` that hold every word, in any order and without its accents: in a name, in the buyer's address, or as
 * the start of the order's code. `more` adds what else a word may be in.
 */
const holdsWords = (sql: Sql, { words, addresses }: Search, more: (word: SearchWord) => postgres.Fragment) =>
  words.reduce(
    (all, word) => sql`${all}
  and (public.plain_text(o.buyer_name) like public.plain_text(${word.part}) ${more(word)} ${codeIs(sql, word, addresses)})`,
    sql``,
  );

export interface OrderFilter extends Search {
  state: (typeof ORDER_FILTERS)[number];
}

const orderWhere = (sql: Sql, eventId: string, filter: OrderFilter) => sql`
  o.event_id = ${eventId} and o.deleted_at is null
  ${filter.state === 'all' ? sql`` : sql`and o.status = ${filter.state}`} ${holdsWords(sql, filter, () => sql``)}`;

/** Newest first. Index orders_event; bounded by `most`. */
export async function listOrders(
  sql: Sql,
  eventId: string,
  filter: OrderFilter,
  after: { at: string; id: string } | null,
  most: number,
): Promise<OrderRow[]> {
  const rows = await sql<OrderRow[]>`
    select o.id, o.code, o.buyer_name as name, o.mailbox as email, o.total_cents as "totalCents", o.refunded_cents as "refundedCents", o.status,
           exists (select from ticketing.refunds r where r.order_id = o.id and r.status = 'pending') as refunding, o.dispute_state as "disputeState", o.owed_cents as "owedCents",
           i.quantity, i.tiers, o.created_at as "createdAt", o.created_at::text as place
      from ticketing.orders o
      cross join lateral (
        select coalesce(sum(i.quantity), 0)::int as quantity, coalesce(string_agg(i.quantity || ' × ' || t.name, ', ' order by t.position, t.id), '') as tiers
          from ticketing.order_items i join ticketing.ticket_tiers t on t.id = i.tier_id where i.order_id = o.id) i
     where ${orderWhere(sql, eventId, filter)} ${after ? sql`and (o.created_at, o.id) < (${after.at}::timestamptz, ${after.id}::uuid)` : sql``}
     order by o.created_at desc, o.id desc limit ${most}`;
  return dated(rows, 'createdAt');
}

export async function countOrders(sql: Sql, eventId: string, filter: OrderFilter): Promise<number> {
  const [row] = await sql<{ n: number }[]>`
    select count(*)::int as n from (select from ticketing.orders o where ${orderWhere(sql, eventId, filter)} limit 1000) s`;
  return row?.n ?? 0;
}

export interface OrderDetailRow {
  id: string;
  eventId: string;
  title: string;
  timeZone: string;
  currency: string;
  code: string;
  status: OrderStatus;
  refunding: boolean;
  name: string;
  email: string | null;
  cancelReason: string | null;
  late: boolean;
  paymentState: string;
  paymentError: string | null;
  paymentId: string | null;
  cardBrand: string | null;
  cardLast4: string | null;
  disputeState: DisputeState | null;
  disputedCents: number;
  owedCents: number;
  subtotalCents: number;
  feesCents: number;
  taxCents: number;
  discountCents: number;
  taxIncluded: boolean;
  totalCents: number;
  capturedCents: number | null;
  refundedCents: number;
  refundableCents: number;
  refundableWithoutFeesCents: number;
  keepsFees: boolean;
  createdAt: Date;
  paidAt: Date | null;
  cancelledAt: Date | null;
  mailedAt: Date | null;
  items: { tierId: string; name: string; quantity: number; unitCents: number }[];
  refunds: {
    id: string;
    amountCents: number;
    status: 'pending' | 'succeeded' | 'failed';
    reason: string;
    kind: string;
    note: string;
    createdAt: string;
    settledAt: string | null;
    takenBackAt: string | null;
    failure: string | null;
    by: string | null;
  }[];
  disputes: {
    id: string;
    amountCents: number;
    status: 'inquiry' | 'open' | 'won' | 'lost' | 'closed';
    reason: string;
    respondBy: string | null;
    openedAt: string;
    closedAt: string | null;
  }[];
}

/** One order whole. What could go back now is what ticketing.request_refund would send. */
export async function readOrder(sql: Sql, orderId: string): Promise<OrderDetailRow | null> {
  const rows = await sql<OrderDetailRow[]>`
    select o.id, e.id as "eventId", e.title, e.time_zone as "timeZone", trim(o.currency) as currency, o.code, o.status,
           exists (select from ticketing.refunds r where r.order_id = o.id and r.status = 'pending') as refunding,
           o.buyer_name as name, o.mailbox as email, o.cancel_reason as "cancelReason", o.late, o.payment_state as "paymentState", o.payment_error as "paymentError",
           o.stripe_payment_intent_id as "paymentId", o.card_brand as "cardBrand", o.card_last4 as "cardLast4",
           o.dispute_state as "disputeState", o.disputed_cents as "disputedCents", o.owed_cents as "owedCents", o.subtotal_cents as "subtotalCents", o.fees_cents as "feesCents", o.tax_cents as "taxCents",
           o.discount_cents as "discountCents", o.tax_included as "taxIncluded", o.total_cents as "totalCents", o.captured_cents as "capturedCents",
           o.refunded_cents as "refundedCents", o.refund_keeps_fees as "keepsFees", o.created_at as "createdAt", o.paid_at as "paidAt",
           o.cancelled_at as "cancelledAt", o.confirmation_mailed_at as "mailedAt",
           case when o.dispute_state is not null then 0 when o.status <> 'paid' then least(o.owed_cents, left_over) when o.status = 'paid' then greatest(0, least(left_over, case when paid < o.total_cents then left_over else gone_back end)) else 0 end::int as "refundableCents",
           case when o.dispute_state is not null then 0 when o.status <> 'paid' then least(o.owed_cents, left_over) when o.status = 'paid' then greatest(0, least(left_over, case when paid < o.total_cents then left_over else gone_back end) - case when paid < o.total_cents then o.fees_cents else fees_back end) else 0 end::int as "refundableWithoutFeesCents",
           coalesce((select jsonb_agg(jsonb_build_object('tierId', t.id, 'name', t.name, 'quantity', i.quantity,
                       'unitCents', i.price_cents) order by t.position, t.id)
                       from ticketing.order_items i join ticketing.ticket_tiers t on t.id = i.tier_id where i.order_id = o.id), '[]') as items,
           coalesce((select jsonb_agg(jsonb_build_object('id', r.id, 'amountCents', r.amount_cents, 'status', r.status, 'reason', r.reason, 'kind', r.kind, 'note', r.note,
                       'createdAt', r.created_at, 'settledAt', r.settled_at, 'takenBackAt', r.taken_back_at, 'failure', r.failure, 'by', coalesce(nullif(p.display_name, ''), u.name)) order by r.created_at)
                       from ticketing.refunds r left join auth.users u on u.id = r.initiated_by left join public.profiles p on p.id = u.id where r.order_id = o.id), '[]') as refunds,
           coalesce((select jsonb_agg(jsonb_build_object('id', d.id, 'amountCents', d.amount_cents, 'status', d.status, 'reason', d.reason, 'respondBy', d.respond_by,
                       'openedAt', d.opened_at, 'closedAt', d.closed_at) order by d.opened_at) from ticketing.disputes d where d.order_id = o.id), '[]') as disputes
      from ticketing.orders o join events.events e on e.id = o.event_id
      cross join lateral (
        select ${paidCents(sql)} - o.refunded_cents as left_over, coalesce(sum(k.paid_cents), 0) as paid,
               coalesce(sum(k.paid_cents) filter (where k.status <> 'refunded'), 0) as gone_back, coalesce(sum(k.fee_cents) filter (where k.status <> 'refunded'), 0) as fees_back
          from ticketing.tickets k where k.order_id = o.id) s
     where o.id = ${orderId} and o.deleted_at is null`;
  return dated(rows, 'createdAt', 'paidAt', 'cancelledAt', 'mailedAt')[0] ?? null;
}

export async function findOrderEvent(sql: Sql, orderId: string): Promise<string | null> {
  const [row] = await sql<
    { event_id: string }[]
  >`select event_id from ticketing.orders where id = ${orderId} and deleted_at is null`;
  return row?.event_id ?? null;
}

export interface TicketHappening {
  kind: string;
  at: Date;
  count: number;
  by: string | null;
}

/** What happened to the tickets of an order, told once per kind and second. */
export async function listTicketEvents(sql: Sql, orderId: string): Promise<TicketHappening[]> {
  const rows = await sql<TicketHappening[]>`
    select x.kind, min(x.created_at) as at, count(*)::int as count, max(coalesce(nullif(p.display_name, ''), u.name)) as by
      from ticketing.tickets k join ticketing.ticket_events x on x.ticket_id = k.id
      left join auth.users u on u.id = x.actor_user_id and x.kind in ('redeemed', 'undone', 'refunded') left join public.profiles p on p.id = u.id
     where k.order_id = ${orderId} group by x.kind, date_trunc('second', x.created_at) order by 2 limit 200`;
  return dated(rows, 'at');
}

/** When the order moved from one state to the next. */
export async function listOrderMoves(sql: Sql, orderId: string): Promise<{ to: string; at: Date }[]> {
  const rows = await sql<{ to: string; at: Date }[]>`
    select to_state as to, at from ticketing.state_log where entity = 'order' and entity_id = ${orderId} order by id limit 50`;
  return dated(rows, 'at');
}

export interface TicketRow {
  ticketId: string;
  sequenceNumber: number;
  name: string;
  tierName: string;
  status: 'issued' | 'transferred' | 'redeemed' | 'refunded';
  suspendedReason: 'refund' | 'dispute' | null;
  redeemedAt: Date | null;
  gate: string | null;
  email: string | null;
  orderId: string;
  orderCode: string;
}

const ticketColumns = (sql: Sql) => sql`
  k.id as "ticketId", k.sequence_number as "sequenceNumber", coalesce(nullif(k.holder_name, ''), o.buyer_name) as name, t.name as "tierName", k.status,
  k.suspended_reason as "suspendedReason", k.redeemed_at as "redeemedAt", k.gate, o.mailbox as email, o.id as "orderId", o.code as "orderCode"`;

/** Everybody with a ticket, in the order of their numbers. Index tickets (event_id, sequence_number). */
export async function listAttendees(
  sql: Sql,
  eventId: string,
  search: Search,
  afterSequence: number,
  most: number,
): Promise<TicketRow[]> {
  const holder = ({ part, number }: SearchWord) =>
    sql`or public.plain_text(k.holder_name) like public.plain_text(${part}) or k.sequence_number::text = ${number}`;
  const rows = await sql<TicketRow[]>`
    select ${ticketColumns(sql)}
      from ticketing.tickets k join ticketing.orders o on o.id = k.order_id join ticketing.ticket_tiers t on t.id = k.tier_id
     where k.event_id = ${eventId} and k.sequence_number > ${afterSequence}
       ${holdsWords(sql, search, holder)}
     order by k.sequence_number limit ${most}`;
  return dated(rows, 'redeemedAt');
}

export async function listOrderTickets(sql: Sql, orderId: string): Promise<TicketRow[]> {
  const rows = await sql<TicketRow[]>`
    select ${ticketColumns(sql)}
      from ticketing.tickets k join ticketing.orders o on o.id = k.order_id join ticketing.ticket_tiers t on t.id = k.tier_id
     where k.order_id = ${orderId} order by k.sequence_number limit 200`;
  return dated(rows, 'redeemedAt');
}

export async function countDoor(
  sql: Sql,
  eventId: string,
): Promise<{ admitted: number; expected: number; timeZone: string }> {
  const [row] = await sql<{ admitted: number; expected: number; timeZone: string }[]>`
    select e.time_zone as "timeZone", k.admitted, k.expected from events.events e
     cross join lateral (select count(*) filter (where k.status = 'redeemed')::int as admitted, count(*) filter (where k.status <> 'refunded')::int as expected
                           from ticketing.tickets k where k.event_id = e.id) k where e.id = ${eventId}`;
  return row ?? { admitted: 0, expected: 0, timeZone: 'UTC' };
}

// ---- live

type Money = Required<
  Pick<StaffSnapshot, 'grossCents' | 'feesCents' | 'netCents' | 'refundedCents' | 'disputedCents' | 'owedCents'>
>;
export type WholeStaffSnapshot = Omit<StaffSnapshot, 'funnel'> &
  Money & { funnel: Omit<StaffSnapshot['funnel'], 'viewing'> };

/** Folds one bounded batch of changes into the kept totals; how many. */
export async function foldChanges(sql: Sql): Promise<number> {
  const [row] = await sql<{ folded: number }[]>`select ticketing.fold_event_totals() as folded`;
  return row?.folded ?? 0;
}

// What an event sold, as it is kept: the folded totals and what is not folded yet. One statement reads both, so a change
// is in one of them (drizzle/functions/34_ticketing.event_totals.sql).
const keptTotals = (sql: Sql, eventId: postgres.Fragment) => sql`(
  select coalesce(sum(x.gross_cents), 0)::float8 as gross, coalesce(sum(x.refunded_cents), 0)::float8 as refunded, coalesce(sum(x.disputed_cents), 0)::float8 as disputed, coalesce(sum(x.fees_cents), 0)::float8 as fees,
         coalesce(sum(x.admitted), 0)::int as admitted, coalesce(sum(x.version), 0) as version
    from (select y.gross_cents, y.refunded_cents, y.disputed_cents, y.fees_cents, y.admitted, y.version from ticketing.event_totals y where y.event_id = ${eventId}
          union all
          select y.gross_cents, y.refunded_cents, y.disputed_cents, y.fees_cents, y.admitted, y.version from ticketing.event_changes y where y.event_id = ${eventId}) x)`;

/**
 * Everything the staff room may carry, in one statement, so that no figure is from another moment than its neighbour.
 * Reads kept totals and the latest sales by index: as cheap for a million tickets as for a thousand.
 * The version is the sum of the versions of tiers (deleted ones too, or it would fall), event and counter, then the orders'
 * (a payment that starts raises nothing else), and one for an end that the clock brings. Indexes: orders_sold, orders_paying, orders_owed, ticket_holds_active_tier, refunds_event, primary keys.
 * The curve counts tickets by the five minutes they were paid in, and takes refunded ones out where they were refunded: five minutes from the whole hour in which the last
 * hour began, hours from the quarter of a day in which the last two days began, quarters of a day before, in the event's zone.
 * `paid` counts the five minutes that the last hour touches.
 */
export async function readStaffSnapshot(
  sql: Sql,
  eventId: string,
): Promise<{ version: number; data: WholeStaffSnapshot } | null> {
  const [row] = await sql<(WholeStaffSnapshot & { version: number })[]>`
    with e as materialized (
      select e.*, ${state(sql)} as state, n.now, ticketing.sale_width('hour', n.now - interval '1 hour', e.time_zone) as fine,
             ticketing.sale_width('quarter', n.now - interval '2 days', e.time_zone) as hourly
        from events.events e cross join (select clock_timestamp() as now) n where e.id = ${eventId} and e.deleted_at is null
    ), t as materialized (
      select t.* from ticketing.ticket_tiers t where t.event_id = ${eventId}
    ), money as materialized (
      select * from ${keptTotals(sql, sql`${eventId}::uuid`)} m
    ), points as materialized (
      select s.at, s.width, s.tickets::int as tickets, s.gross_cents::float8 as cents, s.paid_orders::int as paid_orders from e join ticketing.event_sales s
          on s.event_id = e.id and s.width = 'minutes' and s.at >= e.fine
      union all
      select s.at, s.width, s.tickets::int, s.gross_cents::float8, 0 from e join ticketing.event_sales s
          on s.event_id = e.id and s.width = 'hour' and s.at >= e.hourly and s.at < e.fine
      union all
      select s.at, s.width, s.tickets::int, s.gross_cents::float8, 0 from e join ticketing.event_sales s
          on s.event_id = e.id and s.width = 'quarter' and s.at < e.hourly
      union all
      select ticketing.sale_width(w.width, c.at, e.time_zone), w.width, c.tickets::int, c.gross_cents::float8, c.paid_orders::int
        from e join ticketing.event_changes c on c.event_id = e.id and c.at is not null
        cross join lateral (select case when c.at >= e.fine then 'minutes' when c.at >= e.hourly then 'hour' else 'quarter' end as width) w
    ), curve as (
      select p.at, sum(p.tickets)::int as sold, sum(p.cents) as cents from points p group by p.at having sum(p.tickets) <> 0 or sum(p.cents) <> 0
    ), sales as (
      (select o.id, case when o.show_first_name then nullif(split_part(btrim(o.buyer_name), ' ', 1), '') end as who,
              (select coalesce(sum(i.quantity), 0)::int from ticketing.order_items i where i.order_id = o.id) as quantity,
              ${paidCents(sql)} as cents, ${paidAt(sql)} as at, 'sale' as kind
         from ticketing.orders o where o.event_id = ${eventId} and ${sold(sql)} order by ${paidAt(sql)} desc, o.id limit 30)
      union all
      (select o.id, case when o.show_first_name then nullif(split_part(btrim(o.buyer_name), ' ', 1), '') end,
              (select count(*)::int from ticketing.refund_tickets x where x.refund_id = r.id), r.amount_cents, coalesce(r.settled_at, r.created_at), 'refund'
         from ticketing.refunds r join ticketing.orders o on o.id = r.order_id
        where r.event_id = ${eventId} and r.status = 'succeeded' and ${sold(sql)} order by coalesce(r.settled_at, r.created_at) desc limit 30)
    )
    select e.edition, e.state as status, e.sales_paused_at is not null as paused, trim(e.currency) as currency,
           coalesce((select sum(t.issued_quantity) from t where t.deleted_at is null), 0)::int as sold,
           coalesce((select sum(t.reserved_quantity) from t where t.deleted_at is null), 0)::int as "inCheckout",
           coalesce((select sum(t.quantity) from t where t.deleted_at is null), 0)::int as capacity,
           money.gross as "grossCents", money.fees as "feesCents", money.gross - money.refunded - money.disputed - money.fees as "netCents", money.refunded as "refundedCents",
           money.disputed as "disputedCents", coalesce((select sum(o.owed_cents) from ticketing.orders o where o.event_id = ${eventId} and o.owed_cents > 0), 0)::float8 as "owedCents",
           coalesce((select jsonb_agg(jsonb_build_object('id', t.id, 'edition', t.edition, 'name', t.name, 'quantity', t.quantity, 'issued', t.issued_quantity, 'reserved', t.reserved_quantity,
                       'status', t.status, 'paused', t.paused_at is not null, 'hoarded', t.hoarded_since is not null) order by t.position, t.id) from t where t.deleted_at is null), '[]') as tiers,
           jsonb_build_object(
             'holding', ticketing.count_holding(e.id),
             'paying', (select count(*) from ticketing.orders o where o.event_id = ${eventId} and o.status = 'pending' and o.payment_state in ('started', 'processing')
                          and exists (select from ticketing.ticket_holds h where h.checkout_id = o.checkout_id and h.status = 'active')),
             'paid', (select coalesce(sum(p.paid_orders), 0)::int from points p where p.width = 'minutes' and p.at > e.now - interval '65 minutes')) as funnel,
           coalesce((select jsonb_agg(jsonb_build_object('orderId', s.id, 'who', s.who, 'quantity', s.quantity, 'totalCents', s.cents,
                       'at', floor(extract(epoch from s.at) * 1000)::bigint, 'kind', s.kind) order by s.at desc, s.id)
                       from (select * from sales order by at desc, id limit 30) s), '[]') as sales,
           coalesce((select json_agg(json_build_object('at', (date_part('epoch', c.at) * 1000)::bigint, 'sold', c.sold, 'cents', c.cents) order by c.at) from curve c), '[]') as curve,
           money.admitted,
           (public.version_epoch() + (e.version + coalesce((select sum(t.version) from t), 0) + coalesce((select c.version from ticketing.event_counters c where c.event_id = e.id), 0)) * 1000000
             + money.version + (e.state = 'ended')::int)::float8 as version
      from e cross join money`;
  if (!row) return null;
  const { version, ...data } = row;
  return { version, data };
}

/** Sales across an organization's events, in one statement; versions are summed as in the staff room. At most 200 events. */
export async function readOrganizationSnapshot(
  sql: Sql,
  orgId: string,
): Promise<{ version: number; data: OrganizationSnapshot } | null> {
  const [row] = await sql<{ version: number; events: Required<OrganizationSnapshot['events'][number]>[] }[]>`
    select (public.version_epoch() + coalesce(sum(s.version), 0))::float8 as version,
           coalesce(jsonb_agg(jsonb_build_object('id', s.id, 'sold', s.sold, 'inCheckout', s.held, 'grossCents', s.gross) order by s.id) filter (where s.nth <= 200), '[]') as events
      from organizations.organizations g
      left join lateral (
        -- The version is of all events, also those that are deleted or not listed: of the listed ones alone it would fall.
        select e.id, e.nth, t.sold, t.held, o.gross, (e.version + t.versions) * 1000000 + o.version as version
          from (select e.id, e.version, case when e.deleted_at is null then row_number() over (partition by e.deleted_at is null order by e.start_at desc nulls first, e.id) end as nth
                  from events.events e where e.owner_context_type = 'organization' and e.owner_context_id = g.id) e
          cross join lateral (select coalesce(sum(t.issued_quantity) filter (where t.deleted_at is null), 0)::int as sold,
                                     coalesce(sum(t.reserved_quantity) filter (where t.deleted_at is null), 0)::int as held, coalesce(sum(t.version), 0) as versions
                                from ticketing.ticket_tiers t where t.event_id = e.id) t
          cross join lateral ${keptTotals(sql, sql`e.id`)} o
      ) s on true
     where g.id = ${orgId} and g.deleted_at is null group by g.id`;
  return row ? { version: row.version, data: { events: row.events } } : null;
}

export interface DaysRow {
  soldYesterday: number;
  grossYesterday: number;
  netYesterday: number;
  soldToday: number;
  onSaleAt: Date | null;
  wanted: number;
}

/**
 * Yesterday and today in the event's own zone: tickets sold and gross, whatever became of them; and how net moved yesterday.
 * A refund belongs to the day it was made.
 */
export async function readDays(sql: Sql, eventId: string): Promise<DaysRow | null> {
  const rows = await sql<DaysRow[]>`
    with d as (
      select e.id, date_trunc('day', clock_timestamp() at time zone e.time_zone) at time zone e.time_zone as today,
             (date_trunc('day', clock_timestamp() at time zone e.time_zone) - interval '1 day') at time zone e.time_zone as yesterday,
             -- never after the first sale: an event loaded from elsewhere may have been published late
             least(greatest(e.published_at, (select min(t.sales_start) from ticketing.ticket_tiers t where t.event_id = e.id and t.deleted_at is null)),
                   (select min(${paidAt(sql)}) from ticketing.orders o where o.event_id = e.id and ${sold(sql)})) as "onSaleAt"
        from events.events e where e.id = ${eventId}
    ), o as (
      select o.*, ${paidAt(sql)} as at, (select count(*)::int from ticketing.tickets k where k.order_id = o.id) as tickets
        from ticketing.orders o join d on d.id = o.event_id where ${sold(sql)} and ${paidAt(sql)} >= d.yesterday
    )
    select d."onSaleAt", coalesce(sum(o.tickets) filter (where o.at < d.today), 0)::int as "soldYesterday", coalesce(sum(o.tickets) filter (where o.at >= d.today), 0)::int as "soldToday",
           coalesce(sum(${paidCents(sql)}) filter (where o.at < d.today), 0)::float8 as "grossYesterday",
           (select coalesce(sum(n.at_end - n.at_start), 0)::float8 from (
              select case when ${paidAt(sql)} < d.today then greatest(0, ${paidCents(sql)} - o.fees_cents - ${backUntil(sql, sql`d.today`)}) else 0 end as at_end,
                     case when ${paidAt(sql)} < d.yesterday then greatest(0, ${paidCents(sql)} - o.fees_cents - ${backUntil(sql, sql`d.yesterday`)}) else 0 end as at_start
                from ticketing.orders o where ${sold(sql)} and o.id in (
                  select s.id from o s where s.at < d.today
                  union select r.order_id from ticketing.refunds r where r.event_id = d.id and r.status = 'succeeded'
                         and coalesce(r.settled_at, r.created_at) >= d.yesterday and coalesce(r.settled_at, r.created_at) < d.today
                  union select r.order_id from ticketing.refunds r where r.event_id = d.id and r.taken_back_at >= d.yesterday
                  union select w.id from ticketing.orders w where w.event_id = d.id and w.dispute_state is not null
                  union select x.order_id from ticketing.disputes x where x.event_id = d.id and x.status = 'won' and x.closed_at >= d.yesterday)) n) as "netYesterday",
           (select count(*)::int from events.event_alerts a where a.event_id = d.id and a.kind = 'place_back' and a.told_at is null) as wanted
      from d left join o on true group by d.id, d.today, d.yesterday, d."onSaleAt"`;
  return dated(rows, 'onSaleAt')[0] ?? null;
}
