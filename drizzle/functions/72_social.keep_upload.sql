-- Notes a picture for its account; false when it would take the account over its quota. Called by the media feature before the
-- file is written. Locks the account's profile, so that two uploads at once are counted one after the other.
-- A picture that is known is only marked as used: the collector (collect_uploads) then spares it for another day.
create or replace function social.keep_upload(p_user_id uuid, p_name text, p_bytes int, p_quota_bytes bigint) returns boolean
language plpgsql set search_path = '' as $$
begin
  perform 1 from public.profiles p where p.id = p_user_id for no key update;
  update social.uploads u set used_at = clock_timestamp() where u.name = p_name;
  if found then return true; end if;
  if (select coalesce(sum(u.bytes), 0) from social.uploads u where u.user_id = p_user_id) + p_bytes > p_quota_bytes then return false; end if;
  insert into social.uploads (name, user_id, bytes) values (p_name, p_user_id, p_bytes)
  on conflict (name) do update set used_at = clock_timestamp();
  return true;
end $$;
