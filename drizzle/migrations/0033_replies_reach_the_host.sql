-- why: mails tell buyers to reply, and the reply went to the operator's mailbox, which no host reads.

-- The member of the team whom buyers' replies reach. Only somebody of the team, and nobody any more once she has left.
alter table organizations.organizations
  add column contact_user_id uuid,
  add constraint organizations_contact_fkey foreign key (id, contact_user_id)
    references organizations.org_memberships (org_id, user_id) on delete set null (contact_user_id);

-- It is a field of the form that counts editions.
drop trigger raise_edition on organizations.organizations;
create trigger raise_edition before update of name, city, description, palette, fee_bps, fee_fixed_cents, fee_cap_cents, fee_paid_by, contact_user_id
  on organizations.organizations for each row execute function public.raise_edition();
