-- Every query returns the rows that break a rule; a healthy database returns none (docs/reliability.md).
-- Run after every race and by `npm run invariants`.

-- name: never oversold
select id from ticketing.ticket_tiers where issued_quantity + reserved_quantity > quantity or issued_quantity < 0 or reserved_quantity < 0;

-- name: active holds are the reserved places
select t.id from ticketing.ticket_tiers t
where t.reserved_quantity <> (select coalesce(sum(h.quantity), 0) from ticketing.ticket_holds h where h.tier_id = t.id and h.status = 'active');

-- name: kept tickets are the issued places
select t.id from ticketing.ticket_tiers t
where t.issued_quantity <> (select count(*) from ticketing.tickets k where k.tier_id = t.id and k.status <> 'refunded');

-- name: a tier's status follows its stock
select id from ticketing.ticket_tiers
where status <> 'inactive' and (status = 'sold_out') <> (issued_quantity = quantity and quantity > 0);

-- name: no hold is active 60 seconds past its expiry
select h.id from ticketing.ticket_holds h where h.status = 'active' and h.expires_at < clock_timestamp() - interval '60 seconds';

-- name: an ended hold says when
select id from ticketing.ticket_holds where status <> 'active' and ended_at is null and checkout_id in (select checkout_id from ticketing.orders);

-- name: a checkout is one person's, for one event
select checkout_id from ticketing.ticket_holds group by checkout_id having count(distinct user_id) > 1 or count(distinct event_id) > 1;

-- name: a hold became tickets only with its order
select h.id from ticketing.ticket_holds h join ticketing.orders o on o.checkout_id = h.checkout_id
where (h.status = 'converted') and o.status not in ('paid', 'refunded');

-- name: no order waits ten minutes for places that nobody holds
select o.id from ticketing.orders o
where o.status = 'pending' and o.deleted_at is null and o.created_at < clock_timestamp() - interval '10 minutes'
  and exists (select from ticketing.ticket_holds h where h.checkout_id = o.checkout_id)
  and not exists (select from ticketing.ticket_holds h where h.checkout_id = o.checkout_id and (h.status = 'active' or h.ended_at > clock_timestamp() - interval '10 minutes'));

-- name: one active checkout per person and event
select user_id, event_id from ticketing.ticket_holds where status = 'active' and expires_at > clock_timestamp()
group by user_id, event_id having count(distinct checkout_id) > 1;

-- name: a paid order has exactly the tickets of its lines
select o.id from ticketing.orders o
where o.status in ('paid', 'refunded')
  and (select coalesce(sum(i.quantity), 0) from ticketing.order_items i where i.order_id = o.id) <> (select count(*) from ticketing.tickets k where k.order_id = o.id);

-- name: no ticket without a paid order
select k.id from ticketing.tickets k join ticketing.orders o on o.id = k.order_id where k.status <> 'refunded' and o.status <> 'paid';

-- name: captured money has tickets or a full refund within five minutes
select o.id from ticketing.orders o
where o.captured_cents > 0 and o.updated_at < clock_timestamp() - interval '5 minutes'
  and not exists (select from ticketing.tickets k where k.order_id = o.id)
  and (select coalesce(sum(r.amount_cents), 0) from ticketing.refunds r where r.order_id = o.id and r.status <> 'failed') < o.captured_cents;

-- name: an order's total is the sum of its lines
select o.id from ticketing.orders o join (
  select order_id, sum(quantity * price_cents) as face, sum(quantity * unit_fee_cents) as fee, sum(quantity * unit_tax_cents) as tax, sum(quantity * unit_discount_cents) as discount
  from ticketing.order_items group by order_id) i on i.order_id = o.id
where o.paid_at is not null
  and o.total_cents <> i.face - i.discount + i.fee + case when o.tax_included then 0 else i.tax end;

-- name: captured is the total when paid
select id from ticketing.orders where status = 'paid' and captured_cents is not null and captured_cents <> total_cents;

-- name: refunds never exceed what was captured
select o.id from ticketing.orders o
where (select coalesce(sum(r.amount_cents), 0) from ticketing.refunds r where r.order_id = o.id and r.status in ('pending', 'succeeded')) > coalesce(o.captured_cents, o.total_cents);

