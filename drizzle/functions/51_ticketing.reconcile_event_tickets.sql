-- Heals one event: lapsed holds are freed, counters are brought back to the rows, paid orders get the tickets they are owed, orders
-- left pending are cancelled as expired, settled refunds reach their order and tickets, posts and totals are counted again. What
-- no row proves is named for people. One row per change; a dry run (the default) says the same rows and does nothing. Safe while
-- sales run. Locks: orders by id, tiers by id, holds by id, the event's counter, tickets by id, posts by id, the totals' key.
--   tier.issued_quantity, tier.reserved_quantity   the counter differed from the tickets and active holds
--   tier.lapsed_places_freed                       places kept by holds whose time was over
--   tier.oversold                                  more taken than there is: an alarm for people, never repaired (done is false)
--   order.tickets_issued                           tickets of a paid order, before and after
--   order.tickets_owed_no_places                   a paid order misses tickets and there is no place: for people (done is false)
--   order.status                                   pending, cancelled; paid, refunded
--   order.refunded_cents                           the sum of its succeeded refunds
--   ticket.status                                  its refund succeeded: it ends, and its place returns to sale as its event says
--   order.disputed_cents                           the sum of its open and lost disputes, with its tickets on hold
--   ticket.suspended, ticket.disputed              on hold or good, as its order's refunds and disputes say
--   tier.status                                    sold_out or active, by its stock
--   counter.last_sequence                          the highest ticket number
--   post.counts                                    likes / comments
--   event.totals                                   the kept totals and curve, written anew from orders and tickets
--   any other rule of ticketing.event_violations   named by the rule, for people (done is false)
create or replace function ticketing.reconcile_event_tickets(p_event_id uuid, p_dry_run boolean default true)
returns table (what text, id uuid, before text, after text, done boolean)
language plpgsql set search_path = '' set enable_seqscan = off as $$
#variable_conflict use_column
declare
  r record; v_orders uuid[]; v_now timestamptz; v_issued int; v_active int; v_lapsed int;
  t_id uuid[] := '{}'; t_free int[] := '{}'; x int; v_fits boolean; v_tiers uuid[]; v_owed int[];
  v_dead uuid[]; v_closing uuid[] := '{}'; v_lost int; v_totals boolean; v_resells boolean; v_counter int; v_highest int;
