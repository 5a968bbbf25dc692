-- Decides checkouts one by one, all or nothing each, in the order given: several tiers, replaced checkouts, replays, people who hold
-- or own something already, and stock that does not suffice for everybody. What a rush is made of, reserve_batch grants by itself.
--
-- Input and answer as of reserve_batch, which is its only caller. p_replaces names, per line, the person's earlier checkout that
-- this one takes the place of (its places count as free, its expiry is kept). p_address_keys names, per line, the network
-- address the buyer asks from; null is not counted (docs/domain.md, "Hoarding"). p_seen_cents is the price of one ticket on the
-- buyer's screen. A replacing checkout that takes no more of any tier keeps the earlier quotes, unless the present ones are
-- cheaper; one that takes more is priced anew, and never above what the buyer saw: what it replaced cannot be given back.
-- Locks: tiers by id, replaced and lapsed holds by id, person-per-event and checkout keys, an address's key (tried, never waited
-- for), new holds.
-- Indexes: primary keys, ticket_holds_person, ticket_holds_address, ticket_holds (checkout_id, tier_id), tickets_owner, hold_lapses_person,
-- hold_lapses_address.
-- Plans are cached while the tables are empty and must be right when they are full: no condition below may be met by another
-- index than these (hence "is not distinct from" and the casts), and no scan or hash of a whole table may look cheaper.
drop function if exists ticketing.decide_checkouts(uuid[], uuid[], uuid[], int[], uuid[]);
drop function if exists ticketing.decide_checkouts(uuid[], uuid[], uuid[], int[], uuid[], bigint[]);
create or replace function ticketing.decide_checkouts(
  p_checkout_ids uuid[], p_tier_ids uuid[], p_user_ids uuid[], p_quantities int[], p_replaces uuid[] default null, p_address_keys bigint[] default null,
  p_seen_cents bigint[] default null
) returns table (checkout_id uuid, outcome text, expires_at timestamptz, detail jsonb)
language plpgsql set search_path = '' set plan_cache_mode = force_generic_plan set enable_seqscan = off set enable_hashjoin = off set enable_mergejoin = off as $$
#variable_conflict use_column
declare
  n constant int := cardinality(p_checkout_ids);
  v_replaces uuid[] := coalesce(p_replaces, array_fill(null::uuid, array[n]));
  v_addresses bigint[] := coalesce(p_address_keys, array_fill(null::bigint, array[n]));
  v_now timestamptz;
  r record;
  t_locked uuid[];
  -- one entry per locked tier
  t_id uuid[] := '{}'; t_event uuid[] := '{}'; t_free int[] := '{}'; t_left int[] := '{}'; t_closed text[] := '{}';
  t_min int[] := '{}'; t_max int[] := '{}'; t_cap int[] := '{}'; t_taken int[] := '{}'; t_back int[] := '{}'; t_opens timestamptz[] := '{}';
  t_quantity int[] := '{}'; t_hoarded boolean[] := '{}';
  t_face int[] := '{}'; t_fee int[] := '{}'; t_tax int[] := '{}'; t_total int[] := '{}';
  -- one entry per line
  l_tier int[]; l_have int[]; l_active uuid[]; l_lapses int[]; l_lapsed_at timestamptz[]; l_twice boolean[];
  l_address int[]; -- which of the call's addresses it is
  l_held int[]; l_unconfirmed int[]; l_elsewhere boolean[]; l_frees_at timestamptz[]; -- what the line's address holds without payment, and when the first of it comes back
  l_granted boolean[] := array_fill(false, array[n]);
  l_kept jsonb[] := array_fill(null::jsonb, array[n]); -- the earlier quote of a line that keeps it
  l_expires timestamptz[] := array_fill(null::timestamptz, array[n]); l_created timestamptz[] := array_fill(null::timestamptz, array[n]);
  l_extended timestamptz[] := array_fill(null::timestamptz, array[n]); l_paused int[] := array_fill(0, array[n]);
  -- what was granted in this call: one entry per address and tier, and one per address
  a_taken int[]; a_frees_at timestamptz[];
  v_known jsonb; v_old jsonb; v_gone uuid[] := '{}';
  i int; j int; k int; x int; v_sum int; v_outcome text; v_detail jsonb; v_until timestamptz; v_have int; v_wait interval; v_any boolean := false;
  v_used int; v_most int; v_share int; v_total bigint; v_guest boolean; v_proven boolean; v_beyond boolean;
  v_before jsonb; v_kept bigint; v_seen bigint;
