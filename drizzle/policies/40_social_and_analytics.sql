-- Posts follow their event's visibility. Writing goes through the verbs (text is sanitized, badges are proven), so sessions only read.
drop policy if exists event_posts_select on social.event_posts;
create policy event_posts_select on social.event_posts for select to anon, authenticated
  using (deleted_at is null and access.may_see_event(event_id) and (hidden_at is null or author_user_id = (select auth.uid()) or access.may(event_id, 'posts')));
grant select (id, event_id, author_user_id, text, media_urls, like_count, comment_count, created_at, as_organization, pinned_at, edited_at, hidden_at, hidden_reason, version, deleted_at)
  on social.event_posts to anon, authenticated;

drop policy if exists event_reactions_select on social.event_reactions;
create policy event_reactions_select on social.event_reactions for select to anon, authenticated
  using (deleted_at is null and (kind = 'comment' or user_id = (select auth.uid()))
    and access.may_see_event(access.post_event(post_id))
    and (hidden_at is null or user_id = (select auth.uid()) or access.may(access.post_event(post_id), 'posts')));
grant select (id, post_id, user_id, kind, text, parent_id, edited_at, hidden_at, hidden_reason, created_at, deleted_at) on social.event_reactions to anon, authenticated;

drop policy if exists follows_own on social.follows;
create policy follows_own on social.follows to authenticated using (user_id = (select auth.uid())) with check (user_id = (select auth.uid()));
grant select, delete on social.follows to authenticated;
grant insert (user_id, target_type, target_id) on social.follows to authenticated;

drop policy if exists scan_logs_select on analytics.scan_logs;
create policy scan_logs_select on analytics.scan_logs for select to authenticated using (access.may(event_id, 'admit'));
grant select on analytics.scan_logs to authenticated;
drop policy if exists event_metrics_select on analytics.event_metrics;
create policy event_metrics_select on analytics.event_metrics for select to authenticated using (access.may(event_id, 'totals'));
grant select on analytics.event_metrics to authenticated;
