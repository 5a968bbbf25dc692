-- Row level security on every table of ours, forced, failing closed; service_role passes by one policy named <table>_service.
-- service_role holds no BYPASSRLS. Schema auth is the sign-in library's: service_role reads some columns of a user there and whole sessions.
do $$
declare
  r record;
begin
  for r in
    select n.nspname as s, c.relname as t from pg_class c join pg_namespace n on n.oid = c.relnamespace
    where c.relkind in ('r', 'p') and n.nspname in ('auth', 'public', 'events', 'ticketing', 'organizations', 'social', 'analytics', 'jobs')
      and not (n.nspname = 'public' and c.relname = 'schema_migrations')
  loop
    execute format('alter table %I.%I enable row level security', r.s, r.t);
    execute format('alter table %I.%I force row level security', r.s, r.t);
    execute format('revoke all on %I.%I from public, anon, authenticated', r.s, r.t);
    execute format('drop policy if exists %I on %I.%I', r.t || '_service', r.s, r.t);
    if r.s = 'auth' then
      execute format('drop policy if exists %I on auth.%I', r.t || '_auth', r.t);
      execute format('create policy %I on auth.%I to liventix_auth using (true) with check (true)', r.t || '_auth', r.t);
      execute format('grant select, insert, update, delete on auth.%I to liventix_auth', r.t);
      if r.t in ('users', 'sessions', 'pending_moves') then
        execute format('create policy %I on auth.%I to service_role using (true) with check (true)', r.t || '_service', r.t);
      end if;
    else
      execute format('create policy %I on %I.%I to service_role using (true) with check (true)', r.t || '_service', r.s, r.t);
      execute format('grant select, insert, update, delete on %I.%I to service_role', r.s, r.t);
    end if;
  end loop;
end $$;

grant usage on schema auth to liventix_auth, service_role, anon, authenticated;
grant usage on schema public to anon, authenticated, service_role, liventix_auth;
grant usage on schema events, ticketing, organizations, social to anon, authenticated, service_role;
grant usage on schema analytics to authenticated, service_role;
grant usage on schema jobs to service_role;
grant select (id, name, email, email_verified, is_anonymous, image, created_at, deleted_at, two_factor_enabled) on auth.users to service_role;
grant select, delete on auth.sessions to service_role;
grant select, insert, update, delete on auth.pending_moves to service_role;
grant usage on all sequences in schema ticketing, analytics to service_role;

revoke all on all functions in schema ticketing, auth, events, social from public;
grant execute on all functions in schema ticketing, social to service_role;
grant execute on all functions in schema auth, events to anon, authenticated, service_role, liventix_auth;
grant execute on function ticketing.closed_reason, ticketing.quote_of, ticketing.qr_code_of to anon, authenticated;
revoke all on function public.cleanup_expired_ticket_holds from public;
grant execute on function public.cleanup_expired_ticket_holds, public.version_epoch to service_role;
