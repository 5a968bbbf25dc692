-- Pending orders and their holds become paid orders and their tickets; one transaction, any number of orders (at most 256).
--
-- Called from the webhook, the return page, the reconciler, free checkout and psql, alone (complete_order_atomic) or in batches.
-- Idempotent. A payment is late or not by the time it was captured (orders.captured_at, see note_capture; now where that is not
-- known), not by the time it is worked on. Outcomes per order:
--   completed       its holds were alive
--   reacquired      its holds had ended, all its places could be taken again at the frozen quote, limits included
--   already_paid    nothing to do
--   no_places       late and the places are gone, given back or exchanged, or the event is over or cancelled: a full refund is written
--                   and enqueued
--   amount_mismatch captured another amount: never fulfilled, everything captured goes back
--   not_captured    a total above zero without a captured amount: nothing happens
--   not_found
-- Locks: orders by id, tiers by id, holds by id, person keys, mailbox keys, event counters by event id. Indexes: primary keys,
-- ticket_holds (checkout_id, tier_id), orders_mailbox.
create or replace function ticketing.complete_orders_batch(p_order_ids uuid[], p_payment_ids text[], p_captured_cents bigint[])
returns table (order_id uuid, outcome text)
language plpgsql set search_path = '' set enable_seqscan = off set enable_hashjoin = off set enable_mergejoin = off as $$
#variable_conflict use_column
declare
  n constant int := cardinality(p_order_ids);
  v_now timestamptz;
  r record; h record; i int; x int;
  o_id uuid[] := '{}'; o_outcome text[] := '{}'; o_payment text[] := '{}'; o_captured bigint[] := '{}'; o_late boolean[] := '{}';
  t_locked uuid[]; t_id uuid[] := '{}'; t_free int[] := '{}'; t_reserved int[] := '{}'; t_issued int[] := '{}'; t_closed text[] := '{}';
  v_outcome text; v_fits boolean; v_alive boolean; v_have int; v_sum int; v_dead uuid[] := '{}'; v_used uuid[] := '{}'; v_done uuid[] := '{}'; v_back jsonb := '[]';
  v_plain boolean;
  v_given jsonb := '{}'; v_late jsonb := '{}'; v_refund uuid; v_settled text;
