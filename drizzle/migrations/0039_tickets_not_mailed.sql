-- why: ten mails that strangers caused within an hour refused the owner of a mailbox her free order at its last step, and her places lapsed.
-- The order is taken now, and knows that its confirmation was not sent.
alter table ticketing.orders add column mail_withheld boolean not null default false;
