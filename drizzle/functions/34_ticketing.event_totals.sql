-- The kept totals of events (docs of the tables: migration 0009). Statement triggers (this one and access.note_orders) write
-- what changed, in the transaction of the change, as rows of ticketing.event_changes: inserts only, so no session waits for
-- another one's sale.

-- The five minutes that a moment belongs to.
create or replace function ticketing.five_minutes(p_at timestamptz) returns timestamptz
language sql immutable parallel safe as $$
  select date_bin('5 minutes', p_at, timestamptz '2000-01-01 00:00:00+00')
$$;

-- The five minutes a sale belongs to; null while the order is no sale.
create or replace function ticketing.sale_minutes(p_status public.order_status, p_paid_at timestamptz, p_created_at timestamptz) returns timestamptz
language sql immutable parallel safe as $$
  select case when p_status in ('paid', 'refunded') then ticketing.five_minutes(coalesce(p_paid_at, p_created_at)) end
$$;

-- Fees go back with the money they came with, last of all: what of them is left after refunds and disputes.
create or replace function ticketing.fees_kept(p_fees bigint, p_paid bigint, p_refunded bigint, p_disputed bigint) returns bigint
language sql immutable parallel safe as $$
  select greatest(0, least(p_fees, p_paid - p_refunded - p_disputed))
$$;

-- An hour, or a quarter of a day, of the event's zone; as the instant it begins.
create or replace function ticketing.sale_width(p_width text, p_at timestamptz, p_zone text) returns timestamptz
language sql stable parallel safe as $$
  select case p_width
    when 'minutes' then p_at
    when 'hour' then date_trunc('hour', p_at at time zone p_zone) at time zone p_zone
    else date_bin('6 hours', p_at at time zone p_zone, timestamp '2000-01-01') at time zone p_zone end
$$;

-- Tickets: sold in the five minutes their order was paid in, given up in those they were refunded in, so that the past stays
-- as it was; and how many were admitted. A refunded ticket that does not say when was never counted. Index: orders by id.
create or replace function ticketing.note_tickets() returns trigger
language plpgsql set search_path = '' set enable_seqscan = off set enable_hashjoin = off set enable_mergejoin = off as $$
begin
  if tg_op = 'INSERT' then
    insert into ticketing.event_changes (event_id, at, tickets, gross_cents, refunded_cents, fees_cents, paid_orders, admitted, version)
    select s.event_id, coalesce(s.ended, ticketing.sale_minutes(o.status, o.paid_at, o.created_at)), sum(s.kept), 0, 0, 0, 0, sum(s.admitted), 1
    from (select c.order_id, c.event_id, null::timestamptz as ended, count(*) filter (where c.status <> 'refunded' or c.refunded_at is not null) as kept,
                 count(*) filter (where c.status = 'redeemed') as admitted
          from changed_new c group by c.order_id, c.event_id
          union all
          select c.order_id, c.event_id, ticketing.five_minutes(c.refunded_at), -count(*), 0
          from changed_new c where c.status = 'refunded' and c.refunded_at is not null group by 1, 2, 3 offset 0) s join ticketing.orders o on o.id = s.order_id
    group by 1, 2;
  elsif tg_op = 'DELETE' then
    insert into ticketing.event_changes (event_id, at, tickets, gross_cents, refunded_cents, fees_cents, paid_orders, admitted, version)
    select s.event_id, coalesce(s.ended, ticketing.sale_minutes(o.status, o.paid_at, o.created_at)), -sum(s.kept), 0, 0, 0, 0, -sum(s.admitted), 1
    from (select c.order_id, c.event_id, null::timestamptz as ended, count(*) filter (where c.status <> 'refunded' or c.refunded_at is not null) as kept,
                 count(*) filter (where c.status = 'redeemed') as admitted
          from changed_old c group by c.order_id, c.event_id
          union all
          select c.order_id, c.event_id, ticketing.five_minutes(c.refunded_at), -count(*), 0
          from changed_old c where c.status = 'refunded' and c.refunded_at is not null group by 1, 2, 3 offset 0) s join ticketing.orders o on o.id = s.order_id
    group by 1, 2;
  else
    insert into ticketing.event_changes (event_id, at, tickets, gross_cents, refunded_cents, fees_cents, paid_orders, admitted, version)
    with both_sides as materialized (
      select 1 as sign, n.order_id, n.event_id, n.status, n.refunded_at from changed_new n
      union all
      select -1, n.order_id, n.event_id, n.status, n.refunded_at from changed_old n
    )
    select s.event_id, coalesce(s.ended, ticketing.sale_minutes(o.status, o.paid_at, o.created_at)), sum(s.kept), 0, 0, 0, 0, sum(s.admitted), 1
    from (select c.order_id, c.event_id, null::timestamptz as ended, coalesce(sum(c.sign) filter (where c.status <> 'refunded' or c.refunded_at is not null), 0) as kept,
                 coalesce(sum(c.sign) filter (where c.status = 'redeemed'), 0) as admitted
          from both_sides c group by c.order_id, c.event_id
          union all
          select c.order_id, c.event_id, ticketing.five_minutes(c.refunded_at), -sum(c.sign), 0
          from both_sides c where c.status = 'refunded' and c.refunded_at is not null group by 1, 2, 3 offset 0) s join ticketing.orders o on o.id = s.order_id
    where s.kept <> 0 or s.admitted <> 0
    group by 1, 2;
  end if;
  return null;
