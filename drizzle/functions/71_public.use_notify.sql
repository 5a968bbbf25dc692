-- The feed for servers whose wal_level cannot be logical: triggers that NOTIFY what publication liventix_feed and tell_holds would send.
--
-- Off by default and on by the server's setting LIVE_FEED=notify only, because every committing transaction that notifies
-- queues for one lock of the whole server. Same tables, same columns as the publication; ids and states, no person data
-- beyond ids. Called by service_role when a server starts; `select public.use_notify(false)` takes the triggers off.
create or replace function public.tell_feed() returns trigger
language plpgsql set search_path = '' as $$
declare
  v_row jsonb;
begin
  if tg_op = 'DELETE' then v_row := to_jsonb(old); else v_row := to_jsonb(new); end if;
  perform pg_notify('liventix_feed', jsonb_build_object(
    't', tg_table_schema || '.' || tg_table_name, 'c', lower(tg_op),
    'r', (select jsonb_object_agg(c.name, v_row -> c.name) from unnest(tg_argv) c (name)))::text);
  return null;
end $$;
revoke all on function public.tell_feed() from public;

-- A definer function of the tables' owner, because the engine may not alter them. Returns how many tables were changed.
create or replace function public.use_notify(p_on boolean) returns integer
language plpgsql security definer set search_path = '' as $$
declare
  r record;
  v_changed integer := 0;
begin
  -- Two servers that start together: the second finds the triggers.
  perform pg_advisory_xact_lock(hashtext('liventix use_notify'));
  for r in
    select p.schemaname as s, p.tablename as t,
           (select string_agg(quote_literal(c.name), ', ') from unnest(p.attnames) c (name)) as columns,
           exists (select from pg_trigger g where g.tgname = 'tell_feed'
                    and g.tgrelid = format('%I.%I', p.schemaname, p.tablename)::regclass) as there
      from (
        select schemaname, tablename, attnames from pg_publication_tables where pubname = 'liventix_feed'
        union all values ('ticketing', 'ticket_holds', '{user_id,checkout_id}'::name[])) p order by 1, 2
  loop
    if p_on and not r.there then
      execute format('create trigger tell_feed after insert or update or delete on %I.%I for each row execute function public.tell_feed(%s)', r.s, r.t, r.columns);
      v_changed := v_changed + 1;
    elsif not p_on and r.there then
      execute format('drop trigger tell_feed on %I.%I', r.s, r.t);
      v_changed := v_changed + 1;
    end if;
  end loop;
  return v_changed;
end $$;
revoke all on function public.use_notify(boolean) from public;
grant execute on function public.use_notify(boolean) to service_role;
