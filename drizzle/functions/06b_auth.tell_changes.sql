-- What of an account is told to its mailbox: see access.tell_change.
drop trigger if exists tell_change on auth.accounts;
create trigger tell_change after update of password on auth.accounts for each row
  when (old.password is not null and old.password is distinct from new.password) execute function access.tell_change('password_changed');
drop trigger if exists tell_set on auth.accounts;
create trigger tell_set after insert on auth.accounts for each row
  when (new.password is not null) execute function access.tell_change('password_set');
drop trigger if exists tell_added on auth.two_factors;
create trigger tell_added after update of verified on auth.two_factors for each row
  when (new.verified and not old.verified) execute function access.tell_change('factor_added');
drop trigger if exists tell_removed on auth.two_factors;
create trigger tell_removed after delete on auth.two_factors for each row
  when (old.verified) execute function access.tell_change('factor_removed');
drop trigger if exists tell_added on auth.passkeys;
create trigger tell_added after insert on auth.passkeys for each row execute function access.tell_change('factor_added');
drop trigger if exists tell_removed on auth.passkeys;
create trigger tell_removed after delete on auth.passkeys for each row execute function access.tell_change('factor_removed');
drop trigger if exists tell_used on auth.recovery_codes;
create trigger tell_used after update of used_at on auth.recovery_codes for each row
  when (old.used_at is null and new.used_at is not null) execute function access.tell_change('recovery_code_used');
drop trigger if exists tell_renewed on auth.recovery_codes;
create trigger tell_renewed after delete on auth.recovery_codes for each row execute function access.tell_change('codes_renewed');
drop trigger if exists tell_left on auth.users;
create trigger tell_left after update of email on auth.users for each row
  when (old.email is distinct from new.email and new.deleted_at is null) execute function access.tell_change('address_left');
drop trigger if exists tell_taken on auth.users;
create trigger tell_taken after update of email on auth.users for each row
  when (old.email is distinct from new.email and new.deleted_at is null) execute function access.tell_change('address_taken');
drop trigger if exists tell_erased on auth.users;
create trigger tell_erased after update of deleted_at on auth.users for each row
  when (old.deleted_at is null and new.deleted_at is not null) execute function access.tell_change('account_deleted');