end $$;

-- Folds changes into the totals, one bounded batch; how many. One session at a time (the key below is the last lock of its
-- transaction and is never waited for); readers see the same sums before and after. Index: primary keys.
create or replace function ticketing.fold_event_totals(p_limit int default 20000) returns int
language plpgsql set search_path = '' as $$
declare
  v_count int;
begin
  if not pg_try_advisory_xact_lock(hashtextextended('ticketing.event_totals', 5)) then return 0; end if;
  with taken as (
    delete from ticketing.event_changes c where c.id = any (array(select x.id from ticketing.event_changes x order by x.id limit p_limit)) returning c.*
  ), living as materialized (
    select c.*, e.time_zone from taken c join events.events e on e.id = c.event_id
  ), summed as (
    insert into ticketing.event_totals as t (event_id, gross_cents, refunded_cents, disputed_cents, fees_cents, paid_orders, admitted, version)
    select event_id, sum(gross_cents), sum(refunded_cents), sum(disputed_cents), sum(fees_cents), sum(paid_orders), sum(admitted), sum(version) from living group by event_id
    on conflict (event_id) do update set gross_cents = t.gross_cents + excluded.gross_cents, refunded_cents = t.refunded_cents + excluded.refunded_cents,
      disputed_cents = t.disputed_cents + excluded.disputed_cents, fees_cents = t.fees_cents + excluded.fees_cents, paid_orders = t.paid_orders + excluded.paid_orders, admitted = t.admitted + excluded.admitted,
      version = t.version + excluded.version
  ), drawn as (
    insert into ticketing.event_sales as s (event_id, width, at, tickets, gross_cents, refunded_cents, paid_orders)
    select c.event_id, w.width, ticketing.sale_width(w.width, c.at, c.time_zone), sum(c.tickets), sum(c.gross_cents), sum(c.refunded_cents), sum(c.paid_orders)
    from (select event_id, time_zone, at, sum(tickets) as tickets, sum(gross_cents) as gross_cents, sum(refunded_cents) as refunded_cents, sum(paid_orders) as paid_orders
          from living where at is not null group by event_id, time_zone, at
          having sum(tickets) <> 0 or sum(gross_cents) <> 0 or sum(refunded_cents) <> 0 or sum(paid_orders) <> 0) c
    cross join (values ('minutes'), ('hour'), ('quarter')) w(width)
    group by 1, 2, 3
    on conflict (event_id, width, at) do update set tickets = s.tickets + excluded.tickets, gross_cents = s.gross_cents + excluded.gross_cents,
      refunded_cents = s.refunded_cents + excluded.refunded_cents, paid_orders = s.paid_orders + excluded.paid_orders
  )
  select count(*) into v_count from taken;
  return v_count;
end $$;

