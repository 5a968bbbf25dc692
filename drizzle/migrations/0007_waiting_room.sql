-- why: waiting rooms: who stands in line for an event's places, drawn once or in arrival order, and whose turn it is
alter table events.events add column waiting_room text not null default 'by_itself' check (waiting_room in ('off', 'on', 'by_itself'));
create index events_waiting_room on events.events (id) where waiting_room = 'on';

-- One row per room; an event has at most one that is not closed. Locked first, then its spots; nothing of the inventory
-- is ever locked in the same transaction.
create table ticketing.waiting_rooms (
  id uuid primary key default gen_random_uuid(),
  event_id uuid not null references events.events (id) on delete cascade,
  state text not null default 'gathering' check (state in ('gathering', 'open', 'closed')),
  opened_by text not null default 'organizer' check (opened_by in ('organizer', 'pressure')),
  -- Secret until the draw; its SHA-256 is published from the first second.
  seed bytea not null default sha256(uuid_send(gen_random_uuid()) || uuid_send(gen_random_uuid())) check (octet_length(seed) = 32),
  commitment text generated always as (encode(sha256(seed), 'hex')) stored,
  drawn_at timestamptz,
  drawn int not null default 0,
  last_number int not null default 0,
  -- Everybody up to this number has been called.
  served int not null default 0,
  waiting int not null default 0 check (waiting >= 0),
  paused_at timestamptz,
  -- Admissions that may be given now, and how many numbers a second were served lately.
  credit double precision not null default 0,
  pace double precision,
  stepped_at timestamptz not null default clock_timestamp(),
  told_at timestamptz not null default clock_timestamp(),
  calm_since timestamptz,
  closed_at timestamptz,
  closed_because text check (closed_because in ('sold_out', 'over', 'calm', 'switched_off')),
  version bigint not null default 1,
  created_at timestamptz not null default clock_timestamp(),
  check (served <= last_number and drawn <= last_number),
  check ((state = 'gathering') = (drawn_at is null and closed_at is null)),
  check ((state = 'closed') = (closed_because is not null))
) with (fillfactor = 50);
create unique index waiting_rooms_living on ticketing.waiting_rooms (event_id) where state <> 'closed';
create index waiting_rooms_event on ticketing.waiting_rooms (event_id, created_at);

-- A person's spot in a room. Its number never changes; a person who is through, or gone, may take a new one at the end.
create table ticketing.waiting_spots (
  -- Random: with the seed it decides the draw, and it is what the published list shows of a person.
  id uuid primary key default gen_random_uuid(),
  room_id uuid not null references ticketing.waiting_rooms (id) on delete cascade,
  user_id uuid references auth.users (id) on delete set null,
  state text not null default 'waiting' check (state in ('waiting', 'admitted', 'held', 'left', 'missed', 'lapsed')),
  number int check (number >= 1),
  arrived_at timestamptz not null default clock_timestamp(),
  seen_at timestamptz not null default clock_timestamp(),
  -- Her turn came while she was away: kept for one more round from here.
  missed_at timestamptz,
  admitted_at timestamptz,
  admission_ends_at timestamptz,
  ended_at timestamptz,
  check (state <> 'admitted' or (number is not null and admitted_at is not null and admission_ends_at is not null)),
  check ((state in ('waiting', 'admitted')) = (ended_at is null))
) with (fillfactor = 70);
create unique index waiting_spots_person on ticketing.waiting_spots (room_id, user_id) where state in ('waiting', 'admitted');
create unique index waiting_spots_number on ticketing.waiting_spots (room_id, number);
create index waiting_spots_waiting on ticketing.waiting_spots (room_id, number) where state = 'waiting';
create index waiting_spots_admitted on ticketing.waiting_spots (room_id, admission_ends_at) where state = 'admitted';
create index waiting_spots_left on ticketing.waiting_spots (room_id, number) where state = 'left';
create index waiting_spots_ended on ticketing.waiting_spots (room_id, ended_at) where ended_at is not null;
create index waiting_spots_nobody on ticketing.waiting_spots (room_id) where user_id is null and ended_at is null;
create index waiting_spots_user on ticketing.waiting_spots (user_id);

-- How hard each process is pressed for an event's places; written only while more is asked than decided.
create table ticketing.hold_pressure (
  event_id uuid not null references events.events (id) on delete cascade,
  node text not null,
  requests double precision not null,
  drain double precision not null,
  hot_since timestamptz,
  measured_at timestamptz not null default clock_timestamp(),
  primary key (event_id, node)
);

alter publication liventix_feed add table ticketing.waiting_rooms (id, event_id, version);
