import type {
  AlertKind,
  CategoryCount,
  CityCount,
  EventPageView,
  HostLine,
  LineUpEntry,
  OwnCheckout,
  RefundPolicy,
  Suggestion,
  TierView,
} from '@liventix/contracts/events';
import type { EventSnapshot } from '@liventix/contracts/live';
import { PALETTE_NAMES, type PaletteName } from '@liventix/contracts/posters';
import type postgres from 'postgres';
import type { Place, PosterFacts, TierPrice } from './events.rules.ts';

type Sql = postgres.ISql;

// Raw statements bring timestamps as text: the pools leave them to Drizzle.
function datedOne<R extends object>(row: R, ...columns: (keyof R)[]): R {
  for (const column of columns) {
    if (row[column] !== null) row[column] = new Date(row[column] as string) as never;
  }
  return row;
}
const dated = <R extends object>(rows: readonly R[], ...columns: (keyof R)[]): R[] =>
  rows.map((row) => datedOne(row, ...columns));

export interface CardRow extends PosterFacts {
  slug: string;
  endAt: Date | null;
  venue: string | null;
  currency: string;
  tiers: TierPrice[];
}

// Fee, tax and price come from the one arithmetic that checkout uses.
const cardColumns = (sql: Sql) => sql`
  e.id, e.slug, e.title, e.start_at as "startAt", e.end_at as "endAt", e.time_zone as "timeZone", e.venue, e.city, e.category,
  trim(e.currency) as currency, e.poster, e.cover_image_url as "coverImageUrl",
  coalesce((
    select jsonb_agg(jsonb_build_object('id', t.id, 'totalCents', q.total_cents) order by t.position, t.id)
      from ticketing.ticket_tiers t,
           lateral ticketing.quote_of(t.price_cents, e.fee_bps, e.fee_fixed_cents, e.fee_cap_cents, e.fee_paid_by, t.tax_rate_bps, e.tax_included) q
     where t.event_id = e.id and t.deleted_at is null), '[]') as tiers`;

// What may be listed: the rows of index events_upcoming that are not over.
const listed = (sql: Sql) => sql`
  e.status in ('published', 'postponed') and e.visibility = 'public' and e.deleted_at is null
  and events.over_at(e.start_at, e.end_at) > clock_timestamp()`;

// Words of the query as prefixes; only letters and digits get through, so the text is no query language.
const prefixes = (sql: Sql, q: string) => sql`(
  select to_tsquery('simple', string_agg(w || ':*', ' & '))
    from regexp_split_to_table(public.plain_text(${q}), '[^[:alnum:]]+') w where w <> '')`;

// Scripts that put no spaces between words, or join little words to them: there the parts of the query are looked for anywhere.
const JOINED =
  /[\p{sc=Han}\p{sc=Hiragana}\p{sc=Katakana}\p{sc=Hangul}\p{sc=Thai}\p{sc=Lao}\p{sc=Khmer}\p{sc=Myanmar}\p{sc=Arabic}\p{sc=Hebrew}]/u;
const holdsAll = (sql: Sql, q: string, text: postgres.PendingQuery<postgres.Row[]>) => sql`(
  select bool_and(position(w in public.plain_text(${text})) > 0)
    from regexp_split_to_table(public.plain_text(${q}), '[^[:alnum:]]+') w where w <> '')`;

// A night runs until 05:00: five hours are taken off both clocks of the event's zone.
const nightOf = (sql: Sql, at: postgres.PendingQuery<postgres.Row[]>) =>
  sql`((${at} at time zone e.time_zone) - interval '5 hours')`;

export interface ListFilter {
  q?: string | undefined;
  city?: string | undefined;
  when?: 'tonight' | 'weekend' | undefined;
  date?: string | undefined;
  category?: string | undefined;
}

/** What a filter asks of a listed event, beside its words. */
function narrowed(sql: Sql, { city, when, date, category }: ListFilter) {
  const start = sql`e.start_at`;
  const now = sql`clock_timestamp()`;
  // A festival is on until its last day; a night that ends in the morning is on the day it starts.
  const last = sql`greatest(e.start_at, e.end_at - interval '12 hours')`;
  return sql`
    ${city ? sql`and public.plain_text(e.city) = public.plain_text(${city})` : sql``}
    ${category ? sql`and public.plain_text(e.category) = public.plain_text(${category})` : sql``}
    ${
      date
        ? sql`and ${date}::date between ${nightOf(sql, start)}::date and ${nightOf(sql, last)}::date`
        : when === 'tonight'
          ? sql`and (${nightOf(sql, start)}::date = ${nightOf(sql, now)}::date and ${nightOf(sql, start)}::time >= '11:00'
                  or ${nightOf(sql, start)}::date < ${nightOf(sql, now)}::date and ${nightOf(sql, last)}::date >= ${nightOf(sql, now)}::date)`
          : when === 'weekend'
            ? sql`and ${nightOf(sql, last)} >= date_trunc('week', ${nightOf(sql, now)}) + interval '4 days 12 hours'
                  and ${nightOf(sql, start)} < date_trunc('week', ${nightOf(sql, now)}) + interval '7 days'`
            : sql``
    }`;
}

