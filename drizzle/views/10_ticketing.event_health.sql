-- One row per event: what disagrees, as counts, a score and plain sentences. Healthy: score 100, no findings.
create or replace view ticketing.event_health with (security_invoker = true) as
select c.*,
  greatest(0, 100 - least(60, 20 * (tiers_drifted + broken_capacity)) - least(30, lapsed_holds) - least(30, stale_pending_orders) - 25 * (paid_orders_without_tickets > 0)::int
    - 25 * (tickets_without_paid_order > 0)::int - 10 * (stuck_refunds > 0)::int - 5 * (like_drift + comment_drift > 0)::int)::int as score,
  (select coalesce(jsonb_agg(jsonb_build_object('code', f.code, 'count', f.n, 'sentence', f.sentence) order by f.pos), '[]')
   from (values
     (1, 'tiers_drifted', tiers_drifted, case tiers_drifted when 1 then 'One kind of ticket counts differently from its tickets and holds.' else format('%s kinds of ticket count differently from their tickets and holds.', tiers_drifted) end),
     (2, 'broken_capacity', broken_capacity, case broken_capacity when 1 then 'One kind of ticket has more places taken than there are.' else format('%s kinds of ticket have more places taken than there are.', broken_capacity) end),
     (3, 'lapsed_holds', lapsed_holds, format('%s kept by %s whose time ran out.', case lapsed_places when 1 then 'One place is' else lapsed_places || ' places are' end, case lapsed_holds when 1 then 'one checkout' else lapsed_holds || ' checkouts' end)),
     (4, 'stale_pending_orders', stale_pending_orders, case stale_pending_orders when 1 then 'One order is pending although nothing is held for it.' else format('%s orders are pending although nothing is held for them.', stale_pending_orders) end),
     (5, 'paid_orders_without_tickets', paid_orders_without_tickets, case paid_orders_without_tickets when 1 then 'One paid order misses tickets.' else format('%s paid orders miss tickets.', paid_orders_without_tickets) end),
     (6, 'tickets_without_paid_order', tickets_without_paid_order, case tickets_without_paid_order when 1 then 'One ticket has no paid order.' else format('%s tickets have no paid order.', tickets_without_paid_order) end),
     (7, 'stuck_refunds', stuck_refunds, case stuck_refunds when 1 then 'One refund has been on its way for more than an hour.' else format('%s refunds have been on their way for more than an hour.', stuck_refunds) end),
     (8, 'like_drift', like_drift, case like_drift when 1 then 'One post shows another number of likes than were given.' else format('%s posts show another number of likes than were given.', like_drift) end),
     (9, 'comment_drift', comment_drift, case comment_drift when 1 then 'One post shows another number of comments than were written.' else format('%s posts show another number of comments than were written.', comment_drift) end)
   ) f(pos, code, n, sentence) where f.n > 0) as findings,
  clock_timestamp() as checked_at
from (
  select e.id as event_id, e.title,
    (select count(*)::int from ticketing.ticket_tiers t where t.event_id = e.id and (
       t.issued_quantity <> (select count(*) from ticketing.tickets k where k.tier_id = t.id and k.status <> 'refunded')
       or t.reserved_quantity <> (select coalesce(sum(h.quantity), 0) from ticketing.ticket_holds h where h.tier_id = t.id and h.status = 'active'))) as tiers_drifted,
    (select count(*)::int from ticketing.ticket_tiers t where t.event_id = e.id and t.issued_quantity + t.reserved_quantity > t.quantity) as broken_capacity,
    l.lapsed_holds, l.lapsed_places,
    (select count(*)::int from ticketing.orders o where o.event_id = e.id and o.status = 'pending' and o.deleted_at is null
       and not exists (select from ticketing.ticket_holds h where h.checkout_id = o.checkout_id and h.status = 'active' and h.expires_at > clock_timestamp() - interval '60 seconds')
       and (o.created_at < clock_timestamp() - interval '1 hour' or exists (select from ticketing.ticket_holds h where h.checkout_id = o.checkout_id and h.ended_at < clock_timestamp() - interval '60 seconds'))) as stale_pending_orders,
    (select count(*)::int from ticketing.orders o where o.event_id = e.id and o.status = 'paid'
       and (select coalesce(sum(i.quantity), 0) from ticketing.order_items i where i.order_id = o.id) > (select count(*) from ticketing.tickets k where k.order_id = o.id)) as paid_orders_without_tickets,
    (select count(*)::int from ticketing.tickets k join ticketing.orders o on o.id = k.order_id where k.event_id = e.id and k.status <> 'refunded' and o.status not in ('paid')) as tickets_without_paid_order,
    (select count(*)::int from ticketing.refunds r join ticketing.orders o on o.id = r.order_id where o.event_id = e.id and r.status = 'pending' and r.created_at < clock_timestamp() - interval '1 hour') as stuck_refunds,
    (select count(*)::int from social.event_posts p where p.event_id = e.id and p.like_count <> (select count(*) from social.event_reactions x where x.post_id = p.id and x.kind = 'like' and x.deleted_at is null and x.hidden_at is null)) as like_drift,
    (select count(*)::int from social.event_posts p where p.event_id = e.id and p.comment_count <> (select count(*) from social.event_reactions x where x.post_id = p.id and x.kind = 'comment' and x.deleted_at is null and x.hidden_at is null)) as comment_drift
  from events.events e
  cross join lateral (
    select count(*)::int as lapsed_holds, coalesce(sum(h.quantity), 0)::int as lapsed_places
    from ticketing.ticket_holds h join ticketing.ticket_tiers t on t.id = h.tier_id
    where t.event_id = e.id and h.status = 'active' and h.expires_at < clock_timestamp() - interval '60 seconds') l
  where e.deleted_at is null
) c;
