-- why: many guests could ask for the same alert to the same stranger's mailbox, and each of them was mailed.

-- On a new database the policies come later, and with them these grants.
grant usage on schema events to service_role;
grant select, delete on events.event_alerts to service_role;
set local role service_role;
delete from events.event_alerts a using events.event_alerts b
 where a.told_at is null and b.told_at is null and a.event_id = b.event_id and a.kind = b.kind
   and public.normal_mailbox(a.mailbox) = public.normal_mailbox(b.mailbox) and a.id > b.id;
reset role;
create unique index event_alerts_mailbox on events.event_alerts (event_id, kind, public.normal_mailbox(mailbox)) where told_at is null;
