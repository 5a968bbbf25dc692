-- Frees lapsed holds: one bounded batch, tiers in id order with SKIP LOCKED, so any number of processes may run it while sales run.
-- Never locks an order; cancel_lapsed_orders follows in its own transaction. p_dry_run says what it would do and changes nothing.
create or replace function public.cleanup_expired_ticket_holds(p_event_id uuid default null, p_dry_run boolean default false, p_limit int default 1000)
returns table (what text, id uuid, before int, after int, done boolean)
language plpgsql set search_path = '' set enable_seqscan = off set enable_hashjoin = off set enable_mergejoin = off as $$
#variable_conflict use_column
declare
  r record; v_freed int; v_left int := p_limit; v_now constant timestamptz := clock_timestamp();
begin
  if p_dry_run then
    return query
      select 'tier.reserved_quantity'::text, t.id, t.reserved_quantity, t.reserved_quantity - s.lapsed, false
      from ticketing.ticket_tiers t
      join (select h.tier_id, sum(h.quantity)::int as lapsed from ticketing.ticket_holds h
            where h.status = 'active' and h.expires_at <= clock_timestamp() and not ticketing.paid_in_time(h.checkout_id, h.expires_at) and (p_event_id is null or h.event_id = p_event_id) group by 1) s on s.tier_id = t.id
      order by t.id;
    return;
  end if;
  for r in
    select t.id, t.reserved_quantity from ticketing.ticket_tiers t
    where (p_event_id is null or t.event_id = p_event_id)
      and t.reserved_quantity > 0
      -- one look into the index per tier, however many holds are alive
      and (select true from ticketing.ticket_holds h where h.tier_id = t.id and h.status = 'active' and h.expires_at <= v_now limit 1)
    order by t.id for no key update of t skip locked
  loop
    exit when v_left <= 0;
    begin
      v_freed := ticketing.expire_tier_holds(r.id, v_left);
    exception when check_violation then
      -- The counter of this tier is wrong: event_health names it, reconcile heals it, and every other tier is freed meanwhile.
      raise warning 'tier %: %', r.id, sqlerrm;
      continue;
    end;
    v_left := v_left - v_freed;
    if v_freed > 0 then
      what := 'tier.reserved_quantity'; id := r.id; before := r.reserved_quantity; after := r.reserved_quantity - v_freed; done := true;
      return next;
    end if;
  end loop;
end $$;
