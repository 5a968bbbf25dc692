-- extend_checkout for many at once, in one transaction; answers in the order given. Locks: tiers by id, holds by id, all of them
-- before the first is decided. Called by the combiner. Bounded: at most 256 checkouts a call.
create or replace function ticketing.extend_checkouts(p_checkout_ids uuid[], p_user_ids uuid[]) returns table (outcome text)
language plpgsql set search_path = '' set enable_seqscan = off as $$
#variable_conflict use_column
begin
  perform 1 from ticketing.ticket_tiers where id = any (array(select tier_id from ticketing.ticket_holds where checkout_id = any (p_checkout_ids)))
    order by id for no key update;
  perform 1 from ticketing.ticket_holds where checkout_id = any (p_checkout_ids) order by id for update;
  for i in 1 .. cardinality(p_checkout_ids) loop
    outcome := ticketing.extend_checkout(p_checkout_ids[i], p_user_ids[i]) ->> 'outcome';
    return next;
  end loop;
end $$;
