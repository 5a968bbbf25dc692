-- Five more minutes, once, by the buyer or when payment starts late; never past created_at + 20 minutes (and a pause's length).
-- Locks tiers by id, holds by id. Returns the new expiry, or why not: extended, already, ended, unknown.
create or replace function ticketing.extend_checkout(p_checkout_id uuid, p_user_id uuid) returns jsonb
language plpgsql set search_path = '' set enable_seqscan = off as $$
declare
  v_holds int; v_alive int; v_extended int; v_until timestamptz;
begin
  perform 1 from ticketing.ticket_tiers where id = any (array(select tier_id from ticketing.ticket_holds where checkout_id = p_checkout_id and user_id = p_user_id))
    order by id for no key update;
  perform 1 from ticketing.ticket_holds where checkout_id = p_checkout_id and user_id = p_user_id order by id for update;
  select count(*), count(*) filter (where status = 'active' and expires_at > clock_timestamp()), count(extended_at), min(expires_at)
    into v_holds, v_alive, v_extended, v_until
  from ticketing.ticket_holds where checkout_id = p_checkout_id and user_id = p_user_id;
  if v_holds = 0 then return jsonb_build_object('outcome', 'unknown'); end if;
  if v_alive < v_holds then return jsonb_build_object('outcome', 'ended'); end if;
  if v_extended > 0 then return jsonb_build_object('outcome', 'already', 'expiresAt', (extract(epoch from v_until) * 1000)::bigint); end if;
  update ticketing.ticket_holds
    set extended_at = clock_timestamp(),
        expires_at = least(expires_at + interval '5 minutes', created_at + interval '20 minutes' + make_interval(secs => paused_seconds))
    where checkout_id = p_checkout_id and status::text = 'active';
  select min(expires_at) into v_until from ticketing.ticket_holds where checkout_id = p_checkout_id;
  return jsonb_build_object('outcome', 'extended', 'expiresAt', (extract(epoch from v_until) * 1000)::bigint);
end $$;
