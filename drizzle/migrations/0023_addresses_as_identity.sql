-- why: the spelling that limits compare was taken for who somebody is; claims and look-ups compare the address itself.

create index orders_address on ticketing.orders (lower(mailbox));

-- An address that begins with a plus sign keeps its local part: +a@x and +b@x were one mailbox.
create or replace function public.normal_mailbox(p text) returns text language sql immutable parallel safe as $$
  select case
    when lower(btrim(p)) ~ '@(gmail|googlemail)\.com$' and s.local <> ''
      then replace(s.local, '.', '') || '@gmail.com'
    else coalesce(nullif(s.local, ''), split_part(lower(btrim(p)), '@', 1)) || '@' || split_part(lower(btrim(p)), '@', 2)
  end
  from (select split_part(split_part(lower(btrim(p)), '@', 1), '+', 1) as local) s
$$;
reindex index ticketing.orders_mailbox;
