-- The one way to take places. Takes whole checkouts, all or nothing per checkout, in the order given.
--
-- Input: one row per line (checkout, tier, user, quantity); the lines of a checkout stand together. A single tier is that of
-- every line. p_replaces names, per line, the person's earlier checkout that this one takes the place of; p_address_keys the
-- network address the buyer asks from, null where it is not counted; p_seen_cents what one ticket cost on the buyer's screen, asked
-- only of checkouts that replace another one.
-- Called by the combiner (apps/server inventory) as service_role; the verb has checked the person.
-- Bounded: at most 256 checkouts a call. Locks: tiers by id, person-per-event and checkout keys, new holds.
--
-- A rush is one tier, one place each, people who have nothing of this event yet. While there is enough for all of them nobody's
-- answer depends on another's: they are granted together, a handful of statements for the whole batch. Whoever is not so plain
-- (a replay, a second hold, tickets or lapses of this event, a quantity out of bounds, an address beyond its share) is decided
-- by decide_checkouts, and so is everybody when stock is short, the tier is closed, or several tiers are in it.
-- Plans: as decide_checkouts.
drop function if exists ticketing.reserve_batch(uuid[], uuid[], uuid[], int[], uuid[]);
drop function if exists ticketing.reserve_batch(uuid[], uuid[], uuid[], int[], uuid[], bigint[]);
create or replace function ticketing.reserve_batch(
  p_checkout_ids uuid[], p_tier_ids uuid[], p_user_ids uuid[], p_quantities int[], p_replaces uuid[] default null, p_address_keys bigint[] default null,
  p_seen_cents bigint[] default null
) returns table (checkout_id uuid, outcome text, expires_at timestamptz, detail jsonb)
language plpgsql set search_path = '' set plan_cache_mode = force_generic_plan set enable_seqscan = off set enable_hashjoin = off set enable_mergejoin = off as $$
#variable_conflict use_column
declare
  n constant int := cardinality(p_checkout_ids);
  v_tier constant uuid := p_tier_ids[1];
  v_tiers constant uuid[] := case when cardinality(p_tier_ids) = 1 then array_fill(v_tier, array[n]) else p_tier_ids end;
  v_now timestamptz; v_until timestamptz; r record;
  v_event uuid; v_keys bigint[]; v_ids uuid[]; -- made before the wait for the tier
  v_people int; v_checkouts int; v_wanted bigint; v_taken bigint;
  v_odd int[] := '{}'; -- lines that are not plain, by their place in the input
  v_lapsed boolean; -- whether any checkout of the event ever did
  v_over bigint[] := '{}'; -- addresses that would come beyond their share
  v_brief int[] := '{}'; v_soon timestamptz; -- guests' lines while the tier is hoarded
  v_person bigint; v_checkout bigint; -- a lone buyer's keys
  v_price jsonb; -- what one ticket costs whoever is granted here
