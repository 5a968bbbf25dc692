-- as: service_role
-- Whoever's account is changed in a way that lets somebody in, or keeps somebody out, is told by mail (job accounts.tell-change):
-- whatever did it, in the transaction that does it. The mail goes to the address that was proven before the change.
-- A definer function, because the sign-in library's login has no right to the queue. Its triggers are in 06b.
create or replace function access.tell_change() returns trigger
language plpgsql security definer set search_path = '' as $$
declare
  v_id uuid; v_mailbox text; v_tells boolean; v_user record;
begin
  if tg_table_name = 'users' then
    v_id := old.id;
    v_mailbox := case when tg_argv[0] = 'address_taken' then new.email else old.email end;
    v_tells := old.email_verified and not coalesce(old.is_anonymous, false);
  else
    v_id := case when tg_op = 'DELETE' then old.user_id else new.user_id end;
    select u.email, u.email_verified, u.is_anonymous, u.two_factor_enabled, u.created_at into v_user from auth.users u where u.id = v_id;
    v_mailbox := v_user.email;
    v_tells := v_user.email_verified and not coalesce(v_user.is_anonymous, false) and case tg_argv[0]
      -- With the last factor its codes go: that is told already.
      when 'codes_renewed' then v_user.two_factor_enabled
      -- The one that was typed to sign up is no news.
      when 'password_set' then v_user.created_at < clock_timestamp() - interval '1 hour'
      else true end;
  end if;
  if v_tells and v_mailbox not like '%.invalid' then
    perform jobs.enqueue('accounts.tell-change', jsonb_build_object('userId', v_id, 'kind', tg_argv[0], 'mailbox', v_mailbox),
      p_job_key => 'accounts.tell-change:' || v_id || ':' || tg_argv[0]);
  end if;
  return null;
exception when raise_exception then
  return null; -- JOB_UNKNOWN: no server has ever started on this database, there is nobody to tell
end $$;
revoke all on function access.tell_change() from public;
grant execute on function access.tell_change() to liventix_owner;
