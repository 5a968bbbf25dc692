-- why: schemas, extensions, enums and the functions that every table's defaults lean on
create schema if not exists auth;
create schema if not exists events;
create schema if not exists ticketing;
create schema if not exists organizations;
create schema if not exists social;
create schema if not exists analytics;
create schema if not exists jobs;

-- Definer functions that read rows for policies belong to service_role and live here alone.
create schema if not exists access authorization service_role;

create extension if not exists pg_trgm with schema public;
create extension if not exists unaccent with schema public;

create type public.profile_role as enum ('attendee', 'organizer', 'admin');
create type public.order_status as enum ('pending', 'paid', 'cancelled', 'refunded');
create type public.ticket_status as enum ('issued', 'transferred', 'redeemed', 'refunded');
create type public.ticket_tier_status as enum ('active', 'inactive', 'sold_out');
create type public.event_visibility as enum ('public', 'unlisted', 'private');
create type public.event_status as enum ('draft', 'published', 'postponed', 'cancelled');
create type public.hold_status as enum ('active', 'converted', 'released', 'expired');
create type public.refund_status as enum ('pending', 'succeeded', 'failed');
create type public.availability_display as enum ('exact', 'low_only', 'hidden');
create type public.owner_context as enum ('user', 'organization');
create type public.org_role as enum ('owner', 'admin', 'editor', 'scanner', 'viewer');
create type public.reaction_kind as enum ('like', 'comment', 'share');

-- Time-ordered ids without anything newer than PostgreSQL 15: 48 bits of milliseconds over a random v4, version bits set to 7.
create function public.uuid_v7() returns uuid language sql volatile parallel safe as $$
  select encode(
    set_bit(set_bit(
      overlay(uuid_send(gen_random_uuid())
        placing substring(int8send((extract(epoch from clock_timestamp()) * 1000)::bigint) from 3) from 1 for 6),
      52, 1), 53, 1), 'hex')::uuid
$$;

-- Codes people read aloud: no 0/O, no 1/I.
create function public.short_code(p_length int) returns text language sql volatile as $$
  select string_agg(substr('23456789ABCDEFGHJKLMNPQRSTUVWXYZ', 1 + get_byte(b, i) % 32, 1), '')
  from (select uuid_send(gen_random_uuid()) || uuid_send(gen_random_uuid()) as b offset 0) s,
       -- bytes 6 and 8 of a v4 uuid carry fixed bits
       unnest(array[0,1,2,3,4,5,7,9,10,11,12,13,14,15,16,17]) with ordinality x(i, n)
  where n <= p_length
$$;

create function public.touch_updated_at() returns trigger language plpgsql as $$
begin
  new.updated_at := clock_timestamp();
  return new;
end $$;

-- unaccent() is only STABLE; search needs an immutable spelling.
create function public.plain_text(p text) returns text language sql immutable parallel safe as $$
  select lower(public.unaccent('public.unaccent'::regdictionary, coalesce(p, '')))
$$;

-- One mailbox, one spelling: limits and look-ups compare this, mail goes to what was typed.
create function public.normal_mailbox(p text) returns text language sql immutable parallel safe as $$
  select case
    when lower(btrim(p)) ~ '@(gmail|googlemail)\.com$'
      then replace(split_part(split_part(lower(btrim(p)), '@', 1), '+', 1), '.', '') || '@gmail.com'
    else split_part(split_part(lower(btrim(p)), '@', 1), '+', 1) || '@' || split_part(lower(btrim(p)), '@', 2)
  end
$$;

-- Who is asking, from the claims that asPerson() sets for one transaction. Absent or broken claims: nobody.
create function auth.uid() returns uuid language sql stable as $$
  select nullif(nullif(current_setting('request.jwt.claims', true), '')::jsonb ->> 'sub', '')::uuid
$$;
create function auth.role() returns text language sql stable as $$
  select coalesce(nullif(current_setting('request.jwt.claims', true), '')::jsonb ->> 'role', 'anon')
$$;
