-- Opens a room for each event whose organizer switched it on, while there is something left to sell: from the moment it is
-- published, so that people gather and the commitment is public before sales open. A room that ended because everything
-- was sold, or over, is not followed by another one until a new tier is to open. Bounded by the events that switched it on.
create or replace function ticketing.prepare_waiting_rooms() returns setof uuid
language sql set search_path = '' as $$
  insert into ticketing.waiting_rooms (event_id)
  select e.id from events.events e
  where e.waiting_room = 'on' and e.status in ('published', 'postponed') and e.deleted_at is null
    and not exists (select from ticketing.waiting_rooms w where w.event_id = e.id and w.state <> 'closed')
    and exists (
      select from ticketing.ticket_tiers t
      cross join lateral (select ticketing.closed_reason(t, e, clock_timestamp()) as reason) c
      where t.event_id = e.id and t.issued_quantity < t.quantity
        and (c.reason = 'not_yet' or (coalesce(c.reason, 'paused') = 'paused' and not exists (
          select from ticketing.waiting_rooms w where w.event_id = e.id and w.closed_because in ('sold_out', 'over')))))
  on conflict (event_id) where state <> 'closed' do nothing
  returning event_id
$$;
