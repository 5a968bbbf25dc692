-- Ends tickets for good and returns their places to sale (unless the event keeps them back). The caller has locked the orders.
-- What was paid back raises no share of the buyer's network address any more (decide_checkouts): its holds lose the address.
-- Locks: tiers by id, holds by id, event counters by event id, tickets by id. Index: ticket_holds (checkout_id, tier_id).
create or replace function ticketing.void_tickets(p_ticket_ids uuid[], p_actor uuid) returns int
language plpgsql set search_path = '' set enable_seqscan = off as $$
declare
  v_count int;
begin
  perform 1 from ticketing.ticket_tiers where id = any (array(select tier_id from ticketing.tickets where id = any (p_ticket_ids))) order by id for no key update;
  update ticketing.ticket_holds h set address_key = null where h.id in (
    select p.id from ticketing.tickets k join ticketing.orders o on o.id = k.order_id
      join ticketing.ticket_holds p on p.checkout_id = o.checkout_id and p.tier_id = k.tier_id
    where k.id = any (p_ticket_ids) and p.status = 'converted' and p.unit_total_cents > 0 and p.address_key is not null
    order by p.id for update of p);
  update ticketing.event_counters set version = version + 1 where event_id = any (array(select event_id from ticketing.tickets where id = any (p_ticket_ids)));
  perform 1 from ticketing.tickets where id = any (p_ticket_ids) order by id for update;
  with ended as (
    update ticketing.tickets set status = 'refunded', suspended_reason = null, refunded_at = clock_timestamp(), redeemed_at = null
    where id = any (p_ticket_ids) and status <> 'refunded' returning id, tier_id, event_id, owner_user_id
  ), noted as (
    insert into ticketing.ticket_events (ticket_id, kind, from_user_id, actor_user_id) select id, 'refunded', owner_user_id, p_actor from ended
  ), lowered as (
    update ticketing.ticket_tiers t
      set issued_quantity = t.issued_quantity - s.n,
          quantity = t.quantity - case when (select e.resell_refunded from events.events e where e.id = t.event_id) then 0 else s.n end
    from (select tier_id, count(*)::int as n from ended group by 1) s where t.id = s.tier_id returning s.n
  )
  select coalesce(sum(n), 0) into v_count from lowered;
  return v_count;
end $$;