/** Engine: one page of the public list without words, soonest first. Bounded by `most`; index events_upcoming. */
export async function listUpcoming(sql: Sql, filter: ListFilter, after: Place | null, most: number): Promise<Place[]> {
  return sql<Place[]>`
    select e.id, 0 as rank, e.start_at::text as "startAt" from events.events e
     where ${listed(sql)} ${narrowed(sql, filter)}
       ${after ? sql`and (e.start_at, e.id) > (${after.startAt}::timestamptz, ${after.id}::uuid)` : sql``}
     order by e.start_at, e.id limit ${most}`;
}

/** What a found event's rank says: a word of its title, another word of it, a title that is spelt nearly so. */
export const BY_SPELLING = 2;

/** First in the transaction of a search: it ends after two seconds, and titles are near from 0.55 on. */
export async function boundSearch(sql: Sql): Promise<void> {
  await sql`select set_config('statement_timeout', '2000', true), set_config('pg_trgm.word_similarity_threshold', '0.55', true)`;
}

/**
 * Engine: which listed events have the words, titles before the rest. Bounded by `most`; index events_search.
 * Row level security would keep the planner from the index: its operator might tell of rows before they are filtered.
 */
export async function findByWords(
  sql: Sql,
  q: string,
  filter: ListFilter,
  after: Place | null,
  most: number,
): Promise<Place[]> {
  const joined = JOINED.test(q);
  // Words of these scripts are no words of the index: the next 2,000 events are looked through.
  const rank = sql`case when e.search @@ s.query then case when ts_filter(e.search, '{a}') @@ s.query then 0 else 1 end
    ${
      joined
        ? sql`when ${holdsAll(sql, q, sql`e.title`)} then 0
              when ${holdsAll(sql, q, sql`concat_ws(' ', e.title, e.summary, e.venue, e.city, e.category, left(e.description, 1000))`)} then 1`
        : sql``
    } end`;
  return sql<Place[]>`
    select l.id, l.rank, l.start_at::text as "startAt" from (
      select e.id, e.start_at, ${rank} as rank
        from (select ${prefixes(sql, q)} as query) s
        join ${
          joined
            ? sql`(select * from events.events e where ${listed(sql)} ${narrowed(sql, filter)} order by e.start_at limit 2000) e on true`
            : sql`events.events e on e.search @@ s.query and ${listed(sql)} ${narrowed(sql, filter)}`
        }
    ) l
    where l.rank is not null ${after ? sql`and (l.rank, l.start_at, l.id) > (${after.rank}, ${after.startAt}::timestamptz, ${after.id}::uuid)` : sql``}
    order by l.rank, l.start_at, l.id limit ${most}`;
}

/** Engine: listed events with a title that is spelt nearly so. Fewer than three letters are near to anything. Index events_title_trigram. */
export async function findBySpelling(
  sql: Sql,
  q: string,
  filter: ListFilter,
  after: Place | null,
  most: number,
): Promise<Place[]> {
  if (!/[\p{L}\p{N}]{3}/u.test(q)) return [];
  return sql<Place[]>`
    select e.id, ${BY_SPELLING}::int as rank, e.start_at::text as "startAt" from events.events e
     where public.plain_text(e.title) operator(public.%>) public.plain_text(${q}) and ${listed(sql)} ${narrowed(sql, filter)}
       ${after ? sql`and (e.start_at, e.id) > (${after.startAt}::timestamptz, ${after.id}::uuid)` : sql``}
     order by e.start_at, e.id limit ${most}`;
}

/**
 * Engine: when nothing was found, the nearest word that some coming event has, how many have it, and where most of them are.
 * Looks at the next 500 events. A long question is near to no word.
 */
