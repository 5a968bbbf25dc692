import type { TicketEvent, TicketView } from '@liventix/contracts/tickets';
import type postgres from 'postgres';
import { posterSpecOf, posterVersionOf } from '../events/events.rules.ts';

type Sql = postgres.ISql;

const date = (text: string | null): Date | null => (text === null ? null : new Date(text));

/** The caller's tickets, under her own rights; one event's when it is named. */
export async function listOwnIds(sql: Sql, eventId: string | null = null): Promise<string[]> {
  const rows = await sql<{ id: string }[]>`
    select k.id from ticketing.tickets k
     where k.owner_user_id = auth.uid() and (${eventId}::uuid is null or k.event_id = ${eventId}::uuid)
     order by k.event_id, k.sequence_number limit 500`;
  return rows.map((row) => row.id);
}

/** The caller's tickets of one order, under her own rights. */
export async function listOwnIdsOfOrder(sql: Sql, orderId: string): Promise<string[]> {
  const rows = await sql<{ id: string }[]>`
    select k.id from ticketing.tickets k where k.owner_user_id = auth.uid() and k.order_id = ${orderId} order by k.sequence_number`;
  return rows.map((row) => row.id);
}

/** The event of a ticket the caller owns, under her own rights; null when it is not hers or missing. */
export async function findOwnTicketEvent(sql: Sql, ticketId: string): Promise<string | null> {
  const [row] = await sql<{ event_id: string }[]>`
    select event_id from ticketing.tickets where id = ${ticketId} and owner_user_id = auth.uid()`;
  return row?.event_id ?? null;
}

/** Whether the caller may see an order: its buyer, or the event's team with the role for it. Under her own rights. */
export async function maySeeOrder(sql: Sql, orderId: string): Promise<boolean> {
  const rows = await sql`select from ticketing.orders where id = ${orderId} and status in ('paid', 'refunded')`;
  return rows.length === 1;
}

/** The caller's role decides about the door: null is a stranger, false a member without it. Under her own rights. */
export async function mayAdmit(sql: Sql, eventId: string): Promise<boolean | null> {
  const [row] = await sql<{ member: boolean; may: boolean }[]>`
    select access.event_role(${eventId}) is not null as member, access.may(${eventId}, 'admit') as may`;
  return row?.member ? row.may : null;
}

/** The online address of an event, for its holders, under the caller's own rights. */
export async function readOnlineUrl(sql: Sql, eventId: string): Promise<string | null> {
  const [row] = await sql<{ url: string | null }[]>`select access.online_url(${eventId}) as url`;
  return row?.url ?? null;
}

export interface TicketRow extends TicketView {
  /** The unsigned half; leaves this process only inside a signed code. */
  qrCode: string;
}

/** Engine: tickets by id, in the order of their numbers. Whose they are was decided before. */
export async function readTickets(sql: Sql, ids: readonly string[]): Promise<TicketRow[]> {
  const rows = await sql<(Omit<TicketRow, 'redeemedAt'> & { redeemedAt: string | null })[]>`
    select k.id, k.event_id as "eventId", k.order_id as "orderId", o.checkout_id as "checkoutId", o.code as "orderCode",
           t.name as "tierName", coalesce(nullif(k.holder_name, ''), o.buyer_name) as "holderName",
           k.sequence_number as "sequenceNumber", k.code as "shortCode", k.status, k.suspended_reason as "suspendedReason",
           k.redeemed_at as "redeemedAt", k.gate, k.qr_code as "qrCode"
      from ticketing.tickets k
      join ticketing.orders o on o.id = k.order_id
      join ticketing.ticket_tiers t on t.id = k.tier_id
     where k.id = any(${[...ids]}::uuid[])
     order by k.event_id, k.sequence_number`;
  return rows.map((row) => ({ ...row, redeemedAt: date(row.redeemedAt) }));
}

export interface TicketEventRow extends TicketEvent {
  coverImageUrl: string | null;
  hostName: string;
  /** Whom replies to its mails reach; null when the host has named nobody. */
  hostMailbox: string | null;
  over: boolean;
  version: number;
}

