-- why: guests cost nothing, so limits by person let one machine take every place of an event; places held without payment are counted by network address too, and an order that a stranger placed in somebody's name is told apart from her own
-- An address as the server writes it: HMAC-SHA256 of event and address, 64 bits of it. Null: unknown, trusted, or from before this migration.
alter table ticketing.ticket_holds add column address_key bigint;
create index ticket_holds_address on ticketing.ticket_holds (address_key, status, ended_at) where address_key is not null;

alter table ticketing.hold_lapses
  add column address_key bigint,
  -- No reference: a tier that was ever held is never deleted, and a sweep writes thousands of these.
  add column tier_id uuid,
  add column quantity int not null default 0 check (quantity >= 0);
create index hold_lapses_address on ticketing.hold_lapses (address_key, created_at) where address_key is not null;

-- Since when a fifth of the tier has been in checkouts of guests who never began to pay; null while it is not.
alter table ticketing.ticket_tiers add column hoarded_since timestamptz;

-- Whether the buyer had confirmed the order's mailbox when she ordered; and, once the order was given to whoever confirmed the mailbox
-- later, the guest who had placed it: that may have been a stranger.
alter table ticketing.orders
  add column mailbox_proven boolean not null default false,
  add column claimed_from uuid;