export async function suggestWord(sql: Sql, q: string): Promise<Suggestion | null> {
  if (q.length > 40) return null;
  const [row] = await sql<Suggestion[]>`
    with coming as materialized (
      select e.city, e.search, e.title, e.category, e.venue from events.events e where ${listed(sql)} order by e.start_at limit 500
    ), words as materialized (
      select distinct w from (
        select public.plain_text(string_agg(concat_ws(' ', c.title, c.category, c.city, c.venue), ' ')) as written from coming c) a,
        regexp_split_to_table(a.written, '[^[:alnum:]]+') w
       where char_length(w) between 3 and 60
    ), nearest as (
      select w as word from words where similarity(w, public.plain_text(${q})) >= 0.3
       order by similarity(w, public.plain_text(${q})) desc, w limit 1
    )
    select n.word as q, count(*)::int as count, c.city
      from nearest n join coming c on c.search @@ to_tsquery('simple', n.word)
     group by n.word, c.city order by count(*) desc, c.city limit 1`;
  return row ?? null;
}

/** Cards of known events, under the caller's rights, in the order of the ids. */
export async function readCards(sql: Sql, ids: readonly string[]): Promise<CardRow[]> {
  const rows = await sql<CardRow[]>`
    select ${cardColumns(sql)} from unnest(${[...ids]}::uuid[]) with ordinality o(id, n) join events.events e on e.id = o.id order by o.n`;
  return dated(rows, 'startAt', 'endAt');
}

/** Ids a person saved, next first, those over last. At most 200. */
export async function listSavedIds(sql: Sql): Promise<string[]> {
  const rows = await sql<{ id: string }[]>`
    select e.id from events.saved_events s join events.events e on e.id = s.event_id
     where s.user_id = auth.uid()
     order by events.over_at(e.start_at, e.end_at) <= clock_timestamp(), e.start_at limit 200`;
  return rows.map((row) => row.id);
}

/** Public events of a host, coming ones soonest first, past ones latest first. */
export async function listHostIds(
  sql: Sql,
  host: Pick<HostLine, 'type' | 'id'>,
  past: boolean,
  most: number,
): Promise<string[]> {
  const rows = await sql<{ id: string }[]>`
    select e.id from events.events e
     where e.owner_context_type = ${host.type} and e.owner_context_id = ${host.id}
       and e.visibility = 'public' and e.deleted_at is null and e.status <> 'draft'
       and (events.over_at(e.start_at, e.end_at) <= clock_timestamp()) = ${past}
     order by ${past ? sql`e.start_at desc` : sql`e.start_at`}, e.id limit ${most}`;
  return rows.map((row) => row.id);
}

/**
 * Engine: the public snapshot of events, the room's and the page's alike, in one statement. What the organizer hides
 * is absent. The version is the sum of the tiers' (deleted ones too, or it would fall) and the event's own, times 64,
 * plus how many moments of the sale have passed: a door that opens by the clock writes no row, and must be newer all the same.
 */
export async function readSnapshots(
  sql: Sql,
  ids: readonly string[],
): Promise<Map<string, { version: number; data: EventSnapshot }>> {
  const rows = await sql<
    {
      id: string;
      version: number;
      status: EventSnapshot['status'];
      paused: boolean;
      tiers: EventSnapshot['tiers'];
      inCheckout: number | null;
      page: string;
    }[]
  >`
    with a as (
      select p.event_id, sum(p.in_checkout)::int as in_checkout, jsonb_agg(jsonb_strip_nulls(jsonb_build_object(
          'id', p.tier_id, 'state', p.state, 'free', p.free, 'inCheckout', p.in_checkout, 'quantity', p.quantity,
          'opensAt', case when p.state = 'not_yet' then floor(extract(epoch from p.opens_at) * 1000)::bigint end,
          'guestMinutes', (select 5 from ticketing.ticket_tiers t where t.id = p.tier_id and t.hoarded_since is not null))) order by p.pos, p.tier_id) as tiers
        from ticketing.public_availability(${[...ids]}::uuid[]) p group by p.event_id
    ), v as (
      select t.event_id, sum(t.version) as versions,
             string_agg(concat_ws(' ', t.id, t.name, t.description, t.price_cents, t.tax_rate_bps, t.min_per_order, t.max_per_order, t.sales_start, t.sales_end), '|'
                        order by t.position, t.id) filter (where t.deleted_at is null) as words,
             sum(coalesce((t.sales_start <= clock_timestamp())::int, 0) + coalesce((t.sales_end <= clock_timestamp())::int, 0)) as passed
        from ticketing.ticket_tiers t where t.event_id = any (${[...ids]}::uuid[]) group by t.event_id
    )
    select left(md5(concat_ws('|', e.title, e.summary, e.description, e.start_at, e.end_at, e.doors_at, e.time_zone, e.venue, e.address, e.city, e.line_up, e.min_age,
             e.refund_policy, e.refund_keeps_fees, e.currency, e.tax_included, e.fee_bps, e.fee_fixed_cents, e.fee_cap_cents, e.fee_paid_by, e.max_per_person, v.words)), 12) as page,
           e.id, e.sales_paused_at is not null as paused, coalesce(a.tiers, '[]') as tiers, a.in_checkout as "inCheckout",
           case when e.status in ('published', 'postponed') and events.over_at(e.start_at, e.end_at) <= clock_timestamp() then 'ended' else e.status::text end as status,
           (public.version_epoch() + (e.version + coalesce(v.versions, 0)) * 64 + least(63, coalesce(v.passed, 0)
             + coalesce((e.start_at <= clock_timestamp())::int, 0) + coalesce((events.over_at(e.start_at, e.end_at) <= clock_timestamp())::int, 0)))::float8 as version
      from events.events e left join a on a.event_id = e.id left join v on v.event_id = e.id
     where e.id = any (${[...ids]}::uuid[]) and e.deleted_at is null`;
  return new Map(
    rows.map(({ id, version, status, paused, tiers, inCheckout, page }) => [
      id,
      { version, data: { status, paused, tiers, page, ...(inCheckout === null ? {} : { inCheckout }) } },
    ]),
  );
}

