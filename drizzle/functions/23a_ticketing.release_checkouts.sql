-- release_checkout for many at once, in one transaction; answers in the order given. Locks: orders by id, tiers by id, holds by id,
-- all of them before the first is decided. An order that was made after the orders were locked is never locked here, after a
-- tier: its checkout is answered with 'again'. Called by the combiner. Bounded: at most 256 checkouts a call.
create or replace function ticketing.release_checkouts(p_checkout_ids uuid[], p_user_ids uuid[]) returns table (outcome text)
language plpgsql set search_path = '' set enable_seqscan = off as $$
#variable_conflict use_column
declare
  v_orders uuid[];
begin
  v_orders := array(select id from ticketing.orders where checkout_id = any (p_checkout_ids) order by id for update);
  perform 1 from ticketing.ticket_tiers where id = any (array(select tier_id from ticketing.ticket_holds where checkout_id = any (p_checkout_ids)))
    order by id for no key update;
  perform 1 from ticketing.ticket_holds where checkout_id = any (p_checkout_ids) order by id for update;
  for i in 1 .. cardinality(p_checkout_ids) loop
    if exists (select from ticketing.orders where checkout_id = p_checkout_ids[i] and not id = any (v_orders)) then outcome := 'again';
    else outcome := ticketing.release_checkout(p_checkout_ids[i], p_user_ids[i]) ->> 'outcome';
    end if;
    return next;
  end loop;
end $$;
