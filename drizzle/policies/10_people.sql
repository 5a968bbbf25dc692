-- A person reads and edits her own profile: name, photo and settings; never her role or address. Names are public where she posts: see access.
drop policy if exists own_profile_select on public.profiles;
create policy own_profile_select on public.profiles for select to authenticated using (id = (select auth.uid()));
drop policy if exists own_profile_update on public.profiles;
create policy own_profile_update on public.profiles for update to authenticated using (id = (select auth.uid()) and deleted_at is null) with check (id = (select auth.uid()));
grant select on public.profiles to authenticated;
grant update (display_name, photo_url, settings) on public.profiles to authenticated;

-- Organizations are public; their teams are not.
drop policy if exists organizations_public_select on organizations.organizations;
create policy organizations_public_select on organizations.organizations for select to anon, authenticated using (deleted_at is null);
grant select (id, name, description, created_at, slug, city, palette) on organizations.organizations to anon, authenticated;

drop policy if exists members_select on organizations.org_memberships;
create policy members_select on organizations.org_memberships for select to authenticated
  using (user_id = (select auth.uid()) or access.org_role(org_id) is not null);
grant select on organizations.org_memberships to authenticated;

drop policy if exists invitations_select on organizations.org_invitations;
create policy invitations_select on organizations.org_invitations for select to authenticated
  using (access.role_allows(access.org_role(org_id), 'team'));
grant select (id, org_id, email, role, created_at, expires_at, accepted_at) on organizations.org_invitations to authenticated;
