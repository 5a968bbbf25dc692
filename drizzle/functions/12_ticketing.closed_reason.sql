-- Why a tier takes no new hold right now, or null. Stock is not its business.
-- Called by reserve_batch under the tier's lock, and by reads that show the state.
create or replace function ticketing.closed_reason(t ticketing.ticket_tiers, e events.events, p_now timestamptz) returns text
language sql stable as $$
  select case
    when e.deleted_at is not null or t.deleted_at is not null or e.status = 'draft' then 'unknown'
    when e.status = 'cancelled' then 'event_cancelled'
    when events.over_at(e.start_at, e.end_at) <= p_now then 'event_ended'
    when t.status = 'inactive' then 'closed'
    when t.sales_start is not null and t.sales_start > p_now then 'not_yet'
    when coalesce(t.sales_end, e.start_at) <= p_now then 'closed'
    when e.sales_paused_at is not null or t.paused_at is not null then 'paused'
  end
$$;
