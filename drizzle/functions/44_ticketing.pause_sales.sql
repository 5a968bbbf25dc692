-- Pauses or resumes a tier (or, with p_tier_id null, the whole event). A checkout has one clock: it stands still while the event or a
-- tier of it is paused. Running checkouts are stretched by exactly that time, at most 30 minutes in all: at the first pause they get
-- what is left of the 30, at the resume they give back what was not used.
-- Locks: the event's tiers by id (a checkout may be over several), holds by id, the event last.
create or replace function ticketing.pause_sales(p_event_id uuid, p_tier_id uuid, p_paused boolean) returns boolean
language plpgsql set search_path = '' set enable_seqscan = off as $$
declare
  v_tiers uuid[]; v_checkouts uuid[]; v_event_since timestamptz; v_since timestamptz; v_now timestamptz;
begin
  v_tiers := array(select id from ticketing.ticket_tiers where event_id = p_event_id order by id for no key update);
  if cardinality(v_tiers) = 0 or p_tier_id <> all (v_tiers) then return false; end if;
  select sales_paused_at into v_event_since from events.events where id = p_event_id;
  if p_tier_id is null then v_since := v_event_since;
  else select paused_at into v_since from ticketing.ticket_tiers where id = p_tier_id; end if;
  if (v_since is not null) = p_paused then return false; end if;

  v_checkouts := array(select distinct checkout_id from ticketing.ticket_holds
                       where tier_id = any (case when p_tier_id is null then v_tiers else array[p_tier_id] end) and status = 'active');
  perform 1 from ticketing.ticket_holds where checkout_id = any (v_checkouts) and status::text = 'active' order by id for update;
  v_now := clock_timestamp();
  if p_paused then
    update ticketing.ticket_holds
      set expires_at = expires_at + make_interval(secs => 1800 - paused_seconds), paused_since = v_now - make_interval(secs => paused_seconds), paused_seconds = 1800
    where checkout_id = any (v_checkouts) and status::text = 'active' and expires_at > v_now and paused_since is null;
  elsif p_tier_id is null or v_event_since is null then
    -- While the event, or another of its tiers, is paused, a checkout goes on standing still.
    update ticketing.ticket_holds h
      set expires_at = h.expires_at - make_interval(secs => 1800 - u.used), paused_seconds = u.used, paused_since = null
    from (select a.id, least(1800, extract(epoch from v_now - a.paused_since)::int) as used from ticketing.ticket_holds a
          where a.checkout_id = any (v_checkouts) and a.status::text = 'active' and a.paused_since is not null
            and not exists (select from ticketing.ticket_holds o join ticketing.ticket_tiers t on t.id = o.tier_id
                            where o.checkout_id = a.checkout_id and o.status::text = 'active' and t.paused_at is not null and t.id is distinct from p_tier_id)) u
    where h.id = u.id;
  end if;
  if p_tier_id is null then
    update ticketing.ticket_tiers set version = version where id = any (v_tiers);
    update events.events set sales_paused_at = case when p_paused then v_now end where id = p_event_id;
  else
    update ticketing.ticket_tiers set paused_at = case when p_paused then v_now end where id = p_tier_id;
  end if;
  return true;
end $$;
