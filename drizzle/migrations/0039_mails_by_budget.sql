-- why: ten mails that strangers caused within an hour refused the owner of a mailbox her free order at its last step, and her places lapsed.
-- The order is taken now, and knows that its confirmation was not sent.
alter table ticketing.orders add column mail_withheld boolean not null default false;

-- Fifty changes of a member's role were fifty mails to her. What she was last told, and when: one mail an hour, of the last state alone.
create table organizations.role_notices (
  org_id uuid not null references organizations.organizations (id) on delete cascade,
  user_id uuid not null references auth.users (id) on delete cascade,
  known_role public.org_role, -- null: no member, as far as she knows
  is_waiting boolean not null default true,
  told_at timestamptz,
  primary key (org_id, user_id)
);
create index role_notices_user on organizations.role_notices (user_id);