export interface PageRow extends PosterFacts {
  slug: string;
  summary: string;
  description: string;
  visibility: 'public' | 'unlisted' | 'private';
  endAt: Date | null;
  doorsAt: Date | null;
  overAt: Date | null;
  venue: string | null;
  address: string | null;
  currency: string;
  lineUp: LineUpEntry[];
  minAge: number | null;
  accessInfo: string;
  refundPolicy: RefundPolicy | null;
  refundKeepsFees: boolean;
  taxIncluded: boolean;
  maxPerPerson: number;
  cancelReason: string | null;
  ownerType: HostLine['type'];
  ownerId: string;
  onlineUrl: string | null;
  manages: boolean;
  cancelled: boolean;
  version: number;
  createdAt: Date;
  serverNow: Date;
}

/** An event by its slug under the caller's rights; null for what is missing, foreign or hidden alike. */
export async function readPage(sql: Sql, slug: string): Promise<PageRow | null> {
  const [row] = await sql<PageRow[]>`
    select e.id, e.slug, e.title, e.summary, e.description, e.visibility, e.start_at as "startAt", e.end_at as "endAt", e.doors_at as "doorsAt",
           events.over_at(e.start_at, e.end_at) as "overAt", e.time_zone as "timeZone", e.venue, e.address, e.city, e.category, trim(e.currency) as currency,
           e.line_up as "lineUp", e.min_age as "minAge", e.access_info as "accessInfo", e.refund_policy as "refundPolicy", e.refund_keeps_fees as "refundKeepsFees",
           e.tax_included as "taxIncluded", e.max_per_person as "maxPerPerson", e.cancel_reason as "cancelReason", e.poster, e.cover_image_url as "coverImageUrl",
           e.owner_context_type as "ownerType", e.owner_context_id as "ownerId", access.online_url(e.id) as "onlineUrl",
           access.event_role(e.id) is not null as manages, e.status = 'cancelled' as cancelled, e.version::float8 as version,
           e.created_at as "createdAt", clock_timestamp() as "serverNow"
      from events.events e where e.slug = ${slug}`;
  return row ? datedOne(row, 'startAt', 'endAt', 'doorsAt', 'overAt', 'createdAt', 'serverNow') : null;
}

/** The tiers of an event with the quote of one ticket each, as people see them. */
export async function readTiers(sql: Sql, eventId: string): Promise<TierView[]> {
  const rows = await sql<TierView[]>`
    select t.id, t.name, t.description, t.min_per_order as "minPerOrder", least(t.max_per_order, e.max_per_person) as "maxPerOrder",
           q.face_cents as "faceCents", q.fee_cents as "feeCents", q.tax_cents as "taxCents", q.total_cents as "totalCents",
           t.tax_rate_bps as "taxRateBps", t.sales_start as "salesStart", t.sales_end as "salesEnd"
      from ticketing.ticket_tiers t join events.events e on e.id = t.event_id,
           lateral ticketing.quote_of(t.price_cents, e.fee_bps, e.fee_fixed_cents, e.fee_cap_cents, e.fee_paid_by, t.tax_rate_bps, e.tax_included) q
     where t.event_id = ${eventId} and t.deleted_at is null order by t.position, t.id`;
  return dated(rows, 'salesStart', 'salesEnd');
}

