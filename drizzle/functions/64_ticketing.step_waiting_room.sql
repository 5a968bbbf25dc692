-- One step of a waiting room: closes it when nothing is left to wait for, draws the order at the opening, ends turns that
-- are over, and calls the next people. Any number of processes may run it: whoever finds the room locked, or stepped a
-- moment ago, leaves it (null). Time is the database's. Locks: the room, then its spots; the sale is read without a lock,
-- because what is given here is leave to ask for a place, never a place.
--
-- Released at most min(checkout rate, 1.5 x free places). The places: who may take one now and has none (a running turn, or
-- a hold or a turn given up while the admission still lives) are never more than 1.5 x what is free. The rate: as many a second as
-- took a hold by their admission a second over the last minute, and one a second on top: a rate measured on those it let in
-- only ever falls, so without the one a room that slowed down could neither go on nor recover. Nothing is measured until
-- a turn is a minute old (the start, or after a long pause): p_least a second until then.
--
-- Of these no network address has more turns than a twentieth of the places on sale (address_share). A turn counts for the
-- address its spot was taken from until it led to a purchase, 15 minutes at most, whether it was used, given up or never
-- seen; each purchase with money is one turn more. Who is over it keeps her number and is called as soon as there is room.
create or replace function ticketing.step_waiting_room(p_room_id uuid, p_least double precision default 10) returns text
language plpgsql set search_path = '' as $$
declare
  r ticketing.waiting_rooms;
  v_now timestamptz; v_here timestamptz;
  v_switch text; v_open int; v_later int; v_free bigint; v_left bigint; v_share int;
  v_elapsed double precision; v_rate double precision; v_measured boolean; v_outstanding int; v_turn_old boolean; v_most int;
  v_called int := 0; -- people whose turn it is from this step on
  v_passed int := 0; -- numbers of the line that were gone through: called, away, kept back
  v_count int; v_served int; v_changed boolean := false; v_because text;
