-- why: a stranger could have a mailbox told about an event; an alert is told only after the owner of its mailbox said yes.

alter table events.event_alerts add column confirmed_at timestamptz;
-- Alerts from before the rule keep what their page promised. On a new database the grants come later, with the policies.
grant select, update on events.event_alerts to service_role;
set local role service_role;
update events.event_alerts set confirmed_at = created_at;
reset role;
