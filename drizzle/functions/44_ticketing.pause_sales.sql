-- Pauses or resumes a tier (or, with p_tier_id null, the whole event). Running holds are stretched by exactly the time their sale
-- was paused, by the tier or by the event, at most 30 minutes in all: at the first pause they get what is left of the 30, at the
-- resume they give back what was not used. Locks: tiers by id, holds by id, the event last.
create or replace function ticketing.pause_sales(p_event_id uuid, p_tier_id uuid, p_paused boolean) returns boolean
language plpgsql set search_path = '' set enable_seqscan = off as $$
declare
  v_tiers uuid[]; v_event_since timestamptz; v_since timestamptz; v_now timestamptz;
begin
  v_tiers := array(select id from ticketing.ticket_tiers where event_id = p_event_id and (p_tier_id is null or id = p_tier_id) order by id for no key update);
  if cardinality(v_tiers) = 0 then return false; end if;
  select sales_paused_at into v_event_since from events.events where id = p_event_id;
  if p_tier_id is null then v_since := v_event_since;
  else select paused_at into v_since from ticketing.ticket_tiers where id = p_tier_id; end if;
  if (v_since is not null) = p_paused then return false; end if;

  perform 1 from ticketing.ticket_holds where tier_id = any (v_tiers) and status = 'active' order by id for update;
  v_now := clock_timestamp();
  if p_paused then
    update ticketing.ticket_holds
      set expires_at = expires_at + make_interval(secs => 1800 - paused_seconds), paused_since = v_now - make_interval(secs => paused_seconds), paused_seconds = 1800
    where tier_id = any (v_tiers) and status = 'active' and expires_at > v_now and paused_since is null;
  elsif p_tier_id is null or v_event_since is null then
    -- The event's resume leaves tiers that are paused for themselves, a tier's resume leaves everything while the event is paused.
    update ticketing.ticket_holds h
      set expires_at = h.expires_at - make_interval(secs => 1800 - u.used), paused_seconds = u.used, paused_since = null
    from (select a.id, least(1800, extract(epoch from v_now - a.paused_since)::int) as used from ticketing.ticket_holds a
          where a.tier_id = any (v_tiers) and a.status = 'active' and a.paused_since is not null) u
    where h.id = u.id
      and (p_tier_id is not null or exists (select from ticketing.ticket_tiers t where t.id = h.tier_id and t.paused_at is null));
  end if;
  if p_tier_id is null then
    update ticketing.ticket_tiers set version = version where id = any (v_tiers);
    update events.events set sales_paused_at = case when p_paused then v_now end where id = p_event_id;
  else
    update ticketing.ticket_tiers set paused_at = case when p_paused then v_now end where id = p_tier_id;
  end if;
  return true;
end $$;