-- name: the refunded amount is the sum of succeeded refunds
select o.id from ticketing.orders o
where o.refunded_cents <> (select coalesce(sum(r.amount_cents), 0) from ticketing.refunds r where r.order_id = o.id and r.status = 'succeeded');

-- name: what goes back by itself goes back once
select order_id from ticketing.refunds where kind in ('late_payment', 'amount_mismatch') and status <> 'failed' group by order_id having count(*) > 1;

-- name: a suspended ticket waits for a refund
select k.id from ticketing.tickets k
where k.suspended_reason = 'refund'
  and not exists (select from ticketing.refund_tickets x join ticketing.refunds r on r.id = x.refund_id where x.ticket_id = k.id and r.status = 'pending');

-- name: a settled refund ended its tickets
select k.id from ticketing.refunds r join ticketing.refund_tickets x on x.refund_id = r.id join ticketing.tickets k on k.id = x.ticket_id
where r.status = 'succeeded' and k.status <> 'refunded';

-- name: only legal moves were made
select id from ticketing.state_log where not (entity || ' ' || from_state || '>' || to_state) = any (array[
  'event draft>published', 'event draft>cancelled', 'event published>draft', 'event published>postponed', 'event postponed>published',
  'event published>cancelled', 'event postponed>cancelled',
  'order pending>paid', 'order pending>cancelled', 'order cancelled>paid', 'order paid>refunded',
  'ticket issued>transferred', 'ticket issued>redeemed', 'ticket transferred>redeemed', 'ticket issued>refunded', 'ticket transferred>refunded',
  'ticket redeemed>issued', 'ticket redeemed>transferred', 'ticket redeemed>refunded',
  'refund pending>succeeded', 'refund pending>failed']);

-- name: each state is the last one written down
select l.entity, l.entity_id from (
  select distinct on (entity, entity_id) entity, entity_id, to_state from ticketing.state_log order by entity, entity_id, id desc) l
left join ticketing.orders o on l.entity = 'order' and o.id = l.entity_id
left join ticketing.tickets k on l.entity = 'ticket' and k.id = l.entity_id
left join ticketing.refunds r on l.entity = 'refund' and r.id = l.entity_id
left join events.events e on l.entity = 'event' and e.id = l.entity_id
where l.to_state <> coalesce(o.status::text, k.status::text, r.status::text, e.status::text, l.to_state);

-- name: a payment pays one order
select stripe_payment_intent_id from ticketing.orders where stripe_payment_intent_id is not null group by 1 having count(*) > 1;

-- name: no webhook waits longer than ten minutes
select id from ticketing.webhook_events where processed_at is null and received_at < clock_timestamp() - interval '10 minutes';

-- name: ticket numbers are gap-free per event
select event_id from ticketing.tickets group by event_id having max(sequence_number) <> count(*) or min(sequence_number) <> 1;

-- name: the ticket counter stands at the highest number
select c.event_id from ticketing.event_counters c
where c.last_sequence <> (select coalesce(max(k.sequence_number), 0) from ticketing.tickets k where k.event_id = c.event_id);

-- name: a ticket's code names the ticket and its rotation
select k.id from ticketing.tickets k join ticketing.ticket_events v on v.ticket_id = k.id and v.kind = 'issued'
where k.qr_code <> ticketing.qr_code_of(k.id, k.rotation);

-- name: admitted once
select ticket_id from ticketing.ticket_events where kind in ('redeemed', 'undone')
group by ticket_id having count(*) filter (where kind = 'redeemed') - count(*) filter (where kind = 'undone') > 1;

-- name: no dead or suspended ticket was admitted
select s.id from analytics.scan_logs s join ticketing.state_log l on l.entity = 'ticket' and l.entity_id = s.ticket_id and l.to_state = 'refunded' and l.at < s.created_at
where s.outcome = 'admitted';

-- name: tickets, orders and tiers agree on their event
select k.id from ticketing.tickets k join ticketing.orders o on o.id = k.order_id join ticketing.ticket_tiers t on t.id = k.tier_id
where k.event_id <> o.event_id or k.event_id <> t.event_id
union all
select i.id from ticketing.order_items i join ticketing.orders o on o.id = i.order_id join ticketing.ticket_tiers t on t.id = i.tier_id where t.event_id <> o.event_id;

-- name: one currency per event
select o.id from ticketing.orders o join events.events e on e.id = o.event_id where o.currency <> e.currency;

