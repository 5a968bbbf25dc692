-- why: an account could be deleted while an event of hers was made or published, and the event sold with nobody behind it.

-- The person who hosts an event herself must be there: reads her profile under a lock that an erasure waits for, and that
-- waits for an erasure.
create function events.require_living_host() returns trigger language plpgsql set search_path = '' as $$
begin
  perform from public.profiles p where p.id = new.owner_context_id for share;
  if exists (select from public.profiles p where p.id = new.owner_context_id and p.deleted_at is not null) then
    raise exception 'the host % deleted the account', new.owner_context_id
      using errcode = 'check_violation', constraint = 'events_living_host';
  end if;
  return new;
end $$;
create trigger require_living_host before insert or update of status, owner_context_type, owner_context_id on events.events
  for each row when (new.owner_context_type = 'user' and new.status in ('draft', 'published')) execute function events.require_living_host();
