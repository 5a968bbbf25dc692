-- why: the feed people talk in, and the figures a dashboard reads
create table social.event_posts (
  id uuid primary key default public.uuid_v7(),
  event_id uuid not null references events.events (id) on delete cascade,
  author_user_id uuid not null references auth.users (id),
  text text not null check (char_length(text) <= 2000),
  media_urls jsonb not null default '[]' check (jsonb_typeof(media_urls) = 'array' and jsonb_array_length(media_urls) <= 4),
  like_count int not null default 0 check (like_count >= 0),
  comment_count int not null default 0 check (comment_count >= 0),
  created_at timestamptz not null default clock_timestamp(),
  -- The sender's own id for this post: a resend is one post.
  client_id uuid not null default public.uuid_v7(),
  as_organization boolean not null default false,
  pinned_at timestamptz,
  edited_at timestamptz,
  hidden_at timestamptz,
  hidden_reason text,
  hidden_by uuid references auth.users (id),
  version bigint not null default 1,
  updated_at timestamptz not null default clock_timestamp(),
  deleted_at timestamptz,
  unique (author_user_id, client_id),
  check (text <> '' or jsonb_array_length(media_urls) > 0),
  check ((hidden_at is null) = (hidden_reason is null))
);
create index event_posts_hidden_by on social.event_posts (hidden_by) where hidden_by is not null;
create index event_posts_feed on social.event_posts (event_id, created_at desc);

create table social.event_reactions (
  id uuid primary key default public.uuid_v7(),
  post_id uuid not null references social.event_posts (id) on delete cascade,
  user_id uuid not null references auth.users (id),
  kind public.reaction_kind not null,
  text text check (char_length(text) between 1 and 1000),
  parent_id uuid references social.event_reactions (id),
  client_id uuid not null default public.uuid_v7(),
  -- A share counts once per person and day.
  day date not null default (now() at time zone 'UTC')::date,
  edited_at timestamptz,
  hidden_at timestamptz,
  hidden_reason text,
  created_at timestamptz not null default clock_timestamp(),
  deleted_at timestamptz,
  -- a comment loaded from elsewhere may have no text
  check (kind = 'comment' or text is null),
  check (kind = 'comment' or parent_id is null)
);
create unique index event_reactions_like on social.event_reactions (post_id, user_id) where kind = 'like';
create unique index event_reactions_share on social.event_reactions (post_id, user_id, day) where kind = 'share';
create unique index event_reactions_client on social.event_reactions (user_id, client_id);
create index event_reactions_post on social.event_reactions (post_id, kind, created_at);
create index event_reactions_parent on social.event_reactions (parent_id) where parent_id is not null;

-- like_count and comment_count move in the transaction of the row, whoever writes it. Hidden and deleted do not count.
create function social.keep_counts() returns trigger language plpgsql as $$
declare
  v_before boolean := false;
  v_after boolean := false;
  v_kind public.reaction_kind;
  v_post uuid;
begin
  if tg_op <> 'INSERT' then
    v_before := old.deleted_at is null and old.hidden_at is null; v_kind := old.kind; v_post := old.post_id;
  end if;
  if tg_op <> 'DELETE' then
    v_after := new.deleted_at is null and new.hidden_at is null; v_kind := new.kind; v_post := new.post_id;
  end if;
  if v_kind in ('like', 'comment') and v_before is distinct from v_after then
    update social.event_posts set
      like_count = like_count + case when v_kind = 'like' then v_after::int - v_before::int else 0 end,
      comment_count = comment_count + case when v_kind = 'comment' then v_after::int - v_before::int else 0 end
    where id = v_post;
  elsif v_kind = 'comment' and tg_op = 'UPDATE' then
    update social.event_posts set updated_at = clock_timestamp() where id = v_post;
  end if;
  return null;
end $$;
create trigger keep_counts after insert or update or delete on social.event_reactions for each row execute function social.keep_counts();

-- Orders the whole feed of an event: its version is what the room carries.
create table social.feed_counters (
  event_id uuid primary key references events.events (id) on delete cascade,
  version bigint not null default 0
);
create function social.keep_post() returns trigger language plpgsql as $$
begin
  if tg_op = 'UPDATE' then
    new.version := old.version + 1;
    new.updated_at := clock_timestamp();
  end if;
  return new;
end $$;
create trigger keep_post before update on social.event_posts for each row execute function social.keep_post();

create table social.post_reports (
  id uuid primary key default public.uuid_v7(),
  post_id uuid references social.event_posts (id) on delete cascade,
  reaction_id uuid references social.event_reactions (id) on delete cascade,
  reporter_user_id uuid not null references auth.users (id),
  reason text not null check (char_length(reason) between 1 and 500),
  created_at timestamptz not null default clock_timestamp(),
  resolved_at timestamptz,
  check (num_nonnulls(post_id, reaction_id) = 1),
  unique nulls not distinct (post_id, reaction_id, reporter_user_id)
);
create index post_reports_reaction on social.post_reports (reaction_id) where reaction_id is not null;
create index post_reports_reporter on social.post_reports (reporter_user_id);

create table social.follows (
  user_id uuid not null references auth.users (id) on delete cascade,
  target_type public.owner_context not null,
  target_id uuid not null,
  created_at timestamptz not null default clock_timestamp(),
  primary key (user_id, target_type, target_id)
);
create index follows_target on social.follows (target_type, target_id);

-- No addresses; kept 90 days.
create table analytics.page_views (
  id bigint generated always as identity primary key,
  event_id uuid references events.events (id) on delete cascade,
  path text not null check (char_length(path) <= 300),
  referrer_host text check (char_length(referrer_host) <= 120),
  viewer_hash text,
  created_at timestamptz not null default clock_timestamp()
);
create index page_views_event on analytics.page_views (event_id, created_at);
create index page_views_age on analytics.page_views (created_at);

create table analytics.scan_logs (
  id uuid primary key default public.uuid_v7(),
  event_id uuid not null references events.events (id) on delete cascade,
  ticket_id uuid references ticketing.tickets (id),
  outcome text not null check (outcome in ('admitted', 'undone', 'forged', 'stale', 'suspended', 'refunded', 'already', 'wrong_event', 'wrong_day')),
  gate text,
  scanned_by uuid not null references auth.users (id),
  created_at timestamptz not null default clock_timestamp()
);
create index scan_logs_event on analytics.scan_logs (event_id, created_at desc);
create index scan_logs_ticket on analytics.scan_logs (ticket_id);
create index scan_logs_scanned_by on analytics.scan_logs (scanned_by);

-- One row per event and hour, raised as things happen: what the curve is drawn from.
create table analytics.event_metrics (
  event_id uuid not null references events.events (id) on delete cascade,
  hour timestamptz not null,
  views int not null default 0,
  holds int not null default 0,
  orders int not null default 0,
  tickets int not null default 0,
  gross_cents bigint not null default 0,
  refunds int not null default 0,
  refunded_cents bigint not null default 0,
  primary key (event_id, hour)
);

create table analytics.user_actions (
  id bigint generated always as identity primary key,
  user_id uuid references auth.users (id) on delete set null,
  kind text not null check (char_length(kind) <= 60),
  entity_id uuid,
  detail jsonb not null default '{}',
  created_at timestamptz not null default clock_timestamp()
);
create index user_actions_user on analytics.user_actions (user_id, created_at desc);
create index user_actions_entity on analytics.user_actions (entity_id, created_at desc);
