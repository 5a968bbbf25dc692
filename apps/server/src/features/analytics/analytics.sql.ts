import type postgres from 'postgres';

type Sql = postgres.ISql;

/** Where the roll-up goes on: the last hour it wrote, or the first thing that ever happened; null when nothing did. */
export async function readStart(sql: Sql): Promise<Date | null> {
  const [row] = await sql<{ at: Date | null }[]>`
    select coalesce((select max(m.hour) from analytics.event_metrics m),
                    date_trunc('hour', least((select min(v.created_at) from analytics.page_views v), (select min(o.created_at) from ticketing.orders o),
                                             (select min(h.created_at) from ticketing.ticket_holds h)))) as at`;
  return row?.at ? new Date(row.at) : null;
}

/**
 * Writes the hours in [from, to) again from the rows: views, checkouts, orders paid, their tickets and money, refunds that
 * succeeded. Called by the scheduled roll-up, a week at most at once; repeating it writes the same. Answers how many rows.
 */
export async function rollUp(sql: Sql, from: Date, to: Date): Promise<number> {
  const rows = await sql`
    with facts as (
      select v.event_id, date_trunc('hour', v.created_at, 'UTC') as hour, count(*)::int as views, 0 as holds, 0 as orders, 0 as tickets, 0::bigint as gross, 0 as refunds, 0::bigint as refunded
        from analytics.page_views v where v.event_id is not null and v.created_at >= ${from} and v.created_at < ${to} group by 1, 2
      union all
      select h.event_id, date_trunc('hour', h.created_at, 'UTC'), 0, count(distinct h.checkout_id)::int, 0, 0, 0, 0, 0
        from ticketing.ticket_holds h where h.created_at >= ${from} and h.created_at < ${to} group by 1, 2
      union all
      select o.event_id, date_trunc('hour', coalesce(o.paid_at, o.created_at), 'UTC'), 0, 0, count(*)::int,
             sum((select coalesce(sum(i.quantity), 0) from ticketing.order_items i where i.order_id = o.id))::int, sum(coalesce(o.captured_cents, o.total_cents)), 0, 0
        from ticketing.orders o where o.status in ('paid', 'refunded') and coalesce(o.paid_at, o.created_at) >= ${from} and coalesce(o.paid_at, o.created_at) < ${to} group by 1, 2
      union all
      select o.event_id, date_trunc('hour', coalesce(r.settled_at, r.created_at), 'UTC'), 0, 0, 0, 0, 0, count(*)::int, sum(r.amount_cents)
        from ticketing.refunds r join ticketing.orders o on o.id = r.order_id and o.status in ('paid', 'refunded')
       where r.status = 'succeeded' and coalesce(r.settled_at, r.created_at) >= ${from} and coalesce(r.settled_at, r.created_at) < ${to} group by 1, 2
    )
    insert into analytics.event_metrics as m (event_id, hour, views, holds, orders, tickets, gross_cents, refunds, refunded_cents)
    select f.event_id, f.hour, sum(f.views), sum(f.holds), sum(f.orders), sum(f.tickets), sum(f.gross), sum(f.refunds), sum(f.refunded) from facts f group by 1, 2 order by 1, 2
    -- views of long ago are forgotten row by row; what was counted of them stays
    on conflict (event_id, hour) do update set views = greatest(m.views, excluded.views), holds = excluded.holds, orders = excluded.orders, tickets = excluded.tickets,
      gross_cents = excluded.gross_cents, refunds = excluded.refunds, refunded_cents = excluded.refunded_cents
    returning 1`;
  return rows.length;
}

/** Page views since midnight where the event is: whole hours from the roll-up, the running one from its rows. */
export async function readViewsToday(sql: Sql, eventId: string): Promise<number> {
  const [row] = await sql<{ views: number }[]>`
    with d as (
      select date_trunc('day', clock_timestamp() at time zone e.time_zone) at time zone e.time_zone as today, date_trunc('hour', clock_timestamp(), 'UTC') as hour
        from events.events e where e.id = ${eventId}
    )
    select (coalesce((select sum(m.views) from analytics.event_metrics m, d where m.event_id = ${eventId} and m.hour >= d.today and m.hour < d.hour), 0)
          + (select count(*) from analytics.page_views v, d where v.event_id = ${eventId} and v.created_at >= greatest(d.today, d.hour)))::int as views`;
  return row?.views ?? 0;
}

/** Engine: forgets the scans of events that were over a year ago; answers how many went. Index scan_logs_event. */
export async function deleteOldScans(sql: Sql, most: number): Promise<number> {
  const rows = await sql`
    delete from analytics.scan_logs where id in (
      select s.id from events.events e join analytics.scan_logs s on s.event_id = e.id
       where events.over_at(e.start_at, e.end_at) < clock_timestamp() - interval '1 year' limit ${most}) returning 1`;
  return rows.length;
}
