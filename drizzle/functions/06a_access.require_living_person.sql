-- as: service_role
-- A person who deleted the account, or is deleting it, gets nothing new in her name: reads her profile under a lock that an
-- erasure waits for, and that waits for an erasure. Called before a row is written; the argument names the column of the person.
-- Verbs that lock anything else first ask `lockLiving` themselves, because the profile comes before all other locks.
-- Definer: people write some of these rows under their own rights, which do not reach to users.
create or replace function access.require_living_person() returns trigger
language plpgsql security definer set search_path = '' as $$
declare
  v_person uuid := to_jsonb(new) ->> tg_argv[0];
begin
  perform from public.profiles p where p.id = v_person for key share;
  if exists (select from public.profiles p where p.id = v_person and p.deleted_at is not null)
     or not exists (select from auth.users u where u.id = v_person) then
    raise exception 'the person % deleted the account', v_person using errcode = 'check_violation', constraint = 'living_person';
  end if;
  return new;
end $$;
revoke all on function access.require_living_person() from public;
grant execute on function access.require_living_person() to liventix_owner;
