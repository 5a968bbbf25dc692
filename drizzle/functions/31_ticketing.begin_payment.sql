-- Before the provider is called: the hold must live for ten more seconds; with less than five minutes left it is extended (once).
-- Locks: order, tiers by id, holds by id. Outcomes: ready, too_late, hold_expired, paid, closed, unknown.
create or replace function ticketing.begin_payment(p_order_id uuid, p_user_id uuid) returns jsonb
language plpgsql set search_path = '' set enable_seqscan = off as $$
declare
  v_order ticketing.orders; v_until timestamptz; v_alive boolean;
begin
  select * into v_order from ticketing.orders where id = p_order_id and user_id = p_user_id for update;
  if not found then return jsonb_build_object('outcome', 'unknown'); end if;
  if v_order.status in ('paid', 'refunded') then return jsonb_build_object('outcome', 'paid'); end if;
  perform 1 from ticketing.ticket_tiers where id = any (array(select tier_id from ticketing.ticket_holds where checkout_id = v_order.checkout_id))
    order by id for no key update;
  perform 1 from ticketing.ticket_holds where checkout_id = v_order.checkout_id order by id for update;
  select min(expires_at), bool_and(status = 'active' and expires_at > clock_timestamp()) into v_until, v_alive
  from ticketing.ticket_holds where checkout_id = v_order.checkout_id;
  if not coalesce(v_alive, false) then return jsonb_build_object('outcome', 'hold_expired'); end if;
  if v_order.status <> 'pending' then return jsonb_build_object('outcome', 'closed'); end if;
  if v_until < clock_timestamp() + interval '10 seconds' then return jsonb_build_object('outcome', 'too_late'); end if;
  if v_until < clock_timestamp() + interval '5 minutes' then
    perform ticketing.extend_checkout(v_order.checkout_id, p_user_id);
    select min(expires_at) into v_until from ticketing.ticket_holds where checkout_id = v_order.checkout_id;
  end if;
  update ticketing.orders set payment_state = 'started', payment_error = null where id = p_order_id and payment_state in ('none', 'failed', 'started');
  return jsonb_build_object('outcome', 'ready', 'expiresAt', (extract(epoch from v_until) * 1000)::bigint, 'totalCents', v_order.total_cents,
    'currency', v_order.currency, 'paymentIntentId', v_order.stripe_payment_intent_id, 'code', v_order.code);
end $$;
