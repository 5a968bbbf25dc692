-- Money on its way back for a whole order: one pending refund row, its tickets suspended, the provider's call enqueued.
-- Fees are kept only if the order's terms say so (refund_keeps_fees); the caller asks. An order whose refund came back is sent what it is owed, once more.
-- Locks: order, tickets by id. Outcomes: requested, refunded, pending, disputed, nothing_left, not_paid, not_found.
create or replace function ticketing.request_refund(p_order_id uuid, p_reason text, p_actor uuid, p_keep_fees boolean default false, p_note text default '') returns jsonb
language plpgsql set search_path = '' set enable_seqscan = off as $$
declare
  v_order ticketing.orders; v_amount int; v_fees int; v_refund uuid; v_under_way int; v_left int; v_paid bigint;
begin
  select * into v_order from ticketing.orders where id = p_order_id for update;
  if not found then return jsonb_build_object('outcome', 'not_found'); end if;
  if v_order.status <> 'paid' and v_order.owed_cents = 0 then return jsonb_build_object('outcome', case v_order.status when 'refunded' then 'nothing_left' else 'not_paid' end); end if;
  -- the bank has the money, or asks for it: the provider refuses, and paying twice is no kindness
  if v_order.dispute_state is not null then return jsonb_build_object('outcome', 'disputed'); end if;
  select coalesce(sum(amount_cents), 0) into v_under_way from ticketing.refunds where order_id = p_order_id and status = 'pending';
  if v_under_way > 0 then return jsonb_build_object('outcome', 'pending'); end if;

  -- the order's lock is enough to read what was paid; a free order's tickets are locked by void_tickets after its tiers
  v_left := coalesce(v_order.captured_cents, v_order.total_cents) - v_order.refunded_cents;
  if v_order.status <> 'paid' then -- its tickets have ended; only the money came back
    insert into ticketing.refunds (order_id, amount_cents, reason, initiated_by, note, kind)
    values (p_order_id, least(v_order.owed_cents, v_left), p_reason, p_actor, p_note, 'owed') returning id, amount_cents into v_refund, v_amount;
  else
    select coalesce(sum(paid_cents) filter (where status <> 'refunded'), 0), coalesce(sum(fee_cents) filter (where status <> 'refunded'), 0), coalesce(sum(paid_cents), 0)
      into v_amount, v_fees, v_paid from ticketing.tickets where order_id = p_order_id;
    -- tickets loaded from elsewhere do not say what was paid for them: the order does
    if v_paid < v_order.total_cents then v_amount := v_left; v_fees := v_order.fees_cents; end if;
    -- fees stay of what is left: what went back before was no fee
    v_amount := greatest(0, least(v_amount, v_left) - case when p_keep_fees then v_fees else 0 end);

    if v_amount = 0 then -- free order: nothing to send, its tickets end at once
      perform ticketing.void_tickets(array(select id from ticketing.tickets where order_id = p_order_id and status <> 'refunded'), p_actor);
      update ticketing.orders set status = 'refunded' where id = p_order_id;
      return jsonb_build_object('outcome', 'refunded', 'amountCents', 0);
    end if;
    insert into ticketing.refunds (order_id, amount_cents, reason, initiated_by, note) values (p_order_id, v_amount, p_reason, p_actor, p_note) returning id into v_refund;
    insert into ticketing.refund_tickets (refund_id, ticket_id) select v_refund, id from ticketing.tickets where order_id = p_order_id and status <> 'refunded';
    perform ticketing.suspend_tickets(p_order_id, p_actor);
  end if;
  update ticketing.orders set version = version where id = p_order_id;
  perform jobs.enqueue('refunds.send', jsonb_build_object('refundId', v_refund));
  return jsonb_build_object('outcome', 'requested', 'refundId', v_refund, 'amountCents', v_amount);
end $$;
