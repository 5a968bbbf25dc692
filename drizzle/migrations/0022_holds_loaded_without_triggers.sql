-- why: a dump is loaded with triggers off (session_replication_role = replica), and a hold without its event was refused.

-- They only fill what a row must have, so they work whatever the session says.
alter table ticketing.ticket_holds enable always trigger fill_hold;
alter table ticketing.refunds enable always trigger fill_refund;
