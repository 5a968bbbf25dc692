-- why: the sender sends each published row by itself, which for a rush of holds cost the database and each node more than taking a batch's places again; ticketing.tell_holds tells a statement's holds in one message
alter publication liventix_feed drop table ticketing.ticket_holds;
