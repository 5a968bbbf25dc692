-- Brings a dispute to where the provider says it stands: its row, the order's disputed money and state, its tickets' suspension,
-- in one transaction. Repeatable, in any order: an older word never follows a newer one; of won and lost the last word counts.
-- An inquiry moves no money and suspends nothing. Lost: the money stays out, and the tickets stay suspended when that is
-- all that was left of it (dispute_suspends); a bank may yet turn that around, either way. Called by the sync of a payment. Locks: order, tickets by id. Outcomes: opened, moved, changed, same, not_captured,
-- not_found.
create or replace function ticketing.apply_dispute(
  p_order_id uuid, p_provider_dispute_id text, p_status text, p_amount_cents int, p_reason text, p_opened_at timestamptz, p_respond_by timestamptz default null
) returns jsonb
language plpgsql set search_path = '' set enable_seqscan = off as $$
declare
  v_order ticketing.orders; v_dispute ticketing.disputes; v_outcome text; v_out int; v_state text;
begin
  select * into v_order from ticketing.orders where id = p_order_id for update;
  if not found then return jsonb_build_object('outcome', 'not_found'); end if;
  if v_order.captured_cents is null then return jsonb_build_object('outcome', 'not_captured'); end if;
  select * into v_dispute from ticketing.disputes where provider_dispute_id = p_provider_dispute_id;
  if not found then
    insert into ticketing.disputes (order_id, event_id, provider_dispute_id, amount_cents, status, reason, respond_by, opened_at, closed_at)
    values (p_order_id, v_order.event_id, p_provider_dispute_id, p_amount_cents, p_status, p_reason, p_respond_by, p_opened_at,
            case when p_status in ('won', 'lost', 'closed') then clock_timestamp() end)
    returning * into v_dispute;
    v_outcome := 'opened';
  elsif v_dispute.order_id <> p_order_id then
    return jsonb_build_object('outcome', 'not_found');
  elsif (v_dispute.status, p_status) in (('inquiry', 'open'), ('inquiry', 'closed'), ('inquiry', 'won'), ('inquiry', 'lost'),
                                         ('open', 'closed'), ('open', 'won'), ('open', 'lost'), ('lost', 'won'), ('won', 'lost')) then
    update ticketing.disputes set status = p_status, amount_cents = p_amount_cents, respond_by = p_respond_by,
      closed_at = case when p_status in ('won', 'lost', 'closed') then clock_timestamp() end
    where id = v_dispute.id returning * into v_dispute;
    v_outcome := 'moved';
  else
    update ticketing.disputes set respond_by = p_respond_by, amount_cents = p_amount_cents
    where id = v_dispute.id and status = p_status and (respond_by, amount_cents) is distinct from (p_respond_by, p_amount_cents);
    v_outcome := case when found then 'changed' else 'same' end;
  end if;
  if v_outcome = 'same' then return jsonb_build_object('outcome', v_outcome); end if;

  select coalesce(sum(d.amount_cents), 0)::int, case when bool_or(d.status = 'open') then 'open' when count(*) > 0 then 'lost' end
    into v_out, v_state from ticketing.disputes d where d.order_id = p_order_id and d.status in ('open', 'lost');
  update ticketing.orders set disputed_cents = v_out, dispute_state = v_state where id = p_order_id;
  perform ticketing.suspend_tickets(p_order_id);
  return jsonb_build_object('outcome', v_outcome, 'disputeId', v_dispute.id);
end $$;
