-- The triggers behind the kept totals (34), and the totals of events that sold before there were any: in one transaction,
-- under the triggers' own lock on both tables, so no sale falls between.
drop trigger if exists note_insert on ticketing.orders;
drop trigger if exists note_update on ticketing.orders;
drop trigger if exists note_delete on ticketing.orders;
create trigger note_insert after insert on ticketing.orders referencing new table as changed_new for each statement execute function access.note_orders();
create trigger note_update after update on ticketing.orders referencing old table as changed_old new table as changed_new for each statement execute function access.note_orders();
create trigger note_delete after delete on ticketing.orders referencing old table as changed_old for each statement execute function access.note_orders();

drop trigger if exists note_insert on ticketing.tickets;
drop trigger if exists note_update on ticketing.tickets;
drop trigger if exists note_delete on ticketing.tickets;
create trigger note_insert after insert on ticketing.tickets referencing new table as changed_new for each statement execute function ticketing.note_tickets();
create trigger note_update after update on ticketing.tickets referencing old table as changed_old new table as changed_new for each statement execute function ticketing.note_tickets();
create trigger note_delete after delete on ticketing.tickets referencing old table as changed_old for each statement execute function ticketing.note_tickets();

drop trigger if exists recut_sales on events.events;
create trigger recut_sales after update of time_zone on events.events for each row when (old.time_zone is distinct from new.time_zone) execute function ticketing.recut_sales();

-- on a new database the policies come later, and with them this grant
grant usage on schema events to service_role;
grant select on events.events, ticketing.orders, ticketing.tickets to service_role;
do $$
begin
  set local role service_role;
  perform ticketing.rebuild_event_totals(o.event_id) from (
    select distinct o.event_id from ticketing.orders o where not exists (select from ticketing.event_totals t where t.event_id = o.event_id)
    union
    -- curves of an older version took refunded tickets out of the past instead of out of the day they were refunded
    select distinct k.event_id from ticketing.tickets k where k.status = 'refunded' and k.refunded_at is not null) o;
end $$;
