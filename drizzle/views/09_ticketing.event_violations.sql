-- Every rule about one event's rows, as the rows that break it: the rules of packages/db/sql/invariants.sql, which reads them
-- here. One text for the checker, for event_health (code: the check a person sees) and for reconcile_event_tickets.
-- Two rules stay out of health, because an organizer may break them rightly or time mends them: the limit per person, which
-- can be lowered after people bought, and the first minute of a lapsed hold.
create or replace view ticketing.event_violations with (security_invoker = true) as

-- tiers
select t.event_id, 'tier_status' as code, 'tier.status' as rule, t.id
from ticketing.ticket_tiers t
where t.status <> 'inactive' and (t.status = 'sold_out') <> (t.issued_quantity = t.quantity and t.quantity > 0)

union all
-- checkouts
select t.event_id, 'checkouts', 'hold.ended_at', h.id
from ticketing.ticket_holds h join ticketing.ticket_tiers t on t.id = h.tier_id
where h.status <> 'active' and h.ended_at is null
  and exists (select from ticketing.orders o where o.checkout_id = h.checkout_id)

union all
select t.event_id, 'checkouts', 'checkout.one_person_one_event', h.checkout_id
from ticketing.ticket_holds h join ticketing.ticket_tiers t on t.id = h.tier_id
where exists (
  select from ticketing.ticket_holds x
  where x.checkout_id = h.checkout_id and (x.user_id <> h.user_id or x.event_id <> h.event_id))
group by t.event_id, h.checkout_id

union all
select t.event_id, 'checkouts', 'hold.converted_with_order', h.id
from ticketing.ticket_holds h
join ticketing.ticket_tiers t on t.id = h.tier_id
join ticketing.orders o on o.checkout_id = h.checkout_id
where h.status = 'converted' and o.status not in ('paid', 'refunded')

union all
select t.event_id, 'checkouts', 'checkout.one_per_person', h.user_id
from ticketing.ticket_holds h join ticketing.ticket_tiers t on t.id = h.tier_id
where h.status = 'active' and h.expires_at > clock_timestamp()
group by t.event_id, h.user_id
having count(distinct h.checkout_id) > 1

union all
-- orders
select o.event_id, 'orders', 'order.too_many_tickets', o.id
from ticketing.orders o
where o.status in ('paid', 'refunded')
  and (select coalesce(sum(i.quantity), 0) from ticketing.order_items i where i.order_id = o.id)
    < (select count(*) from ticketing.tickets k where k.order_id = o.id)

union all
select o.event_id, 'orders', 'order.total', o.id
from ticketing.orders o
cross join lateral (
  select sum(i.quantity * i.price_cents::bigint) as face, sum(i.quantity * i.unit_fee_cents::bigint) as fee,
         sum(i.quantity * i.unit_tax_cents::bigint) as tax, sum(i.quantity * i.unit_discount_cents::bigint) as discount,
         count(*) as lines
  from ticketing.order_items i where i.order_id = o.id) s
where o.paid_at is not null and s.lines > 0
  and o.total_cents <> s.face - s.discount + s.fee + case when o.tax_included then 0 else s.tax end

union all
select o.event_id, 'orders', 'order.captured', o.id
from ticketing.orders o
where o.status = 'paid' and o.captured_cents is not null and o.captured_cents <> o.total_cents

union all
select o.event_id, 'orders', 'order.currency', o.id
from ticketing.orders o join events.events e on e.id = o.event_id
where o.currency <> e.currency

union all
select k.event_id, 'orders', 'ticket.one_event', k.id
from ticketing.tickets k
join ticketing.orders o on o.id = k.order_id
join ticketing.ticket_tiers t on t.id = k.tier_id
where k.event_id <> o.event_id or k.event_id <> t.event_id

union all
select o.event_id, 'orders', 'order_item.one_event', i.id
from ticketing.order_items i
join ticketing.orders o on o.id = i.order_id
join ticketing.ticket_tiers t on t.id = i.tier_id
where t.event_id <> o.event_id

union all
-- money
select o.event_id, 'captured', 'order.captured_without_tickets', o.id
from ticketing.orders o
where o.captured_cents > 0 and o.updated_at < clock_timestamp() - interval '5 minutes'
  and not exists (select from ticketing.tickets k where k.order_id = o.id)
  and (select coalesce(sum(r.amount_cents), 0) from ticketing.refunds r where r.order_id = o.id and r.status <> 'failed')
    + o.disputed_cents + o.owed_cents < o.captured_cents -- what the bank took, and what came back, have lines of their own

