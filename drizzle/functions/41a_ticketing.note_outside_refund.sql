-- Writes down a refund that nobody asked for through us: made in the provider's dashboard, or by another program with its key.
-- Called by the sync of a payment with what the provider lists; settle_refund says how it ended. Once per refund of the
-- provider. Its tickets follow the rule of ours: on hold while everything is on its way back, over once everything is back;
-- a part voids nothing. Locks: order, tickets by id. Outcomes: noted, known, not_captured, not_found.
create or replace function ticketing.note_outside_refund(p_order_id uuid, p_provider_refund_id text, p_amount_cents int, p_reason text, p_at timestamptz) returns jsonb
language plpgsql set search_path = '' set enable_seqscan = off as $$
declare
  v_captured int; v_refund uuid;
begin
  select o.captured_cents into v_captured from ticketing.orders o where o.id = p_order_id for update;
  if not found then return jsonb_build_object('outcome', 'not_found'); end if;
  if v_captured is null then return jsonb_build_object('outcome', 'not_captured'); end if;
  insert into ticketing.refunds (order_id, amount_cents, reason, kind, provider_refund_id, created_at)
  values (p_order_id, p_amount_cents, p_reason, 'outside', p_provider_refund_id, p_at)
  on conflict (provider_refund_id) do nothing returning id into v_refund;
  if v_refund is null then return jsonb_build_object('outcome', 'known'); end if;
  perform ticketing.suspend_tickets(p_order_id);
  update ticketing.orders set version = version where id = p_order_id;
  return jsonb_build_object('outcome', 'noted', 'refundId', v_refund);
end $$;
