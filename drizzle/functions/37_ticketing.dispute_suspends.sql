-- Whether an order's tickets are on hold for its disputes: while the bank decides, and for good when it has taken all that is left.
-- A lost part is like a refunded part: the rest is paid for, so the tickets are good.
-- The one answer for suspend_tickets, event_violations, reconcile_event_tickets and the buyer's screens.
create or replace function ticketing.dispute_suspends(p_state text, p_disputed int, p_refunded int, p_paid int) returns boolean
language sql immutable parallel safe as $$
  select coalesce(p_state = 'open' or p_state = 'lost' and p_disputed + p_refunded >= p_paid, false)
$$;
