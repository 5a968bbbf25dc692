-- why: pictures were kept for ever and without end, whether anything showed them or not; each is counted for its account, and what nothing shows after a day goes
create table social.uploads (
  -- The file under DATA_DIR/media. A photo's name is the hash of its bytes, so the same photo of two accounts is one row of the first.
  name text primary key check (name ~ '^[A-Za-z0-9_-]+[.][a-z]+$'),
  user_id uuid references auth.users (id) on delete set null,
  bytes int not null check (bytes >= 0),
  -- Last sent, or put into a post or onto an event.
  used_at timestamptz not null default clock_timestamp()
);
create index uploads_user on social.uploads (user_id);
create index uploads_used on social.uploads (used_at);

create index event_posts_media on social.event_posts using gin (media_urls jsonb_path_ops) where media_urls <> '[]';
create index events_cover on events.events (cover_image_url) where cover_image_url is not null;
create index profiles_photo on public.profiles (photo_url) where photo_url is not null;

-- What is there already counts nothing, and goes like the rest when nothing shows it any more.
insert into social.uploads (name, user_id, bytes)
select distinct on (m.name) m.name, m.user_id, 0
  from (
    select substring(url from '^/media/([A-Za-z0-9_-]+[.][a-z]+)$') as name, p.author_user_id as user_id
      from social.event_posts p, lateral jsonb_array_elements_text(p.media_urls) as url
    union all
    select substring(e.cover_image_url from '^/media/([A-Za-z0-9_-]+[.][a-z]+)$'), null from events.events e
  ) m
 where m.name is not null;
