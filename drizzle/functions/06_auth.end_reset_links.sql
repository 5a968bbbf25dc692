-- Links that were mailed to choose a new password are for the password and the address of that time: when either changes, or the
-- login is erased, they are void. The sign-in library keeps them by the person's id until they lapse.
create or replace function auth.end_reset_links() returns trigger
language plpgsql set search_path = '' as $$
begin
  delete from auth.verifications v where v.identifier like 'reset-password:%'
    and v.value = (case tg_table_name when 'users' then to_jsonb(old) ->> 'id' else to_jsonb(old) ->> 'user_id' end);
  return null;
end $$;
revoke all on function auth.end_reset_links() from public;

drop trigger if exists end_reset_links on auth.users;
create trigger end_reset_links after update of email on auth.users for each row when (old.email is distinct from new.email) execute function auth.end_reset_links();
drop trigger if exists end_reset_links on auth.accounts;
create trigger end_reset_links after update of password on auth.accounts for each row when (old.password is distinct from new.password) execute function auth.end_reset_links();
