-- why: fees were kept from buyers who had bought under "fees come back too", when the event's terms changed after the sale.
-- An order keeps the terms under which it was made.
alter table ticketing.orders
  add column refund_policy text check (refund_policy in ('none', 'until_1d', 'until_7d', 'until_start')),
  add column refund_keeps_fees boolean not null default false;
-- No order changes by this: versions, times and listeners stay as they are.
alter table ticketing.orders disable trigger user;
update ticketing.orders o set refund_policy = e.refund_policy, refund_keeps_fees = e.refund_keeps_fees from events.events e where e.id = o.event_id;
alter table ticketing.orders enable trigger user;
