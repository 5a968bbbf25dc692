-- why: people, their sessions, their profiles, and the organizations they act for
create table auth.users (
  id uuid primary key default public.uuid_v7(),
  name text not null default '',
  email text not null unique,
  email_verified boolean not null default false,
  image text,
  is_anonymous boolean not null default false,
  created_at timestamptz not null default clock_timestamp(),
  updated_at timestamptz not null default clock_timestamp(),
  deleted_at timestamptz
);
create table auth.sessions (
  id uuid primary key default public.uuid_v7(),
  user_id uuid not null references auth.users (id) on delete cascade,
  token text not null unique,
  expires_at timestamptz not null,
  ip_address text,
  user_agent text,
  created_at timestamptz not null default clock_timestamp(),
  updated_at timestamptz not null default clock_timestamp()
);
create index sessions_user on auth.sessions (user_id);
create table auth.accounts (
  id uuid primary key default public.uuid_v7(),
  user_id uuid not null references auth.users (id) on delete cascade,
  account_id text not null,
  provider_id text not null,
  password text,
  access_token text,
  refresh_token text,
  id_token text,
  access_token_expires_at timestamptz,
  refresh_token_expires_at timestamptz,
  scope text,
  created_at timestamptz not null default clock_timestamp(),
  updated_at timestamptz not null default clock_timestamp(),
  unique (provider_id, account_id)
);
create index accounts_user on auth.accounts (user_id);
create table auth.verifications (
  id uuid primary key default public.uuid_v7(),
  identifier text not null,
  value text not null,
  expires_at timestamptz not null,
  created_at timestamptz not null default clock_timestamp(),
  updated_at timestamptz not null default clock_timestamp()
);
create index verifications_identifier on auth.verifications (identifier);

create table public.profiles (
  id uuid primary key references auth.users (id) on delete cascade,
  email text not null,
  display_name text not null default '' check (char_length(display_name) <= 80),
  photo_url text,
  role public.profile_role not null default 'attendee',
  -- { showFirstName: boolean, locale: string, colorScheme: string }
  settings jsonb not null default '{}' check (jsonb_typeof(settings) = 'object' and pg_column_size(settings) < 4096),
  created_at timestamptz not null default clock_timestamp(),
  updated_at timestamptz not null default clock_timestamp(),
  deleted_at timestamptz
);

-- Guests' holds and orders moved to the account they signed in to: repeatable until done.
create table auth.pending_moves (
  from_user_id uuid primary key references auth.users (id) on delete cascade,
  to_user_id uuid not null references auth.users (id) on delete cascade,
  created_at timestamptz not null default clock_timestamp(),
  done_at timestamptz
);
create index pending_moves_to on auth.pending_moves (to_user_id);

create table organizations.organizations (
  id uuid primary key default public.uuid_v7(),
  name text not null check (char_length(btrim(name)) between 2 and 80),
  description text not null default '' check (char_length(description) <= 2000),
  created_at timestamptz not null default clock_timestamp(),
  slug text not null unique default lower(public.short_code(8)) check (slug ~ '^[a-z0-9]+(-[a-z0-9]+)*$'),
  city text,
  palette text not null default 'cobalt',
  fee_bps int not null default 0 check (fee_bps between 0 and 5000),
  fee_fixed_cents int not null default 0 check (fee_fixed_cents >= 0),
  fee_cap_cents int check (fee_cap_cents >= 0),
  fee_paid_by text not null default 'buyer' check (fee_paid_by in ('buyer', 'organizer')),
  updated_at timestamptz not null default clock_timestamp(),
  deleted_at timestamptz
);
create table organizations.org_memberships (
  id uuid primary key default public.uuid_v7(),
  org_id uuid not null references organizations.organizations (id) on delete cascade,
  user_id uuid not null references auth.users (id) on delete cascade,
  role public.org_role not null,
  created_at timestamptz not null default clock_timestamp(),
  updated_at timestamptz not null default clock_timestamp(),
  unique (org_id, user_id)
);
create index org_memberships_user on organizations.org_memberships (user_id);
create table organizations.org_invitations (
  id uuid primary key default public.uuid_v7(),
  org_id uuid not null references organizations.organizations (id) on delete cascade,
  email text not null,
  role public.org_role not null,
  token_sha256 bytea not null unique,
  invited_by uuid not null references auth.users (id),
  created_at timestamptz not null default clock_timestamp(),
  expires_at timestamptz not null default clock_timestamp() + interval '7 days',
  accepted_at timestamptz,
  unique (org_id, email)
);
create index org_invitations_invited_by on organizations.org_invitations (invited_by);

create trigger touch before update on auth.users for each row execute function public.touch_updated_at();
create trigger touch before update on public.profiles for each row execute function public.touch_updated_at();
create trigger touch before update on organizations.organizations for each row execute function public.touch_updated_at();
create trigger touch before update on organizations.org_memberships for each row execute function public.touch_updated_at();
