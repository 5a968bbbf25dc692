-- Takes spots for people in an event's living room, in the order given: one statement for a batch of arrivals. Who has a
-- living spot keeps it (and is seen). Before the draw a spot has no number; afterwards arrivals get the next ones.
-- Answers the people's living spots; nobody when there is no room. p_address_keys: the network address each of them comes
-- from, as in reserve_batch; her turn is counted by it. Locks: the room, then its spots.
drop function if exists ticketing.enter_waiting_room(uuid, uuid[]);
create or replace function ticketing.enter_waiting_room(p_event_id uuid, p_user_ids uuid[], p_address_keys bigint[] default null)
returns setof ticketing.waiting_spots
language plpgsql set search_path = '' as $$
declare
  r ticketing.waiting_rooms;
  v_new int;
begin
  select * into r from ticketing.waiting_rooms w where w.event_id = p_event_id and w.state <> 'closed' for no key update;
  if not found then return; end if;

  update ticketing.waiting_spots s set seen_at = clock_timestamp()
  where s.room_id = r.id and s.user_id = any (p_user_ids) and s.state in ('waiting', 'admitted')
    and s.seen_at < clock_timestamp() - interval '10 seconds';

  insert into ticketing.waiting_spots (room_id, user_id, address_key, number)
  select r.id, n.usr, p_address_keys[n.ord], case when r.state = 'open' then r.last_number + row_number() over (order by n.ord) end
  from (select u.usr, min(u.ord) as ord from unnest(p_user_ids) with ordinality u(usr, ord) group by u.usr) n
  where not exists (
    select from ticketing.waiting_spots s where s.room_id = r.id and s.user_id = n.usr and s.state in ('waiting', 'admitted'));
  get diagnostics v_new = row_count;

  if v_new > 0 then
    update ticketing.waiting_rooms w
      set last_number = w.last_number + case when r.state = 'open' then v_new else 0 end, waiting = w.waiting + v_new, version = w.version + 1
    where w.id = r.id;
  end if;
  return query
    select s.* from ticketing.waiting_spots s
    where s.room_id = r.id and s.user_id = any (p_user_ids) and s.state in ('waiting', 'admitted');
end $$;
