-- What the version of every live room begins at: nothing in a database that was never put back. One epoch is worth 2^38, so
-- that a restored room is newer than all it had told, however often it changed since the backup, and 8,000 and more fit into
-- the 53 bits of a version.
create or replace function public.version_epoch() returns bigint
language sql stable set search_path = '' as $$
  select coalesce(max(r.epoch), 0)::bigint << 38 from public.restores r
$$;
revoke all on function public.version_epoch from public;

-- Begins an epoch: once after each restore, before a server starts (npm run db:restore). The days since 2026 are in it, so that
-- of two restores of one backup the later one is newer although neither knows of the other; p_after is the last epoch of the
-- database that was replaced, if it can still be asked.
create or replace function public.begin_epoch(p_after int default 0) returns int
language sql set search_path = '' as $$
  insert into public.restores (epoch)
  select greatest(coalesce(max(r.epoch), 0) + 1, p_after + 1, (clock_timestamp() at time zone 'UTC')::date - date '2026-01-01') from public.restores r
  returning epoch
$$;
revoke all on function public.begin_epoch from public;
