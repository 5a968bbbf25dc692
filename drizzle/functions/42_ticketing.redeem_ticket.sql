-- Admits once, by one guarded statement; every attempt is written to analytics.scan_logs. The verb has checked the scanner's role and the signature.
-- Outcomes: admitted, already, stale, suspended, disputed, refunded, wrong_event, wrong_day, forged.
create or replace function ticketing.redeem_ticket(p_qr_code text, p_event_id uuid, p_actor uuid, p_gate text default null) returns jsonb
language plpgsql set search_path = '' set enable_seqscan = off as $$
declare
  v_ticket ticketing.tickets; v_event events.events; v_outcome text; v_now timestamptz := clock_timestamp();
begin
  select e.* into v_event from events.events e where e.id = p_event_id;
  -- the event's counter before its tickets, as everywhere
  insert into ticketing.event_counters (event_id, last_sequence)
  select p_event_id, coalesce((select max(k.sequence_number) from ticketing.tickets k where k.event_id = p_event_id), 0)
  where not exists (select from ticketing.event_counters c where c.event_id = p_event_id) on conflict do nothing;
  perform 1 from ticketing.event_counters c where c.event_id = p_event_id for update;
  update ticketing.tickets k
    set status_before_redeem = k.status, status = 'redeemed', redeemed_at = v_now, redeemed_by = p_actor, gate = p_gate
    where k.qr_code = p_qr_code and k.event_id is not distinct from p_event_id and k.status in ('issued', 'transferred') and k.suspended_reason is null
      and v_now between coalesce(v_event.doors_at, v_event.start_at) - interval '2 hours' and events.over_at(v_event.start_at, v_event.end_at) + interval '2 hours'
    returning k.* into v_ticket;
  if found then
    v_outcome := 'admitted';
    insert into ticketing.ticket_events (ticket_id, kind, to_user_id, actor_user_id, detail) values (v_ticket.id, 'redeemed', v_ticket.owner_user_id, p_actor, jsonb_strip_nulls(jsonb_build_object('gate', p_gate)));
    update ticketing.event_counters c set version = c.version + 1 where c.event_id = p_event_id;
  else
    select k.* into v_ticket from ticketing.tickets k where k.qr_code = p_qr_code;
    v_outcome := case
      when v_ticket.id is null then 'stale'
      when v_ticket.event_id <> p_event_id then 'wrong_event'
      when v_ticket.status = 'redeemed' then 'already'
      when v_ticket.status = 'refunded' then 'refunded'
      when v_ticket.suspended_reason = 'dispute' then 'disputed'
      when v_ticket.suspended_reason is not null then 'suspended'
      else 'wrong_day' end;
  end if;
  insert into analytics.scan_logs (event_id, ticket_id, outcome, gate, scanned_by) values (p_event_id, v_ticket.id, v_outcome, p_gate, p_actor);
  return jsonb_strip_nulls(jsonb_build_object('outcome', v_outcome, 'ticketId', case when v_outcome not in ('wrong_event', 'stale') then v_ticket.id end,
    'redeemedAt', (extract(epoch from v_ticket.redeemed_at) * 1000)::bigint, 'gate', v_ticket.gate));
end $$;
