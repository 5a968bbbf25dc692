-- Events by visibility. The online link is no public column: access.online_url() gives it to ticket holders.
drop policy if exists events_visible_select on events.events;
create policy events_visible_select on events.events for select to anon, authenticated
  using (deleted_at is null and ((status <> 'draft' and visibility in ('public', 'unlisted')) or access.may_see_event(id)));
grant select (id, title, start_at, end_at, venue, category, cover_image_url, description, city, visibility, owner_context_type, owner_context_id, status, slug, summary,
  time_zone, start_local, end_local, doors_local, doors_at, currency, address, access_info, line_up, min_age, refund_policy, refund_keeps_fees, poster, availability_display,
  max_per_person, fee_bps, fee_fixed_cents, fee_cap_cents, fee_paid_by, tax_included, posts_by_verified, published_at, postponed_at, cancelled_at, cancel_reason,
  sales_paused_at, version, search, created_at, deleted_at, resell_refunded, waiting_room) on events.events to anon, authenticated;

drop policy if exists saved_events_own on events.saved_events;
create policy saved_events_own on events.saved_events to authenticated using (user_id = (select auth.uid())) with check (user_id = (select auth.uid()) and access.may_see_event(event_id));
grant select, delete on events.saved_events to authenticated;
grant insert (user_id, event_id) on events.saved_events to authenticated;

drop policy if exists event_alerts_own on events.event_alerts;
create policy event_alerts_own on events.event_alerts for select to authenticated using (user_id = (select auth.uid()));
grant select on events.event_alerts to authenticated;
