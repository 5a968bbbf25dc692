-- The provider's last word on a refund. Succeeded: tickets end, places return, the order's refunded amount moves. Failed: the suspension ends.
-- Idempotent. Locks: order, then what void_tickets locks, then the refund.
create or replace function ticketing.settle_refund(p_refund_id uuid, p_succeeded boolean, p_provider_refund_id text, p_failure text default null) returns jsonb
language plpgsql set search_path = '' set enable_seqscan = off as $$
declare
  v_refund ticketing.refunds; v_order ticketing.orders; v_tickets uuid[]; v_kept boolean;
begin
  select o.* into v_order from ticketing.orders o where o.id = (select r.order_id from ticketing.refunds r where r.id = p_refund_id) for update;
  if not found then return jsonb_build_object('outcome', 'not_found'); end if;
  select * into v_refund from ticketing.refunds where id = p_refund_id;
  if v_refund.status <> 'pending' then return jsonb_build_object('outcome', 'settled', 'status', v_refund.status); end if;
  v_tickets := array(select ticket_id from ticketing.refund_tickets where refund_id = p_refund_id order by ticket_id);

  if p_succeeded then
    if cardinality(v_tickets) > 0 then perform ticketing.void_tickets(v_tickets, v_refund.initiated_by); end if;
    update ticketing.refunds set status = 'succeeded', provider_refund_id = p_provider_refund_id, settled_at = clock_timestamp() where id = p_refund_id and status = 'pending';
    perform 1 from ticketing.tickets k where k.order_id = v_order.id and k.status <> 'refunded' limit 1;
    v_kept := found;
    update ticketing.orders o set refunded_cents = o.refunded_cents + v_refund.amount_cents,
      status = case when o.status = 'paid' and not v_kept then 'refunded' else o.status end
    where o.id = v_order.id;
  else
    perform 1 from ticketing.tickets where id = any (v_tickets) order by id for update;
    update ticketing.tickets set suspended_reason = null where id = any (v_tickets) and suspended_reason = 'refund';
    insert into ticketing.ticket_events (ticket_id, kind) select unnest(v_tickets), 'unsuspended';
    update ticketing.refunds set status = 'failed', provider_refund_id = p_provider_refund_id, failure = p_failure, settled_at = clock_timestamp() where id = p_refund_id and status = 'pending';
    update ticketing.orders set version = version where id = v_order.id;
  end if;
  return jsonb_build_object('outcome', case when p_succeeded then 'succeeded' else 'failed' end, 'orderId', v_order.id);
end $$;
