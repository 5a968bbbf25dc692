-- Takes an admission back to the ticket's former state, logged. Outcomes: undone, not_redeemed.
create or replace function ticketing.undo_redeem(p_ticket_id uuid, p_event_id uuid, p_actor uuid) returns jsonb
language plpgsql set search_path = '' set enable_seqscan = off as $$
declare
  v_ticket ticketing.tickets;
begin
  perform 1 from ticketing.event_counters c where c.event_id = p_event_id for update;
  update ticketing.tickets k set status = coalesce(k.status_before_redeem, 'issued'), redeemed_at = null, redeemed_by = null, gate = null, status_before_redeem = null
  where k.id = p_ticket_id and k.event_id is not distinct from p_event_id and k.status = 'redeemed' returning k.* into v_ticket;
  if not found then return jsonb_build_object('outcome', 'not_redeemed'); end if;
  insert into ticketing.ticket_events (ticket_id, kind, to_user_id, actor_user_id) values (v_ticket.id, 'undone', v_ticket.owner_user_id, p_actor);
  insert into analytics.scan_logs (event_id, ticket_id, outcome, scanned_by) values (p_event_id, v_ticket.id, 'undone', p_actor);
  update ticketing.event_counters set version = version + 1 where event_id = p_event_id;
  return jsonb_build_object('outcome', 'undone');
end $$;
