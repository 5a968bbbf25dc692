-- Pauses or resumes a tier (or, with p_tier_id null, the whole event). Running holds are stretched by the pause, at most 30 minutes:
-- they get all 30 at the pause and give back what was not used at the resume. Locks: tiers by id, holds by id, the event last.
create or replace function ticketing.pause_sales(p_event_id uuid, p_tier_id uuid, p_paused boolean) returns boolean
language plpgsql set search_path = '' set enable_seqscan = off as $$
declare
  v_tiers uuid[]; v_since timestamptz; v_changed boolean; v_unused int;
begin
  v_tiers := array(select id from ticketing.ticket_tiers where event_id = p_event_id and (p_tier_id is null or id = p_tier_id) order by id for no key update);
  if cardinality(v_tiers) = 0 then return false; end if;
  if p_tier_id is null then select sales_paused_at into v_since from events.events where id = p_event_id;
  else select paused_at into v_since from ticketing.ticket_tiers where id = p_tier_id; end if;
  v_changed := (v_since is null) = p_paused;
  if not v_changed then return false; end if;

  perform 1 from ticketing.ticket_holds where tier_id = any (v_tiers) and status = 'active' order by id for update;
  if p_paused then
    update ticketing.ticket_holds set expires_at = expires_at + make_interval(secs => 1800 - paused_seconds), paused_seconds = 1800
    where tier_id = any (v_tiers) and status = 'active' and expires_at > clock_timestamp();
  else
    v_unused := greatest(0, 1800 - extract(epoch from clock_timestamp() - v_since)::int);
    update ticketing.ticket_holds set expires_at = expires_at - make_interval(secs => least(v_unused, paused_seconds)), paused_seconds = paused_seconds - least(v_unused, paused_seconds)
    where tier_id = any (v_tiers) and status = 'active' and paused_seconds > 0 and created_at <= v_since;
  end if;
  if p_tier_id is null then
    update ticketing.ticket_tiers set version = version where id = any (v_tiers);
    update events.events set sales_paused_at = case when p_paused then clock_timestamp() end where id = p_event_id;
  else
    update ticketing.ticket_tiers set paused_at = case when p_paused then clock_timestamp() end where id = p_tier_id;
  end if;
  return true;
end $$;
