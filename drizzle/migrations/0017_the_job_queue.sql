-- why: money before mail before upkeep; one job per payment; a capture is written down before anything is made of it
-- Lower is sooner. The server writes what its job files say (Urgency in platform/jobs.ts); names of older versions come last.
-- What is named here until a server of this version starts follows money: the default of the rows that are there.
alter table jobs.tasks add column priority smallint not null default 0 check (priority >= 0);
alter table jobs.tasks alter column priority set default 20;

-- What a webhook is about: the payment where it names one, else the object itself. All open events of one subject are one job's.
alter table ticketing.webhook_events add column subject text;
-- Given up: the provider does not know what it names. Stays open, for people.
alter table ticketing.webhook_events add column failed_at timestamptz check (failed_at is null or processed_at is null);
create index webhook_events_subject on ticketing.webhook_events (subject) where processed_at is null;

-- When the provider captured the money; never before the order, never in the future. A payment is late or not by this time.
alter table ticketing.orders add column captured_at timestamptz check (captured_at >= created_at);
