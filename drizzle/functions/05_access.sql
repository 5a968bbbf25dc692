-- as: service_role
-- What policies ask about the person behind the claims. SECURITY DEFINER and owned by service_role, so that a policy on one
-- table can look at another without recursion; each pins search_path and answers about auth.uid() only.

-- The person's role in an organization, or null.
create or replace function access.org_role(p_org_id uuid) returns public.org_role
language sql stable security definer set search_path = '' as $$
  select m.role from organizations.org_memberships m where m.org_id = p_org_id and m.user_id = auth.uid()
$$;

-- The person's role on an event: a user-owned event has its owner, an organization's event has the members' roles.
create or replace function access.event_role(p_event_id uuid) returns public.org_role
language sql stable security definer set search_path = '' as $$
  select case e.owner_context_type
    when 'user' then case when e.owner_context_id = auth.uid() then 'owner'::public.org_role end
    else (select m.role from organizations.org_memberships m where m.org_id = e.owner_context_id and m.user_id = auth.uid())
  end
  from events.events e where e.id = p_event_id
$$;

-- The table of docs/domain.md, "Access": which role may do what.
create or replace function access.role_allows(p_role public.org_role, p_permission text) returns boolean
language sql immutable parallel safe set search_path = '' as $$
  select case p_permission
    when 'events' then p_role in ('owner', 'admin', 'editor')
    when 'events.see' then p_role in ('owner', 'admin', 'editor', 'viewer')
    when 'money' then p_role = 'owner'
    when 'money.see' then p_role in ('owner', 'admin')
    when 'totals' then p_role in ('owner', 'admin', 'viewer')
    when 'orders' then p_role in ('owner', 'admin')
    when 'orders.names' then p_role in ('owner', 'admin', 'editor')
    when 'refunds' then p_role in ('owner', 'admin')
    when 'admit' then p_role in ('owner', 'admin', 'editor', 'scanner')
    when 'posts' then p_role in ('owner', 'admin', 'editor')
    when 'team' then p_role in ('owner', 'admin')
    when 'team.owners' then p_role = 'owner'
    else false
  end and p_role is not null
$$;

create or replace function access.may(p_event_id uuid, p_permission text) returns boolean
language sql stable security definer set search_path = '' as $$
  select coalesce(access.role_allows(access.event_role(p_event_id), p_permission), false)
$$;

create or replace function access.has_ticket(p_event_id uuid) returns boolean
language sql stable security definer set search_path = '' as $$
  select exists (select from ticketing.tickets k where k.event_id = p_event_id and k.owner_user_id = auth.uid() and k.status <> 'refunded')
$$;

-- Who may open an event's page: anyone for public and unlisted, ticket holders and members for private, members who may see it for drafts (a scanner works at the door, not on drafts).
create or replace function access.may_see_event(p_event_id uuid) returns boolean
language sql stable security definer set search_path = '' as $$
  select coalesce((
    select e.deleted_at is null and (
      (e.status <> 'draft' and e.visibility in ('public', 'unlisted'))
      or access.may(e.id, 'events.see')
      or (e.status <> 'draft' and (access.event_role(e.id) is not null or access.has_ticket(e.id))))
    from events.events e where e.id = p_event_id), false)
$$;

-- The link of an online event, for people with a good ticket and for its staff.
create or replace function access.online_url(p_event_id uuid) returns text
language sql stable security definer set search_path = '' as $$
  select e.online_url from events.events e where e.id = p_event_id
    and (access.may(p_event_id, 'events')
      or exists (select from ticketing.tickets k where k.event_id = p_event_id and k.owner_user_id = auth.uid() and k.status in ('issued', 'redeemed') and k.suspended_reason is null))
$$;

-- Whether the claims belong to a signed-in person with a proven mailbox.
create or replace function access.is_verified() returns boolean
language sql stable security definer set search_path = '' as $$
  select coalesce((select u.email_verified and not u.is_anonymous from auth.users u where u.id = auth.uid()), false)
$$;

-- Posting needs a ticket, a role on the event, or (if the event allows) a verified account.
create or replace function access.may_post(p_event_id uuid) returns boolean
language sql stable security definer set search_path = '' as $$
  select access.has_ticket(p_event_id) or access.may(p_event_id, 'posts')
    or (access.is_verified() and access.may_see_event(p_event_id) and coalesce((select e.posts_by_verified from events.events e where e.id = p_event_id), false))
$$;

create or replace function access.post_event(p_post_id uuid) returns uuid
language sql stable security definer set search_path = '' as $$
  select p.event_id from social.event_posts p where p.id = p_post_id
$$;

-- The posts of public events that everybody may read, newest first. Asked past the policies, which would look at every newer post that
-- the caller may not see: strangers can write any number of those in drafts. The primary key has their order.
create or replace function access.newest_posts(p_most int) returns setof uuid
language sql stable security definer set search_path = '' as $$
  select p.id from social.event_posts p join events.events e on e.id = p.event_id
  where p.deleted_at is null and p.hidden_at is null and e.visibility = 'public' and e.status <> 'draft' and e.deleted_at is null
  order by p.id desc limit p_most
$$;

revoke all on all functions in schema access from public;
grant usage on schema access to liventix_owner, anon, authenticated;
grant execute on all functions in schema access to liventix_owner, anon, authenticated, service_role;
