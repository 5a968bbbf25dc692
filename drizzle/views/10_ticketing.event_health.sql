-- One row per event: what disagrees, as counts, a score and plain sentences. Healthy: score 100, no findings.
-- A finding costs `points` each, at most `cap`. The rules behind the codes from tier_status on: ticketing.event_violations.
create or replace view ticketing.event_health with (security_invoker = true) as
select c.*, s.score, s.findings, clock_timestamp() as checked_at
from (
  select e.id as event_id, e.title,
    (select count(*)::int from ticketing.ticket_tiers t where t.event_id = e.id and (
       t.issued_quantity <> (select count(*) from ticketing.tickets k where k.tier_id = t.id and k.status <> 'refunded')
       or t.reserved_quantity <> (select coalesce(sum(h.quantity), 0) from ticketing.ticket_holds h where h.tier_id = t.id and h.status = 'active'))) as tiers_drifted,
    (select count(*)::int from ticketing.ticket_tiers t where t.event_id = e.id and t.issued_quantity + t.reserved_quantity > t.quantity) as broken_capacity,
    l.lapsed_holds, l.lapsed_places,
    (select count(*)::int from ticketing.orders o where o.event_id = e.id and o.status = 'pending' and o.captured_at is null and o.deleted_at is null
       and not exists (select from ticketing.ticket_holds h where h.checkout_id = o.checkout_id and h.status = 'active' and h.expires_at > clock_timestamp() - interval '60 seconds')
       and (o.created_at < clock_timestamp() - interval '1 hour' or exists (select from ticketing.ticket_holds h where h.checkout_id = o.checkout_id and h.ended_at < clock_timestamp() - interval '60 seconds'))) as stale_pending_orders,
    (select count(*)::int from ticketing.orders o where o.event_id = e.id and o.status = 'paid'
       and (select coalesce(sum(i.quantity), 0) from ticketing.order_items i where i.order_id = o.id) > (select count(*) from ticketing.tickets k where k.order_id = o.id)) as paid_orders_without_tickets,
    (select count(*)::int from ticketing.tickets k join ticketing.orders o on o.id = k.order_id where k.event_id = e.id and k.status <> 'refunded' and o.status not in ('paid')) as tickets_without_paid_order,
    (select count(*)::int from ticketing.refunds r join ticketing.orders o on o.id = r.order_id where o.event_id = e.id and r.status = 'pending' and r.created_at < clock_timestamp() - interval '1 hour') as stuck_refunds,
    (select count(*)::int from social.event_posts p where p.event_id = e.id and p.like_count <> (select count(*) from social.event_reactions x where x.post_id = p.id and x.kind = 'like' and x.deleted_at is null and x.hidden_at is null)) as like_drift,
    (select count(*)::int from social.event_posts p where p.event_id = e.id and p.comment_count <> (select count(*) from social.event_reactions x where x.post_id = p.id and x.kind = 'comment' and x.deleted_at is null and x.hidden_at is null)) as comment_drift,
    (select count(*)::int from ticketing.orders o where o.event_id = e.id and o.owed_cents > 0) as refunds_owed,
    (select count(*)::int from ticketing.disputes d where d.event_id = e.id and d.status = 'open') as open_disputes
  from events.events e
  cross join lateral (
    select count(*)::int as lapsed_holds, coalesce(sum(h.quantity), 0)::int as lapsed_places
    from ticketing.ticket_holds h join ticketing.ticket_tiers t on t.id = h.tier_id
    where t.event_id = e.id and h.status = 'active' and h.expires_at < clock_timestamp() - interval '60 seconds' and not ticketing.paid_in_time(h.checkout_id, h.expires_at)) l
  where e.deleted_at is null
) c
cross join lateral (
  select coalesce(jsonb_object_agg(v.code, v.n), '{}') as broken
  from (select v.code, count(*)::int as n from ticketing.event_violations v where v.event_id = c.event_id group by v.code) v
) x
cross join lateral (
  select greatest(0, 100 - coalesce(sum(least(f.cap, f.points * f.n)), 0))::int as score,
    coalesce(jsonb_agg(jsonb_build_object('code', f.code, 'count', f.n, 'sentence', case f.n when 1 then f.one else format(f.many, f.n) end) order by f.pos), '[]') as findings
  from (values
    (1, 'tiers_drifted', tiers_drifted, 20, 60,
     'One ticket type counts differently from its tickets and holds.', '%s ticket types count differently from their tickets and holds.'),
    (2, 'broken_capacity', broken_capacity, 20, 60,
     'One ticket type has more places taken than there are.', '%s ticket types have more places taken than there are.'),
    (3, 'lapsed_holds', lapsed_holds, 1, 30,
     format('%s kept by one checkout whose time ran out.', case lapsed_places when 1 then 'One place is' else lapsed_places || ' places are' end),
     lapsed_places || ' places are kept by %s checkouts whose time ran out.'),
    (4, 'stale_pending_orders', stale_pending_orders, 1, 30,
     'One order is pending although nothing is held for it.', '%s orders are pending although nothing is held for them.'),
    (5, 'paid_orders_without_tickets', paid_orders_without_tickets, 25, 25,
     'One paid order misses tickets.', '%s paid orders miss tickets.'),
    (6, 'tickets_without_paid_order', tickets_without_paid_order, 25, 25,
     'One ticket has no paid order.', '%s tickets have no paid order.'),
    (7, 'stuck_refunds', stuck_refunds, 10, 10,
     'One refund has been on its way for more than an hour.', '%s refunds have been on their way for more than an hour.'),
    (8, 'like_drift', like_drift, 5, 5,
     'One post shows another number of likes than were given.', '%s posts show another number of likes than were given.'),
    (9, 'comment_drift', comment_drift, 5, 5,
     'One post shows another number of comments than were written.', '%s posts show another number of comments than were written.'),
    (10, 'tier_status', coalesce((broken ->> 'tier_status')::int, 0), 10, 30,
     'One ticket type is marked sold out although places are free, or the other way round.', '%s ticket types are marked sold out although places are free, or the other way round.'),
    (11, 'checkouts', coalesce((broken ->> 'checkouts')::int, 0), 10, 30,
     'One checkout disagrees with its order or its buyer.', '%s checkouts disagree with their orders or their buyers.'),
    (12, 'orders', coalesce((broken ->> 'orders')::int, 0), 20, 40,
     'One order disagrees with its lines, its payment or its event.', '%s orders disagree with their lines, their payments or their event.'),
    (13, 'captured', coalesce((broken ->> 'captured')::int, 0), 25, 50,
     'One payment was taken, and there is neither a ticket nor a refund for it.', '%s payments were taken, and there is neither a ticket nor a refund for them.'),
    (14, 'refunds', coalesce((broken ->> 'refunds')::int, 0), 20, 40,
     'One order''s refunds disagree with its payment.', 'The refunds of %s orders disagree with their payments.'),
    (15, 'suspended', coalesce((broken ->> 'suspended')::int, 0), 20, 40,
     'One ticket is on hold without a reason, or good although its payment is disputed.', '%s tickets are on hold without a reason, or good although their payments are disputed.'),
    (16, 'refunded_tickets', coalesce((broken ->> 'refunded_tickets')::int, 0), 20, 40,
     'One ticket is still good although its money went back.', '%s tickets are still good although their money went back.'),
    (17, 'numbers', coalesce((broken ->> 'numbers')::int, 0), 10, 20,
     'Ticket numbers have a gap, or their counter is wrong.', 'Ticket numbers have gaps, and their counter is wrong.'),
    (18, 'codes', coalesce((broken ->> 'codes')::int, 0), 20, 40,
     'One ticket carries the code of another.', '%s tickets carry the codes of others.'),
    (19, 'admissions', coalesce((broken ->> 'admissions')::int, 0), 10, 30,
     'One ticket was admitted although it should not have been.', '%s tickets were admitted although they should not have been.'),
    (20, 'totals', coalesce((broken ->> 'totals')::int, 0), 10, 10,
     'The totals on the dashboard disagree with the orders.', 'The totals and the curve on the dashboard disagree with the orders.'),
    (21, 'history', coalesce((broken ->> 'history')::int, 0), 5, 20,
     'One state was changed without being written into the history.', '%s states were changed without being written into the history.'),
    (22, 'refunds_owed', refunds_owed, 10, 10,
     'One refund came back from the bank: its buyer is still owed the money.', '%s refunds came back from the bank: their buyers are still owed the money.'),
    (23, 'open_disputes', open_disputes, 10, 10,
     'One payment is disputed: the bank has taken it back until it decides.', '%s payments are disputed: the bank has taken them back until it decides.')
  ) f(pos, code, n, points, cap, one, many)
  where f.n > 0
) s;