/** What a signed-in person has to do with an event: saved, alerts, tickets, running checkout. */
export async function readOwnFacts(
  sql: Sql,
  eventId: string,
): Promise<{ saved: boolean; alerts: EventPageView['alerts']; ownTickets: number; checkout: OwnCheckout | null }> {
  const [row] = await sql<
    {
      saved: boolean;
      alerts: EventPageView['alerts'];
      ownTickets: number;
      checkoutId: string | null;
      expiresAt: Date | null;
      standsUntil: number | null;
      lines: OwnCheckout['lines'] | null;
    }[]
  >`
    select exists (select from events.saved_events s where s.event_id = ${eventId} and s.user_id = auth.uid()) as saved,
           (select coalesce(jsonb_agg(jsonb_build_object('kind', a.kind, 'confirmed', a.confirmed_at is not null) order by a.kind), '[]')
              from events.event_alerts a where a.event_id = ${eventId} and a.user_id = auth.uid() and a.told_at is null) as alerts,
           (select count(*)::int from ticketing.tickets k where k.event_id = ${eventId} and k.owner_user_id = auth.uid() and k.status <> 'refunded') as "ownTickets",
           h.checkout_id as "checkoutId", h.expires_at as "expiresAt", h.stands_until as "standsUntil", h.lines
      from (values (1)) one left join (
        select h.checkout_id, min(h.expires_at) as expires_at,
               (extract(epoch from (array_agg(h.paused_since + interval '30 minutes' order by h.expires_at))[1]) * 1000)::bigint::float8 as stands_until, jsonb_agg(jsonb_build_object('tierId', h.tier_id, 'quantity', h.quantity)) as lines
          from ticketing.ticket_holds h
         where h.user_id = auth.uid() and h.event_id = ${eventId} and h.status = 'active' and h.expires_at > clock_timestamp()
         group by h.checkout_id order by min(h.created_at) desc limit 1) h on true`;
  if (!row) throw new Error('a row of values has no row');
  const { saved, alerts, ownTickets, checkoutId, expiresAt, standsUntil, lines } = datedOne(row, 'expiresAt');
  return {
    saved,
    alerts,
    ownTickets,
    checkout: checkoutId && expiresAt && lines ? { checkoutId, expiresAt, standsUntil, lines } : null,
  };
}

const palette = (name: string | null): PaletteName | null =>
  (PALETTE_NAMES as readonly string[]).includes(name ?? '') ? (name as PaletteName) : null;

/** Engine: a host's public line. Names of persons are public where they host; nothing else of them is read. */
export async function readHost(
  sql: Sql,
  host: { type: HostLine['type']; id: string } | { slug: string },
  userId: string | null,
): Promise<(HostLine & { description: string; city: string | null }) | null> {
  const by = 'slug' in host ? sql`o.slug = ${host.slug}` : host.type === 'organization' ? sql`o.id = ${host.id}` : null;
  const [row] = await (by
    ? sql<(Omit<HostLine, 'palette'> & { palette: string | null; description: string; city: string | null })[]>`
        select 'organization' as type, o.id, o.slug, o.name, o.palette, o.description, o.city,
               (select count(*)::int from social.follows f where f.target_type = 'organization' and f.target_id = o.id) as followers,
               exists (select from social.follows f where f.target_type = 'organization' and f.target_id = o.id and f.user_id = ${userId}) as following
          from organizations.organizations o where ${by} ${'slug' in host ? sql`and o.deleted_at is null` : sql``}`
    : sql<(Omit<HostLine, 'palette'> & { palette: string | null; description: string; city: string | null })[]>`
        select 'user' as type, p.id, p.id::text as slug, p.display_name as name, null as palette, '' as description, null as city,
               (select count(*)::int from social.follows f where f.target_type = 'user' and f.target_id = p.id) as followers,
               exists (select from social.follows f where f.target_type = 'user' and f.target_id = p.id and f.user_id = ${userId}) as following
          from public.profiles p where p.id = ${(host as { id: string }).id}`);
  return row ? { ...row, palette: palette(row.palette) } : null;
}

/** Whether the caller may open the event's page. */
export async function maySee(sql: Sql, eventId: string): Promise<boolean> {
  const [row] = await sql<{ may: boolean }[]>`select access.may_see_event(${eventId}) as may`;
  return row?.may === true;
}

/** Facts of a poster under the caller's rights, and whether everybody may see it. */
export async function readPosterFacts(sql: Sql, eventId: string): Promise<(PosterFacts & { open: boolean }) | null> {
  const [row] = await sql<(PosterFacts & { open: boolean })[]>`
    select e.id, e.title, e.city, e.category, e.start_at as "startAt", e.time_zone as "timeZone", e.poster, e.cover_image_url as "coverImageUrl",
           e.status <> 'draft' and e.visibility in ('public', 'unlisted') as open
      from events.events e where e.id = ${eventId}`;
  return row ? datedOne(row, 'startAt') : null;
}

