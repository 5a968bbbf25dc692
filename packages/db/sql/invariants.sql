-- Every query returns the rows that break a rule; a healthy database returns none (docs/reliability.md).
-- Run after every race and by `npm run invariants`. A rule about one event's rows stands in the view
-- ticketing.event_violations, which the event's health reads too.

-- name: never oversold
select id from ticketing.ticket_tiers where issued_quantity + reserved_quantity > quantity or issued_quantity < 0 or reserved_quantity < 0;

-- name: active holds are the reserved places
select t.id from ticketing.ticket_tiers t
where t.reserved_quantity <> (select coalesce(sum(h.quantity), 0) from ticketing.ticket_holds h where h.tier_id = t.id and h.status = 'active');

-- name: kept tickets are the issued places
select t.id from ticketing.ticket_tiers t
where t.issued_quantity <> (select count(*) from ticketing.tickets k where k.tier_id = t.id and k.status <> 'refunded');

-- name: a tier's status follows its stock
select event_id, id from ticketing.event_violations where rule = 'tier.status';

-- name: no hold is active 60 seconds past its expiry
select h.id from ticketing.ticket_holds h where h.status = 'active' and h.expires_at < clock_timestamp() - interval '60 seconds'
  and not ticketing.paid_in_time(h.checkout_id, h.expires_at); -- their order is another rule's

-- name: an ended hold says when
select event_id, id from ticketing.event_violations where rule = 'hold.ended_at';

-- name: a checkout is one person's, for one event
select event_id, id from ticketing.event_violations where rule = 'checkout.one_person_one_event';

-- name: a hold became tickets only with its order
select event_id, id from ticketing.event_violations where rule = 'hold.converted_with_order';

-- name: no order waits ten minutes for places that nobody holds
select o.id from ticketing.orders o
where o.status = 'pending' and o.deleted_at is null and o.created_at < clock_timestamp() - interval '10 minutes'
  and exists (select from ticketing.ticket_holds h where h.checkout_id = o.checkout_id)
  and not exists (select from ticketing.ticket_holds h where h.checkout_id = o.checkout_id and (h.status = 'active' or h.ended_at > clock_timestamp() - interval '10 minutes'));

-- name: one active checkout per person and event
select event_id, id from ticketing.event_violations where rule = 'checkout.one_per_person';

-- name: a paid order has exactly the tickets of its lines
select o.id from ticketing.orders o
where o.status in ('paid', 'refunded')
  and (select coalesce(sum(i.quantity), 0) from ticketing.order_items i where i.order_id = o.id) <> (select count(*) from ticketing.tickets k where k.order_id = o.id);

-- name: no ticket without a paid order
select k.id from ticketing.tickets k join ticketing.orders o on o.id = k.order_id where k.status <> 'refunded' and o.status <> 'paid';

-- name: captured money has tickets or a full refund within five minutes
select event_id, id from ticketing.event_violations where rule = 'order.captured_without_tickets';

-- name: an order's total is the sum of its lines
select event_id, id from ticketing.event_violations where rule = 'order.total';

-- name: captured is the total when paid
select event_id, id from ticketing.event_violations where rule = 'order.captured';

-- name: refunds never exceed what was captured
select event_id, id from ticketing.event_violations where rule = 'refund.too_much';

-- name: the refunded amount is the sum of succeeded refunds
select event_id, id from ticketing.event_violations where rule = 'order.refunded_cents';

-- name: what goes back by itself goes back once
select event_id, id from ticketing.event_violations where rule = 'refund.once';

-- name: a suspended ticket waits for a refund
select event_id, id from ticketing.event_violations where rule = 'ticket.suspended';

-- name: a disputed order's tickets are suspended, and only those
select event_id, id from ticketing.event_violations where rule = 'ticket.disputed';

-- name: an order's disputed money is the sum of its disputes
select event_id, id from ticketing.event_violations where rule = 'order.disputed_cents';

-- name: a settled refund ended its tickets
select event_id, id from ticketing.event_violations where rule = 'ticket.refunded';

