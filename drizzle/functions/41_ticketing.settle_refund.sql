-- The provider's word on a refund. Idempotent. Outcomes: succeeded, failed, taken_back, settled, not_found.
--   succeeded    its tickets end, places return, the order's refunded amount moves; so do all tickets once everything is back,
--                what the bank took for good included
--   failed       the suspension ends; what went back by itself is owed to the buyer
--   taken_back   it had succeeded and the bank sent it back: the amount moves back and is owed; tickets stay as they are
-- Locks: order, then what void_tickets locks, then the refund.
create or replace function ticketing.settle_refund(p_refund_id uuid, p_succeeded boolean, p_provider_refund_id text, p_failure text default null) returns jsonb
language plpgsql set search_path = '' set enable_seqscan = off as $$
declare
  v_refund ticketing.refunds; v_order ticketing.orders; v_tickets uuid[]; v_kept boolean; v_outcome text;
begin
  select o.* into v_order from ticketing.orders o where o.id = (select r.order_id from ticketing.refunds r where r.id = p_refund_id) for update;
  if not found then return jsonb_build_object('outcome', 'not_found'); end if;
  select * into v_refund from ticketing.refunds where id = p_refund_id;
  v_outcome := case
    when v_refund.status = 'pending' and p_succeeded then 'succeeded'
    when v_refund.status = 'pending' then 'failed'
    when v_refund.status = 'succeeded' and not p_succeeded then 'taken_back'
    else 'settled' end;
  if v_outcome = 'settled' then return jsonb_build_object('outcome', v_outcome, 'status', v_refund.status); end if;

  if v_outcome = 'succeeded' then
    v_tickets := case
      when v_order.refunded_cents + v_refund.amount_cents + case when v_order.dispute_state = 'lost' then v_order.disputed_cents else 0 end
           >= coalesce(v_order.captured_cents, v_order.total_cents)
        then array(select k.id from ticketing.tickets k where k.order_id = v_order.id and k.status <> 'refunded' order by k.id)
      else array(select x.ticket_id from ticketing.refund_tickets x where x.refund_id = p_refund_id order by x.ticket_id) end;
    if cardinality(v_tickets) > 0 then
      perform ticketing.void_tickets(v_tickets, v_refund.initiated_by);
      insert into ticketing.refund_tickets (refund_id, ticket_id) select p_refund_id, unnest(v_tickets) on conflict do nothing;
    end if;
    update ticketing.refunds set status = 'succeeded', provider_refund_id = p_provider_refund_id, settled_at = clock_timestamp() where id = p_refund_id and status = 'pending';
    perform 1 from ticketing.tickets k where k.order_id = v_order.id and k.status <> 'refunded' limit 1;
    v_kept := found;
    update ticketing.orders o set refunded_cents = o.refunded_cents + v_refund.amount_cents,
      status = case when o.status = 'paid' and not v_kept then 'refunded' else o.status end
    where o.id = v_order.id;
  elsif v_outcome = 'failed' then
    update ticketing.refunds set status = 'failed', provider_refund_id = p_provider_refund_id, failure = p_failure, settled_at = clock_timestamp() where id = p_refund_id and status = 'pending';
    update ticketing.orders o
    set due_back_cents = case when v_refund.kind in ('late_payment', 'amount_mismatch') then least(o.captured_cents, o.refunded_cents + v_refund.amount_cents) else o.due_back_cents end
    where o.id = v_order.id;
  else
    update ticketing.refunds set status = 'failed', failure = p_failure, taken_back_at = clock_timestamp() where id = p_refund_id and status = 'succeeded';
    update ticketing.orders o set due_back_cents = greatest(o.due_back_cents, o.refunded_cents), refunded_cents = o.refunded_cents - v_refund.amount_cents where o.id = v_order.id;
  end if;
  if v_kept is distinct from false then perform ticketing.suspend_tickets(v_order.id, v_refund.initiated_by); end if;
  return jsonb_build_object('outcome', v_outcome, 'orderId', v_order.id);
end $$;
