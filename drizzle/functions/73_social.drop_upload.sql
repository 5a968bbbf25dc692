-- Whether anything shows a picture: a post, an event or a profile that is not deleted.
create or replace function social.upload_shown(p_name text) returns boolean
language sql stable set search_path = '' as $$
  select exists (select from social.event_posts p where p.media_urls @> to_jsonb('/media/' || p_name) and p.media_urls <> '[]' and p.deleted_at is null)
      or exists (select from events.events e where e.cover_image_url = '/media/' || p_name and e.deleted_at is null)
      or exists (select from public.profiles r where r.photo_url = '/media/' || p_name)
$$;

-- Forgets a picture that nothing has shown for a day; true when the caller may delete its file, which it does before it commits.
-- Called by the collector. A use of the picture meanwhile changes its row first: this statement then waits, looks again and spares
-- it; or that use waits, finds no row, and the picture is written anew.
create or replace function social.drop_upload(p_name text) returns boolean
language plpgsql set search_path = '' as $$
begin
  delete from social.uploads u
   where u.name = p_name and u.used_at < clock_timestamp() - interval '1 day' and not social.upload_shown(p_name);
  return found;
end $$;
