-- Links that were mailed to choose a new password are for the address of that time: when it changes they are void. The sign-in
-- library keeps them by the person's id until they lapse. A new password voids them where it was chosen by such a link alone
-- (create-auth.ts): whoever only knows the password could else keep its owner from ever resetting it.
create or replace function auth.end_reset_links() returns trigger
language plpgsql set search_path = '' as $$
begin
  delete from auth.verifications v where v.identifier like 'reset:%' and v.value = old.id::text;
  return null;
end $$;
revoke all on function auth.end_reset_links() from public;

drop trigger if exists end_reset_links on auth.accounts; -- of an earlier version
drop trigger if exists end_reset_links on auth.users;
create trigger end_reset_links after update of email on auth.users for each row when (old.email is distinct from new.email) execute function auth.end_reset_links();