-- name: nobody keeps more places than the limit
select k.owner_user_id, k.event_id from ticketing.tickets k join events.events e on e.id = k.event_id
where k.status in ('issued', 'redeemed')
  -- a guest's tickets that became an account's are counted where they were bought: both may have been at the limit
  and not exists (select from ticketing.ticket_events m where m.ticket_id = k.id and m.kind = 'moved' and m.to_user_id = k.owner_user_id)
group by k.owner_user_id, k.event_id, e.max_per_person having count(*) > e.max_per_person;

-- name: likes and comments are counted exactly
select p.id from social.event_posts p
where p.like_count <> (select count(*) from social.event_reactions x where x.post_id = p.id and x.kind = 'like' and x.deleted_at is null and x.hidden_at is null)
   or p.comment_count <> (select count(*) from social.event_reactions x where x.post_id = p.id and x.kind = 'comment' and x.deleted_at is null and x.hidden_at is null);

-- name: kept totals are the sums of orders and tickets
with kept as (
  select x.event_id, sum(x.gross_cents) as gross, sum(x.refunded_cents) as refunded, sum(x.fees_cents) as fees, sum(x.paid_orders) as paid, sum(x.admitted) as admitted, sum(x.version) as version
  from (select event_id, gross_cents, refunded_cents, fees_cents, paid_orders, admitted, version from ticketing.event_totals
        union all select event_id, gross_cents, refunded_cents, fees_cents, paid_orders, admitted, version from ticketing.event_changes) x group by x.event_id
), truth as (
  select o.event_id, coalesce(sum(p.paid) filter (where s.sold), 0) as gross, coalesce(sum(o.refunded_cents) filter (where s.sold), 0) as refunded,
         coalesce(sum(least(o.fees_cents, p.paid - o.refunded_cents)) filter (where s.sold), 0) as fees, count(*) filter (where s.sold) as paid, sum(o.version) as version
  from ticketing.orders o cross join lateral (select o.status in ('paid', 'refunded') as sold) s
  cross join lateral (select coalesce(o.captured_cents, o.total_cents)::bigint as paid) p group by o.event_id
), door as (
  select k.event_id, count(*) as admitted from ticketing.tickets k where k.status = 'redeemed' group by k.event_id
)
select e.id from events.events e left join kept k on k.event_id = e.id left join truth t on t.event_id = e.id left join door d on d.event_id = e.id
where (coalesce(k.gross, 0), coalesce(k.refunded, 0), coalesce(k.fees, 0), coalesce(k.paid, 0), coalesce(k.admitted, 0))
   <> (coalesce(t.gross, 0), coalesce(t.refunded, 0), coalesce(t.fees, 0), coalesce(t.paid, 0), coalesce(d.admitted, 0))
   or coalesce(k.version, 0) < coalesce(t.version, 0);

-- name: the kept curve is the sum of orders and tickets, in each of its widths
with kept as (
  select x.event_id, x.width, x.at, sum(x.tickets) as tickets, sum(x.gross_cents) as gross, sum(x.refunded_cents) as refunded, sum(x.paid_orders) as paid
  from (select event_id, width, at, tickets, gross_cents, refunded_cents, paid_orders from ticketing.event_sales
        union all
        select c.event_id, w.width, ticketing.sale_width(w.width, c.at, e.time_zone), c.tickets, c.gross_cents, c.refunded_cents, c.paid_orders
        from ticketing.event_changes c join events.events e on e.id = c.event_id cross join (values ('minutes'), ('hour'), ('quarter')) w(width) where c.at is not null) x
  group by x.event_id, x.width, x.at
  having sum(x.tickets) <> 0 or sum(x.gross_cents) <> 0 or sum(x.refunded_cents) <> 0 or sum(x.paid_orders) <> 0
), sold as (
  select o.event_id, ticketing.sale_minutes(o.status, o.paid_at, o.created_at) as at, coalesce(o.captured_cents, o.total_cents)::bigint as paid, o.refunded_cents, coalesce(k.kept, 0) as kept
  from ticketing.orders o left join (select order_id, count(*) as kept from ticketing.tickets where status <> 'refunded' group by order_id) k on k.order_id = o.id
  where o.status in ('paid', 'refunded')
), truth as (
  select s.event_id, w.width, ticketing.sale_width(w.width, s.at, e.time_zone) as at, sum(s.kept) as tickets, sum(s.paid) as gross, sum(s.refunded_cents) as refunded, count(*) as paid
  from sold s join events.events e on e.id = s.event_id cross join (values ('minutes'), ('hour'), ('quarter')) w(width) group by 1, 2, 3
)
select coalesce(k.event_id, t.event_id) from kept k full join truth t on t.event_id = k.event_id and t.width = k.width and t.at = k.at
where (coalesce(k.tickets, 0), coalesce(k.gross, 0), coalesce(k.refunded, 0), coalesce(k.paid, 0))
   <> (coalesce(t.tickets, 0), coalesce(t.gross, 0), coalesce(t.refunded, 0), coalesce(t.paid, 0));

