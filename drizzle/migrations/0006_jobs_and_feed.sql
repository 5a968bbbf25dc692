-- why: the catalogue of work that must happen, and what the live layer listens to
create table jobs.tasks (
  name text primary key
);
create table jobs.workers (
  worker_id text primary key,
  beat_at timestamptz not null default clock_timestamp()
);
-- Named here because SQL itself enqueues them; the server adds its own at start.
insert into jobs.tasks (name) values ('orders.after-payment'), ('payments.cancel-intent'), ('refunds.send');

create table public.feed_beats (
  node text primary key,
  n bigint not null default 0
);

-- Columns are listed: the feed bypasses policies and grants.
create publication liventix_feed for table
  events.events (id, status, visibility, version, deleted_at),
  ticketing.ticket_tiers (id, event_id, version),
  ticketing.ticket_holds (id, event_id, tier_id, user_id, checkout_id, status),
  ticketing.orders (id, event_id, user_id, checkout_id, status, version),
  ticketing.tickets (id, event_id, order_id, owner_user_id, status),
  ticketing.refunds (id, order_id, status),
  ticketing.event_counters (event_id, version),
  social.event_posts (id, event_id, version),
  social.feed_counters (event_id, version),
  organizations.org_memberships (id, org_id, user_id, role),
  auth.sessions (id, user_id, expires_at),
  public.feed_beats (node, n)
  with (publish = 'insert, update, delete');
