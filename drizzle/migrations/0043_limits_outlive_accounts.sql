-- why: the limit per person counts the mailbox of an order, and deleting the account took the mailbox away: who had bought up to the limit
-- deleted the account, came again with the same mailbox and bought as much again, while the mailed tickets went on admitting.
-- A mark of the mailbox is kept in its place until the event is over. It is keyed by the server's secret and made for one event.
create table ticketing.erased_mailboxes (
  order_id uuid primary key references ticketing.orders (id) on delete cascade,
  mark bytea not null
);
create index erased_mailboxes_mark on ticketing.erased_mailboxes (mark);
