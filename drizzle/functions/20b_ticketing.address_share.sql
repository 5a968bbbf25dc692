-- How many places of a tier buyers at one network address may hold together before any of them has paid: a twentieth of the
-- tier, so that one machine never keeps more than that off sale; 4 at least, which a household may want of a small room; and 300 at
-- most, so that counting them stays cheap.
-- The rules around it are docs/domain.md, "Hoarding".
create or replace function ticketing.address_share(p_quantity int) returns int
language sql immutable parallel safe as $$ select least(300, greatest(4, p_quantity / 20)) $$;

-- Places of a tier that count against an address: held now, and lapsed or given back late within ten minutes.
-- Called under the tier's lock. Indexes: ticket_holds_address, hold_lapses_address. "between", because an equality would let a
-- plan that is cached while tables are empty take the partial index of active holds, and read all of a rush.
create or replace function ticketing.address_places(p_address_key bigint, p_tier_id uuid) returns int
language sql stable set search_path = '' as $$
  select coalesce((select sum(h.quantity) from ticketing.ticket_holds h
                   where h.address_key = p_address_key and h.status between 'active' and 'active' and h.tier_id is not distinct from p_tier_id), 0)::int
       + coalesce((select sum(l.quantity) from ticketing.hold_lapses l
                   where l.address_key = p_address_key and l.created_at > clock_timestamp() - interval '10 minutes' and l.tier_id is not distinct from p_tier_id), 0)::int
$$;

-- Places of a free tier that count against an address although they are tickets already: those that people got within ten minutes
-- whose mailbox nobody has confirmed; and for an hour those of a checkout that was granted beyond the share. Who confirms her mailbox
-- is nobody's burden: her holds lose their address then (complete_orders_batch; accounts.sql.ts when it is confirmed later).
-- Called under the tier's lock, of a free tier only. Index: ticket_holds_address.
create or replace function ticketing.unconfirmed_places(p_address_key bigint, p_tier_id uuid, p_share int) returns int
language sql stable set search_path = '' as $$
  select coalesce(sum(h.quantity), 0)::int from ticketing.ticket_holds h
  where h.address_key = p_address_key and h.status between 'converted' and 'converted' and h.ended_at > clock_timestamp() - interval '1 hour'
    and h.tier_id is not distinct from p_tier_id and h.unit_total_cents = 0
    and (h.quantity > p_share or h.ended_at > clock_timestamp() - interval '10 minutes')
$$;
