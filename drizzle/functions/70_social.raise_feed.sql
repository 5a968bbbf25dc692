-- The feed room's version: raised once per changed post, in the transaction of the change. Likes and comments change their
-- post too (social.keep_counts), so this one trigger is behind everything a feed shows. Deferred to the commit, so that the
-- event's one row is the last lock of every transaction and is held for its flush only. Locks: posts, then feed counter.
create or replace function social.raise_feed() returns trigger
language plpgsql set search_path = '' as $$
begin
  insert into social.feed_counters as c (event_id, version)
  select e.id, 1 from events.events e where e.id = coalesce(new.event_id, old.event_id)
  on conflict (event_id) do update set version = c.version + 1;
  return null;
end $$;

drop trigger if exists raise_feed on social.event_posts;
create constraint trigger raise_feed after insert or update or delete on social.event_posts
  deferrable initially deferred for each row execute function social.raise_feed();
