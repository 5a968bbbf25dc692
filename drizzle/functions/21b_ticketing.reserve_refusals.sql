-- Who is refused because the tier is full: what reserve_batch would say, without its locks.
--
-- Input: one line per checkout, all of one tier, none of them replacing another. Answer: one row per line in the order given;
-- outcome is null for whoever reserve_batch must decide: everybody when a place is free, a hold has lapsed or the tier is closed;
-- else a known checkout (its replay), a person who has or had something of this event, a quantity out of bounds.
-- Called by the combiner for tiers that were full a moment ago. Stable, so that all of it is read in one snapshot: a checkout whose
-- grant is committed is never told "sold out" beside a counter that has its places in it. Bounded: at most 256 lines.
-- Plans: as decide_checkouts.
create or replace function ticketing.reserve_refusals(
  p_tier_id uuid, p_checkout_ids uuid[], p_user_ids uuid[], p_quantities int[]
) returns table (outcome text, detail jsonb)
language plpgsql stable set search_path = '' set plan_cache_mode = force_generic_plan set enable_seqscan = off set enable_hashjoin = off set enable_mergejoin = off as $$
declare
  r record; v_next timestamptz; v_outcome text; v_detail jsonb;
begin
  select t.event_id, t.quantity - t.issued_quantity as kept, t.quantity - t.issued_quantity - t.reserved_quantity as free,
         t.min_per_order, least(t.max_per_order, e.max_per_person) as most, ticketing.closed_reason(t, e, clock_timestamp()) as closed
    into r
  from ticketing.ticket_tiers t join events.events e on e.id = t.event_id where t.id = p_tier_id;
  v_next := (select min(h.expires_at) from ticketing.ticket_holds h where h.tier_id = p_tier_id and h.status = 'active');
  if r.event_id is not null and r.closed is null and r.free = 0 and (v_next is null or v_next > clock_timestamp()) then
    v_outcome := case when r.kept = 0 then 'sold_out' else 'all_in_checkout' end;
    v_detail := jsonb_strip_nulls(jsonb_build_object('tierId', p_tier_id, 'free', 0, 'nextReleaseAt', (extract(epoch from v_next) * 1000)::bigint));
  end if;
  return query
    select case when p.plain then v_outcome end, case when p.plain then v_detail end
    from unnest(p_checkout_ids, p_user_ids, p_quantities) with ordinality u(checkout, usr, qty, ord)
    cross join lateral (select v_outcome is not null and u.qty between r.min_per_order and r.most
      and not exists (select from ticketing.ticket_holds h where h.checkout_id = u.checkout limit 1)
      and not exists (select from ticketing.ticket_holds h where h.user_id = u.usr and h.event_id is not distinct from r.event_id and h.status::text = 'active' limit 1)
      and not exists (select from ticketing.tickets k where k.owner_user_id = u.usr and k.event_id is not distinct from r.event_id limit 1)
      and not exists (select from ticketing.hold_lapses l where l.user_id = u.usr and l.event_id is not distinct from r.event_id limit 1) as plain) p
    order by u.ord;
end $$;
