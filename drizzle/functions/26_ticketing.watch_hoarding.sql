-- Notes which tiers are hoarded: a fifth or more of the places, and at least 20, are in checkouts of guests who have not paid.
-- A payment that was begun changes nothing: it costs as little as the hold.
-- Meanwhile new checkouts of guests last 5 minutes (reserve_batch reads the note with the tier's row), and the organizer's live page
-- says so. It ends by itself below a tenth. Returns the events whose note changed.
-- Called by the worker every few seconds; any number of workers. Reads without locks; locks the tiers that change, by id.
-- Bounded: tiers with a fifth in checkout, or noted. Index: ticket_holds_active_tier.
create or replace function ticketing.watch_hoarding() returns setof uuid
language plpgsql set search_path = '' set enable_hashjoin = off set enable_mergejoin = off as $$
begin
  return query
  with seen as materialized (
    select t.id, t.hoarded_since is not null as noted, t.quantity, i.idle
    from ticketing.ticket_tiers t
    cross join lateral (
      select coalesce(sum(h.quantity), 0)::int as idle
      from ticketing.ticket_holds h join auth.users u on u.id = h.user_id and u.is_anonymous
      where h.tier_id = t.id and h.status = 'active' and h.expires_at > clock_timestamp()
        and not exists (select from ticketing.orders o where o.checkout_id = h.checkout_id
                          and (o.captured_at is not null or o.payment_state in ('processing', 'succeeded')))) i
    where t.hoarded_since is not null or (t.reserved_quantity >= 20 and t.reserved_quantity * 5 >= t.quantity)
  ), turned as materialized (
    select t.id from ticketing.ticket_tiers t join seen s on s.id = t.id
    where case when s.noted then s.idle < 20 or s.idle * 10 < s.quantity else s.idle >= 20 and s.idle * 5 >= s.quantity end
    order by t.id for no key update of t skip locked
  )
  update ticketing.ticket_tiers t set hoarded_since = case when t.hoarded_since is null then clock_timestamp() end
  from turned where t.id = turned.id
  returning t.event_id;
end $$;
