-- Gives a checkout's places back and closes its pending order. Locks: order, tiers by id, holds by id.
-- p_user_id null: by the organizer or the platform. A payment that succeeds anyway is settled as a late payment.
create or replace function ticketing.release_checkout(p_checkout_id uuid, p_user_id uuid, p_reason text default 'by_buyer') returns jsonb
language plpgsql set search_path = '' set enable_seqscan = off as $$
declare
  v_order ticketing.orders; v_places int; v_known boolean;
begin
  select * into v_order from ticketing.orders where checkout_id = p_checkout_id for update;
  if v_order.status in ('paid', 'refunded') then return jsonb_build_object('outcome', 'paid'); end if;
  select count(*) > 0 and bool_and(p_user_id is null or user_id = p_user_id) into v_known from ticketing.ticket_holds where checkout_id = p_checkout_id;
  if not v_known then return jsonb_build_object('outcome', 'unknown'); end if;
  perform 1 from ticketing.ticket_tiers where id = any (array(select tier_id from ticketing.ticket_holds where checkout_id = p_checkout_id)) order by id for no key update;
  perform 1 from ticketing.ticket_holds where checkout_id = p_checkout_id order by id for update;
  with ended as (
    update ticketing.ticket_holds set status = 'released', ended_at = clock_timestamp(), end_reason = p_reason
    where checkout_id = p_checkout_id and status::text = 'active' returning tier_id, quantity
  ), back as (
    update ticketing.ticket_tiers t set reserved_quantity = t.reserved_quantity - e.quantity from ended e where t.id = e.tier_id returning e.quantity
  )
  select coalesce(sum(quantity), 0) into v_places from back;
  if v_order.status = 'pending' then
    update ticketing.orders set status = 'cancelled', cancelled_at = clock_timestamp(),
      cancel_reason = case p_reason when 'event_cancelled' then 'event_cancelled' else 'by_buyer' end where id = v_order.id;
    if v_order.stripe_payment_intent_id is not null then
      perform jobs.enqueue('payments.cancel-intent', jsonb_build_object('orderId', v_order.id));
    end if;
  end if;
  return jsonb_build_object('outcome', case when v_places > 0 then 'released' else 'ended' end, 'places', v_places);
end $$;