begin
  -- orders by id: the pending ones that nothing holds, the paid ones that miss tickets, and those whose refunds did not arrive;
  -- then tiers by id
  v_orders := array(
    select o.id from ticketing.orders o
    where o.event_id = p_event_id and o.deleted_at is null
      and (o.status = 'paid' and (select coalesce(sum(i.quantity), 0) from ticketing.order_items i where i.order_id = o.id) > (select count(*) from ticketing.tickets k where k.order_id = o.id)
        or o.status = 'pending' and o.captured_at is null and not exists (select from ticketing.ticket_holds h where h.checkout_id = o.checkout_id and h.status = 'active' and h.expires_at > clock_timestamp())
           and (o.created_at < clock_timestamp() - interval '1 hour' or exists (select from ticketing.ticket_holds h where h.checkout_id = o.checkout_id))
        or o.id in (select v.id from ticketing.event_violations v where v.event_id = p_event_id and v.rule in ('order.refunded_cents', 'order.disputed_cents'))
        or o.id in (select k.order_id from ticketing.event_violations v join ticketing.tickets k on k.id = v.id
                    where v.event_id = p_event_id and v.rule in ('ticket.refunded', 'ticket.suspended', 'ticket.disputed')))
    order by o.id);
  if not p_dry_run then
    perform 1 from ticketing.orders o where o.id = any (v_orders) order by o.id for update;
    perform 1 from ticketing.ticket_tiers t where t.event_id = p_event_id order by t.id for no key update;
    perform 1 from ticketing.ticket_holds h where h.tier_id in (select t.id from ticketing.ticket_tiers t where t.event_id = p_event_id)
      and h.status = 'active' and h.expires_at <= clock_timestamp() order by h.id for update;
  end if;
  v_now := clock_timestamp();
  v_resells := (select e.resell_refunded from events.events e where e.id = p_event_id);
  v_totals := exists (select from ticketing.event_violations v where v.event_id = p_event_id and v.rule in ('event.totals', 'event.curve'));
  -- tickets whose money went back: the tiers below count without them
  v_dead := array(select v.id from ticketing.event_violations v join ticketing.tickets k on k.id = v.id
                  where v.event_id = p_event_id and v.rule = 'ticket.refunded' and k.order_id = any (v_orders) order by v.id);

  -- each tier: what the rows say, without what lapsed; one update
  for r in select t.id, t.quantity, t.issued_quantity, t.reserved_quantity from ticketing.ticket_tiers t where t.event_id = p_event_id order by t.id loop
    select count(*) filter (where k.id <> all (v_dead)), count(*) filter (where k.id = any (v_dead)) into v_issued, v_lost
    from ticketing.tickets k where k.tier_id = r.id and k.status <> 'refunded';
    r.quantity := r.quantity - case when v_resells then 0 else v_lost end;
    select coalesce(sum(h.quantity), 0), coalesce(sum(h.quantity) filter (where h.expires_at <= v_now and not ticketing.paid_in_time(h.checkout_id, h.expires_at)), 0) into v_active, v_lapsed
    from ticketing.ticket_holds h where h.tier_id = r.id and h.status = 'active';
    t_id := t_id || r.id; t_free := t_free || (r.quantity - v_issued - (v_active - v_lapsed));
    id := r.id;
    if v_issued + v_active - v_lapsed > r.quantity then
      what := 'tier.oversold'; before := r.quantity::text; after := (v_issued + v_active - v_lapsed)::text; done := false;
      return next;
      continue;
    end if;
    if not p_dry_run and v_lapsed > 0 then
      update ticketing.ticket_holds h set status = 'expired', ended_at = v_now, end_reason = 'expired'
      where h.tier_id = r.id and h.status = 'active' and h.expires_at <= v_now and not ticketing.paid_in_time(h.checkout_id, h.expires_at);
    end if;
    if not p_dry_run and (r.issued_quantity, r.reserved_quantity) is distinct from (v_issued, v_active - v_lapsed) then
      update ticketing.ticket_tiers t set issued_quantity = v_issued, reserved_quantity = v_active - v_lapsed, quantity = r.quantity where t.id = r.id;
    end if;
    done := not p_dry_run;
    if r.issued_quantity <> v_issued + v_lost then
      what := 'tier.issued_quantity'; before := r.issued_quantity::text; after := (v_issued + v_lost)::text; return next;
    end if;
    if r.reserved_quantity <> v_active then
      what := 'tier.reserved_quantity'; before := r.reserved_quantity::text; after := v_active::text; return next;
    end if;
    if v_lapsed > 0 then
      what := 'tier.lapsed_places_freed'; before := v_active::text; after := (v_active - v_lapsed)::text; return next;
    end if;
  end loop;

  -- a tier's status that its stock does not say: any update sets it right
  for r in select t.id, t.status, t.quantity from ticketing.event_violations v join ticketing.ticket_tiers t on t.id = v.id
           where v.event_id = p_event_id and v.rule = 'tier.status' order by t.id
  loop
    if not p_dry_run then update ticketing.ticket_tiers t set status = 'active' where t.id = r.id; end if;
    what := 'tier.status'; id := r.id; before := r.status::text; done := not p_dry_run;
    after := case when r.status = 'sold_out' then 'active' else 'sold_out' end;
    return next;
  end loop;

  -- the event's counter: below the highest number no ticket could be issued any more
  if not p_dry_run then perform 1 from ticketing.event_counters c where c.event_id = p_event_id for update; end if;
  select c.last_sequence, (select coalesce(max(k.sequence_number), 0) from ticketing.tickets k where k.event_id = p_event_id)
    into v_counter, v_highest from ticketing.event_counters c where c.event_id = p_event_id;
  if v_counter <> v_highest then
    if not p_dry_run then update ticketing.event_counters c set last_sequence = v_highest where c.event_id = p_event_id; end if;
    what := 'counter.last_sequence'; id := p_event_id; before := v_counter::text; after := v_highest::text; done := not p_dry_run;
    return next;
  end if;

  -- what refunds did not reach: tickets, then their orders
  for r in select k.id, k.status, k.owner_user_id from ticketing.tickets k where k.id = any (v_dead) order by k.id loop
    if not p_dry_run then
      update ticketing.tickets k set status = 'refunded', suspended_reason = null, refunded_at = v_now, redeemed_at = null where k.id = r.id;
      insert into ticketing.ticket_events (ticket_id, kind, from_user_id) values (r.id, 'refunded', r.owner_user_id);
    end if;
    what := 'ticket.status'; id := r.id; before := r.status::text; after := 'refunded'; done := not p_dry_run;
    return next;
  end loop;
  for r in select o.id, o.disputed_cents, d.cents, d.state from ticketing.orders o
           cross join lateral (
             select coalesce(sum(x.amount_cents), 0)::int as cents, case when bool_or(x.status = 'open') then 'open' when count(*) > 0 then 'lost' end as state
             from ticketing.disputes x where x.order_id = o.id and x.status in ('open', 'lost')) d
           where o.id = any (v_orders) and (o.disputed_cents, o.dispute_state) is distinct from (d.cents, d.state) order by o.id
  loop
    if not p_dry_run then
      update ticketing.orders o set disputed_cents = r.cents, dispute_state = r.state where o.id = r.id;
      perform ticketing.suspend_tickets(r.id);
    end if;
    what := 'order.disputed_cents'; id := r.id; before := r.disputed_cents::text; after := r.cents::text; done := not p_dry_run;
    return next;
  end loop;
  for r in select v.rule, k.id, k.order_id, k.suspended_reason, case when ticketing.dispute_suspends(o.dispute_state, o.disputed_cents, o.refunded_cents, coalesce(o.captured_cents, o.total_cents)) then 'dispute' end as meant
           from ticketing.event_violations v join ticketing.tickets k on k.id = v.id join ticketing.orders o on o.id = k.order_id
           where v.event_id = p_event_id and v.rule in ('ticket.suspended', 'ticket.disputed') and k.id <> all (v_dead) and k.order_id = any (v_orders)
           order by k.id
  loop
    if not p_dry_run then perform ticketing.suspend_tickets(r.order_id); end if;
    what := r.rule; id := r.id; before := r.suspended_reason; after := r.meant; done := not p_dry_run;
    return next;
  end loop;
  for r in
    select o.id, o.status, o.refunded_cents, s.returned,
      exists (select from ticketing.tickets k where k.order_id = o.id and k.status <> 'refunded' and k.id <> all (v_dead)) as keeps
    from ticketing.orders o
    cross join lateral (select coalesce(sum(f.amount_cents), 0)::int as returned from ticketing.refunds f where f.order_id = o.id and f.status = 'succeeded') s
    where o.id = any (v_orders)
      and (o.refunded_cents <> s.returned or exists (select from ticketing.tickets k where k.order_id = o.id and k.id = any (v_dead)))
    order by o.id
  loop
    if not p_dry_run then
      update ticketing.orders o set refunded_cents = r.returned, status = case when o.status = 'paid' and r.returned > 0 and not r.keeps then 'refunded' else o.status end where o.id = r.id;
    end if;
    id := r.id; done := not p_dry_run;
    if r.refunded_cents <> r.returned then
      what := 'order.refunded_cents'; before := r.refunded_cents::text; after := r.returned::text; return next;
    end if;
    if r.status = 'paid' and r.returned > 0 and not r.keeps then
      v_closing := v_closing || r.id;
      what := 'order.status'; before := 'paid'; after := 'refunded'; return next;
    end if;
  end loop;

  -- paid orders without their tickets, whole or not at all: the counters move with them, never past the quantity
  for r in
    select o.id, sum(s.has)::int as has, sum(s.owed)::int as owed, array_agg(s.tier_id order by s.tier_id) as tiers, array_agg(s.owed order by s.tier_id) as owes
    from ticketing.orders o
    join lateral (select i.tier_id, (select count(*)::int from ticketing.tickets k where k.order_id = o.id and k.tier_id = i.tier_id) as has,
                         greatest(0, i.quantity - (select count(*)::int from ticketing.tickets k where k.order_id = o.id and k.tier_id = i.tier_id)) as owed
                  from ticketing.order_items i where i.order_id = o.id) s on true
    where o.id = any (v_orders) and o.status = 'paid' and o.id <> all (v_closing) group by o.id having sum(s.owed) > 0 order by o.id
  loop
    v_tiers := r.tiers; v_owed := r.owes; v_fits := true;
    for g in 1 .. cardinality(v_tiers) loop
      x := array_position(t_id, v_tiers[g]);
      v_fits := v_fits and coalesce(v_owed[g] <= t_free[x], false);
    end loop;
    id := r.id; before := r.has::text; after := case when v_fits then r.has + r.owed else r.has end::text; done := v_fits and not p_dry_run;
    what := case when v_fits then 'order.tickets_issued' else 'order.tickets_owed_no_places' end;
    if v_fits then
      for g in 1 .. cardinality(v_tiers) loop
        x := array_position(t_id, v_tiers[g]);
        t_free[x] := t_free[x] - v_owed[g];
        if not p_dry_run and v_owed[g] > 0 then
          update ticketing.ticket_tiers t set issued_quantity = t.issued_quantity + v_owed[g] where t.id = v_tiers[g];
        end if;
      end loop;
      if not p_dry_run then perform ticketing.issue_tickets(array[r.id]), ticketing.suspend_tickets(r.id); end if;
    end if;
    return next;
  end loop;

  -- orders left pending for ever
  for r in select o.id, o.stripe_payment_intent_id from ticketing.orders o where o.id = any (v_orders) and o.status = 'pending' order by o.id loop
    if not p_dry_run then
      update ticketing.orders set status = 'cancelled', cancelled_at = clock_timestamp(), cancel_reason = 'expired' where id = r.id and status = 'pending';
      if r.stripe_payment_intent_id is not null then perform jobs.enqueue('payments.cancel-intent', jsonb_build_object('orderId', r.id)); end if;
    end if;
    what := 'order.status'; id := r.id; before := 'pending'; after := 'cancelled'; done := not p_dry_run;
    return next;
  end loop;

  -- denormalised counts of the event's posts: locked first, so that a like under way is counted before or after, never lost
  if not p_dry_run then
    perform 1 from social.event_posts p where p.event_id = p_event_id order by p.id for no key update;
  end if;
  for r in select p.id, p.like_count, p.comment_count,
      (select count(*)::int from social.event_reactions x where x.post_id = p.id and x.kind = 'like' and x.deleted_at is null and x.hidden_at is null) as likes,
      (select count(*)::int from social.event_reactions x where x.post_id = p.id and x.kind = 'comment' and x.deleted_at is null and x.hidden_at is null) as comments
    from social.event_posts p where p.event_id = p_event_id order by p.id
  loop
    if (r.like_count, r.comment_count) is not distinct from (r.likes, r.comments) then continue; end if;
    if not p_dry_run then update social.event_posts set like_count = r.likes, comment_count = r.comments where id = r.id; end if;
    what := 'post.counts'; id := r.id; before := r.like_count || ' / ' || r.comment_count; after := r.likes || ' / ' || r.comments; done := not p_dry_run;
    return next;
  end loop;

  -- the totals last: nobody waits for their key while holding another
  if v_totals then
    if not p_dry_run then perform ticketing.rebuild_event_totals(p_event_id); end if;
    what := 'event.totals'; id := p_event_id; before := null; after := null; done := not p_dry_run;
    return next;
  end if;

  -- what no row proves, for people
  for r in
    select distinct v.rule, v.id from ticketing.event_violations v
    where v.event_id = p_event_id and v.rule <> all (array['tier.status', 'counter.last_sequence', 'ticket.refunded', 'ticket.suspended',
      'ticket.disputed', 'order.refunded_cents', 'order.disputed_cents', 'event.totals', 'event.curve'])
    order by v.rule, v.id
  loop
    what := r.rule; id := r.id; before := null; after := null; done := false;
    return next;
  end loop;
end $$;