begin
  if n = 0 then return; end if;

  -- 1. tiers by id: those asked for and those of the replaced checkouts. Read in a statement of its own: after a wait, the row
  -- that is locked is new but its event would still be the one from before the wait, perhaps cancelled or paused since.
  t_locked := array(
    select t.id from ticketing.ticket_tiers t
    where t.id = any (p_tier_ids || array(select h.tier_id from ticketing.ticket_holds h where p_replaces is not null and h.checkout_id = any (v_replaces)))
    order by t.id for no key update);
  for r in
    select t.id, t.event_id, t.quantity, t.issued_quantity, t.reserved_quantity, t.min_per_order, t.max_per_order, e.max_per_person, t.sales_start, t.hoarded_since,
           ticketing.closed_reason(t, e, clock_timestamp()) as closed, q.*
    from ticketing.ticket_tiers t
    join events.events e on e.id = t.event_id,
    lateral ticketing.quote_of(t.price_cents, e.fee_bps, e.fee_fixed_cents, e.fee_cap_cents, e.fee_paid_by, t.tax_rate_bps, e.tax_included) q
    where t.id = any (t_locked)
    order by t.id
  loop
    t_id := t_id || r.id; t_event := t_event || r.event_id; t_closed := array_append(t_closed, r.closed);
    t_left := t_left || (r.quantity - r.issued_quantity); t_free := t_free || (r.quantity - r.issued_quantity - r.reserved_quantity);
    t_min := t_min || r.min_per_order; t_max := t_max || r.max_per_order; t_cap := t_cap || r.max_per_person; t_opens := array_append(t_opens, r.sales_start);
    t_face := t_face || r.face_cents; t_fee := t_fee || r.fee_cents; t_tax := t_tax || r.tax_cents; t_total := t_total || r.total_cents;
    t_taken := t_taken || 0; t_back := t_back || 0; t_quantity := t_quantity || r.quantity; t_hoarded := t_hoarded || (r.hoarded_since is not null);
  end loop;
  l_tier := array(select array_position(t_id, u.tier) from unnest(p_tier_ids) with ordinality u(tier, ord) order by u.ord);

  -- A request that finds a tier full frees that tier's lapsed holds first: no false "sold out".
  for x in 1 .. cardinality(t_id) loop
    select coalesce(sum(p_quantities[s]), 0) into v_sum from generate_series(1, n) s where l_tier[s] = x;
    if v_sum > t_free[x] then t_free[x] := t_free[x] + ticketing.expire_tier_holds(t_id[x], 1000); end if;
  end loop;

  -- 2. replaced holds by id
  if p_replaces is not null then
    perform 1 from ticketing.ticket_holds h where h.checkout_id = any (v_replaces) order by h.id for update;
    select jsonb_object_agg(o.checkout_id, o.v) into v_old from (
      select h.checkout_id, jsonb_build_object('user', min(h.user_id::text), 'expires', min(h.expires_at - make_interval(secs => h.paused_seconds - p.used)), 'created', min(h.created_at), 'address', min(h.address_key), 'extended', min(h.extended_at), 'paused', max(p.used), 'event', min(h.event_id::text),
        'alive', bool_and(h.status = 'active' and h.expires_at > clock_timestamp()), 'lines', jsonb_object_agg(h.tier_id, h.quantity), 'quantity', sum(h.quantity),
        'quotes', jsonb_object_agg(h.tier_id, jsonb_build_object('face', h.unit_face_cents, 'fee', h.unit_fee_cents, 'tax', h.unit_tax_cents, 'total', h.unit_total_cents)),
        'paying', exists (select from ticketing.orders o where o.checkout_id = h.checkout_id and (o.status <> 'pending' or o.payment_state in ('processing', 'succeeded')))) as v
      from ticketing.ticket_holds h,
      -- who leaves a tier that is paused takes along the pause so far, not all of its 30 minutes
      lateral (select case when h.paused_since is null then h.paused_seconds else least(h.paused_seconds, extract(epoch from clock_timestamp() - h.paused_since)::int) end as used) p
      where h.checkout_id = any (v_replaces) group by h.checkout_id) o;
  end if;

  -- 3. person-per-event keys and checkout keys (lock_keys), sorted together
  perform pg_advisory_xact_lock(s.key) from (
    select ticketing.person_key(t_event[l_tier[g]], p_user_ids[g]) as key from generate_series(1, n) g where l_tier[g] is not null
    union select ticketing.checkout_key(p_checkout_ids[g]) from generate_series(1, n) g order by 1) s;
  v_now := clock_timestamp();

  -- What is known already: replays, what each person has, what lapsed on her.
  select jsonb_object_agg(s.checkout_id, s.v) into v_known from (
    select h.checkout_id, jsonb_build_object('user', min(h.user_id::text), 'lines', jsonb_object_agg(h.tier_id, h.quantity), 'expires', min(h.expires_at),
      'status', min(h.status::text), 'alive', bool_and(h.status = 'active' and h.expires_at > v_now)) as v
    from ticketing.ticket_holds h where h.checkout_id = any (p_checkout_ids) group by h.checkout_id) s;
  select array_agg(have order by ord), array_agg(active order by ord), array_agg(lapses order by ord), array_agg(lapsed_at order by ord), array_agg(twice order by ord),
         array_agg(address order by ord), array_agg(held order by ord), array_agg(unconfirmed order by ord), array_agg(elsewhere order by ord), array_agg(frees_at order by ord)
    into l_have, l_active, l_lapses, l_lapsed_at, l_twice, l_address, l_held, l_unconfirmed, l_elsewhere, l_frees_at
  from (
    select u.ord, h.have + k.kept as have, h.active, la.lapses, la.lapsed_at,
           coalesce(ah.held, 0) + coalesce(al.held, 0) as held, coalesce(af.held, 0) as unconfirmed,
           coalesce(ah.some, false) or coalesce(al.some, false) or coalesce(af.some, false) as elsewhere,
           least(coalesce(ah.here_at, ah.at), coalesce(al.here_at, al.at), coalesce(af.here_at, af.at)) as frees_at,
           count(*) over (partition by u.usr, t_event[l_tier[u.ord]]) > 1 as twice,
           dense_rank() over (order by u.address) as address
    from unnest(p_user_ids, p_checkout_ids, v_replaces, p_tier_ids, v_addresses) with ordinality u(usr, checkout, old, tier, address, ord)
    left join lateral (
      select coalesce(sum(a.quantity), 0)::int as have, (array_agg(a.checkout_id))[1] as active from ticketing.ticket_holds a
      where a.user_id = u.usr and a.event_id is not distinct from t_event[l_tier[u.ord]] and a.status::text = 'active' and a.expires_at > v_now
        and a.checkout_id <> u.checkout and a.checkout_id is distinct from u.old) h on true
    left join lateral (
      -- what somebody else ordered to this person's mailbox is no purchase of hers
      select count(*)::int as kept from ticketing.tickets k
      where k.owner_user_id = u.usr and k.event_id is not distinct from t_event[l_tier[u.ord]] and k.status in ('issued', 'redeemed')
        and not exists (select from ticketing.orders o where o.id = k.order_id and o.claimed_from is not null)) k on true
    left join lateral (
      select count(distinct l.checkout_id)::int as lapses, max(l.created_at) as lapsed_at from ticketing.hold_lapses l
      where l.user_id = u.usr and l.event_id is not distinct from t_event[l_tier[u.ord]] and l.created_at > v_now - interval '1 day'
        -- what another checkout took the place of counts for the address only
        and not exists (select from ticketing.ticket_holds a where a.checkout_id = l.checkout_id and a.end_reason = 'replaced')) la on true
    left join lateral (
      -- what has lapsed and is not swept yet counts like the lapse it becomes: between the two nobody takes places anew
      select sum(a.quantity) filter (where a.tier_id = u.tier)::int as held, min(f.at) filter (where a.tier_id = u.tier) as here_at,
             min(f.at) as at, count(*) > 0 as some from ticketing.ticket_holds a,
      lateral (select case when a.expires_at > v_now then a.expires_at else a.expires_at + interval '10 minutes' end as at) f
      where a.address_key = u.address and a.status between 'active' and 'active'
        and a.checkout_id <> u.checkout and a.checkout_id is distinct from u.old) ah on true
    left join lateral (
      select sum(l.quantity) filter (where l.tier_id = u.tier)::int as held, min(l.created_at) filter (where l.tier_id = u.tier) + interval '10 minutes' as here_at,
             min(l.created_at) + interval '10 minutes' as at, count(*) > 0 as some from ticketing.hold_lapses l
      where l.address_key = u.address and l.created_at > v_now - interval '10 minutes') al on true
    left join lateral (
      -- as in unconfirmed_places; where all of it is past its time but the hour is not over, nobody is granted more than the share
      select sum(f.quantity) filter (where f.here and f.at > v_now)::int as held, min(f.at) filter (where f.here and f.at > v_now) as here_at,
             min(f.hour_at) as at, count(*) > 0 as some
      from (
        select a.quantity, a.tier_id = u.tier as here, a.ended_at + interval '1 hour' as hour_at,
               a.ended_at + case when a.quantity > ticketing.address_share(t_quantity[l_tier[u.ord]]) then interval '1 hour' else interval '10 minutes' end as at
        from ticketing.ticket_holds a
        where t_total[l_tier[u.ord]] = 0 and a.address_key = u.address and a.status between 'converted' and 'converted'
          and a.ended_at > v_now - interval '1 hour' and a.unit_total_cents = 0) f) af on true
  ) s;

  a_taken := array_fill(0, array[n * cardinality(t_id)]); a_frees_at := array_fill(null::timestamptz, array[n]);

  -- 4. decide, in arrival order
  i := 1;
  while i <= n loop
    j := i;
    while j < n and p_checkout_ids[j + 1] = p_checkout_ids[i] loop j := j + 1; end loop;
    v_outcome := null; v_detail := '{}'; v_until := null;

    if v_known ? p_checkout_ids[i]::text then
      v_detail := v_known -> p_checkout_ids[i]::text;
      if v_detail ->> 'user' <> p_user_ids[i]::text
         or v_detail -> 'lines' <> (select jsonb_object_agg(p_tier_ids[g], p_quantities[g]) from generate_series(i, j) g) then
        v_outcome := 'mismatch'; v_detail := '{}';
      elsif (v_detail ->> 'alive')::boolean then
        v_outcome := 'held'; v_until := (v_detail ->> 'expires')::timestamptz; v_detail := '{"replayed": true}';
      else
        v_outcome := 'ended'; v_detail := jsonb_build_object('status', v_detail ->> 'status');
      end if;
    end if;

    -- The same id twice in one batch: a resend of one checkout is its replay, anything else is refused.
    for k in array_position(p_checkout_ids, p_checkout_ids[i]) .. i - 1 loop
      exit when v_outcome is not null;
      if p_checkout_ids[k] = p_checkout_ids[i] and l_granted[k] then
        if p_user_ids[k] = p_user_ids[i]
           and (select jsonb_object_agg(p_tier_ids[g], p_quantities[g]) from generate_series(1, i - 1) g where l_granted[g] and p_checkout_ids[g] = p_checkout_ids[i])
             = (select jsonb_object_agg(p_tier_ids[g], p_quantities[g]) from generate_series(i, j) g) then
          v_outcome := 'held'; v_until := l_expires[k]; v_detail := '{"replayed": true}';
        else v_outcome := 'mismatch';
        end if;
      end if;
    end loop;

    if v_outcome is null then
      for k in i .. j loop
        x := l_tier[k];
        if x is null or t_closed[x] = 'unknown' or t_event[x] <> t_event[l_tier[i]] then v_outcome := 'tier_unknown'; v_detail := jsonb_build_object('tierId', p_tier_ids[k]);
        elsif t_closed[x] is not null then v_outcome := t_closed[x]; v_detail := jsonb_strip_nulls(jsonb_build_object('tierId', t_id[x], 'opensAt', (extract(epoch from t_opens[x]) * 1000)::bigint));
        elsif coalesce(p_quantities[k], 0) < t_min[x] or p_quantities[k] > t_max[x] or p_tier_ids[k] = any (p_tier_ids[i:k - 1]) then v_outcome := 'quantity_invalid'; v_detail := jsonb_build_object('tierId', t_id[x], 'min', t_min[x], 'max', t_max[x]);
        end if;
        exit when v_outcome is not null;
      end loop;
    end if;

    -- the replaced checkout must be this person's and alive
    if v_outcome is null and v_replaces[i] is not null then
      v_detail := v_old -> v_replaces[i]::text;
      if v_detail is null or v_detail ->> 'user' <> p_user_ids[i]::text or v_detail ->> 'event' <> t_event[l_tier[i]]::text or not (v_detail ->> 'alive')::boolean or (v_detail ->> 'paying')::boolean or v_replaces[i] = any (v_gone) then
        v_outcome := 'replaced_ended';
      end if;
      v_detail := '{}';
    end if;

    if v_outcome is null then
      select sum(p_quantities[g]) into v_sum from generate_series(i, j) g;
      v_have := l_have[i];
      if l_twice[i] then -- the same person more than once in this batch: what was granted above counts
        for k in 1 .. i - 1 loop
          if l_granted[k] and p_user_ids[k] = p_user_ids[i] and t_event[l_tier[k]] = t_event[l_tier[i]] and p_checkout_ids[k] is distinct from v_replaces[i] then
            v_have := v_have + p_quantities[k]; l_active[i] := p_checkout_ids[k];
          end if;
        end loop;
      end if;
      v_wait := case when l_lapses[i] >= 3 then interval '10 minutes' when l_lapses[i] = 2 then interval '2 minutes' end;
      if l_active[i] is not null then
        v_outcome := 'has_active'; v_detail := jsonb_build_object('checkoutId', l_active[i]);
      elsif v_have + v_sum > t_cap[l_tier[i]] then
        v_outcome := 'person_limit'; v_detail := jsonb_build_object('max', t_cap[l_tier[i]], 'have', v_have);
      elsif v_wait is not null and l_lapsed_at[i] + v_wait > v_now then
        v_outcome := 'cooling_down'; v_detail := jsonb_build_object('until', (extract(epoch from l_lapsed_at[i] + v_wait) * 1000)::bigint);
      end if;
    end if;

    if v_outcome is null then
      for k in i .. j loop
        x := l_tier[k];
        v_sum := t_free[x] + coalesce((v_old -> v_replaces[i]::text -> 'lines' ->> t_id[x]::text)::int, 0);
        if p_quantities[k] > v_sum then
          v_outcome := case when t_left[x] = 0 then 'sold_out' when v_sum = 0 then 'all_in_checkout' else 'not_enough' end;
          v_detail := jsonb_build_object('tierId', t_id[x], 'free', v_sum);
          if v_sum = 0 then
            v_detail := v_detail || jsonb_strip_nulls(jsonb_build_object('nextReleaseAt', (
              select (extract(epoch from min(h.expires_at)) * 1000)::bigint from ticketing.ticket_holds h where h.tier_id = t_id[x] and h.status = 'active')));
          end if;
          exit;
        end if;
      end loop;
    end if;

    -- an order that the provider cannot take is no order: said here, before anything is held
    if v_outcome is null then
      select sum(p_quantities[g]::bigint * t_total[l_tier[g]]), sum(p_quantities[g] * coalesce(p_seen_cents[g], t_total[l_tier[g]]))
        into v_total, v_seen from generate_series(i, j) g;
      v_before := v_old -> v_replaces[i]::text;
      if v_before is not null then
        select sum(p_quantities[g] * (v_before -> 'quotes' -> p_tier_ids[g]::text ->> 'total')::bigint) into v_kept
        from generate_series(i, j) g
        having bool_and(coalesce((v_before -> 'lines' ->> p_tier_ids[g]::text)::int >= p_quantities[g], false));
        if v_kept <= v_total then
          v_total := v_kept;
          for k in i .. j loop l_kept[k] := v_before -> 'quotes' -> p_tier_ids[k]::text; end loop;
        end if;
      end if;
      if v_before is not null and v_seen < v_total then
        v_outcome := 'price_changed'; v_detail := jsonb_build_object('totalCents', v_total);
      elsif v_total > 99999999 then v_outcome := 'order_too_large'; v_detail := jsonb_build_object('totalCents', v_total, 'maxCents', 99999999); end if;
    end if;

    -- The address's share of each tier. Whoever is the only one there takes one checkout, however small the tier is.
    v_beyond := false;
    if v_outcome is null and v_addresses[i] is not null then
      v_proven := null;
      for k in i .. j loop
        x := l_tier[k]; v_used := l_held[k]; v_share := ticketing.address_share(t_quantity[x]);
        -- who takes no more than she has there leaves the address as it is
        continue when (v_old -> v_replaces[i]::text ->> 'address')::bigint = v_addresses[i]
          and (v_old -> v_replaces[i]::text -> 'lines' ->> t_id[x]::text)::int >= p_quantities[k];
        if a_frees_at[l_address[k]] is not null then -- what neighbours were granted above
          l_elsewhere[k] := true; l_frees_at[k] := least(l_frees_at[k], a_frees_at[l_address[k]]);
          v_used := v_used + a_taken[(l_address[k] - 1) * cardinality(t_id) + x];
        end if;
        continue when v_used + l_unconfirmed[k] + p_quantities[k] <= v_share;
        if v_proven is null then
          v_proven := coalesce((select u.email_verified and not u.is_anonymous from auth.users u where u.id = p_user_ids[i]), false);
        end if;
        -- what people got for nothing who did not confirm their mailbox is no burden of those who did
        -- and what confirmed accounts hold uses up no share of the others: a few accounts would shut a hall out
        if not v_proven then
          v_used := v_used + l_unconfirmed[k]
            - coalesce((select sum(a.quantity) from ticketing.ticket_holds a join auth.users u on u.id = a.user_id and u.email_verified and not u.is_anonymous
                where a.address_key = v_addresses[i] and a.status between 'active' and 'active' and a.tier_id is not distinct from t_id[x]
                  and a.checkout_id <> p_checkout_ids[i] and a.checkout_id is distinct from v_replaces[i]), 0)::int
            - coalesce((select sum(l.quantity) from ticketing.hold_lapses l join auth.users u on u.id = l.user_id and u.email_verified and not u.is_anonymous
                where l.address_key = v_addresses[i] and l.created_at > v_now - interval '10 minutes' and l.tier_id is not distinct from t_id[x]), 0)::int;
        end if;
        -- What buyers there paid for in this tier raises the share; free tickets cost nothing and raise nothing, and cheap ones raise
        -- nothing of a dear tier.
        v_have := coalesce((select sum(p.quantity) from (
          select h.quantity from ticketing.ticket_holds h
          where h.address_key = v_addresses[i] and h.status between 'converted' and 'converted' and h.unit_total_cents > 0
            and h.tier_id is not distinct from t_id[x] limit 300) p), 0);
        v_most := v_share * case when v_proven then 2 else 1 end + v_have;
        continue when v_used + p_quantities[k] <= v_most;
        -- not waited for: who is decided on another tier at this moment is there too. With the key in hand it is looked at once more,
        -- in a statement of its own: who had the key may have committed after the first look.
        if not l_elsewhere[k] and pg_try_advisory_xact_lock(v_addresses[i]) then
          l_elsewhere[k] := exists (
              select from ticketing.ticket_holds a
              where a.address_key = v_addresses[i] and a.status between 'active' and 'active' and a.expires_at > v_now
                and a.checkout_id <> p_checkout_ids[i] and a.checkout_id is distinct from v_replaces[i])
            or exists (
              select from ticketing.hold_lapses l where l.address_key = v_addresses[i] and l.created_at > v_now - interval '10 minutes')
            or t_total[x] = 0 and exists (
              select from ticketing.ticket_holds a
              where a.address_key = v_addresses[i] and a.status between 'converted' and 'converted' and a.ended_at > v_now - interval '1 hour' and a.unit_total_cents = 0);
          v_beyond := v_beyond or not l_elsewhere[k];
          continue when not l_elsewhere[k];
        end if;
        v_outcome := 'address_limit';
        v_detail := jsonb_build_object('tierId', t_id[x], 'have', v_used, 'max', v_most,
          'until', (extract(epoch from coalesce(l_frees_at[k], v_now + interval '1 minute')) * 1000)::bigint);
        exit;
      end loop;
    end if;

    if v_outcome is null then
      v_outcome := 'held'; v_any := true;
      v_detail := jsonb_build_object('totalCents', v_total);
      v_guest := true = any (select t_hoarded[l_tier[g]] from generate_series(i, j) g)
        and (select u.is_anonymous from auth.users u where u.id = p_user_ids[i]);
      v_until := v_now + case when v_guest or v_beyond then interval '5 minutes' else interval '15 minutes' end;
      for k in i .. j loop
        l_granted[k] := true; l_expires[k] := v_until; l_created[k] := v_now;
        -- beyond the share five minutes are all there is: they count as extended
        l_extended[k] := case when v_beyond then v_now end;
        x := l_tier[k]; t_free[x] := t_free[x] - p_quantities[k]; t_taken[x] := t_taken[x] + p_quantities[k];
      end loop;
      if v_replaces[i] is not null then
        v_until := (v_old -> v_replaces[i]::text ->> 'expires')::timestamptz;
        if v_beyond then v_until := least(v_until, v_now + interval '5 minutes'); end if;
        for k in i .. j loop
          l_expires[k] := v_until; l_created[k] := (v_old -> v_replaces[i]::text ->> 'created')::timestamptz;
          l_extended[k] := coalesce((v_old -> v_replaces[i]::text ->> 'extended')::timestamptz, l_extended[k]); l_paused[k] := (v_old -> v_replaces[i]::text ->> 'paused')::int;
        end loop;
        for r in select key, value::int as quantity from jsonb_each_text(v_old -> v_replaces[i]::text -> 'lines') loop
          x := array_position(t_id, r.key::uuid);
          t_free[x] := t_free[x] + r.quantity; t_back[x] := t_back[x] + r.quantity;
        end loop;
        v_gone := v_gone || v_replaces[i];
      end if;
      for k in i .. j loop
        x := (l_address[k] - 1) * cardinality(t_id) + l_tier[k];
        a_taken[x] := a_taken[x] + p_quantities[k];
        a_frees_at[l_address[k]] := least(a_frees_at[l_address[k]], l_expires[k]);
      end loop;
    end if;

    checkout_id := p_checkout_ids[i]; outcome := v_outcome; expires_at := v_until; detail := v_detail;
    return next;
    i := j + 1;
  end loop;

  -- 5. write: old holds end, new holds begin, each tier moves once
  if not v_any then return; end if;
  if cardinality(v_gone) > 0 then
    with ended as (
      update ticketing.ticket_holds h set status = 'released', ended_at = v_now, end_reason = 'replaced' where h.checkout_id = any (v_gone) and h.status::text = 'active'
      returning h.event_id, h.user_id, h.checkout_id, h.tier_id, h.address_key, h.quantity, h.created_at
    )
    -- what goes back after more than a minute was kept from others as long as a lapse is (release_checkout)
    insert into ticketing.hold_lapses (event_id, user_id, checkout_id, tier_id, address_key, quantity)
    select e.event_id, e.user_id, e.checkout_id, e.tier_id, e.address_key, e.quantity - coalesce(kept.quantity, 0)
    from ended e
    left join lateral (
      select p_quantities[g] as quantity from generate_series(1, n) g
      where l_granted[g] and v_replaces[g] = e.checkout_id and p_tier_ids[g] = e.tier_id limit 1) kept on true
    where e.address_key is not null and e.created_at < v_now - interval '1 minute' and e.quantity > coalesce(kept.quantity, 0);
    -- their pending order is closed by cancel_lapsed_orders: an order is never locked after a tier
  end if;
  insert into ticketing.ticket_holds (user_id, tier_id, quantity, expires_at, created_at, event_id, checkout_id, unit_face_cents, unit_fee_cents, unit_tax_cents, unit_total_cents, extended_at, paused_seconds, address_key)
  select p_user_ids[g], p_tier_ids[g], p_quantities[g], l_expires[g], l_created[g], t_event[l_tier[g]], p_checkout_ids[g],
         coalesce((l_kept[g] ->> 'face')::int, t_face[l_tier[g]]), coalesce((l_kept[g] ->> 'fee')::int, t_fee[l_tier[g]]),
         coalesce((l_kept[g] ->> 'tax')::int, t_tax[l_tier[g]]), coalesce((l_kept[g] ->> 'total')::int, t_total[l_tier[g]]),
         l_extended[g], l_paused[g], v_addresses[g]
  from generate_series(1, n) g where l_granted[g];
  update ticketing.ticket_tiers t set reserved_quantity = t.reserved_quantity + s.delta
  from (select u.id, u.taken - u.back as delta, u.taken + u.back as moved from unnest(t_id, t_taken, t_back) u(id, taken, back)) s
  where t.id = s.id and s.moved > 0;
end $$;
