-- Heals one event: lapsed holds are freed, paid orders get the tickets they are owed, orders left pending are cancelled as expired,
-- counters are brought back to the rows. One row per change. Dry run by default; takes checkout's locks in their order.
create or replace function ticketing.reconcile_event_tickets(p_event_id uuid, p_dry_run boolean default true)
returns table (what text, id uuid, before text, after text, done boolean)
language plpgsql set search_path = '' as $$
#variable_conflict use_column
declare
  r record; v_ids uuid[]; v_owed int; v_free int;
begin
  -- orders by id: the pending ones that nothing holds, and the paid ones that miss tickets
  v_ids := array(
    select o.id from ticketing.orders o
    where o.event_id = p_event_id and o.deleted_at is null
      and (o.status = 'paid' and (select coalesce(sum(i.quantity), 0) from ticketing.order_items i where i.order_id = o.id) > (select count(*) from ticketing.tickets k where k.order_id = o.id)
        or o.status = 'pending' and not exists (select from ticketing.ticket_holds h where h.checkout_id = o.checkout_id and h.status = 'active' and h.expires_at > clock_timestamp())
           and (o.created_at < clock_timestamp() - interval '1 hour' or exists (select from ticketing.ticket_holds h where h.checkout_id = o.checkout_id)))
    order by o.id);
  if not p_dry_run then
    perform 1 from ticketing.orders o where o.id = any (v_ids) order by o.id for update;
    perform 1 from ticketing.ticket_tiers t where t.event_id = p_event_id order by t.id for no key update;
  end if;

  -- lapsed holds, freed in full
  for r in
    select t.id, t.reserved_quantity, (select coalesce(sum(h.quantity), 0)::int from ticketing.ticket_holds h where h.tier_id = t.id and h.status = 'active' and h.expires_at <= clock_timestamp()) as lapsed
    from ticketing.ticket_tiers t where t.event_id = p_event_id order by t.id
  loop
    if r.lapsed = 0 then continue; end if;
    if not p_dry_run then perform ticketing.expire_tier_holds(r.id, 100000); end if;
    what := 'tier.lapsed_places_freed'; id := r.id; before := r.reserved_quantity::text; after := (r.reserved_quantity - r.lapsed)::text; done := not p_dry_run;
    return next;
  end loop;

  -- paid orders without their tickets: the counter moves with them, never past the quantity
  for r in select o.id, i.tier_id, sum(i.quantity)::int - (select count(*)::int from ticketing.tickets k where k.order_id = o.id and k.tier_id = i.tier_id) as owed,
                  (select count(*)::int from ticketing.tickets k where k.order_id = o.id) as has
           from ticketing.orders o join ticketing.order_items i on i.order_id = o.id
           where o.id = any (v_ids) and o.status = 'paid' group by o.id, i.tier_id order by o.id, i.tier_id
  loop
    if r.owed <= 0 then continue; end if;
    select t.quantity - t.issued_quantity - t.reserved_quantity
      + case when p_dry_run then (select coalesce(sum(h.quantity), 0)::int from ticketing.ticket_holds h where h.tier_id = t.id and h.status = 'active' and h.expires_at <= clock_timestamp()) else 0 end
      into v_free from ticketing.ticket_tiers t where t.id = r.tier_id;
    what := 'order.tickets_issued'; id := r.id; before := r.has::text; after := (r.has + r.owed)::text; done := false;
    if v_free < r.owed then what := 'order.tickets_owed_no_places'; after := before; return next; continue; end if;
    if not p_dry_run then
      update ticketing.ticket_tiers set issued_quantity = issued_quantity + r.owed where id = r.tier_id;
      perform ticketing.issue_tickets(array[r.id]);
      done := true;
    end if;
    return next;
  end loop;

  -- orders left pending for ever
  for r in select o.id, o.stripe_payment_intent_id from ticketing.orders o where o.id = any (v_ids) and o.status = 'pending' order by o.id loop
    if not p_dry_run then
      update ticketing.orders set status = 'cancelled', cancelled_at = clock_timestamp(), cancel_reason = 'expired' where id = r.id and status = 'pending';
      if r.stripe_payment_intent_id is not null then perform jobs.enqueue('payments.cancel-intent', jsonb_build_object('orderId', r.id)); end if;
    end if;
    what := 'order.status'; id := r.id; before := 'pending'; after := 'cancelled'; done := not p_dry_run;
    return next;
  end loop;

  -- what still differs from the rows; a dry run has counted the lapsed holds and owed tickets above already
  if not p_dry_run then
    return query select c.what, c.id, c.before::text, c.after::text, c.done from ticketing.reconcile_issued_quantity(p_event_id, false) c;
  else
    return query
      select 'tier.issued_quantity'::text, t.id, t.issued_quantity::text, s.n::text, false
      from ticketing.ticket_tiers t, lateral (select count(*)::int as n from ticketing.tickets k where k.tier_id = t.id and k.status <> 'refunded') s
      where t.event_id = p_event_id and t.issued_quantity <> s.n
      union all
      select 'tier.reserved_quantity'::text, t.id, t.reserved_quantity::text, s.n::text, false
      from ticketing.ticket_tiers t, lateral (select coalesce(sum(h.quantity), 0)::int as n from ticketing.ticket_holds h where h.tier_id = t.id and h.status = 'active') s
      where t.event_id = p_event_id and t.reserved_quantity <> s.n;
  end if;

  -- denormalised counts of the event's posts
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
end $$;
