-- why: whoever knew nothing but the password set up a second factor with it, and a second later took over organizations and refunded sales:
-- what asks for a second factor because a password may be stolen stood behind the password alone.

-- The session was signed in by its account's mailbox, or proved it: without that it sets up no first second factor.
alter table auth.sessions add column by_mailbox boolean not null default false;