/** Engine: the events of tickets, whatever became of them. */
export async function readTicketEvents(sql: Sql, ids: readonly string[]): Promise<Map<string, TicketEventRow>> {
  const rows = await sql<
    (Omit<TicketEventRow, 'startAt' | 'endAt' | 'doorsAt' | 'poster' | 'posterVersion' | 'status'> & {
      startAt: string | null;
      endAt: string | null;
      doorsAt: string | null;
      poster: unknown;
      category: string | null;
      status: 'published' | 'postponed' | 'cancelled' | 'draft';
    })[]
  >`
    select e.id, e.slug, e.title, e.start_at as "startAt", e.end_at as "endAt", e.doors_at as "doorsAt", e.time_zone as "timeZone",
           e.venue, e.address, e.city, e.category, e.poster, e.cover_image_url as "coverImageUrl", e.status, e.access_info as "accessInfo",
           e.min_age as "minAge", e.version::float8 as version, coalesce(o.name, p.display_name, '') as "hostName",
           (select u.email from auth.users u where u.id = o.contact_user_id and u.email_verified) as "hostMailbox",
           coalesce(events.over_at(e.start_at, e.end_at) < clock_timestamp(), false) as over
      from events.events e
      left join organizations.organizations o on e.owner_context_type = 'organization' and o.id = e.owner_context_id
      left join public.profiles p on e.owner_context_type = 'user' and p.id = e.owner_context_id
     where e.id = any(${[...ids]}::uuid[])`;
  return new Map(
    rows.map(({ category, ...row }) => {
      const startAt = date(row.startAt);
      const poster = posterSpecOf({ id: row.id, category, poster: row.poster });
      const event: TicketEventRow = {
        ...row,
        startAt,
        endAt: date(row.endAt),
        doorsAt: date(row.doorsAt),
        poster,
        posterVersion: posterVersionOf({ ...row, category, startAt }),
        status:
          row.status === 'cancelled'
            ? 'cancelled'
            : row.over
              ? 'ended'
              : row.status === 'postponed'
                ? 'postponed'
                : 'published',
      };
      return [event.id, event];
    }),
  );
}

export interface OrderFacts {
  id: string;
  code: string;
  eventId: string;
  userId: string;
  checkoutId: string;
  mailbox: string | null;
  /** Whether the buyer had confirmed it when she ordered. */
  mailboxProven: boolean;
  buyerName: string;
  currency: string;
  taxIncluded: boolean;
  totalCents: number;
  refundedCents: number;
  paidAt: Date | null;
  cardBrand: string | null;
  cardLast4: string | null;
  lines: { name: string; quantity: number; unitFaceCents: number; unitFeeCents: number; unitTaxCents: number }[];
}

/** Engine: what a receipt and a mail say about a completed order. */
export async function readOrderFacts(sql: Sql, orderId: string): Promise<OrderFacts | null> {
  const [row] = await sql<(Omit<OrderFacts, 'paidAt'> & { paidAt: string | null })[]>`
    select o.id, o.code, o.event_id as "eventId", o.user_id as "userId", o.checkout_id as "checkoutId", o.mailbox,
           o.mailbox_proven as "mailboxProven", o.buyer_name as "buyerName", trim(o.currency) as currency, o.tax_included as "taxIncluded", o.total_cents as "totalCents",
           o.refunded_cents as "refundedCents", o.paid_at as "paidAt", o.card_brand as "cardBrand", o.card_last4 as "cardLast4",
           coalesce((select jsonb_agg(jsonb_build_object('name', t.name, 'quantity', i.quantity, 'unitFaceCents', i.price_cents - i.unit_discount_cents,
                       'unitFeeCents', i.unit_fee_cents, 'unitTaxCents', i.unit_tax_cents) order by t.position, t.id)
              from ticketing.order_items i join ticketing.ticket_tiers t on t.id = i.tier_id where i.order_id = o.id), '[]') as lines
      from ticketing.orders o where o.id = ${orderId} and o.status in ('paid', 'refunded')`;
  return row ? { ...row, paidAt: date(row.paidAt) } : null;
}

/** Engine: the tickets of an order were mailed, whatever kept them from it before. */
export async function noteMailed(sql: Sql, orderId: string): Promise<void> {
  await sql`update ticketing.orders set mail_withheld = false where id = ${orderId} and mail_withheld`;
}

/** Engine: the tickets of an order, for its mail. */
export async function listIdsOfOrder(sql: Sql, orderId: string): Promise<string[]> {
  const rows = await sql<{ id: string }[]>`
    select id from ticketing.tickets where order_id = ${orderId} order by sequence_number`;
  return rows.map((row) => row.id);
}

/**
 * Engine: the address that completed orders of an address or code were made with, lower-cased; null when there is none. Mail
 * goes to this very address: what limits count as one mailbox may be read by somebody else.
 */
export async function findMailbox(sql: Sql, by: { email: string } | { code: string }): Promise<string | null> {
  const [row] = await sql<{ mailbox: string }[]>`
    select lower(o.mailbox) as mailbox from ticketing.orders o
     where o.status in ('paid', 'refunded') and o.mailbox is not null
       and ${'email' in by ? sql`lower(o.mailbox) = lower(${by.email})` : sql`o.code = ${by.code}`}
     order by o.created_at desc limit 1`;
  return row?.mailbox ?? null;
}

/** Engine: remembers a mailed link by its hash; the database says until when. */
export async function insertLink(sql: Sql, tokenSha256: Buffer, mailbox: string): Promise<void> {
  await sql`insert into ticketing.order_links (token_sha256, mailbox) values (${tokenSha256}, ${mailbox})`;
}

