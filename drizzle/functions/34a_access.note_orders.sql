-- as: service_role
-- A definer function, because a person's own session may write an order and has no right to the totals.
-- Orders: money and versions, and their tickets when the sale moves to another five minutes. No join between the two
-- transition tables: their size is not known when the plan is made. Index: tickets by order.
create or replace function access.note_orders() returns trigger
language plpgsql security definer set search_path = '' set enable_seqscan = off set enable_hashjoin = off set enable_mergejoin = off as $$
begin
  if tg_op = 'INSERT' then
    insert into ticketing.event_changes (event_id, at, tickets, gross_cents, refunded_cents, disputed_cents, fees_cents, paid_orders, admitted, version)
    select s.event_id, s.at, 0, sum(s.paid), sum(s.refunded), sum(s.disputed), sum(s.fees), sum(s.sold), 0, sum(s.version)
    from (select n.event_id, m.at, n.version, x.sold, x.sold * x.paid as paid, x.sold * n.refunded_cents as refunded, x.sold * n.disputed_cents as disputed,
                 x.sold * ticketing.fees_kept(n.fees_cents, x.paid, n.refunded_cents, n.disputed_cents) as fees
          from changed_new n cross join lateral (select ticketing.sale_minutes(n.status, n.paid_at, n.created_at) as at) m
          cross join lateral (select (m.at is not null)::int as sold, coalesce(n.captured_cents, n.total_cents)::bigint as paid) x) s
    group by s.event_id, s.at;
  elsif tg_op = 'DELETE' then -- what is gone is counted out; the version still rises
    insert into ticketing.event_changes (event_id, at, tickets, gross_cents, refunded_cents, disputed_cents, fees_cents, paid_orders, admitted, version)
    select s.event_id, s.at, 0, -sum(s.paid), -sum(s.refunded), -sum(s.disputed), -sum(s.fees), -sum(s.sold), 0, count(*)
    from (select n.event_id, m.at, x.sold, x.sold * x.paid as paid, x.sold * n.refunded_cents as refunded, x.sold * n.disputed_cents as disputed,
                 x.sold * ticketing.fees_kept(n.fees_cents, x.paid, n.refunded_cents, n.disputed_cents) as fees
          from changed_old n cross join lateral (select ticketing.sale_minutes(n.status, n.paid_at, n.created_at) as at) m
          cross join lateral (select (m.at is not null)::int as sold, coalesce(n.captured_cents, n.total_cents)::bigint as paid) x) s
    group by s.event_id, s.at;
  else
    insert into ticketing.event_changes (event_id, at, tickets, gross_cents, refunded_cents, disputed_cents, fees_cents, paid_orders, admitted, version)
    with both_sides as materialized (
      select n.sign, n.id, n.event_id, m.at, n.version, x.sold, x.sold * x.paid as paid, x.sold * n.refunded_cents as refunded, x.sold * n.disputed_cents as disputed,
             x.sold * ticketing.fees_kept(n.fees_cents, x.paid, n.refunded_cents, n.disputed_cents) as fees
      from (select 1 as sign, c.id, c.event_id, c.status, c.paid_at, c.created_at, c.captured_cents, c.total_cents, c.refunded_cents, c.disputed_cents, c.fees_cents, c.version from changed_new c
            union all
            select -1, c.id, c.event_id, c.status, c.paid_at, c.created_at, c.captured_cents, c.total_cents, c.refunded_cents, c.disputed_cents, c.fees_cents, c.version from changed_old c) n
      cross join lateral (select ticketing.sale_minutes(n.status, n.paid_at, n.created_at) as at) m
      cross join lateral (select (m.at is not null)::int as sold, coalesce(n.captured_cents, n.total_cents)::bigint as paid) x
    ), moved as (
      select s.id, s.event_id, min(s.at) filter (where s.sign < 0) as was, min(s.at) filter (where s.sign > 0) as becomes
      from both_sides s group by s.id, s.event_id
      having min(s.at) filter (where s.sign < 0) is distinct from min(s.at) filter (where s.sign > 0)
    ), tickets as (
      select m.event_id, m.was, m.becomes, (select count(*) from ticketing.tickets k where k.order_id = m.id and (k.status <> 'refunded' or k.refunded_at is not null)) as n from moved m
    )
    select s.event_id, s.at, sum(s.tickets), sum(s.paid), sum(s.refunded), sum(s.disputed), sum(s.fees), sum(s.sold), 0, sum(s.version)
    from (select b.event_id, b.at, 0 as tickets, b.sign * b.paid as paid, b.sign * b.refunded as refunded, b.sign * b.disputed as disputed, b.sign * b.fees as fees, b.sign * b.sold as sold, b.sign * b.version as version
          from both_sides b
          union all
          select t.event_id, v.at, v.sign * t.n, 0, 0, 0, 0, 0, 0 from tickets t cross join lateral (values (t.was, -1), (t.becomes, 1)) v(at, sign) where t.n > 0) s
    group by s.event_id, s.at;
  end if;
  return null;
end $$;
revoke all on function access.note_orders() from public;
grant execute on function access.note_orders() to liventix_owner;
