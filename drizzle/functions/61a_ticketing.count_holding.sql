-- Checkouts that hold places of an event right now, for its staff. A function, because of its settings: over rows that a policy
-- guards the planner may not look at statistics of what is compared, takes every hold there ever was for active, and reads them all.
-- Called by readStaffSnapshot as service_role. Bounded by what is in checkout. Index: ticket_holds_active_tier.
create or replace function ticketing.count_holding(p_event_id uuid) returns int
language plpgsql stable set search_path = '' set plan_cache_mode = force_generic_plan set enable_seqscan = off set enable_bitmapscan = off set enable_hashjoin = off set enable_mergejoin = off as $$
begin
  return (
    select count(distinct h.checkout_id) from ticketing.ticket_tiers t
    cross join lateral (select x.checkout_id from ticketing.ticket_holds x where x.tier_id = t.id and x.status = 'active' offset 0) h
    where t.event_id = p_event_id);
end $$;
