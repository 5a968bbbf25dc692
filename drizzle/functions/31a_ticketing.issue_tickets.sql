-- Writes the ticket set of each given paid order that has none, numbered gap-free per event in the order given.
-- Called by complete_orders_batch and reconcile_event_tickets, which hold the orders' and tiers' locks. Locks: event counters by event id.
create or replace function ticketing.issue_tickets(p_order_ids uuid[]) returns int
language plpgsql set search_path = '' set enable_seqscan = off set enable_hashjoin = off set enable_mergejoin = off as $$
declare
  v_count int;
  v_events constant uuid[] := array(select distinct o.event_id from ticketing.orders o where o.id = any (p_order_ids));
begin
  insert into ticketing.event_counters (event_id, last_sequence)
  select s.event_id, 0 from unnest(v_events) s(event_id)
  where not exists (select from ticketing.event_counters c where c.event_id = s.event_id)
  order by s.event_id
  on conflict do nothing;
  perform 1 from ticketing.event_counters c where c.event_id = any (v_events) order by c.event_id for update;
  -- Tickets that were loaded from elsewhere took numbers that the counter does not know: one step in the index of numbers.
  update ticketing.event_counters c set last_sequence = s.highest
  from (select e.event_id, (select max(k.sequence_number) from ticketing.tickets k where k.event_id = e.event_id) as highest
        from unnest(v_events) e(event_id)) s
  where c.event_id = s.event_id and c.last_sequence < s.highest;

  with lines as (
    select o.event_id, o.id as order_id, o.user_id, o.buyer_name, o.tax_included, i.tier_id, i.price_cents, i.unit_fee_cents, i.unit_tax_cents, i.unit_discount_cents, i.attendee_names, u.ord, g
    from unnest(p_order_ids) with ordinality u(id, ord)
    -- fenced, or a plan made for an empty table would walk all orders in the order of their events to save a sort
    cross join lateral (select x.* from ticketing.orders x where x.id = u.id offset 0) o
    cross join lateral (select x.* from ticketing.order_items x where x.order_id = u.id offset 0) i,
    lateral generate_series(0, i.quantity - 1 - (select count(*)::int from ticketing.tickets k where k.order_id = o.id and k.tier_id is not distinct from i.tier_id)) g
  ), numbered as (
    select l.*, c.last_sequence + row_number() over (partition by l.event_id order by l.ord, l.tier_id, l.g) as seq, public.uuid_v7() as ticket_id
    from lines l join ticketing.event_counters c on c.event_id = l.event_id
  ), written as (
    insert into ticketing.tickets (id, order_id, event_id, tier_id, owner_user_id, sequence_number, qr_code, holder_name, face_cents, fee_cents, tax_cents, paid_cents)
    select x.ticket_id, x.order_id, x.event_id, x.tier_id, x.user_id, x.seq, ticketing.qr_code_of(x.ticket_id, 0),
           coalesce(nullif(x.attendee_names ->> x.g, ''), x.buyer_name), x.price_cents - x.unit_discount_cents, x.unit_fee_cents, x.unit_tax_cents,
           x.price_cents - x.unit_discount_cents + x.unit_fee_cents + case when x.tax_included then 0 else x.unit_tax_cents end
    from numbered x order by x.event_id, x.seq
    returning id, event_id, owner_user_id
  ), noted as (
    insert into ticketing.ticket_events (ticket_id, kind, to_user_id) select id, 'issued', owner_user_id from written
  ), counted as ( -- locked above; the numbers follow on each other, so their count is where they end
    update ticketing.event_counters c set last_sequence = c.last_sequence + s.tickets, version = c.version + 1
    from (select event_id, count(*)::int as tickets from written group by event_id) s where c.event_id = s.event_id
  )
  select count(*) into v_count from written;
  return v_count;
end $$;
