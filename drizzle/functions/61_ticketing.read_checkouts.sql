-- Whole checkouts as their buyers see them: holds, order, tickets and money in one statement, so that nothing is half old.
--
-- Input: pairs of checkout and person; p_user_ids may hold nulls (the live layer has asked who may see). One row per pair that
-- exists, `ord` is its place in the input. Times are epoch milliseconds. `version` grows with every change of these rows.
-- Reads only. Indexes: ticket_holds (checkout_id, tier_id), orders (checkout_id), tickets_order, refunds_order.
-- The planner settings keep a plan that was cached while the tables were empty from going stale.
create or replace function ticketing.read_checkouts(p_checkout_ids uuid[], p_user_ids uuid[])
returns table (ord int, facts jsonb)
language plpgsql stable set search_path = '' set enable_seqscan = off set enable_hashjoin = off set enable_mergejoin = off as $$
#variable_conflict use_column
begin
  return query
  select a.ord::int, jsonb_build_object(
    'checkoutId', a.checkout_id, 'userId', coalesce(o.user_id, h.user_id), 'now', (extract(epoch from clock_timestamp()) * 1000)::bigint,
    'version', public.version_epoch() + coalesce(h.version, 0) + coalesce(o.version, 0),
    'event', jsonb_build_object('id', e.id, 'slug', e.slug, 'title', e.title, 'timeZone', e.time_zone, 'venue', e.venue, 'city', e.city,
      'startAt', (extract(epoch from e.start_at) * 1000)::bigint, 'endAt', (extract(epoch from e.end_at) * 1000)::bigint, 'doorsAt', (extract(epoch from e.doors_at) * 1000)::bigint,
      'currency', e.currency, 'coverImageUrl', e.cover_image_url, 'poster', e.poster, 'refundPolicy', case when o.id is null then e.refund_policy else o.refund_policy end, 'refundKeepsFees', coalesce(o.refund_keeps_fees, e.refund_keeps_fees),
      'maxPerPerson', e.max_per_person, 'taxIncluded', coalesce(h.tax_included, e.tax_included), 'paused', e.sales_paused_at is not null,
      'status', case when e.status <> 'cancelled' and events.over_at(e.start_at, e.end_at) <= clock_timestamp() then 'ended' else e.status::text end),
    'holds', h.facts, 'lines', coalesce(i.lines, h.lines, '[]'),
    'order', case when o.id is not null then jsonb_build_object('id', o.id, 'code', o.code, 'status', o.status, 'email', o.mailbox, 'name', o.buyer_name, 'showFirstName', o.show_first_name,
      'attendeeNames', coalesce(i.names, '{}'), 'paymentState', o.payment_state, 'paymentError', o.payment_error, 'cancelReason', o.cancel_reason, 'late', o.late,
      'subtotalCents', o.subtotal_cents, 'feesCents', o.fees_cents, 'taxCents', o.tax_cents, 'taxIncluded', o.tax_included, 'totalCents', o.total_cents, 'currency', o.currency,
      'capturedCents', coalesce(o.captured_cents, 0), 'refundedCents', o.refunded_cents, 'disputed', ticketing.dispute_suspends(o.dispute_state, o.disputed_cents, o.refunded_cents, coalesce(o.captured_cents, o.total_cents)), 'owedCents', o.owed_cents, 'mailWithheld', o.mail_withheld,
      'createdAt', (extract(epoch from o.created_at) * 1000)::bigint, 'paidAt', (extract(epoch from o.paid_at) * 1000)::bigint) end,
    'tickets', coalesce(k.tickets, '[]'), 'refundingCents', coalesce(r.pending_cents, 0)
  )
  from unnest(p_checkout_ids, p_user_ids) with ordinality a(checkout_id, user_id, ord)
  left join lateral (
    select min(x.user_id::text)::uuid as user_id, min(x.event_id::text)::uuid as event_id, sum(x.version)::bigint as version,
      bool_and(x.unit_total_cents = x.unit_face_cents + x.unit_fee_cents) filter (where x.unit_tax_cents > 0) as tax_included, -- the quote's, as in quote_of
      jsonb_build_object('alive', bool_and(x.status = 'active' and x.expires_at > clock_timestamp()), 'active', bool_or(x.status = 'active'),
        'ended', case when bool_or(x.status = 'converted') then 'converted' when bool_or(x.status = 'released') then 'released' else 'expired' end, 'endReason', max(x.end_reason),
        'expiresAt', (extract(epoch from min(x.expires_at)) * 1000)::bigint, 'paused', bool_or(t.paused_at is not null),
        'standsUntil', (extract(epoch from (array_agg(x.paused_since + interval '30 minutes' order by x.expires_at))[1]) * 1000)::bigint, -- as pause_sales gives
        'extendable', bool_and(x.extended_at is null and x.expires_at < x.created_at + interval '20 minutes' + make_interval(secs => x.paused_seconds))) as facts,
      jsonb_agg(jsonb_build_object('tierId', t.id, 'name', t.name, 'quantity', x.quantity, 'unitFaceCents', coalesce(x.unit_face_cents, t.price_cents), 'unitFeeCents', coalesce(x.unit_fee_cents, 0),
        'unitTaxCents', coalesce(x.unit_tax_cents, 0), 'unitTotalCents', coalesce(x.unit_total_cents, t.price_cents), 'minPerOrder', t.min_per_order, 'maxPerOrder', t.max_per_order) order by t.position, t.id) as lines
    from ticketing.ticket_holds x join ticketing.ticket_tiers t on t.id = x.tier_id
    where x.checkout_id = a.checkout_id and (a.user_id is null or x.user_id = a.user_id)
    having count(*) > 0) h on true
  left join ticketing.orders o on o.checkout_id = a.checkout_id and (a.user_id is null or o.user_id = a.user_id)
  join events.events e on e.id = coalesce(o.event_id, h.event_id)
  left join lateral (
    select jsonb_agg(jsonb_build_object('tierId', t.id, 'name', t.name, 'quantity', y.quantity, 'unitFaceCents', y.price_cents - y.unit_discount_cents, 'unitFeeCents', y.unit_fee_cents,
        'unitTaxCents', y.unit_tax_cents, 'unitTotalCents', y.price_cents - y.unit_discount_cents + y.unit_fee_cents + case when o.tax_included then 0 else y.unit_tax_cents end,
        'minPerOrder', t.min_per_order, 'maxPerOrder', t.max_per_order) order by t.position, t.id) as lines,
      jsonb_object_agg(t.id, y.attendee_names) filter (where y.attendee_names <> '[]') as names
    from ticketing.order_items y join ticketing.ticket_tiers t on t.id = y.tier_id where y.order_id = o.id
    having count(*) > 0) i on true
  left join lateral (
    select jsonb_agg(jsonb_build_object('id', z.id, 'tierId', z.tier_id, 'tierName', t.name, 'sequenceNumber', z.sequence_number, 'status', z.status, 'holderName', z.holder_name,
      'suspendedReason', z.suspended_reason) order by z.sequence_number) as tickets
    from ticketing.tickets z join ticketing.ticket_tiers t on t.id = z.tier_id where z.order_id = o.id) k on true
  left join lateral (
    select sum(w.amount_cents)::int as pending_cents from ticketing.refunds w where w.order_id = o.id and w.status = 'pending') r on true;
end $$;
