-- Cancels pending orders whose holds have all ended, one bounded batch. Follows the expiry in a transaction of its own.
-- Orders without any hold (loaded from elsewhere) are stale after an hour. Locks orders by id, SKIP LOCKED. Index: orders_pending.
create or replace function ticketing.cancel_lapsed_orders(p_event_id uuid default null, p_limit int default 500) returns setof uuid
language plpgsql set search_path = '' set enable_seqscan = off set enable_hashjoin = off set enable_mergejoin = off as $$
declare
  r record;
begin
  for r in
    select o.id, o.stripe_payment_intent_id from ticketing.orders o
    where o.status = 'pending' and o.deleted_at is null and (p_event_id is null or o.event_id = p_event_id)
      and not exists (select from ticketing.ticket_holds h where h.checkout_id = o.checkout_id and h.status::text = 'active')
      and (o.created_at < clock_timestamp() - interval '1 hour' or exists (select from ticketing.ticket_holds h where h.checkout_id = o.checkout_id))
    order by o.id limit p_limit for update of o skip locked
  loop
    -- the hold may have been made again between the read and the lock
    continue when exists (select from ticketing.ticket_holds h join ticketing.orders o on o.checkout_id = h.checkout_id where o.id = r.id and h.status::text = 'active');
    -- places that their buyer exchanged for others were given back by her
    update ticketing.orders o set status = 'cancelled', cancelled_at = clock_timestamp(),
      cancel_reason = case when exists (select from ticketing.ticket_holds h where h.checkout_id = o.checkout_id and h.end_reason = 'replaced') then 'by_buyer' else 'expired' end
    where o.id = r.id and o.status = 'pending';
    if r.stripe_payment_intent_id is not null then
      perform jobs.enqueue('payments.cancel-intent', jsonb_build_object('orderId', r.id));
    end if;
    return next r.id;
  end loop;
end $$;