/** Engine: public events with the most sales of the last two days first, then those that start soonest. */
export async function listMovingIds(sql: Sql, city: string | undefined, most: number): Promise<string[]> {
  const rows = await sql<{ id: string }[]>`
    select e.id from events.events e
      left join lateral (
        select sum(m.tickets) as sold from analytics.event_metrics m where m.event_id = e.id and m.hour > clock_timestamp() - interval '2 days') m on true
      left join lateral (
        select count(*) as recent from ticketing.orders o where o.event_id = e.id and o.status = 'paid' and o.created_at > clock_timestamp() - interval '2 days') r on true
     where ${listed(sql)} and e.sales_paused_at is null ${city ? sql`and public.plain_text(e.city) = public.plain_text(${city})` : sql``}
       and exists (select from ticketing.ticket_tiers t where t.event_id = e.id and t.deleted_at is null and t.issued_quantity < t.quantity)
     order by greatest(coalesce(m.sold, 0), r.recent) desc, e.start_at, e.id limit ${most}`;
  return rows.map((row) => row.id);
}

/** Engine: the newest paid order of some events; the first name only if its buyer allows it. Index orders_event. */
export async function readLatestSale(
  sql: Sql,
  eventIds: readonly string[],
): Promise<{ eventId: string; who: string | null; quantity: number; at: Date } | null> {
  if (eventIds.length === 0) return null;
  const [row] = await sql<{ eventId: string; who: string | null; quantity: number; at: Date }[]>`
    select o.event_id as "eventId", case when o.show_first_name then nullif(split_part(btrim(o.buyer_name), ' ', 1), '') end as who,
           (select coalesce(sum(i.quantity), 0)::int from ticketing.order_items i where i.order_id = o.id) as quantity, coalesce(o.paid_at, o.created_at) as at
      from ticketing.orders o where o.event_id = any (${[...eventIds]}::uuid[]) and o.status = 'paid' and o.deleted_at is null
     order by coalesce(o.paid_at, o.created_at) desc limit 1`;
  return row ? datedOne(row, 'at') : null;
}

/** Cities with coming public events, most first. */
export async function countCities(sql: Sql): Promise<CityCount[]> {
  const rows = await sql<CityCount[]>`
    select e.city, count(*)::int as events from events.events e where ${listed(sql)} and coalesce(btrim(e.city), '') <> ''
     group by e.city order by count(*) desc, e.city limit 100`;
  return [...rows];
}

/** Categories of coming public events, most first. */
export async function countCategories(sql: Sql, city: string | undefined): Promise<CategoryCount[]> {
  const rows = await sql<CategoryCount[]>`
    select e.category, count(*)::int as events from events.events e
     where ${listed(sql)} and coalesce(btrim(e.category), '') <> '' ${city ? sql`and public.plain_text(e.city) = public.plain_text(${city})` : sql``}
     group by e.category order by count(*) desc, e.category limit 40`;
  return [...rows];
}

/** As the person herself: keeps an event. Policy saved_events_own decides; a stranger's event gives no row. */
export async function insertSaved(sql: Sql, eventId: string): Promise<void> {
  await sql`
    insert into events.saved_events (user_id, event_id)
    select auth.uid(), ${eventId} where access.may_see_event(${eventId}) on conflict do nothing`;
}
export async function deleteSaved(sql: Sql, eventId: string): Promise<void> {
  await sql`delete from events.saved_events where event_id = ${eventId} and user_id = auth.uid()`;
}

export interface AlertWish {
  eventId: string;
  userId: string;
  kind: AlertKind;
  mailbox: string;
  /** The caller has proven the mailbox, or paid with it. */
  confirmed: boolean;
}

/**
 * Engine: asks to be told. A mailbox is told once, so another person's open wish for it counts as this one, but a wish
 * that nobody confirmed gives way to its owner's. Answers the alert when its mailbox has yet to be asked.
 */
export async function upsertAlert(sql: Sql, wish: AlertWish): Promise<string | null> {
  const { eventId, userId, kind, mailbox, confirmed } = wish;
  if (confirmed)
    await sql`
      delete from events.event_alerts a
       where a.event_id = ${eventId} and a.kind = ${kind} and a.user_id <> ${userId} and a.told_at is null and a.confirmed_at is null
         and public.normal_mailbox(a.mailbox) = public.normal_mailbox(${mailbox})`;
  // An open wish for this mailbox, hers or another's, has had its mail.
  const [row] = await sql<{ id: string; asks: boolean }[]>`
    insert into events.event_alerts as a (event_id, user_id, kind, mailbox, confirmed_at)
    select ${eventId}::uuid, ${userId}::uuid, ${kind}, ${mailbox}, case when ${confirmed} then clock_timestamp() end
     where not exists (select from events.event_alerts o
                        where o.event_id = ${eventId} and o.kind = ${kind} and o.told_at is null
                          and public.normal_mailbox(o.mailbox) = public.normal_mailbox(${mailbox})
                          and (o.user_id <> ${userId} or o.confirmed_at is not null or not ${confirmed}))
    on conflict (event_id, user_id, kind) do update
      set mailbox = excluded.mailbox, told_at = null, created_at = clock_timestamp(),
          confirmed_at = coalesce(excluded.confirmed_at, case when lower(a.mailbox) = lower(excluded.mailbox) then a.confirmed_at end)
    returning a.id, a.confirmed_at is null as asks`;
  return row?.asks ? row.id : null;
}