/** Engine: whether a link would work now. */
export async function isLinkAlive(sql: Sql, tokenSha256: Buffer): Promise<boolean> {
  const rows = await sql`
    select from ticketing.order_links where token_sha256 = ${tokenSha256} and used_at is null and expires_at > clock_timestamp()`;
  return rows.length === 1;
}

/** Engine: uses a link up, once; the mailbox it proves, or null when it was used, is too old or is none. */
export async function useLink(sql: Sql, tokenSha256: Buffer): Promise<string | null> {
  const [row] = await sql<{ mailbox: string }[]>`
    update ticketing.order_links set used_at = clock_timestamp()
     where token_sha256 = ${tokenSha256} and used_at is null and expires_at > clock_timestamp()
    returning mailbox`;
  return row?.mailbox ?? null;
}

/** Engine: links that mean nothing any more, one bounded batch. */
export async function deleteOldLinks(sql: Sql, limit: number): Promise<number> {
  const gone = await sql`
    delete from ticketing.order_links where token_sha256 in
      (select token_sha256 from ticketing.order_links where expires_at < clock_timestamp() - interval '1 day' limit ${limit})`;
  return gone.count;
}

/** Engine: what of a mailbox is the person's now, and what belongs to an account with a sign-in of its own. */
export async function countOfMailbox(
  sql: Sql,
  mailbox: string,
  userId: string,
): Promise<{ tickets: number; inAccount: number }> {
  const [row] = await sql<{ tickets: number; inAccount: number }[]>`
    select (select count(*)::int from ticketing.tickets k join ticketing.orders o on o.id = k.order_id
             where lower(o.mailbox) = lower(${mailbox}) and k.owner_user_id = ${userId}) as tickets,
           (select count(*)::int from ticketing.orders o join auth.users u on u.id = o.user_id
             where lower(o.mailbox) = lower(${mailbox}) and o.status in ('paid', 'refunded')
               and o.user_id <> ${userId} and not coalesce(u.is_anonymous, false)) as "inAccount"`;
  return row ?? { tickets: 0, inAccount: 0 };
}

export interface RedeemRow {
  outcome: 'admitted' | 'already' | 'stale' | 'suspended' | 'disputed' | 'refunded' | 'wrong_event' | 'wrong_day';
  ticketId?: string;
  /** Epoch milliseconds. */
  redeemedAt?: number;
  gate?: string;
}

/** Engine: admits once, by the one guarded statement; logs the attempt. */
export async function redeemByCode(
  sql: Sql,
  attempt: { qrCode: string; eventId: string; actorId: string; gate: string | null },
): Promise<RedeemRow> {
  const [row] = await sql<{ result: RedeemRow }[]>`
    select ticketing.redeem_ticket(${attempt.qrCode}, ${attempt.eventId}, ${attempt.actorId}, ${attempt.gate}) as result`;
  if (!row) throw new Error('redeem_ticket gave no answer');
  return row.result;
}

/** Engine: takes an admission back, logged. */
export async function undoRedeem(
  sql: Sql,
  attempt: { ticketId: string; eventId: string; actorId: string },
): Promise<boolean> {
  const [row] = await sql<{ result: { outcome: 'undone' | 'not_redeemed' } }[]>`
    select ticketing.undo_redeem(${attempt.ticketId}, ${attempt.eventId}, ${attempt.actorId}) as result`;
  return row?.result.outcome === 'undone';
}

/** Engine: an attempt that never reached a ticket is kept too. */
export async function logForged(
  sql: Sql,
  attempt: { eventId: string; actorId: string; gate: string | null },
): Promise<void> {
  await sql`
    insert into analytics.scan_logs (event_id, outcome, gate, scanned_by)
    values (${attempt.eventId}, 'forged', ${attempt.gate}, ${attempt.actorId})`;
}

export interface DoorRow {
  id: string;
  qrCode: string;
  ownerId: string;
  checkoutId: string;
  tierName: string;
  holderName: string;
  sequenceNumber: number;
}

/** Engine: a ticket of this event as the door needs it; null when it is of another event or missing. */
export async function readAtDoor(sql: Sql, eventId: string, ticketId: string): Promise<DoorRow | null> {
  const [row] = await sql<DoorRow[]>`
    select k.id, k.qr_code as "qrCode", k.owner_user_id as "ownerId", o.checkout_id as "checkoutId", t.name as "tierName",
           coalesce(nullif(k.holder_name, ''), o.buyer_name) as "holderName", k.sequence_number as "sequenceNumber"
      from ticketing.tickets k
      join ticketing.orders o on o.id = k.order_id
      join ticketing.ticket_tiers t on t.id = k.tier_id
     where k.id = ${ticketId} and k.event_id = ${eventId}`;
  return row ?? null;
}
