-- Gives a person's living spot in an event's room up; false when she has none. Locks: the room, then the spot.
create or replace function ticketing.leave_waiting_room(p_event_id uuid, p_user_id uuid) returns boolean
language plpgsql set search_path = '' as $$
declare
  v_room uuid;
  v_was text;
begin
  select w.id into v_room from ticketing.waiting_rooms w where w.event_id = p_event_id and w.state <> 'closed' for no key update;
  if not found then return false; end if;
  select s.state into v_was from ticketing.waiting_spots s
  where s.room_id = v_room and s.user_id = p_user_id and s.state in ('waiting', 'admitted') for update;
  if not found then return false; end if;
  update ticketing.waiting_spots s set state = 'left', ended_at = clock_timestamp()
  where s.room_id = v_room and s.user_id = p_user_id and s.state in ('waiting', 'admitted');
  update ticketing.waiting_rooms w set waiting = greatest(0, w.waiting - (v_was = 'waiting')::int), version = w.version + 1 where w.id = v_room;
  return true;
end $$;
