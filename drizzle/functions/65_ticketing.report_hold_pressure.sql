-- A process says how hard it is pressed for an event's places: asked and decided per second. When all processes together
-- were asked more than twice what they decided for five seconds, the event's room opens by itself, unless its organizer
-- switched that off. True when it opened now. A report older than two seconds counts for nothing, and fewer than 50 requests
-- a second over all processes are no rush, whatever becomes of them.
-- Called by each process that is asked, twice a second per event. Locks: one key per event, because the reports of an event
-- write each other's rows and would wait for each other in a ring.
create or replace function ticketing.report_hold_pressure(p_event_id uuid, p_node text, p_requests double precision, p_drain double precision)
returns boolean
language plpgsql set search_path = '' as $$
declare
  v_now timestamptz;
  v_hot boolean; v_since timestamptz; v_count int := 0;
begin
  perform pg_advisory_xact_lock(hashtextextended(p_event_id::text, 9));
  v_now := clock_timestamp();
  insert into ticketing.hold_pressure (event_id, node, requests, drain, measured_at) values (p_event_id, p_node, p_requests, p_drain, v_now)
  on conflict (event_id, node) do update
    set requests = excluded.requests, drain = excluded.drain, measured_at = excluded.measured_at,
        hot_since = case when ticketing.hold_pressure.measured_at > v_now - interval '2 seconds' then ticketing.hold_pressure.hot_since end;
  select sum(p.requests) >= 50 and sum(p.requests) > 2 * sum(p.drain), min(p.hot_since) into v_hot, v_since
  from ticketing.hold_pressure p where p.event_id = p_event_id and p.measured_at > v_now - interval '2 seconds';
  v_since := case when v_hot then coalesce(v_since, v_now) end;
  update ticketing.hold_pressure p set hot_since = v_since where p.event_id = p_event_id and p.node = p_node;
  if not v_hot then update ticketing.hold_pressure p set hot_since = null where p.event_id = p_event_id and p.hot_since is not null; end if;
  if v_since > v_now - interval '5 seconds' or v_since is null then return false; end if;
  insert into ticketing.waiting_rooms (event_id, state, opened_by, drawn_at)
  select e.id, 'open', 'pressure', v_now from events.events e
  where e.id = p_event_id and e.waiting_room = 'by_itself' and exists (
    select from ticketing.ticket_tiers t where t.event_id = e.id and ticketing.closed_reason(t, e, v_now) is null and t.issued_quantity < t.quantity)
  on conflict (event_id) where state <> 'closed' do nothing;
  get diagnostics v_count = row_count;
  return v_count > 0;
end $$;