/** Engine: whether this mailbox has an open wish, whoever's: it has had its mail. */
export async function hasOpenAlert(
  sql: Sql,
  { eventId, kind, mailbox }: Pick<AlertWish, 'eventId' | 'kind' | 'mailbox'>,
): Promise<boolean> {
  const rows = await sql`
    select from events.event_alerts
     where event_id = ${eventId} and kind = ${kind} and told_at is null
       and public.normal_mailbox(mailbox) = public.normal_mailbox(${mailbox}) limit 1`;
  return rows.length > 0;
}

/** Engine: the mailbox said yes. Null when there is no such alert for it any more. */
export async function confirmAlert(
  sql: Sql,
  alertId: string,
  mailbox: string,
): Promise<{ slug: string; userId: string } | null> {
  const [row] = await sql<{ slug: string; userId: string }[]>`
    with agreed as (
      update events.event_alerts set confirmed_at = coalesce(confirmed_at, clock_timestamp())
       where id = ${alertId} and mailbox = ${mailbox} returning event_id, user_id)
    select e.slug, agreed.user_id as "userId" from agreed join events.events e on e.id = agreed.event_id`;
  return row ?? null;
}

/** Engine: an open alert that waits for the yes of its mailbox; null once it has it, or was stopped. */
export async function readUnconfirmedAlert(sql: Sql, alertId: string): Promise<AlertMailRow | null> {
  const [row] = await sql<AlertMailRow[]>`
    select a.id, a.kind, a.mailbox, a.event_id as "eventId" from events.event_alerts a
     where a.id = ${alertId} and a.told_at is null and a.confirmed_at is null`;
  return row ?? null;
}

/** Engine: the mailbox of an alert, to check the link that was mailed to it. */
export async function readAlertMailbox(sql: Sql, alertId: string): Promise<string | null> {
  const [row] = await sql<{ mailbox: string }[]>`select mailbox from events.event_alerts where id = ${alertId}`;
  return row?.mailbox ?? null;
}

export async function deleteAlert(
  sql: Sql,
  alert: { eventId: string; userId: string; kind: AlertKind },
): Promise<void> {
  await sql`delete from events.event_alerts where event_id = ${alert.eventId} and user_id = ${alert.userId} and kind = ${alert.kind}`;
}

/** Engine: ends an alert by its id, which only its mail carries; answers the event's slug. */
export async function stopAlert(sql: Sql, alertId: string): Promise<string | null> {
  const [row] = await sql<{ slug: string }[]>`
    with gone as (delete from events.event_alerts where id = ${alertId} returning event_id)
    select e.slug from gone join events.events e on e.id = gone.event_id`;
  return row?.slug ?? null;
}

/**
 * Engine: takes up to `most` alerts that have come true and marks them told, so that each is told once however many
 * workers look. Places on sale right now are the condition of both kinds. Index event_alerts_open.
 */
export async function claimAlerts(sql: Sql, most: number): Promise<{ id: string; eventId: string }[]> {
  const rows = await sql<{ id: string; eventId: string }[]>`
    with waiting as (select distinct a.event_id from events.event_alerts a where a.told_at is null and a.confirmed_at is not null),
    ready as (
      select distinct p.event_id from ticketing.public_availability(array(select event_id from waiting)) p where p.state = 'on_sale'),
    taken as (
      select a.id from events.event_alerts a
       where a.told_at is null and a.confirmed_at is not null and a.event_id in (select event_id from ready)
       order by a.created_at limit ${most} for update skip locked)
    update events.event_alerts a set told_at = clock_timestamp() from taken where a.id = taken.id
    returning a.id, a.event_id as "eventId"`;
  return [...rows];
}

export interface AlertMailRow {
  id: string;
  kind: AlertKind;
  mailbox: string;
  eventId: string;
}

/** Engine: an alert that was claimed; null once it was stopped. */
export async function readAlert(sql: Sql, alertId: string): Promise<AlertMailRow | null> {
  const [row] = await sql<AlertMailRow[]>`
    select a.id, a.kind, a.mailbox, a.event_id as "eventId" from events.event_alerts a where a.id = ${alertId} and a.told_at is not null`;
  return row ?? null;
}

