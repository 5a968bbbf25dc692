-- why: an event changed its currency, went back to draft or away while places of it were being taken or ordered in transactions that were not committed yet.
-- The guard now waits for them: whoever takes places has the tier, whoever writes an order has a key share of the event.
create or replace function ticketing.guard_event() returns trigger language plpgsql as $$
begin
  perform 1 from ticketing.ticket_tiers t where t.event_id = new.id order by t.id for no key update;
  perform 1 from events.events e where e.id = new.id for update;
  if exists (select from ticketing.orders o where o.event_id = new.id)
     or exists (select from ticketing.ticket_tiers t join ticketing.ticket_holds h on h.tier_id = t.id where t.event_id = new.id and h.status = 'active' and h.expires_at > clock_timestamp()) then
    raise exception 'event % has orders or buyers at the checkout', new.id using errcode = 'check_violation', constraint = 'event_has_buyers';
  end if;
  return new;
end $$;