-- name: only legal moves were made
select id from ticketing.state_log where not (entity || ' ' || from_state || '>' || to_state) = any (array[
  'event draft>published', 'event draft>cancelled', 'event published>draft', 'event published>postponed', 'event postponed>published',
  'event published>cancelled', 'event postponed>cancelled',
  'order pending>paid', 'order pending>cancelled', 'order cancelled>paid', 'order paid>refunded',
  'ticket issued>transferred', 'ticket issued>redeemed', 'ticket transferred>redeemed', 'ticket issued>refunded', 'ticket transferred>refunded',
  'ticket redeemed>issued', 'ticket redeemed>transferred', 'ticket redeemed>refunded',
  'refund pending>succeeded', 'refund pending>failed', 'refund succeeded>failed',
  'dispute inquiry>open', 'dispute inquiry>closed', 'dispute inquiry>won', 'dispute inquiry>lost', 'dispute open>closed', 'dispute open>won', 'dispute open>lost',
  'dispute lost>won', 'dispute won>lost']);

-- name: each state is the last one written down
select event_id, id from ticketing.event_violations where rule = 'state.last_written';

-- name: a payment pays one order
select stripe_payment_intent_id from ticketing.orders where stripe_payment_intent_id is not null group by 1 having count(*) > 1;

-- name: no webhook waits longer than ten minutes
select id from ticketing.webhook_events where processed_at is null and failed_at is null and received_at < clock_timestamp() - interval '10 minutes';

-- name: ticket numbers are gap-free per event
select event_id, id from ticketing.event_violations where rule = 'ticket.numbers';

-- name: the ticket counter stands at the highest number
select event_id, id from ticketing.event_violations where rule = 'counter.last_sequence';

-- name: a ticket's code names the ticket and its rotation
select event_id, id from ticketing.event_violations where rule = 'ticket.qr_code';

-- name: admitted once
select event_id, id from ticketing.event_violations where rule = 'ticket.admitted_once';

-- name: no dead or suspended ticket was admitted
select event_id, id from ticketing.event_violations where rule = 'ticket.dead_admitted';

-- name: tickets, orders and tiers agree on their event
select event_id, id from ticketing.event_violations where rule in ('ticket.one_event', 'order_item.one_event');

-- name: one currency per event
select event_id, id from ticketing.event_violations where rule = 'order.currency';

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
select event_id, id from ticketing.event_violations where rule = 'event.totals';

-- name: the kept curve is the sum of orders and tickets, in each of its widths
select event_id, id from ticketing.event_violations where rule = 'event.curve';

-- name: every event owner exists
select e.id from events.events e
where (e.owner_context_type = 'organization' and not exists (select from organizations.organizations o where o.id = e.owner_context_id));

-- name: every living organization has a living owner
select o.id from organizations.organizations o
where o.deleted_at is null and not exists (
  select from organizations.org_memberships m join auth.users u on u.id = m.user_id
  where m.org_id = o.id and m.role = 'owner' and u.deleted_at is null
    and not exists (select from public.profiles p where p.id = u.id and p.deleted_at is not null));

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
  ('ticketing.orders', 'log_transition'), ('ticketing.tickets', 'log_transition'), ('ticketing.refunds', 'log_transition'), ('ticketing.disputes', 'log_transition'), ('events.events', 'log_transition'),
  ('events.events', 'guard_event'), ('social.event_reactions', 'keep_counts'),
  ('ticketing.orders', 'note_insert'), ('ticketing.orders', 'note_update'), ('ticketing.orders', 'note_delete'),
  ('ticketing.tickets', 'note_insert'), ('ticketing.tickets', 'note_update'), ('ticketing.tickets', 'note_delete')) g(owner, name)
where not exists (select from pg_constraint c where c.conrelid = g.owner::regclass and c.conname = g.name and c.convalidated)
  and not exists (select from pg_trigger t where t.tgrelid = g.owner::regclass and t.tgname = g.name and t.tgenabled in ('O', 'A'));

-- name: an acknowledged commit is on disk
select setting from pg_settings where name = 'synchronous_commit' and setting = 'off';
