-- Gives a checkout's places back and closes its pending order. Locks: order, tiers by id, holds by id.
-- p_user_id null: by the organizer or the platform. A payment that succeeds anyway is settled as a late payment.
-- A buyer who gives back after more than a minute kept the places from others as long as a lapse does, and so does the third
-- give-back within ten minutes by this buyer or from this address; and a checkout whose place another one took when a guest became
-- an account ('replaced'): there is no end to guests. All are noted as lapses (cool-downs and shares count them), whatever the
-- reason; not what the platform takes back by itself.
-- Indexes: ticket_holds (checkout_id, tier_id), ticket_holds_person, ticket_holds_address.
create or replace function ticketing.release_checkout(p_checkout_id uuid, p_user_id uuid, p_reason text default 'by_buyer') returns jsonb
language plpgsql set search_path = '' set enable_seqscan = off as $$
declare
  v_order ticketing.orders; v_places int; v_known boolean; v_lapses boolean := false;
  v_held record;
begin
  select * into v_order from ticketing.orders where checkout_id = p_checkout_id for update;
  if v_order.status in ('paid', 'refunded') then return jsonb_build_object('outcome', 'paid'); end if;
  select count(*) > 0 and bool_and(p_user_id is null or user_id = p_user_id) into v_known from ticketing.ticket_holds where checkout_id = p_checkout_id;
  if not v_known then return jsonb_build_object('outcome', 'unknown'); end if;
  perform 1 from ticketing.ticket_tiers where id = any (array(select tier_id from ticketing.ticket_holds where checkout_id = p_checkout_id)) order by id for no key update;
  perform 1 from ticketing.ticket_holds where checkout_id = p_checkout_id order by id for update;
  if p_reason not in ('price_changed', 'event_cancelled') then
    select min(h.user_id::text)::uuid as user_id, min(h.event_id::text)::uuid as event_id, min(h.address_key) as address, min(h.created_at) as since
      into v_held from ticketing.ticket_holds h where h.checkout_id = p_checkout_id and h.status::text = 'active';
    v_lapses := p_reason = 'replaced' or v_held.since < clock_timestamp() - interval '1 minute'
      or (select count(distinct h.checkout_id) >= 2 from ticketing.ticket_holds h
          where h.user_id = v_held.user_id and h.event_id is not distinct from v_held.event_id and h.status::text = 'released'
            and h.end_reason = 'by_buyer' and h.ended_at > clock_timestamp() - interval '10 minutes')
      or (select count(distinct h.checkout_id) >= 2 from ticketing.ticket_holds h
          where h.address_key = v_held.address and h.status between 'released' and 'released'
            and h.end_reason = 'by_buyer' and h.ended_at > clock_timestamp() - interval '10 minutes');
  end if;
  with ended as (
    update ticketing.ticket_holds set status = 'released', ended_at = clock_timestamp(), end_reason = p_reason
    where checkout_id = p_checkout_id and status::text = 'active' returning tier_id, quantity, event_id, user_id, address_key
  ), noted as (
    insert into ticketing.hold_lapses (event_id, user_id, checkout_id, tier_id, address_key, quantity)
    select e.event_id, e.user_id, p_checkout_id, e.tier_id, e.address_key, e.quantity from ended e where v_lapses
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
