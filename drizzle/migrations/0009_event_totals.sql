-- why: what an event has sold is kept, so that reading it does not depend on how much that is
-- One row per event: money of its sales, paid orders, admissions, and the sum of its orders' versions (which never falls).
-- Written by ticketing.fold_event_totals and ticketing.rebuild_event_totals only.
create table ticketing.event_totals (
  event_id uuid primary key references events.events (id) on delete cascade,
  gross_cents bigint not null default 0,
  refunded_cents bigint not null default 0,
  fees_cents bigint not null default 0,
  paid_orders bigint not null default 0,
  admitted bigint not null default 0,
  version bigint not null default 0
) with (fillfactor = 50);

-- The curve of an event's sales in three widths: five minutes, an hour, six hours (the last two cut in the event's zone).
create table ticketing.event_sales (
  event_id uuid not null references events.events (id) on delete cascade,
  width text not null check (width in ('minutes', 'hour', 'quarter')),
  at timestamptz not null,
  tickets bigint not null default 0,
  gross_cents bigint not null default 0,
  refunded_cents bigint not null default 0,
  paid_orders bigint not null default 0,
  primary key (event_id, width, at)
) with (fillfactor = 50);

-- What changed and is not in the two tables above yet. Only ever inserted by the transactions that sell, so that keeping
-- totals takes no lock anyone waits for and has no place in the lock order; folded every second. Truth = totals + these.
create table ticketing.event_changes (
  id bigint generated always as identity primary key,
  event_id uuid not null,
  at timestamptz,
  tickets bigint not null,
  gross_cents bigint not null,
  refunded_cents bigint not null,
  fees_cents bigint not null,
  paid_orders bigint not null,
  admitted bigint not null,
  version bigint not null
) with (autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = 2000, autovacuum_vacuum_insert_scale_factor = 0);
create index event_changes_event on ticketing.event_changes (event_id);

-- The totals of what was sold already are written with the triggers (drizzle/functions/35), before policies are made anew.
do $$
declare
  r text;
begin
  foreach r in array array['event_totals', 'event_sales', 'event_changes'] loop
    execute format('alter table ticketing.%I enable row level security', r);
    execute format('alter table ticketing.%I force row level security', r);
    execute format('create policy %I on ticketing.%I to service_role using (true) with check (true)', r || '_service', r);
    execute format('grant select, insert, update, delete on ticketing.%I to service_role', r);
  end loop;
end $$;

-- A refund names its event, so that the last thirty of an event are read by an index.
alter table ticketing.refunds add column event_id uuid;
create function ticketing.fill_refund() returns trigger language plpgsql as $$
begin
  select o.event_id into new.event_id from ticketing.orders o where o.id = new.order_id;
  return new;
end $$;
create trigger fill_refund before insert on ticketing.refunds for each row when (new.event_id is null) execute function ticketing.fill_refund();
-- on a new database the policies come later, and with them these same grants
grant usage on schema ticketing, events to service_role;
grant select, update on ticketing.refunds, ticketing.orders to service_role;
set local role service_role;
update ticketing.refunds r set event_id = o.event_id from ticketing.orders o where o.id = r.order_id;
reset role;

create index refunds_event on ticketing.refunds (event_id, (coalesce(settled_at, created_at)) desc) where status = 'succeeded';
create index orders_sold on ticketing.orders (event_id, (coalesce(paid_at, created_at)) desc, id) where status in ('paid', 'refunded');
create index orders_paying on ticketing.orders (event_id) where status = 'pending' and payment_state in ('started', 'processing');