-- Writes an event's totals anew from its rows: after an upgrade, and when they were found wrong. One statement decides, so a
-- sale that commits meanwhile is in its snapshot or still among the changes, never both. The version never falls.
create or replace function ticketing.rebuild_event_totals(p_event_id uuid) returns void
language plpgsql set search_path = '' as $$
begin
  perform pg_advisory_xact_lock(hashtextextended('ticketing.event_totals', 5));
  with gone as (
    delete from ticketing.event_changes c where c.event_id = p_event_id returning c.version
  ), o as materialized (
    select ticketing.sale_minutes(o.status, o.paid_at, o.created_at) as at, coalesce(o.captured_cents, o.total_cents)::bigint as paid, o.refunded_cents, o.disputed_cents, o.fees_cents, o.version,
           coalesce(k.kept, 0) as kept, coalesce(k.admitted, 0) as admitted
    from ticketing.orders o
    left join (select k.order_id, count(*) filter (where k.status <> 'refunded' or k.refunded_at is not null) as kept, count(*) filter (where k.status = 'redeemed') as admitted
               from ticketing.tickets k where k.event_id = p_event_id group by k.order_id) k on k.order_id = o.id
    where o.event_id = p_event_id
  ), truth as materialized (
    select w.width, ticketing.sale_width(w.width, x.at, e.time_zone) as at, sum(x.kept) as tickets, sum(x.paid) as gross, sum(x.refunded) as refunded, sum(x.orders) as orders
    from (select o.at, o.kept, o.paid, o.refunded_cents as refunded, 1 as orders from o where o.at is not null
          union all
          select ticketing.five_minutes(k.refunded_at), -count(*), 0, 0, 0 from ticketing.tickets k
          where k.event_id = p_event_id and k.status = 'refunded' and k.refunded_at is not null group by 1) x
    join events.events e on e.id = p_event_id cross join (values ('minutes'), ('hour'), ('quarter')) w(width)
    group by 1, 2
  ), removed as (
    delete from ticketing.event_sales s where s.event_id = p_event_id and not exists (select from truth t where t.width = s.width and t.at = s.at)
  ), drawn as (
    insert into ticketing.event_sales (event_id, width, at, tickets, gross_cents, refunded_cents, paid_orders)
    select p_event_id, t.width, t.at, t.tickets, t.gross, t.refunded, t.orders from truth t
    on conflict (event_id, width, at) do update set tickets = excluded.tickets, gross_cents = excluded.gross_cents, refunded_cents = excluded.refunded_cents, paid_orders = excluded.paid_orders
  )
  insert into ticketing.event_totals as t (event_id, gross_cents, refunded_cents, disputed_cents, fees_cents, paid_orders, admitted, version)
  select e.id, coalesce(sum(o.paid) filter (where o.at is not null), 0), coalesce(sum(o.refunded_cents) filter (where o.at is not null), 0),
         coalesce(sum(o.disputed_cents) filter (where o.at is not null), 0),
         coalesce(sum(ticketing.fees_kept(o.fees_cents, o.paid, o.refunded_cents, o.disputed_cents)) filter (where o.at is not null), 0), count(o.at), coalesce(sum(o.admitted), 0),
         greatest(coalesce(sum(o.version), 0), coalesce((select sum(g.version) from gone g), 0))
  from events.events e left join o on true where e.id = p_event_id group by e.id
  on conflict (event_id) do update set gross_cents = excluded.gross_cents, refunded_cents = excluded.refunded_cents, disputed_cents = excluded.disputed_cents, fees_cents = excluded.fees_cents,
    paid_orders = excluded.paid_orders, admitted = excluded.admitted,
    version = greatest(excluded.version, t.version + coalesce((select sum(g.version) from gone g), 0)) + 1;
end $$;

-- The hours of a day are those of the event's zone: with another zone they are cut again.
create or replace function ticketing.recut_sales() returns trigger
language plpgsql set search_path = '' as $$
begin
  if exists (select from ticketing.event_sales s where s.event_id = new.id) then perform ticketing.rebuild_event_totals(new.id); end if;
  return null;
end $$;
