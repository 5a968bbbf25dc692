-- why: of a hold the feed only needs whose it is and which checkout's: every column is written out by the sender and read by each node, for each hold of a rush
alter publication liventix_feed drop table ticketing.ticket_holds;
alter publication liventix_feed add table ticketing.ticket_holds (id, user_id, checkout_id);
