-- why: a password, a mailbox or a stolen cookie was the whole account; a second factor and a fresh sign-in stand before what hurts.

-- Kept by the trigger below: true while the user has a confirmed authenticator app or a passkey.
alter table auth.users add column two_factor_enabled boolean not null default false;

-- A session of such a user is worth nothing until second_factor_at is set. confirmed_at is when the user last proved who it is.
alter table auth.sessions add column second_factor_at timestamptz, add column confirmed_at timestamptz;
update auth.sessions set confirmed_at = created_at;
alter table auth.sessions alter column confirmed_at set default clock_timestamp(), alter column confirmed_at set not null;

-- The authenticator app's key, encrypted under the installation's secret. Counts nothing until verified.
create table auth.two_factors (
  id uuid primary key default public.uuid_v7(),
  user_id uuid not null unique references auth.users (id) on delete cascade,
  secret text not null,
  verified boolean not null default false,
  created_at timestamptz not null default clock_timestamp()
);

create table auth.passkeys (
  id uuid primary key default public.uuid_v7(),
  user_id uuid not null references auth.users (id) on delete cascade,
  name text not null check (char_length(name) between 1 and 60),
  credential_id text not null unique,
  public_key bytea not null,
  counter bigint not null check (counter >= 0),
  transports text[] not null default '{}',
  created_at timestamptz not null default clock_timestamp(),
  used_at timestamptz
);
create index passkeys_user on auth.passkeys (user_id);

-- What a browser has to sign with a passkey: one at a time for each session, taken once.
create table auth.passkey_challenges (
  session_id uuid primary key references auth.sessions (id) on delete cascade,
  ceremony text not null check (ceremony in ('register', 'prove')),
  challenge text not null,
  expires_at timestamptz not null default clock_timestamp() + interval '5 minutes'
);

-- Recovery codes as HMAC under the installation's secret; each is used once.
create table auth.recovery_codes (
  id uuid primary key default public.uuid_v7(),
  user_id uuid not null references auth.users (id) on delete cascade,
  code_hmac bytea not null,
  used_at timestamptz,
  unique (user_id, code_hmac)
);

-- Wrong proofs of a user in a row, whatever the session, challenge or kind; and the last app code, which is good once.
create table auth.proof_tries (
  user_id uuid primary key references auth.users (id) on delete cascade,
  failed int not null default 0 check (failed >= 0),
  locked_until timestamptz,
  last_code_hmac bytea,
  last_code_at timestamptz
);

create function auth.keep_two_factor() returns trigger language plpgsql set search_path = '' as $$
declare
  v_user uuid := coalesce(new.user_id, old.user_id);
begin
  update auth.users u set two_factor_enabled = f.has
    from (select exists (select from auth.two_factors t where t.user_id = v_user and t.verified)
              or exists (select from auth.passkeys p where p.user_id = v_user) as has) f
   where u.id = v_user and u.two_factor_enabled <> f.has;
  return null;
end $$;
create trigger keep_two_factor after insert or update or delete on auth.two_factors
  for each row execute function auth.keep_two_factor();
create trigger keep_two_factor after insert or delete on auth.passkeys
  for each row execute function auth.keep_two_factor();
