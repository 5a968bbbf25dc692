-- What the public may know of the tiers of some events, by availability_display: exact, low_only (free when at most 20 % or 10), hidden.
-- A hidden figure is null here and absent on every wire. `version` orders snapshots: the tiers' and the event's own, summed in one statement.
create or replace function ticketing.public_availability(p_event_ids uuid[])
returns table (event_id uuid, tier_id uuid, name text, state text, free int, in_checkout int, quantity int, opens_at timestamptz, sales_end timestamptz, version bigint, pos int)
language sql stable as $$
  select s.event_id, s.id, s.name,
    case when s.closed is not null and s.closed not in ('paused', 'not_yet') then 'closed'
         when s.closed = 'not_yet' then 'not_yet'
         when s.issued_quantity >= s.quantity then 'sold_out'
         when s.closed = 'paused' then 'paused'
         when s.free <= 0 then 'all_in_checkout'
         else 'on_sale' end,
    case s.display when 'exact' then s.free when 'low_only' then case when s.free <= greatest(10, s.quantity * 0.2) and s.free > 0 then s.free end end,
    case s.display when 'exact' then s.reserved_quantity end,
    case s.display when 'exact' then s.quantity end,
    s.sales_start, s.sales_end, s.version, s.position
  from (
    select t.id, t.event_id, t.name, t.quantity, t.issued_quantity, t.reserved_quantity, t.sales_start, t.sales_end, t.version, t.position, t.quantity - t.issued_quantity - t.reserved_quantity as free, ticketing.closed_reason(t, e, clock_timestamp()) as closed,
      coalesce(e.availability_display, case when (select sum(a.quantity) from ticketing.ticket_tiers a where a.event_id = e.id and a.deleted_at is null) < 500 then 'exact' else 'low_only' end::public.availability_display) as display
    from ticketing.ticket_tiers t join events.events e on e.id = t.event_id
    where t.event_id = any (p_event_ids) and t.deleted_at is null
  ) s
  order by s.event_id, s.position, s.id
$$;