begin
  if n = 0 then return; end if;
  if p_replaces is not null or (n > 1 and v_tiers <> array_fill(v_tier, array[n])) then
    return query select * from ticketing.decide_checkouts(p_checkout_ids, v_tiers, p_user_ids, p_quantities, p_replaces, p_address_keys, p_seen_cents);
    return;
  end if;

  -- What needs no lock is done beside whoever has it: the keys of step 2, and the holds' ids.
  if n > 1 then
    select t.event_id into v_event from ticketing.ticket_tiers t where t.id = v_tier;
    v_keys := array(
      select ticketing.person_key(v_event, u.usr) from unnest(p_user_ids) u(usr)
      union select ticketing.checkout_key(u.checkout) from unnest(p_checkout_ids) u(checkout) order by 1);
    v_ids := array(select public.uuid_v7() from generate_series(1, n));
  end if;

  -- 1. the tier; read in a statement of its own: after a wait the locked row is new, its event would be the one from before
  perform 1 from ticketing.ticket_tiers t where t.id = v_tier for no key update;
  select t.event_id, t.quantity - t.issued_quantity - t.reserved_quantity as free, t.min_per_order, least(t.max_per_order, e.max_per_person, m.payable) as most,
         ticketing.closed_reason(t, e, clock_timestamp()) as closed, ticketing.address_share(t.quantity) as share, t.hoarded_since is not null as hoarded, q.*
    into r
  from ticketing.ticket_tiers t
  join events.events e on e.id = t.event_id,
  lateral ticketing.quote_of(t.price_cents, e.fee_bps, e.fee_fixed_cents, e.fee_cap_cents, e.fee_paid_by, t.tax_rate_bps, e.tax_included) q,
  lateral (select 99999999 / nullif(q.total_cents, 0) as payable) m
  where t.id = v_tier;

  -- A lone buyer: the same steps for one line, without the sets.
  if n = 1 and r.closed is null and p_quantities[1] <= r.free then
    v_person := ticketing.person_key(r.event_id, p_user_ids[1]);
    v_checkout := ticketing.checkout_key(p_checkout_ids[1]);
    perform pg_advisory_xact_lock(least(v_person, v_checkout)), pg_advisory_xact_lock(greatest(v_person, v_checkout));
    v_now := clock_timestamp();
    if p_quantities[1] between r.min_per_order and r.most
      and not r.hoarded
      and not exists (select from ticketing.ticket_holds h where h.checkout_id = p_checkout_ids[1] limit 1)
      and not exists (select from ticketing.ticket_holds h where h.user_id = p_user_ids[1] and h.event_id is not distinct from r.event_id and h.status::text = 'active' limit 1)
      and not exists (select from ticketing.tickets k where k.owner_user_id = p_user_ids[1] and k.event_id is not distinct from r.event_id limit 1)
      and not exists (select from ticketing.hold_lapses l where l.user_id = p_user_ids[1] and l.event_id is not distinct from r.event_id limit 1)
      and (p_address_keys[1] is null
        or p_quantities[1] <= r.share and r.total_cents > 0
          and not exists (select from ticketing.ticket_holds h where h.address_key = p_address_keys[1] and h.status between 'active' and 'active' limit 1)
          and not exists (select from ticketing.hold_lapses l where l.address_key = p_address_keys[1] limit 1)
        or p_quantities[1] + ticketing.address_places(p_address_keys[1], v_tier)
          + case when r.total_cents = 0 then ticketing.unconfirmed_places(p_address_keys[1], v_tier, r.share) else 0 end <= r.share)
    then
      v_until := v_now + interval '15 minutes';
      insert into ticketing.ticket_holds (user_id, tier_id, quantity, expires_at, created_at, event_id, checkout_id, unit_face_cents, unit_fee_cents, unit_tax_cents, unit_total_cents, address_key)
      values (p_user_ids[1], v_tier, p_quantities[1], v_until, v_now, r.event_id, p_checkout_ids[1], r.face_cents, r.fee_cents, r.tax_cents, r.total_cents, p_address_keys[1]);
      update ticketing.ticket_tiers t set reserved_quantity = t.reserved_quantity + p_quantities[1] where t.id = v_tier;
      checkout_id := p_checkout_ids[1]; outcome := 'held'; expires_at := v_until; detail := jsonb_build_object('unitCents', r.total_cents);
      return next;
      return;
    end if;
    return query select * from ticketing.decide_checkouts(p_checkout_ids, v_tiers, p_user_ids, p_quantities, p_replaces, p_address_keys);
    return;
  end if;

  v_wanted := (select sum(qty) from unnest(p_quantities) qty);
  if r.event_id is distinct from v_event or r.event_id is null or r.closed is not null or v_wanted is null or v_wanted > r.free then
    return query select * from ticketing.decide_checkouts(p_checkout_ids, v_tiers, p_user_ids, p_quantities, p_replaces, p_address_keys);
    return;
  end if;

  -- 2. person-per-event keys and checkout keys, sorted together (see decide_checkouts, which may take them once more)
  perform pg_advisory_xact_lock(k.key) from unnest(v_keys) k(key);
  v_people := n;
  if cardinality(v_keys) < 2 * n then -- somebody comes twice
    select count(distinct u.usr), count(distinct u.checkout) into v_people, v_checkouts from unnest(p_user_ids, p_checkout_ids) u(usr, checkout);
    if v_checkouts < n then
      return query select * from ticketing.decide_checkouts(p_checkout_ids, v_tiers, p_user_ids, p_quantities, p_replaces, p_address_keys);
      return;
    end if;
  end if;
  v_now := clock_timestamp();

  -- 3. whoever is not plain; until the first checkout of an event lapses nobody is looked up among those whose did
  v_lapsed := exists (select from ticketing.hold_lapses l where l.event_id is not distinct from r.event_id limit 1);
  if p_address_keys is not null then
    -- whoever is the first at her address costs two looks into an index; only where somebody is already, places are summed
    v_over := array(
      select a.address from (select u.address, sum(u.qty) as wanted from unnest(p_address_keys, p_quantities) u(address, qty) where u.address is not null group by 1) a
      left join lateral (select true as some from ticketing.ticket_holds h where h.address_key = a.address and h.status between 'active' and 'active' limit 1) h on true
      left join lateral (select true as some from ticketing.hold_lapses l where l.address_key = a.address and v_lapsed limit 1) l on true
      where a.wanted > r.share or h.some or l.some or r.total_cents = 0);
    if cardinality(v_over) > 0 then
      v_over := array(
        select a.address from (select u.address, sum(u.qty) as wanted from unnest(p_address_keys, p_quantities) u(address, qty) where u.address = any (v_over) group by 1) a
        where a.wanted + ticketing.address_places(a.address, v_tier)
          + case when r.total_cents = 0 then ticketing.unconfirmed_places(a.address, v_tier, r.share) else 0 end > r.share);
    end if;
  end if;
  select coalesce(array_agg(distinct s.ord::int), '{}') into v_odd from (
    select u.ord from unnest(p_quantities) with ordinality u(qty, ord) where u.qty not between r.min_per_order and r.most
    union all
    select u.ord from unnest(p_address_keys) with ordinality u(address, ord) where u.address = any (v_over)
    union all
    -- one look into the index per line, fenced: over a table known as empty the planner would read it whole and join
    select u.ord from unnest(p_checkout_ids) with ordinality u(checkout, ord)
    cross join lateral (select from ticketing.ticket_holds h where h.checkout_id = u.checkout limit 1) x
    union all
    select u.ord from unnest(p_user_ids) with ordinality u(usr, ord)
    cross join lateral (select from ticketing.ticket_holds h where h.user_id = u.usr and h.event_id is not distinct from r.event_id and h.status::text = 'active' limit 1) x
    union all
    select u.ord from unnest(p_user_ids) with ordinality u(usr, ord)
    cross join lateral (select from ticketing.tickets k where k.owner_user_id = u.usr and k.event_id is not distinct from r.event_id limit 1) x
    union all
    select u.ord from unnest(p_user_ids) with ordinality u(usr, ord)
    cross join lateral (select from ticketing.hold_lapses l where l.user_id = u.usr and l.event_id is not distinct from r.event_id limit 1) x
    where v_lapsed
    union all
    select u.ord from (select ord, count(*) over (partition by usr) as times from unnest(p_user_ids) with ordinality x(usr, ord)) u where v_people < n and u.times > 1
  ) s;

  -- 4. write: the plain ones' holds, and their tier once
  v_until := v_now + interval '15 minutes'; v_soon := v_now + interval '5 minutes';
  v_price := jsonb_build_object('unitCents', r.total_cents);
  if r.hoarded then
    v_brief := array(select u.ord from unnest(p_user_ids) with ordinality u(usr, ord) where (select a.is_anonymous from auth.users a where a.id = u.usr));
  end if;
  if cardinality(v_odd) < n then
    insert into ticketing.ticket_holds (id, user_id, tier_id, quantity, expires_at, created_at, event_id, checkout_id, unit_face_cents, unit_fee_cents, unit_tax_cents, unit_total_cents, address_key)
    select u.id, u.usr, v_tier, u.qty, case when u.ord = any (v_brief) then v_soon else v_until end, v_now, r.event_id, u.checkout, r.face_cents, r.fee_cents, r.tax_cents, r.total_cents, u.address
    from unnest(v_ids, p_user_ids, p_quantities, p_checkout_ids, p_address_keys) with ordinality u(id, usr, qty, checkout, address, ord)
    where not (u.ord = any (v_odd));
    v_taken := v_wanted - (select coalesce(sum(p_quantities[o]), 0) from unnest(v_odd) o);
    update ticketing.ticket_tiers t set reserved_quantity = t.reserved_quantity + v_taken where t.id = v_tier;
  end if;
  if cardinality(v_odd) = 0 then
    return query select u.checkout, 'held'::text, case when u.ord = any (v_brief) then v_soon else v_until end, v_price
                 from unnest(p_checkout_ids) with ordinality u(checkout, ord) order by u.ord;
    return;
  end if;

  -- 5. the others, one by one; there is enough for each of them too, so it does not matter that they come last
  return query
    select u.checkout, coalesce(d.outcome, 'held'), case when d.outcome is not null then d.expires_at when u.ord = any (v_brief) then v_soon else v_until end, coalesce(d.detail, v_price)
    from unnest(p_checkout_ids) with ordinality u(checkout, ord)
    left join (
      select v_odd[x.ord] as ord, x.outcome, x.expires_at, x.detail
      from ticketing.decide_checkouts(
        array(select p_checkout_ids[o] from unnest(v_odd) o), array_fill(v_tier, array[cardinality(v_odd)]),
        array(select p_user_ids[o] from unnest(v_odd) o), array(select p_quantities[o] from unnest(v_odd) o),
        p_address_keys => case when p_address_keys is not null then array(select p_address_keys[o] from unnest(v_odd) o) end) with ordinality x(checkout_id, outcome, expires_at, detail, ord)
    ) d on d.ord = u.ord
    order by u.ord;
end $$;