-- name: every event owner exists
select e.id from events.events e
where (e.owner_context_type = 'organization' and not exists (select from organizations.organizations o where o.id = e.owner_context_id));

-- name: every organization has an owner
select o.id from organizations.organizations o
where o.deleted_at is null and not exists (select from organizations.org_memberships m where m.org_id = o.id and m.role = 'owner');

-- name: row level security is on and forced on every table
select c.oid::regclass::text from pg_class c join pg_namespace n on n.oid = c.relnamespace
where c.relkind in ('r', 'p') and n.nspname in ('auth', 'events', 'ticketing', 'organizations', 'social', 'analytics', 'jobs', 'public')
  and c.relname <> 'schema_migrations' and not (c.relrowsecurity and c.relforcerowsecurity);

-- name: the working roles own nothing and bypass nothing
select rolname from pg_roles where rolname in ('liventix_api', 'liventix_auth', 'liventix_engine', 'service_role', 'anon', 'authenticated', 'liventix_owner')
  and (rolbypassrls or rolsuper);

-- name: views ask as the caller
select c.oid::regclass::text from pg_class c join pg_namespace n on n.oid = c.relnamespace
where c.relkind = 'v' and n.nspname in ('ticketing', 'events', 'public', 'social', 'analytics')
  and not coalesce(c.reloptions @> array['security_invoker=true'], false)
  and not exists (select from pg_depend d where d.objid = c.oid and d.deptype = 'e');

-- name: definer functions pin their search path
select p.oid::regprocedure::text from pg_proc p join pg_namespace n on n.oid = p.pronamespace
where p.prosecdef and n.nspname in ('access', 'auth', 'events', 'ticketing', 'jobs', 'public', 'social', 'organizations', 'analytics')
  and not coalesce(array_to_string(p.proconfig, ',') like '%search_path%', false);

-- name: every table has its service policy
select c.oid::regclass::text from pg_class c join pg_namespace n on n.oid = c.relnamespace
where c.relkind in ('r', 'p') and n.nspname in ('events', 'ticketing', 'organizations', 'social', 'analytics', 'jobs', 'public') and c.relname <> 'schema_migrations'
  and not exists (select from pg_policy p where p.polrelid = c.oid and p.polname = c.relname || '_service');

-- name: the guards stand
select g.name from (values
  ('ticketing.ticket_tiers', 'never_oversold'), ('ticketing.ticket_holds', 'hold_length'), ('ticketing.ticket_holds', 'guard_hold'), ('ticketing.ticket_tiers', 'keep_tier'),
  ('ticketing.orders', 'log_transition'), ('ticketing.tickets', 'log_transition'), ('ticketing.refunds', 'log_transition'), ('events.events', 'log_transition'),
  ('events.events', 'guard_event'), ('social.event_reactions', 'keep_counts'),
  ('ticketing.orders', 'note_insert'), ('ticketing.orders', 'note_update'), ('ticketing.orders', 'note_delete'),
  ('ticketing.tickets', 'note_insert'), ('ticketing.tickets', 'note_update'), ('ticketing.tickets', 'note_delete')) g(owner, name)
where not exists (select from pg_constraint c where c.conrelid = g.owner::regclass and c.conname = g.name and c.convalidated)
  and not exists (select from pg_trigger t where t.tgrelid = g.owner::regclass and t.tgname = g.name and t.tgenabled in ('O', 'A'));

-- name: an acknowledged commit is on disk
select setting from pg_settings where name = 'synchronous_commit' and setting = 'off';
