-- Puts an order's tickets on hold, or ends that, as the rows say: a dispute counts before a refund, and tickets whose refund is
-- under way wait for it, as all do while everything that was paid is on its way back. The one writer of suspended_reason.
-- Called by request_refund, settle_refund, note_outside_refund and apply_dispute, which have locked the order. Locks: tickets by id.
create or replace function ticketing.suspend_tickets(p_order_id uuid, p_actor uuid default null) returns void
language plpgsql set search_path = '' set enable_seqscan = off as $$
declare
  v_all text;
begin
  perform 1 from ticketing.tickets where order_id = p_order_id order by id for update;
  select case when ticketing.dispute_suspends(o.dispute_state, o.disputed_cents, o.refunded_cents, p.paid) then 'dispute'
              when r.pending > 0 and o.refunded_cents + r.pending + case when o.dispute_state = 'lost' then o.disputed_cents else 0 end >= p.paid then 'refund' end
    into v_all
  from ticketing.orders o
  cross join lateral (select coalesce(o.captured_cents, o.total_cents) as paid) p
  cross join lateral (select coalesce(sum(f.amount_cents), 0) as pending from ticketing.refunds f where f.order_id = o.id and f.status = 'pending') r
  where o.id = p_order_id;
  with meant as (
    select k.id, coalesce(v_all, case when exists (
             select from ticketing.refund_tickets x join ticketing.refunds f on f.id = x.refund_id where x.ticket_id = k.id and f.status = 'pending') then 'refund' end) as reason
    from ticketing.tickets k where k.order_id = p_order_id and k.status <> 'refunded'
  ), changed as (
    update ticketing.tickets k set suspended_reason = m.reason from meant m
    where k.id = m.id and k.suspended_reason is distinct from m.reason returning k.id, k.suspended_reason
  )
  insert into ticketing.ticket_events (ticket_id, kind, actor_user_id, detail)
  select c.id, case when c.suspended_reason is null then 'unsuspended' else 'suspended' end, p_actor, jsonb_strip_nulls(jsonb_build_object('reason', c.suspended_reason)) from changed c;
end $$;
