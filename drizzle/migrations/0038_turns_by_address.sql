-- why: turns of a waiting room cost nothing, so one machine with many guests had all of them, and kept an event off sale with every place free; turns are counted by network address, as places are
-- As in ticket_holds. Null: unknown, trusted, or from before this migration.
alter table ticketing.waiting_spots add column address_key bigint;
create index waiting_spots_address on ticketing.waiting_spots (room_id, address_key, admitted_at)
  where address_key is not null and admitted_at is not null;
