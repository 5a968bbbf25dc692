-- Tiers: what is sold and for how much; the counters are no public columns (public_availability shows what the organizer allows).
drop policy if exists tiers_visible_select on ticketing.ticket_tiers;
create policy tiers_visible_select on ticketing.ticket_tiers for select to anon, authenticated using (deleted_at is null and access.may_see_event(event_id));
grant select (id, event_id, name, price_cents, sales_start, sales_end, description, position, min_per_order, max_per_order, tax_rate_bps, created_at, deleted_at)
  on ticketing.ticket_tiers to anon, authenticated;

drop policy if exists own_holds_select on ticketing.ticket_holds;
create policy own_holds_select on ticketing.ticket_holds for select to authenticated using (user_id = (select auth.uid()));
grant select on ticketing.ticket_holds to authenticated;

-- Orders, by the names of docs/schema.md.
drop policy if exists own_orders_select on ticketing.orders;
create policy own_orders_select on ticketing.orders for select to authenticated using (user_id = (select auth.uid()));
drop policy if exists org_orders_select on ticketing.orders;
create policy org_orders_select on ticketing.orders for select to authenticated using (access.may(event_id, 'orders'));
drop policy if exists orders_insert_own_only on ticketing.orders;
create policy orders_insert_own_only on ticketing.orders for insert to authenticated
  with check (user_id = (select auth.uid()) and status = 'pending' and total_cents = 0 and subtotal_cents = 0 and fees_cents = 0 and access.may_see_event(event_id));
drop policy if exists orders_update_service_role on ticketing.orders;
create policy orders_update_service_role on ticketing.orders for update to service_role using (true) with check (true);
grant select on ticketing.orders to authenticated;
-- never its id, checkout or amounts: those come from the engine
grant insert (event_id, user_id, mailbox, buyer_name) on ticketing.orders to authenticated;

drop policy if exists order_items_select on ticketing.order_items;
create policy order_items_select on ticketing.order_items for select to authenticated
  using (exists (select from ticketing.orders o where o.id = order_id));
grant select on ticketing.order_items to authenticated;

drop policy if exists own_tickets_select on ticketing.tickets;
create policy own_tickets_select on ticketing.tickets for select to authenticated using (owner_user_id = (select auth.uid()));
drop policy if exists org_tickets_select on ticketing.tickets;
create policy org_tickets_select on ticketing.tickets for select to authenticated using (access.may(event_id, 'orders'));
-- Editors and scanners see names and states at the door through the verbs, without what was paid.
-- qr_code is no column of a session: the server signs it for its owner
grant select (id, order_id, event_id, tier_id, owner_user_id, status, created_at, sequence_number, rotation, code, holder_name, face_cents, fee_cents, tax_cents, paid_cents,
  suspended_reason, redeemed_at, gate, refunded_at, updated_at) on ticketing.tickets to authenticated;

drop policy if exists refunds_select on ticketing.refunds;
create policy refunds_select on ticketing.refunds for select to authenticated using (exists (select from ticketing.orders o where o.id = order_id));
grant select (id, order_id, amount_cents, reason, status, created_at, kind, settled_at, taken_back_at) on ticketing.refunds to authenticated;

-- What a bank asks back is the team's matter: the buyer sees the state of her order.
drop policy if exists disputes_select on ticketing.disputes;
create policy disputes_select on ticketing.disputes for select to authenticated using (access.may(event_id, 'orders'));
grant select (id, order_id, event_id, amount_cents, status, reason, respond_by, opened_at, closed_at, created_at) on ticketing.disputes to authenticated;

-- Health and readiness: members see their events' rows, because the tables beneath decide; anon has no grant.
grant select on ticketing.event_violations, ticketing.event_health, ticketing.event_readiness to service_role;

-- A waiting room is seen by whoever sees its event: never its seed (the engine tells it after the draw), nor what would
-- let one count the free places. A person sees her own spots.
drop policy if exists waiting_rooms_visible_select on ticketing.waiting_rooms;
create policy waiting_rooms_visible_select on ticketing.waiting_rooms for select to anon, authenticated using (access.may_see_event(event_id));
grant select (id, event_id, state, commitment, drawn_at, drawn, served, paused_at, closed_at, closed_because, created_at) on ticketing.waiting_rooms to anon, authenticated;

drop policy if exists waiting_spots_own on ticketing.waiting_spots;
create policy waiting_spots_own on ticketing.waiting_spots for select to authenticated using (user_id = (select auth.uid()));
grant select (id, room_id, user_id, state, number, arrived_at, missed_at, admitted_at, admission_ends_at, ended_at) on ticketing.waiting_spots to authenticated;