union all
select o.event_id, 'refunds', 'refund.too_much', o.id
from ticketing.orders o
where (select coalesce(sum(r.amount_cents), 0) from ticketing.refunds r
       where r.order_id = o.id and r.status in ('pending', 'succeeded')) > coalesce(o.captured_cents, o.total_cents)
  -- a refund made outside may be faster than ours, which the provider then refuses
  and not exists (select from ticketing.refunds r where r.order_id = o.id and r.kind = 'outside')

union all
select o.event_id, 'refunds', 'order.refunded_cents', o.id
from ticketing.orders o
where o.refunded_cents
   <> (select coalesce(sum(r.amount_cents), 0) from ticketing.refunds r where r.order_id = o.id and r.status = 'succeeded')

union all
select o.event_id, 'refunds', 'order.disputed_cents', o.id
from ticketing.orders o
cross join lateral (
  select coalesce(sum(d.amount_cents), 0) as cents,
         case when bool_or(d.status = 'open') then 'open' when count(*) > 0 then 'lost' end as state
  from ticketing.disputes d where d.order_id = o.id and d.status in ('open', 'lost')) d
where (o.disputed_cents, o.dispute_state) is distinct from (d.cents, d.state)

union all
select o.event_id, 'refunds', 'refund.once', o.id
from ticketing.orders o
where (select count(*) from ticketing.refunds r
       where r.order_id = o.id and r.kind in ('late_payment', 'amount_mismatch') and r.status <> 'failed') > 1

union all
-- tickets
select k.event_id, 'suspended', 'ticket.suspended', k.id
from ticketing.tickets k
where k.suspended_reason = 'refund' and k.status <> 'refunded'
  and not exists (select from ticketing.refunds r where r.order_id = k.order_id and r.status = 'pending')

union all
select k.event_id, 'suspended', 'ticket.disputed', k.id
from ticketing.tickets k join ticketing.orders o on o.id = k.order_id
where k.status <> 'refunded'
  and ticketing.dispute_suspends(o.dispute_state, o.disputed_cents, o.refunded_cents, coalesce(o.captured_cents, o.total_cents))
   <> (k.suspended_reason is not distinct from 'dispute')

union all
select k.event_id, 'refunded_tickets', 'ticket.refunded', k.id
from ticketing.tickets k
where k.status <> 'refunded'
  and exists (select from ticketing.refund_tickets x join ticketing.refunds r on r.id = x.refund_id
              where x.ticket_id = k.id and (r.status = 'succeeded' or r.taken_back_at is not null))

union all
select k.event_id, 'numbers', 'ticket.numbers', k.event_id
from ticketing.tickets k
group by k.event_id
having max(k.sequence_number) <> count(*) or min(k.sequence_number) <> 1

union all
select c.event_id, 'numbers', 'counter.last_sequence', c.event_id
from ticketing.event_counters c
where c.last_sequence
   <> (select coalesce(max(k.sequence_number), 0) from ticketing.tickets k where k.event_id = c.event_id)

union all
select k.event_id, 'codes', 'ticket.qr_code', k.id
from ticketing.tickets k
where k.qr_code <> ticketing.qr_code_of(k.id, k.rotation)
  and exists (select from ticketing.ticket_events v where v.ticket_id = k.id and v.kind = 'issued')

union all
select k.event_id, 'admissions', 'ticket.admitted_once', k.id
from ticketing.tickets k
where (select count(*) filter (where v.kind = 'redeemed') - count(*) filter (where v.kind = 'undone')
       from ticketing.ticket_events v where v.ticket_id = k.id) > 1

union all
select s.event_id, 'admissions', 'ticket.dead_admitted', s.ticket_id
from analytics.scan_logs s
where s.outcome = 'admitted'
  and exists (select from ticketing.state_log l
              where l.entity = 'ticket' and l.entity_id = s.ticket_id and l.to_state = 'refunded' and l.at < s.created_at)

