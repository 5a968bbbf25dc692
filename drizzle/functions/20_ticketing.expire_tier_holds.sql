-- Frees up to p_limit lapsed holds of one tier, the oldest first, as the index has them: sorted otherwise, each batch of a large
-- sweep would read all that have lapsed. The caller has locked the tier row. A hold that somebody works on without its tier's lock
-- (a guest's things being moved) is left for the next round: nobody waits for a hold here, so their order is no matter of locks.
-- What was paid in time is spared (paid_in_time). A checkout over several tiers leaves a lapse for each: a person's are counted as
-- checkouts, an address's as places.
-- Called by reserve_batch when a tier looks full, and by cleanup_expired_ticket_holds. Index: ticket_holds_active_tier.
create or replace function ticketing.expire_tier_holds(p_tier_id uuid, p_limit int) returns int
language plpgsql set search_path = '' set enable_seqscan = off as $$
declare
  v_freed int;
  v_now constant timestamptz := clock_timestamp(); -- a value, so that the index is asked for the lapsed ones only
begin
  with lapsed as (
    select h.id from ticketing.ticket_holds h
    where h.tier_id = p_tier_id and h.status = 'active' and h.expires_at <= v_now and not ticketing.paid_in_time(h.checkout_id, h.expires_at)
    order by h.expires_at limit p_limit for update skip locked
  ), ended as (
    update ticketing.ticket_holds h set status = 'expired', ended_at = v_now, end_reason = 'expired'
    from lapsed l where h.id = l.id and h.status = 'active'
    returning h.quantity, h.event_id, h.user_id, h.checkout_id, h.tier_id, h.address_key
  ), noted as (
    insert into ticketing.hold_lapses (event_id, user_id, checkout_id, tier_id, address_key, quantity)
    select e.event_id, e.user_id, e.checkout_id, e.tier_id, e.address_key, e.quantity from ended e
  )
  select coalesce(sum(quantity), 0) into v_freed from ended;
  if v_freed > 0 then
    update ticketing.ticket_tiers set reserved_quantity = reserved_quantity - v_freed where id = p_tier_id;
  end if;
  return v_freed;
end $$;