/** Engine: the event of a mail or a calendar, without asking whose rights. */
export async function readEventFacts(
  sql: Sql,
  eventId: string,
): Promise<
  | (PosterFacts & {
      slug: string;
      venue: string | null;
      currency: string;
      ownerType: HostLine['type'];
      ownerId: string;
      taxIncluded: boolean;
    })
  | null
> {
  const [row] = await sql<
    (PosterFacts & {
      slug: string;
      venue: string | null;
      currency: string;
      ownerType: HostLine['type'];
      ownerId: string;
      taxIncluded: boolean;
    })[]
  >`
    select e.id, e.slug, e.title, e.city, e.category, e.start_at as "startAt", e.time_zone as "timeZone", e.poster, e.cover_image_url as "coverImageUrl",
           e.venue, trim(e.currency) as currency, e.owner_context_type as "ownerType", e.owner_context_id as "ownerId", e.tax_included as "taxIncluded"
      from events.events e where e.id = ${eventId} and e.deleted_at is null`;
  return row ? datedOne(row, 'startAt') : null;
}

/** Engine: events whose sale opened, closed or ended by the clock in the last minute: their rooms are stale. */
export async function listTurnedIds(sql: Sql): Promise<string[]> {
  const rows = await sql<{ id: string }[]>`
    with past as (select clock_timestamp() - interval '60 seconds' as since, clock_timestamp() as till)
    select distinct e.id from past, events.events e left join ticketing.ticket_tiers t on t.event_id = e.id and t.deleted_at is null
     where e.status in ('published', 'postponed') and e.deleted_at is null
       and (t.sales_start between since and till or t.sales_end between since and till or e.start_at between since and till
            or events.over_at(e.start_at, e.end_at) between since and till)
     limit 1000`;
  return rows.map((row) => row.id);
}

/** Engine: one view of an event's page; the same browser counts again after half an hour. Answers whether it counted. */
export async function insertView(
  sql: Sql,
  view: { eventId: string; path: string; referrerHost: string | null; viewerHash: string },
): Promise<boolean> {
  const rows = await sql`
    with seen as (
      insert into analytics.page_views (event_id, path, referrer_host, viewer_hash)
      select ${view.eventId}, ${view.path}, ${view.referrerHost}, ${view.viewerHash}
       where not exists (select from analytics.page_views v where v.event_id = ${view.eventId} and v.viewer_hash = ${view.viewerHash}
                          and v.created_at > clock_timestamp() - interval '30 minutes')
      returning event_id)
    insert into analytics.event_metrics (event_id, hour, views) select event_id, date_trunc('hour', clock_timestamp()), 1 from seen
    on conflict (event_id, hour) do update set views = analytics.event_metrics.views + 1 returning 1`;
  return rows.length > 0;
}

/** Engine: forgets page views after 90 days; answers how many went. Index page_views_age. */
export async function deleteOldViews(sql: Sql, most: number): Promise<number> {
  const rows = await sql`
    delete from analytics.page_views where id in (
      select id from analytics.page_views where created_at < clock_timestamp() - interval '90 days' order by created_at limit ${most}) returning 1`;
  return rows.length;
}

/** Addresses for search engines: coming public events, those of the last month, and their hosts. */
export async function listSitemap(sql: Sql): Promise<{ kind: 'event' | 'host'; slug: string; at: Date | null }[]> {
  const rows = await sql<{ kind: 'event' | 'host'; slug: string; at: Date | null }[]>`
    with open as (
      select e.slug, e.published_at, e.owner_context_type, e.owner_context_id from events.events e
       where e.status <> 'draft' and e.visibility = 'public' and e.deleted_at is null
         and events.over_at(e.start_at, e.end_at) > clock_timestamp() - interval '30 days'
       order by e.start_at limit 20000)
    select 'event' as kind, slug, published_at as at from open
    union all
    select distinct 'host', o.slug, null::timestamptz from open join organizations.organizations o on o.id = open.owner_context_id and open.owner_context_type = 'organization'`;
  return dated(rows, 'at');
}

/** The codes of the caller's orders for an event that gave her tickets, under her own rights. */
export async function listOrderCodes(sql: Sql, eventId: string): Promise<string[]> {
  const rows = await sql<{ code: string }[]>`
    select o.code from ticketing.orders o
     where o.event_id = ${eventId} and o.id in (select k.order_id from ticketing.tickets k where k.event_id = ${eventId} and k.owner_user_id = auth.uid())
     order by o.created_at limit 20`;
  return rows.map((row) => row.code);
}
