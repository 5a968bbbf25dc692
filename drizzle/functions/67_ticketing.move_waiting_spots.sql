-- A guest's living spots become the account's. Where both have one in a room the better number stays, the other is left.
-- A transaction of its own: rooms are never locked together with tiers. Locks: the rooms by id, then their spots.
create or replace function ticketing.move_waiting_spots(p_from uuid, p_to uuid) returns setof uuid
language plpgsql set search_path = '' as $$
declare
  v_rooms uuid[];
begin
  v_rooms := array(
    select w.id from ticketing.waiting_rooms w
    where w.state <> 'closed' and w.id in (select s.room_id from ticketing.waiting_spots s where s.user_id = p_from)
    order by w.id for no key update);
  update ticketing.waiting_spots s set state = 'left', ended_at = clock_timestamp()
  from (select a.id, row_number() over (partition by a.room_id order by a.state, a.number nulls last, a.arrived_at) as nth
        from ticketing.waiting_spots a
        where a.room_id = any (v_rooms) and a.user_id in (p_from, p_to) and a.state in ('waiting', 'admitted')) d
  where s.id = d.id and d.nth > 1;
  update ticketing.waiting_spots s set user_id = p_to where s.user_id = p_from;
  return query
    update ticketing.waiting_rooms w set version = w.version + 1 where w.id = any (v_rooms) returning w.event_id;
end $$;