union all
-- kept totals
select e.id, 'totals', 'event.totals', e.id
from events.events e
cross join lateral (
  select coalesce(sum(x.gross_cents), 0) as gross, coalesce(sum(x.refunded_cents), 0) as refunded,
         coalesce(sum(x.disputed_cents), 0) as disputed, coalesce(sum(x.fees_cents), 0) as fees, coalesce(sum(x.paid_orders), 0) as paid,
         coalesce(sum(x.admitted), 0) as admitted, coalesce(sum(x.version), 0) as version
  from (
    select gross_cents, refunded_cents, disputed_cents, fees_cents, paid_orders, admitted, version
    from ticketing.event_totals where event_id = e.id
    union all
    select gross_cents, refunded_cents, disputed_cents, fees_cents, paid_orders, admitted, version
    from ticketing.event_changes where event_id = e.id) x) kept
cross join lateral (
  select coalesce(sum(p.paid) filter (where p.sold), 0) as gross,
         coalesce(sum(o.refunded_cents) filter (where p.sold), 0) as refunded,
         coalesce(sum(o.disputed_cents) filter (where p.sold), 0) as disputed,
         coalesce(sum(ticketing.fees_kept(o.fees_cents, p.paid, o.refunded_cents, o.disputed_cents)) filter (where p.sold), 0) as fees,
         count(*) filter (where p.sold) as paid, coalesce(sum(o.version), 0) as version
  from ticketing.orders o
  cross join lateral (select o.status in ('paid', 'refunded') as sold,
                             coalesce(o.captured_cents, o.total_cents)::bigint as paid) p
  where o.event_id = e.id) truth
cross join lateral (
  select count(*) as admitted from ticketing.tickets k where k.event_id = e.id and k.status = 'redeemed') door
where (kept.gross, kept.refunded, kept.disputed, kept.fees, kept.paid, kept.admitted)
   <> (truth.gross, truth.refunded, truth.disputed, truth.fees, truth.paid, door.admitted)
   or kept.version < truth.version

union all
select e.id, 'totals', 'event.curve', e.id
from events.events e
where exists (
  select from (
    select x.width, x.at, sum(x.tickets) as tickets, sum(x.gross) as gross, sum(x.refunded) as refunded, sum(x.paid) as paid
    from (
      select s.width, s.at, s.tickets, s.gross_cents as gross, s.refunded_cents as refunded, s.paid_orders as paid
      from ticketing.event_sales s where s.event_id = e.id
      union all
      select w.width, ticketing.sale_width(w.width, c.at, e.time_zone), c.tickets, c.gross_cents, c.refunded_cents, c.paid_orders
      from ticketing.event_changes c cross join (values ('minutes'), ('hour'), ('quarter')) w(width)
      where c.event_id = e.id and c.at is not null
      union all
      -- the truth, with the other sign: what remains is what disagrees
      select w.width, ticketing.sale_width(w.width, o.at, e.time_zone), -o.kept, -o.paid, -o.refunded_cents, -1
      from (
        select ticketing.sale_minutes(o.status, o.paid_at, o.created_at) as at, o.refunded_cents,
               coalesce(o.captured_cents, o.total_cents)::bigint as paid,
               (select count(*) from ticketing.tickets k where k.order_id = o.id and (k.status <> 'refunded' or k.refunded_at is not null)) as kept
        from ticketing.orders o where o.event_id = e.id and o.status in ('paid', 'refunded')) o
      cross join (values ('minutes'), ('hour'), ('quarter')) w(width)
      union all
      select w.width, ticketing.sale_width(w.width, ticketing.five_minutes(k.refunded_at), e.time_zone), 1, 0, 0, 0
      from ticketing.tickets k cross join (values ('minutes'), ('hour'), ('quarter')) w(width)
      where k.event_id = e.id and k.status = 'refunded' and k.refunded_at is not null) x
    group by x.width, x.at) s
  where (s.tickets, s.gross, s.refunded, s.paid) <> (0, 0, 0, 0))

union all
-- the state log
select e.id, 'history', 'state.last_written', l.entity_id
from events.events e
cross join lateral (
  select distinct on (l.entity_id) l.entity_id, l.to_state, s.state
  from (
    select 'order' as entity, o.id, o.status::text as state from ticketing.orders o where o.event_id = e.id
    union all
    select 'ticket', k.id, k.status::text from ticketing.tickets k where k.event_id = e.id
    union all
    select 'refund', r.id, r.status::text from ticketing.refunds r where r.event_id = e.id
    union all
    select 'dispute', d.id, d.status from ticketing.disputes d where d.event_id = e.id
    union all
    select 'event', e.id, e.status::text) s
  join ticketing.state_log l on l.entity = s.entity and l.entity_id = s.id
  order by l.entity_id, l.id desc) l
where l.to_state <> l.state;