begin
  select * into r from ticketing.waiting_rooms w where w.id = p_room_id and w.state <> 'closed' for no key update skip locked;
  if not found then return null; end if;
  v_now := clock_timestamp();
  v_elapsed := extract(epoch from v_now - r.stepped_at);
  if v_elapsed < 0.25 then return null; end if;
  v_here := v_now - interval '90 seconds';
  v_served := r.served;

  select e.waiting_room into v_switch from events.events e where e.id = r.event_id;
  select count(*) filter (where t.closed is null), count(*) filter (where t.closed in ('paused', 'not_yet')),
         coalesce(sum(greatest(0, t.quantity - t.issued_quantity - t.reserved_quantity)) filter (where t.closed is null), 0),
         coalesce(sum(t.quantity - t.issued_quantity) filter (where t.closed is null or t.closed in ('paused', 'not_yet')), 0),
         ticketing.address_share(least(2147483647, coalesce(sum(t.quantity) filter (where t.closed is null), 0))::int)
    into v_open, v_later, v_free, v_left, v_share
  from (select t.*, ticketing.closed_reason(t, e, v_now) as closed
        from ticketing.ticket_tiers t join events.events e on e.id = t.event_id where t.event_id = r.event_id) t;

  -- 1. nothing left to wait for: everybody may go at once
  v_because := case
    when v_switch = 'off' or (v_switch <> 'on' and r.state = 'gathering') then 'switched_off'
    when v_open + v_later = 0 then 'over'
    when v_left = 0 then 'sold_out'
    when v_switch = 'by_itself' and r.calm_since < v_now - interval '1 minute' then 'calm' end;
  if v_because is not null then
    update ticketing.waiting_rooms w
      set state = 'closed', closed_at = v_now, closed_because = v_because, stepped_at = v_now, version = w.version + 1
    where w.id = r.id;
    return 'closed';
  end if;

  -- 2. the draw, once: the order of SHA-256(seed, id of the spot)
  if r.state = 'gathering' then
    if v_open = 0 or r.paused_at is not null then
      update ticketing.waiting_rooms w set stepped_at = v_now where w.id = r.id;
      return 'gathering';
    end if;
    update ticketing.waiting_spots s set number = d.number
    from (select a.id, row_number() over (order by sha256(r.seed || uuid_send(a.id)), a.id) as number
          from ticketing.waiting_spots a where a.room_id = r.id and a.state = 'waiting') d
    where s.id = d.id;
    get diagnostics v_count = row_count;
    r.drawn := v_count; r.last_number := v_count; r.drawn_at := v_now;
    v_elapsed := 1; v_changed := true;
  end if;

  -- 3. turns that are over: she has places; she never came (kept for one more round); her minutes passed; nobody is left
  update ticketing.waiting_spots s set state = 'held', ended_at = v_now
  where s.room_id = r.id and s.state = 'admitted' and exists (
    select from ticketing.ticket_holds h
    where h.user_id = s.user_id and h.event_id = r.event_id and h.status in ('active', 'converted') and h.created_at >= s.admitted_at);
  get diagnostics v_count = row_count; v_changed := v_changed or v_count > 0;
  update ticketing.waiting_spots s
    set state = case when s.missed_at is null and s.seen_at < s.admitted_at then 'waiting' else 'lapsed' end,
        ended_at = case when s.missed_at is null and s.seen_at < s.admitted_at then null else v_now end,
        missed_at = coalesce(s.missed_at, v_now)
  where s.room_id = r.id and s.state = 'admitted' and s.admission_ends_at <= v_now;
  get diagnostics v_count = row_count; v_changed := v_changed or v_count > 0;
  -- kept back for her address (step 5) and away since: her turn counts as missed from here
  update ticketing.waiting_spots s set missed_at = v_now
  where s.room_id = r.id and s.state = 'waiting' and s.number <= r.served and s.missed_at is null and s.seen_at <= v_here;
  update ticketing.waiting_spots s set state = 'missed', ended_at = v_now
  where s.room_id = r.id and s.state = 'waiting' and s.number <= r.served
    and s.missed_at <= v_now - interval '5 minutes' and s.seen_at <= v_here;
  get diagnostics v_count = row_count; v_changed := v_changed or v_count > 0;
  update ticketing.waiting_spots s set state = 'left', ended_at = v_now
  where s.room_id = r.id and s.user_id is null and s.ended_at is null;
  get diagnostics v_count = row_count; v_changed := v_changed or v_count > 0;

  -- 4. how many may come
  select count(*), coalesce(bool_or(s.admitted_at <= v_now - interval '1 minute'), false) into v_outstanding, v_turn_old
  from ticketing.waiting_spots s where s.room_id = r.id and s.state = 'admitted';
  select count(*) filter (where s.state = 'held') / 60.0, coalesce(bool_or(s.admitted_at <= v_now - interval '1 minute'), false) or v_turn_old
    into v_rate, v_measured
  from ticketing.waiting_spots s
  where s.room_id = r.id and s.ended_at > v_now - interval '1 minute' and s.admitted_at is not null;
  v_rate := case when v_measured then v_rate + 1 else p_least end;
  -- Her admission lives its five minutes, whether she gave her hold back or her turn up: she may still take places by it.
  -- Who paid is done.
  select v_outstanding + count(*) into v_outstanding from ticketing.waiting_spots s
  where s.room_id = r.id and s.ended_at > v_now - interval '5 minutes' and s.state in ('held', 'left') and s.admission_ends_at > v_now
    and s.user_id is not null and not exists (
      select from ticketing.ticket_holds h
      where h.user_id = s.user_id and h.event_id = r.event_id and h.status in ('active', 'converted') and h.created_at >= s.admitted_at);
  r.credit := case when r.paused_at is not null then 0 else least(r.credit + v_rate * least(v_elapsed, 5), v_rate * 5) end;
  v_most := case when r.paused_at is not null or v_free = 0 then 0
                 else greatest(0, least(floor(r.credit)::bigint, greatest(1, floor(1.5 * v_free)::bigint) - v_outstanding)) end;

  -- 5. call them in the order of their numbers: first those who were passed before and may come now, then the next. Passed, and
  -- kept, is who is away, and who has too many neighbours with a turn.
  if v_most > 0 then
    with line as (
      select a.id, a.number, a.address_key, true as is_here from ticketing.waiting_spots a
      where a.room_id = r.id and a.state = 'waiting' and a.number <= r.served and a.seen_at > v_here and a.user_id is not null
      union all
      (select a.id, a.number, a.address_key, a.seen_at > v_here from ticketing.waiting_spots a
       where a.room_id = r.id and a.state = 'waiting' and a.number > r.served order by a.number limit 2 * v_most + 1000)
    ), addresses as (
      select k.address_key, v_share + t.paid - t.running as turns
      from (select distinct l.address_key from line l where l.address_key is not null and l.is_here) k
      cross join lateral (
        select count(*) filter (where b.paid) as paid, count(*) filter (where not b.bought) as running
        from ticketing.waiting_spots s
        -- free tickets lose their address once their mailbox is confirmed (complete_orders_batch); until then they are no purchase
        cross join lateral (
          select coalesce(bool_or(h.unit_total_cents > 0 and h.address_key is not null), false) as paid, -- and not paid back
                 coalesce(bool_or(h.unit_total_cents > 0 or h.address_key is null), false) as bought
          from ticketing.ticket_holds h
          where h.user_id = s.user_id and h.event_id = r.event_id and h.status = 'converted' and h.created_at >= s.admitted_at) b
        where s.room_id = r.id and s.address_key = k.address_key and s.admitted_at > v_now - interval '15 minutes') t
    ), ranked as (
      select l.*, l.is_here and (
               l.address_key is null
               or row_number() over (partition by l.address_key, l.is_here order by l.number) <= n.turns) as may_come
      from line l
      left join addresses n on n.address_key = l.address_key
    ), ahead as (
      select k.*, count(*) filter (where k.may_come) over (order by k.number) as nth from ranked k
    ), called as (
      -- those behind the last one called are not passed
      select * from ahead where nth < v_most or (nth = v_most and may_come)
    ), moved as (
      update ticketing.waiting_spots s
        set state = case when c.is_here then 'admitted' else 'waiting' end,
            admitted_at = case when c.is_here then v_now end,
            admission_ends_at = case when c.is_here then v_now + interval '5 minutes' end,
            missed_at = case when c.is_here then s.missed_at else v_now end
      from called c where s.id = c.id and (c.may_come or not c.is_here)
    )
    select greatest(r.served, max(c.number)), count(*) filter (where c.number > r.served), count(*) filter (where c.may_come)
      into v_served, v_passed, v_called from called c;
    -- who left behind the last one called is not waited for
    if not exists (select from ticketing.waiting_spots s where s.room_id = r.id and s.state = 'waiting' and s.number > v_served) then
      v_served := r.last_number;
    end if;
    r.credit := r.credit - v_called;
    v_changed := v_changed or v_passed + v_called > 0;
  end if;

  -- 6. what everybody is told
  select count(*) into v_count from ticketing.waiting_spots s where s.room_id = r.id and s.state = 'waiting';
  r.pace := case when r.pace is null then nullif(v_passed / v_elapsed, 0)
                 else r.pace + (v_passed / v_elapsed - r.pace) * (1 - exp(-v_elapsed / 60)) end;
  v_changed := v_changed or v_served <> r.served or v_count <> r.waiting or (v_count > 0 and r.told_at < v_now - interval '5 seconds');
  update ticketing.waiting_rooms w
    set state = 'open', drawn_at = r.drawn_at, drawn = r.drawn, last_number = r.last_number, served = v_served, waiting = v_count,
        credit = r.credit, pace = r.pace, stepped_at = v_now,
        calm_since = case when v_count = 0 and v_outstanding + v_called = 0 then coalesce(w.calm_since, v_now) end,
        told_at = case when v_changed then v_now else w.told_at end,
        version = w.version + v_changed::int
  where w.id = r.id;
  return case when v_changed then 'moved' else 'still' end;
end $$;
