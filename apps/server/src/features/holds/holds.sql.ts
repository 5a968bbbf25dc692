import type { UserSnapshot } from '@liventix/contracts/live';
import type postgres from 'postgres';

type Sql = postgres.ISql;

/** The person's running checkout of an event; row level security decides. Paid ones have ended. */
export async function findCurrent(sql: Sql, userId: string, eventId: string): Promise<string | null> {
  const [row] = await sql<{ checkout_id: string }[]>`
    select checkout_id from ticketing.ticket_holds
     where user_id = ${userId} and event_id = ${eventId} and status = 'active' and expires_at > clock_timestamp()
     order by created_at desc limit 1`;
  return row?.checkout_id ?? null;
}

/** Whether the caller may open an event's page: anyone for public and unlisted ones. */
export async function maySeeEvent(sql: Sql, eventId: string): Promise<boolean> {
  const [row] = await sql<{ may: boolean }[]>`select access.may_see_event(${eventId}::uuid) as may`;
  return row?.may ?? false;
}

/** Whether a checkout is the person's: by its holds, or by its order alone when it was loaded from elsewhere. */
export async function isOwnCheckout(sql: Sql, userId: string, checkoutId: string): Promise<boolean> {
  const rows = await sql`
    select 1 from ticketing.ticket_holds where checkout_id = ${checkoutId} and user_id = ${userId}
    union all
    select 1 from ticketing.orders where checkout_id = ${checkoutId} and user_id = ${userId} limit 1`;
  return rows.length > 0;
}

/** Gives places back that were granted at another price than their buyer saw: no give-back of hers. */
export async function releaseAtOtherPrice(sql: Sql, checkoutId: string, userId: string): Promise<void> {
  await sql`select ticketing.release_checkout(${checkoutId}::uuid, ${userId}::uuid, 'price_changed')`;
}

/** A person's wish about her own running checkout. */
export interface CheckoutWish {
  checkoutId: string;
  userId: string;
}

export type ExtendOutcome = 'extended' | 'already' | 'ended' | 'unknown';
/** `again`: an order was made meanwhile; asked once more it is released with it. */
export type ReleaseOutcome = 'released' | 'ended' | 'paid' | 'unknown' | 'again';

const idsOf = (wishes: readonly CheckoutWish[], of: keyof CheckoutWish): string =>
  `{${wishes.map((wish) => wish[of]).join(',')}}`;

/** Extends many in one transaction; answers in the order asked. At most 256. */
export async function extendBatch(sql: Sql, wishes: readonly CheckoutWish[]): Promise<ExtendOutcome[]> {
  const rows = await sql<{ outcome: ExtendOutcome }[]>`
    select r.outcome from ticketing.extend_checkouts(
      ${idsOf(wishes, 'checkoutId')}::text::uuid[], ${idsOf(wishes, 'userId')}::text::uuid[]) r`;
  return rows.map((row) => row.outcome);
}

/** Releases many in one transaction; answers in the order asked. At most 256. */
export async function releaseBatch(sql: Sql, wishes: readonly CheckoutWish[]): Promise<ReleaseOutcome[]> {
  const rows = await sql<{ outcome: ReleaseOutcome }[]>`
    select r.outcome from ticketing.release_checkouts(
      ${idsOf(wishes, 'checkoutId')}::text::uuid[], ${idsOf(wishes, 'userId')}::text::uuid[]) r`;
  return rows.map((row) => row.outcome);
}

/** Frees one bounded batch of lapsed holds: how many places, and of which events. */
export async function freeLapsed(sql: Sql, limit: number): Promise<{ places: number; events: string[] }> {
  const rows = await sql<{ event_id: string; places: number }[]>`
    select t.event_id, (c.before - c.after)::int as places
      from public.cleanup_expired_ticket_holds(null, false, ${limit}) c join ticketing.ticket_tiers t on t.id = c.id`;
  return {
    places: rows.reduce((sum, row) => sum + row.places, 0),
    events: [...new Set(rows.map((row) => row.event_id))],
  };
}

/** Notes the tiers that are hoarded now, or no longer: the events where that changed. */
export async function noteHoarding(sql: Sql): Promise<string[]> {
  const rows = await sql<{ id: string }[]>`select distinct id from ticketing.watch_hoarding() id`;
  return rows.map((row) => row.id);
}

/** Cancels one bounded batch of pending orders whose holds have ended. */
export async function cancelLapsed(sql: Sql, limit: number): Promise<string[]> {
  const rows = await sql<{ id: string }[]>`select id from ticketing.cancel_lapsed_orders(null, ${limit}) id`;
  return rows.map((row) => row.id);
}

/**
 * A person's tickets and running checkouts. The version counts the transactions this snapshot has seen the end of: it is
 * the same on every node, and whenever something has changed it has grown.
 */
export async function readUserSnapshot(sql: Sql, userId: string): Promise<{ version: number; data: UserSnapshot }> {
  const [row] = await sql<
    { version: string; tickets: UserSnapshot['tickets']; checkouts: UserSnapshot['checkouts'] }[]
  >`
    with seen as materialized (select pg_current_snapshot() as at)
    select (select public.version_epoch() + pg_snapshot_xmax(at)::text::bigint - (select count(*) from pg_snapshot_xip(at)) from seen) as version,
      (select coalesce(jsonb_agg(k.row order by k.created_at desc), '[]') from (
         select k.created_at, jsonb_build_object('id', k.id, 'eventId', k.event_id, 'status', k.status, 'gate', k.gate,
                  'redeemedAt', (extract(epoch from k.redeemed_at) * 1000)::bigint) as row
           from ticketing.tickets k where k.owner_user_id = ${userId} order by k.created_at desc limit 200) k) as tickets,
      (select coalesce(jsonb_agg(jsonb_build_object('checkoutId', h.checkout_id, 'eventId', h.event_id,
                'expiresAt', (extract(epoch from h.expires_at) * 1000)::bigint) order by h.expires_at), '[]')
         from (select checkout_id, event_id, min(expires_at) as expires_at from ticketing.ticket_holds
                where user_id = ${userId} and status = 'active' and expires_at > clock_timestamp() group by 1, 2) h) as checkouts`;
  const { version, tickets, checkouts } = row as {
    version: string;
    tickets: UserSnapshot['tickets'];
    checkouts: UserSnapshot['checkouts'];
  };
  return { version: Number(version), data: { tickets, checkouts } };
}
