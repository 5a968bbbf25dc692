-- Completes one order; the outcome and its tickets. See complete_orders_batch. Refuses a total above zero without a captured amount.
create or replace function ticketing.complete_order_atomic(p_order_id uuid, p_provider_payment_id text default null, p_captured_cents bigint default null)
returns jsonb language plpgsql set search_path = '' set enable_seqscan = off as $$
declare
  v_outcome text;
begin
  select b.outcome into v_outcome from ticketing.complete_orders_batch(array[p_order_id], array[p_provider_payment_id], array[p_captured_cents]) b;
  if v_outcome = 'not_captured' then
    raise exception 'ORDER_NOT_CAPTURED: order % has a total and no captured amount', p_order_id using errcode = 'invalid_parameter_value';
  end if;
  return jsonb_build_object('outcome', v_outcome, 'tickets', coalesce((
    select jsonb_agg(jsonb_build_object('id', k.id, 'tierId', k.tier_id, 'sequenceNumber', k.sequence_number, 'qrCode', k.qr_code) order by k.sequence_number)
    from ticketing.tickets k where k.order_id = p_order_id), '[]'));
end $$;