begin
  if n = 0 then return; end if;

  -- 1. orders by id
  perform 1 from ticketing.orders where id = any (p_order_ids) order by id for update;

  -- 2. tiers by id: those of the lines, and those of the holds should they differ. Read in a statement of its own: after a wait
  -- the locked row is new, but its event would still be the one from before the wait, perhaps cancelled since.
  t_locked := array(
    select t.id from ticketing.ticket_tiers t
    where t.id = any (array(select i.tier_id from ticketing.order_items i where i.order_id = any (p_order_ids)
                          union select k.tier_id from ticketing.ticket_holds k join ticketing.orders o on o.checkout_id = k.checkout_id where o.id = any (p_order_ids)))
    order by t.id for no key update);
  for r in
    select t.id, t.quantity - t.issued_quantity - t.reserved_quantity as free,
           case when e.status = 'cancelled' then 'event_cancelled' when events.over_at(e.start_at, e.end_at) <= clock_timestamp() then 'event_ended' end as closed
    from ticketing.ticket_tiers t join events.events e on e.id = t.event_id
    where t.id = any (t_locked)
    order by t.id
  loop
    t_id := t_id || r.id; t_free := t_free || r.free; t_closed := array_append(t_closed, r.closed); t_reserved := t_reserved || 0; t_issued := t_issued || 0;
  end loop;

  -- 3. holds by id
  perform 1 from ticketing.ticket_holds k where k.checkout_id = any (array(select o.checkout_id from ticketing.orders o where o.id = any (p_order_ids))) order by k.id for update;

  -- 4. person keys of the late ones, then their mailbox keys (create_order takes the same)
  v_now := clock_timestamp();
  perform pg_advisory_xact_lock(s.key) from (
    select distinct k.rank, k.key from (
      select o.event_id, o.user_id, o.mailbox from ticketing.orders o
      where o.id = any (p_order_ids) and not exists (select from ticketing.ticket_holds h where h.checkout_id = o.checkout_id and h.status::text = 'active' and h.expires_at > least(v_now, o.captured_at))
      offset 0) o
    cross join lateral (values (1, ticketing.person_key(o.event_id, o.user_id)), (2, hashtextextended(o.event_id::text || public.normal_mailbox(o.mailbox), 4))) k(rank, key)
    order by 1, 2) s;

  -- A late payment that finds a tier full frees that tier's lapsed holds first, like everyone who asks for a place.
  for r in
    select i.tier_id, sum(i.quantity) as wanted from ticketing.orders o join ticketing.order_items i on i.order_id = o.id
    where o.id = any (p_order_ids) and o.status in ('pending', 'cancelled')
      and not exists (select from ticketing.ticket_holds k where k.checkout_id = o.checkout_id and k.status::text = 'active' and k.expires_at > least(v_now, o.captured_at))
    group by i.tier_id order by i.tier_id
  loop
    x := array_position(t_id, r.tier_id);
    if r.wanted > t_free[x] then t_free[x] := t_free[x] + ticketing.expire_tier_holds(r.tier_id, 1000); end if;
  end loop;

  -- 5. decide. A rush together: each order once, pending, paid what it owes, its holds alive and equal to its lines. With one
  -- that is not so, the loop below decides all, in the order given. The looks are columns, not conditions: those could be met
  -- by an index whose other rows grow with sales.
  select bool_and(coalesce(c.plain, false)) and count(distinct c.id) = n, array_agg(c.id order by c.ord), array_agg(c.payment order by c.ord), array_agg(c.captured order by c.ord)
    into v_plain, o_id, o_payment, o_captured
  from (
    select u.ord, u.id, u.payment, u.captured,
           o.status = 'pending' and coalesce(u.captured, 0) = o.total_cents
           and not exists (select from ticketing.refunds f where f.order_id = o.id and f.kind in ('late_payment', 'amount_mismatch'))
           and (select coalesce(bool_and(k.status = 'active' and k.expires_at > least(v_now, o.captured_at) and k.tier_id = any (t_id)), false) from ticketing.ticket_holds k where k.checkout_id = o.checkout_id)
           and (select coalesce(bool_and(k.quantity is not distinct from i.quantity and t_closed[array_position(t_id, i.tier_id)] is distinct from 'event_cancelled'), false)
                  from ticketing.order_items i left join ticketing.ticket_holds k on k.checkout_id = o.checkout_id and k.tier_id = i.tier_id
                 where i.order_id = o.id) as plain
    from unnest(p_order_ids, p_payment_ids, p_captured_cents) with ordinality u(id, payment, captured, ord)
    left join ticketing.orders o on o.id = u.id
  ) c;
  if v_plain then
    o_late := array_fill(false, array[n]); v_done := o_id;
    v_used := array(select k.id from ticketing.ticket_holds k where k.checkout_id = any (array(select o.checkout_id from ticketing.orders o where o.id = any (o_id))));
    for r in select k.tier_id, sum(k.quantity)::int as places from ticketing.ticket_holds k where k.id = any (v_used) group by k.tier_id loop
      x := array_position(t_id, r.tier_id);
      t_reserved[x] := t_reserved[x] - r.places;
    end loop;
    for r in select i.tier_id, sum(i.quantity)::int as places from ticketing.order_items i where i.order_id = any (o_id) group by i.tier_id loop
      x := array_position(t_id, r.tier_id);
      t_issued[x] := t_issued[x] + r.places;
    end loop;
    return query select u.id, 'completed'::text from unnest(p_order_ids) with ordinality u(id, ord) order by u.ord;
  else
    o_id := '{}'; o_payment := '{}'; o_captured := '{}';
  end if;

  for r in
    select u.ord, u.id as asked, u.payment, u.captured, o.id, o.event_id, o.user_id, o.status, o.checkout_id, o.total_cents, o.cancel_reason, o.captured_at, o.mailbox_proven, public.normal_mailbox(o.mailbox) as mailbox, e.max_per_person,
           exists (select from ticketing.ticket_holds k where k.checkout_id = o.checkout_id and k.end_reason = 'replaced') as replaced
    from unnest(p_order_ids, p_payment_ids, p_captured_cents) with ordinality u(id, payment, captured, ord)
    left join ticketing.orders o on o.id = u.id left join events.events e on e.id = o.event_id
    where not v_plain
    order by u.ord
  loop
    v_outcome := null; v_alive := false; v_fits := true; v_settled := null;
    if r.id is null then v_outcome := 'not_found';
    elsif r.status in ('paid', 'refunded') or r.id = any (v_done) then v_outcome := 'already_paid';
    elsif exists (select from ticketing.refunds f where f.order_id = r.id and f.kind in ('late_payment', 'amount_mismatch')) then
      -- settled before: its money is on its way back already, exactly once
      select case f.kind when 'late_payment' then 'no_places' else f.kind end into v_settled from ticketing.refunds f where f.order_id = r.id and f.kind in ('late_payment', 'amount_mismatch');
      v_outcome := v_settled;
    elsif r.total_cents > 0 and r.captured is null then v_outcome := 'not_captured';
    elsif coalesce(r.captured, 0) <> r.total_cents then v_outcome := 'amount_mismatch';
    end if;

    if v_outcome is null then
      -- hold rows of a living checkout always equal the order's lines; anything else is settled like a late payment
      select coalesce(bool_and(k.status = 'active' and k.expires_at > least(v_now, r.captured_at)), false)
          and not exists (select from ticketing.order_items i left join ticketing.ticket_holds k on k.checkout_id = r.checkout_id and k.tier_id = i.tier_id
                          where i.order_id = r.id and (k.quantity is distinct from i.quantity or t_closed[array_position(t_id, i.tier_id)] is not distinct from 'event_cancelled'))
        into v_alive from ticketing.ticket_holds k where k.checkout_id = r.checkout_id;
    end if;

    if v_outcome is null then
      select count(*), coalesce(sum(i.quantity), 0) into x, v_sum from ticketing.order_items i where i.order_id = r.id;
      if x = 0 then v_outcome := 'no_places'; v_fits := false; end if;
      for h in
        select i.tier_id, i.quantity, k.status as hold_status, k.quantity as held
        from ticketing.order_items i left join ticketing.ticket_holds k on k.checkout_id = r.checkout_id and k.tier_id = i.tier_id
        where i.order_id = r.id
      loop
        x := array_position(t_id, h.tier_id);
        if t_closed[x] is not null and not v_alive then v_fits := false; end if;
        if h.quantity > t_free[x] + (case when h.hold_status = 'active' then h.held else 0 end) then v_fits := v_fits and v_alive; end if;
      end loop;
      if v_outcome is null and v_alive then
        v_outcome := 'completed';
      elsif v_outcome is null then
        if r.cancel_reason in ('event_cancelled', 'by_buyer') or r.replaced then v_fits := false; end if;
        if v_fits then
          select (select coalesce(sum(k.quantity), 0) from ticketing.ticket_holds k where k.user_id = r.user_id and k.event_id is not distinct from r.event_id and k.status::text = 'active' and k.expires_at > v_now and k.checkout_id <> r.checkout_id)
               + (select count(*) from ticketing.tickets k where k.owner_user_id = r.user_id and k.event_id is not distinct from r.event_id and k.status in ('issued', 'redeemed')
                    and not exists (select from ticketing.orders o where o.id = k.order_id and o.claimed_from is not null))
               + coalesce((v_given ->> (r.event_id::text || r.user_id::text))::int, 0) into v_have;
          v_fits := v_have + v_sum <= r.max_per_person;
        end if;
        -- As in create_order: a person is also her mailbox, where what others order to it never counts against its owner.
        if v_fits and r.mailbox is not null then
          select coalesce(sum((select count(*) from ticketing.tickets k where k.order_id = o.id and k.status in ('issued', 'redeemed'))
               + (select coalesce(sum(k.quantity), 0) from ticketing.ticket_holds k where k.checkout_id = o.checkout_id and k.status::text = 'active' and k.expires_at > v_now)
               + coalesce((v_late ->> o.id::text)::int, 0)), 0) into v_have
          from ticketing.orders o
          where public.normal_mailbox(o.mailbox) = r.mailbox and o.event_id is not distinct from r.event_id and o.id <> r.id
            and (o.status in ('pending', 'paid') or v_late ? o.id::text) and (o.mailbox_proven or not r.mailbox_proven);
          v_fits := v_have + v_sum <= r.max_per_person;
        end if;
        v_outcome := case when v_fits then 'reacquired' else 'no_places' end;
      end if;
    end if;

    -- book it on the in-memory stock: what each tier gives back and takes
    if v_settled is null and v_outcome in ('completed', 'reacquired', 'no_places', 'amount_mismatch') and r.status in ('pending', 'cancelled') then
      for h in select k.id, k.tier_id, k.quantity from ticketing.ticket_holds k where k.checkout_id = r.checkout_id and k.status::text = 'active' loop
        x := array_position(t_id, h.tier_id);
        if x is null then continue; end if;
        t_reserved[x] := t_reserved[x] - h.quantity; t_free[x] := t_free[x] + h.quantity;
        if v_outcome = 'completed' then v_used := v_used || h.id; else v_dead := v_dead || h.id; end if;
      end loop;
    end if;
    if v_outcome in ('completed', 'reacquired') then
      for h in select i.tier_id, i.quantity from ticketing.order_items i where i.order_id = r.id loop
        x := array_position(t_id, h.tier_id);
        t_issued[x] := t_issued[x] + h.quantity; t_free[x] := t_free[x] - h.quantity;
      end loop;
      v_given := v_given || jsonb_build_object(r.event_id::text || r.user_id::text, coalesce((v_given ->> (r.event_id::text || r.user_id::text))::int, 0) + v_sum);
      if v_outcome = 'reacquired' then v_late := v_late || jsonb_build_object(r.id::text, v_sum); end if;
      v_done := v_done || r.id;
      o_id := o_id || r.id; o_outcome := o_outcome || v_outcome; o_payment := array_append(o_payment, r.payment); o_captured := array_append(o_captured, r.captured); o_late := o_late || (v_outcome = 'reacquired');
    elsif v_settled is null and v_outcome in ('no_places', 'amount_mismatch') and r.id is not null and not (r.id = any (v_done)) then
      v_back := v_back || jsonb_build_object('id', r.id, 'payment', r.payment, 'captured', r.captured, 'kind', case v_outcome when 'no_places' then 'late_payment' else v_outcome end,
        'why', case when v_outcome <> 'no_places' then 'payment_failed' when r.replaced then 'by_buyer' else 'expired' end);
      v_done := v_done || r.id;
    end if;
    order_id := r.asked; outcome := v_outcome;
    return next;
  end loop;

  -- 6. write, in lock order
  if cardinality(v_done) = 0 then return; end if;
  if cardinality(o_id) > 0 then
    update ticketing.orders o set status = 'paid', paid_at = v_now, payment_state = case when o.total_cents > 0 then 'succeeded' else 'none' end, payment_error = null,
      stripe_payment_intent_id = coalesce(u.payment, o.stripe_payment_intent_id), captured_cents = coalesce(u.captured, 0), late = u.late, cancel_reason = null, cancelled_at = null
    from unnest(o_id, o_payment, o_captured, o_late) u(id, payment, captured, late) where o.id = u.id;
  end if;
  for r in select f.* from jsonb_to_recordset(v_back) f(id uuid, payment text, captured bigint, kind text, why text) order by f.id loop
    update ticketing.orders o set status = case when o.status = 'pending' then 'cancelled' else o.status end,
      cancel_reason = coalesce(o.cancel_reason, r.why), cancelled_at = coalesce(o.cancelled_at, v_now),
      payment_state = case when r.captured > 0 then 'succeeded' else o.payment_state end, stripe_payment_intent_id = coalesce(r.payment, o.stripe_payment_intent_id),
      captured_cents = coalesce(r.captured, 0), late = true
    where o.id = r.id;
    if r.captured > 0 then
      insert into ticketing.refunds (order_id, amount_cents, reason, kind) values (r.id, r.captured, r.kind, r.kind) returning id into v_refund;
      perform jobs.enqueue('refunds.send', jsonb_build_object('refundId', v_refund));
    end if;
  end loop;
  update ticketing.ticket_tiers t set reserved_quantity = t.reserved_quantity + u.reserved, issued_quantity = t.issued_quantity + u.issued
  from unnest(t_id, t_reserved, t_issued) u(id, reserved, issued) where t.id = u.id and (u.reserved <> 0 or u.issued <> 0);
  if cardinality(v_used) > 0 then
    -- What costs nothing goes on counting against its buyer's address until her mailbox is confirmed (unconfirmed_places).
    update ticketing.ticket_holds k set status = 'converted', ended_at = v_now, end_reason = 'paid',
      address_key = case when k.unit_total_cents > 0 then k.address_key
        when (select o.mailbox_proven from ticketing.orders o where o.checkout_id = k.checkout_id) then null else k.address_key end
    where k.id = any (v_used);
  end if;
  if cardinality(v_dead) > 0 then
    update ticketing.ticket_holds k set status = 'expired', ended_at = v_now, end_reason = 'late_payment' where k.id = any (v_dead);
  end if;
  if cardinality(o_id) = 0 then return; end if;

  -- 7. the event's ticket counter, by event id; then the tickets, numbered in the order the payments came
  perform ticketing.issue_tickets(o_id);
  perform jobs.enqueue('orders.after-payment', jsonb_build_object('orderIds', to_jsonb(o_id)));
end $$;
