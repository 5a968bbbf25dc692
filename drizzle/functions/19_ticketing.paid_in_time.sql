-- Whether a checkout's money was captured while its hold lived, and its order waits to be completed: no sweep takes its places,
-- however long that takes; completion or a refund ends the hold. Without settings of its own, so that the planner sees through
-- it. Called by sweeps, health and invariants. Index: orders by checkout.
create or replace function ticketing.paid_in_time(p_checkout_id uuid, p_expires_at timestamptz) returns boolean
language sql stable as $$
  select exists (select from ticketing.orders o where o.checkout_id = p_checkout_id and o.status = 'pending' and o.captured_at < p_expires_at)
$$;
