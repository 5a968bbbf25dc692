-- why: events as people find them, and what an attendee keeps about them
create table events.events (
  id uuid primary key default public.uuid_v7(),
  title text not null check (char_length(btrim(title)) between 1 and 120),
  start_at timestamptz,
  end_at timestamptz,
  venue text check (char_length(venue) <= 160),
  category text,
  cover_image_url text,
  description text not null default '' check (char_length(description) <= 10000),
  city text check (char_length(city) <= 80),
  visibility public.event_visibility not null default 'public',
  owner_context_type public.owner_context not null default 'user',
  owner_context_id uuid not null,
  created_by uuid not null references auth.users (id),

  status public.event_status not null default 'draft',
  slug text not null unique default lower(public.short_code(10)) check (slug ~ '^[a-z0-9]+(-[a-z0-9]+)*$'),
  summary text not null default '' check (char_length(summary) <= 200),
  -- Organizers edit local wall time in this zone; start_at and friends are derived from it by a trigger.
  time_zone text not null default 'Europe/Berlin',
  start_local timestamp,
  end_local timestamp,
  doors_local timestamp,
  doors_at timestamptz,
  currency char(3) not null default 'EUR' check (currency = upper(currency)),
  address text check (char_length(address) <= 240),
  online_url text check (online_url ~ '^https?://' and char_length(online_url) <= 500),
  access_info text not null default '' check (char_length(access_info) <= 2000),
  -- [{ "name": "Kassel Drift", "at": "23:30", "note": "live" }]
  line_up jsonb not null default '[]' check (jsonb_typeof(line_up) = 'array' and jsonb_array_length(line_up) <= 40),
  min_age int check (min_age between 0 and 99),
  refund_policy text check (refund_policy in ('none', 'until_1d', 'until_7d', 'until_start')),
  refund_keeps_fees boolean not null default false,
  -- { palette, motif, layout, seed } of the drawn poster; cover_image_url wins over it.
  poster jsonb check (jsonb_typeof(poster) = 'object'),
  availability_display public.availability_display,
  max_per_person int not null default 10 check (max_per_person between 1 and 50),
  fee_bps int not null default 0 check (fee_bps between 0 and 5000),
  fee_fixed_cents int not null default 0 check (fee_fixed_cents >= 0),
  fee_cap_cents int check (fee_cap_cents >= 0),
  fee_paid_by text not null default 'buyer' check (fee_paid_by in ('buyer', 'organizer')),
  tax_included boolean not null default true,
  resell_refunded boolean not null default true,
  posts_by_verified boolean not null default false,
  published_at timestamptz,
  postponed_at timestamptz,
  cancelled_at timestamptz,
  cancel_reason text check (char_length(cancel_reason) <= 500),
  sales_paused_at timestamptz,
  version bigint not null default 1,
  search tsvector generated always as (
    setweight(to_tsvector('simple', public.plain_text(title)), 'A') ||
    setweight(to_tsvector('simple', public.plain_text(summary || ' ' || coalesce(venue, '') || ' ' || coalesce(city, '') || ' ' || coalesce(category, ''))), 'B') ||
    setweight(to_tsvector('simple', public.plain_text(description)), 'C')
  ) stored,
  created_at timestamptz not null default clock_timestamp(),
  updated_at timestamptz not null default clock_timestamp(),
  deleted_at timestamptz,
  check (end_at is null or start_at is null or end_at > start_at),
  check (status <> 'cancelled' or cancelled_at is not null)
);
create index events_search on events.events using gin (search);
create index events_title_trigram on events.events using gin (public.plain_text(title) public.gin_trgm_ops);
create index events_upcoming on events.events (start_at) where status in ('published', 'postponed') and visibility = 'public' and deleted_at is null;
create index events_owner on events.events (owner_context_type, owner_context_id);
create index events_created_by on events.events (created_by);

-- When an event is over by the database clock (1-domain, "Event").
create function events.over_at(p_start timestamptz, p_end timestamptz) returns timestamptz language sql immutable parallel safe as $$
  select coalesce(p_end, p_start + interval '6 hours')
$$;

-- start_at, end_at, doors_at follow the local times; every change raises the version.
create function events.derive_times() returns trigger language plpgsql as $$
begin
  if new.start_local is null and new.start_at is not null then new.start_local := new.start_at at time zone new.time_zone; end if;
  if new.end_local is null and new.end_at is not null then new.end_local := new.end_at at time zone new.time_zone; end if;
  if new.doors_local is null and new.doors_at is not null then new.doors_local := new.doors_at at time zone new.time_zone; end if;
  if tg_op = 'UPDATE' then
    -- Whoever moves the instant alone moves the wall clock with it.
    if new.start_at is distinct from old.start_at and new.start_local is not distinct from old.start_local then new.start_local := new.start_at at time zone new.time_zone; end if;
    if new.end_at is distinct from old.end_at and new.end_local is not distinct from old.end_local then new.end_local := new.end_at at time zone new.time_zone; end if;
    if new.doors_at is distinct from old.doors_at and new.doors_local is not distinct from old.doors_local then new.doors_local := new.doors_at at time zone new.time_zone; end if;
    if new.start_local is distinct from old.start_local or new.time_zone is distinct from old.time_zone then new.start_at := new.start_local at time zone new.time_zone; end if;
    if new.end_local is distinct from old.end_local or new.time_zone is distinct from old.time_zone then new.end_at := new.end_local at time zone new.time_zone; end if;
    if new.doors_local is distinct from old.doors_local or new.time_zone is distinct from old.time_zone then new.doors_at := new.doors_local at time zone new.time_zone; end if;
    new.version := greatest(new.version, old.version + 1);
    new.updated_at := clock_timestamp();
  else
    if new.start_at is null then new.start_at := new.start_local at time zone new.time_zone; end if;
    if new.end_at is null then new.end_at := new.end_local at time zone new.time_zone; end if;
    if new.doors_at is null then new.doors_at := new.doors_local at time zone new.time_zone; end if;
  end if;
  return new;
end $$;
create trigger derive_times before insert or update on events.events for each row execute function events.derive_times();

create table events.saved_events (
  user_id uuid not null references auth.users (id) on delete cascade,
  event_id uuid not null references events.events (id) on delete cascade,
  created_at timestamptz not null default clock_timestamp(),
  primary key (user_id, event_id)
);
create index saved_events_event on events.saved_events (event_id);
create table events.event_alerts (
  id uuid primary key default public.uuid_v7(),
  event_id uuid not null references events.events (id) on delete cascade,
  user_id uuid not null references auth.users (id) on delete cascade,
  mailbox text not null,
  kind text not null check (kind in ('on_sale', 'place_back')),
  created_at timestamptz not null default clock_timestamp(),
  told_at timestamptz,
  unique (event_id, user_id, kind)
);
create index event_alerts_user on events.event_alerts (user_id);
create index event_alerts_open on events.event_alerts (event_id, kind) where told_at is null;
