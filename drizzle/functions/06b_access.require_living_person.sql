-- Rows that are written in a person's name ask whether she is still there. Orders ask in `create_order`, events in
-- `events.require_living_host`; holds and spots in a waiting room end by themselves.
drop trigger if exists require_living_person on organizations.org_memberships;
create trigger require_living_person before insert or update of user_id, role on organizations.org_memberships
  for each row execute function access.require_living_person('user_id');
drop trigger if exists require_living_person on organizations.org_invitations;
create trigger require_living_person before insert or update of invited_by on organizations.org_invitations
  for each row execute function access.require_living_person('invited_by');
drop trigger if exists require_living_person on events.saved_events;
create trigger require_living_person before insert on events.saved_events
  for each row execute function access.require_living_person('user_id');
drop trigger if exists require_living_person on events.event_alerts;
create trigger require_living_person before insert or update of user_id, mailbox on events.event_alerts
  for each row execute function access.require_living_person('user_id');
drop trigger if exists require_living_person on social.follows;
create trigger require_living_person before insert on social.follows
  for each row execute function access.require_living_person('user_id');
drop trigger if exists require_living_person on social.event_posts;
create trigger require_living_person before insert on social.event_posts
  for each row execute function access.require_living_person('author_user_id');
drop trigger if exists require_living_person on social.event_reactions;
create trigger require_living_person before insert on social.event_reactions
  for each row execute function access.require_living_person('user_id');
drop trigger if exists require_living_person on social.post_reports;
create trigger require_living_person before insert on social.post_reports
  for each row execute function access.require_living_person('reporter_user_id');
