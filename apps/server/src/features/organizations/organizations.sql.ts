import type { InvitationLine, OrganizationSummary, OrgRole } from '@liventix/contracts/organizations';
import type { PaletteName } from '@liventix/contracts/posters';
import type postgres from 'postgres';

type Sql = postgres.ISql;

/** Statements get timestamps as text: turns the named columns into dates. */
function dated<T extends object>(rows: readonly T[], ...columns: (keyof T)[]): T[] {
  for (const row of rows) {
    for (const column of columns) if (row[column] !== null) row[column] = new Date(row[column] as string) as never;
  }
  return [...rows];
}

export interface EventRole {
  role: OrgRole | null;
  organizationId: string | null;
}

/** The caller's role on an event, as `access.event_role` tells it; null when there is no such event. Primary keys. */
export async function readEventRole(sql: Sql, eventId: string, userId: string): Promise<EventRole | null> {
  const [row] = await sql<EventRole[]>`
    select case when e.owner_context_type = 'organization' then e.owner_context_id end as "organizationId",
           case e.owner_context_type
             when 'user' then case when e.owner_context_id = ${userId} then 'owner' end
             else (select case when e.status <> 'draft' or access.role_allows(m.role, 'events.see') then m.role::text end from organizations.org_memberships m
                    join organizations.organizations o on o.id = m.org_id and o.deleted_at is null
                    where m.org_id = e.owner_context_id and m.user_id = ${userId})
           end as role
      from events.events e where e.id = ${eventId} and e.deleted_at is null`;
  return row ?? null;
}

export async function readOrgRole(sql: Sql, orgId: string, userId: string): Promise<OrgRole | null> {
  const [row] = await sql<{ role: OrgRole }[]>`
    select m.role from organizations.org_memberships m join organizations.organizations o on o.id = m.org_id
     where m.org_id = ${orgId} and m.user_id = ${userId} and o.deleted_at is null`;
  return row?.role ?? null;
}

/** Organizations a person belongs to, by name. At most 100. */
export async function listOrganizationsOf(sql: Sql, userId: string): Promise<OrganizationSummary[]> {
  const rows = await sql<OrganizationSummary[]>`
    select o.id, o.slug, o.name, o.city, o.palette, m.role,
           (select count(*)::int from organizations.org_memberships a where a.org_id = o.id) as members
      from organizations.org_memberships m join organizations.organizations o on o.id = m.org_id
     where m.user_id = ${userId} and o.deleted_at is null order by o.name, o.id limit 100`;
  return [...rows];
}

/** A new organization and its first owner, who is an organizer from now on (a word, no right). Answers its id. */
export async function insertOrganization(
  sql: Sql,
  row: { name: string; slug: string; city: string | null; description: string; palette: PaletteName; ownerId: string },
): Promise<string> {
  const [made] = await sql<{ id: string }[]>`
    insert into organizations.organizations (name, slug, city, description, palette)
    values (${row.name}, ${row.slug}, ${row.city}, ${row.description}, ${row.palette}) returning id`;
  const id = made?.id ?? '';
  await sql`insert into organizations.org_memberships (org_id, user_id, role) values (${id}, ${row.ownerId}, 'owner')`;
  await sql`update public.profiles set role = 'organizer' where id = ${row.ownerId} and role = 'attendee'`;
  return id;
}

export interface OrganizationChange {
  name?: string;
  city?: string | null;
  description?: string;
  palette?: string;
  contact_user_id?: string | null;
  fee_bps?: number;
  fee_fixed_cents?: number;
  fee_cap_cents?: number | null;
  fee_paid_by?: string;
}

/** False when the organization is no longer of the edition that the change was made from. */
export async function changeOrganization(
  sql: Sql,
  orgId: string,
  change: OrganizationChange,
  edition?: number,
): Promise<boolean> {
  if (Object.keys(change).length === 0) return true;
  const guard = edition === undefined ? sql`` : sql`and edition = ${edition}`;
  const rows = await sql`
    update organizations.organizations set ${sql(change as Record<string, string | number | null>)}
     where id = ${orgId} and deleted_at is null ${guard} returning 1`;
  return rows.length > 0;
}

export interface OrganizationRow {
  id: string;
  slug: string;
  name: string;
  city: string | null;
  palette: PaletteName;
  description: string;
  feeBps: number;
  feeFixedCents: number;
  feeCapCents: number | null;
  feePaidBy: 'buyer' | 'organizer';
  edition: number;
  contactUserId: string | null;
}

export async function readOrganization(sql: Sql, orgId: string): Promise<OrganizationRow | null> {
  const [row] = await sql<OrganizationRow[]>`
    select id, slug, name, city, palette, description, fee_bps as "feeBps", fee_fixed_cents as "feeFixedCents",
           fee_cap_cents as "feeCapCents", fee_paid_by as "feePaidBy", contact_user_id as "contactUserId", edition
      from organizations.organizations where id = ${orgId} and deleted_at is null`;
  return row ?? null;
}

export interface MemberRow {
  userId: string;
  name: string;
  email: string;
  /** Her address is confirmed. */
  reachable: boolean;
  role: OrgRole;
  since: Date;
}

/** The team, owners first. At most 500. */
export async function listMembers(sql: Sql, orgId: string): Promise<MemberRow[]> {
  const rows = await sql<MemberRow[]>`
    select m.user_id as "userId", coalesce(nullif(p.display_name, ''), u.name) as name, u.email, u.email_verified as reachable, m.role, m.created_at as since
      from organizations.org_memberships m join auth.users u on u.id = m.user_id left join public.profiles p on p.id = m.user_id
     where m.org_id = ${orgId}
     order by array_position(array['owner', 'admin', 'editor', 'scanner', 'viewer'], m.role::text), name, m.user_id limit 500`;
  return dated(rows, 'since');
}

/** Whether mail to this member of the team reaches her: she has confirmed her address. She stays until the transaction ends. */
export async function lockReachable(sql: Sql, orgId: string, userId: string): Promise<boolean> {
  const [row] = await sql`
    select 1 from organizations.org_memberships m join auth.users u on u.id = m.user_id and u.email_verified and u.deleted_at is null
     where m.org_id = ${orgId} and m.user_id = ${userId} for key share of m`;
  return row !== undefined;
}

/** Invitations nobody has taken up yet. */
export async function listInvitations(sql: Sql, orgId: string): Promise<InvitationLine[]> {
  const rows = await sql<InvitationLine[]>`
    select id, email, role, expires_at as "expiresAt", expires_at <= clock_timestamp() as expired
      from organizations.org_invitations where org_id = ${orgId} and accepted_at is null order by created_at desc limit 200`;
  return dated(rows, 'expiresAt');
}

/** Whether somebody with this address is in the team. */
export async function hasMember(sql: Sql, orgId: string, email: string): Promise<boolean> {
  const [row] = await sql<{ known: boolean }[]>`
    select exists (select from organizations.org_memberships m join auth.users u on u.id = m.user_id
                    where m.org_id = ${orgId} and lower(u.email) = lower(${email})) as known`;
  return row?.known ?? false;
}

/** One invitation per mailbox: a second one replaces role, time and token of the first. */
export async function writeInvitation(
  sql: Sql,
  row: { orgId: string; email: string; role: OrgRole; invitedBy: string; tokenHash: Buffer },
): Promise<string> {
  const [made] = await sql<{ id: string }[]>`
    insert into organizations.org_invitations (org_id, email, role, invited_by, token_sha256)
    values (${row.orgId}, ${row.email}, ${row.role}, ${row.invitedBy}, ${row.tokenHash})
    on conflict (org_id, email) do update set role = excluded.role, invited_by = excluded.invited_by, token_sha256 = excluded.token_sha256,
      created_at = clock_timestamp(), expires_at = clock_timestamp() + interval '7 days', accepted_at = null
    returning id`;
  return made?.id ?? '';
}

export interface InvitationToMail {
  email: string;
  role: OrgRole;
  organizationName: string;
  inviterName: string;
  minutes: number;
}

/** Gives a waiting invitation a fresh token (only its hash is kept) and says what its mail needs; null when it is over. */
export async function renewInvitationToken(
  sql: Sql,
  invitationId: string,
  tokenHash: Buffer,
): Promise<InvitationToMail | null> {
  const [row] = await sql<InvitationToMail[]>`
    with renewed as (
      update organizations.org_invitations set token_sha256 = ${tokenHash}
       where id = ${invitationId} and accepted_at is null and expires_at > clock_timestamp() returning *
    )
    select i.email, i.role, o.name as "organizationName", coalesce(nullif(p.display_name, ''), u.name) as "inviterName",
           ceil(extract(epoch from i.expires_at - clock_timestamp()) / 60)::int as minutes
      from renewed i join organizations.organizations o on o.id = i.org_id join auth.users u on u.id = i.invited_by
      left join public.profiles p on p.id = u.id where o.deleted_at is null`;
  return row ?? null;
}

export async function deleteInvitation(sql: Sql, orgId: string, invitationId: string): Promise<void> {
  await sql`delete from organizations.org_invitations where id = ${invitationId} and org_id = ${orgId} and accepted_at is null`;
}

export interface InvitationRow {
  id: string;
  organizationId: string;
  organizationName: string;
  palette: PaletteName;
  inviterName: string;
  role: OrgRole;
  email: string;
}

/** A living invitation by its token's hash. */
export async function findInvitation(sql: Sql, tokenHash: Buffer): Promise<InvitationRow | null> {
  const [row] = await sql<InvitationRow[]>`
    select i.id, o.id as "organizationId", o.name as "organizationName", o.palette, i.role, i.email,
           coalesce(nullif(p.display_name, ''), u.name) as "inviterName"
      from organizations.org_invitations i join organizations.organizations o on o.id = i.org_id
      join auth.users u on u.id = i.invited_by left join public.profiles p on p.id = u.id
     where i.token_sha256 = ${tokenHash} and i.accepted_at is null and i.expires_at > clock_timestamp() and o.deleted_at is null`;
  return row ?? null;
}

/** Takes an invitation up, once. Answers false when somebody was faster or its time is over. */
export async function takeInvitation(sql: Sql, invitationId: string, userId: string): Promise<boolean> {
  const [row] = await sql<{ org_id: string; role: OrgRole }[]>`
    update organizations.org_invitations set accepted_at = clock_timestamp()
     where id = ${invitationId} and accepted_at is null and expires_at > clock_timestamp() returning org_id, role`;
  if (!row) return false;
  // Who is in the team already keeps the role she has: an old invitation must not lower it.
  await sql`
    insert into organizations.org_memberships (org_id, user_id, role) values (${row.org_id}, ${userId}, ${row.role})
    on conflict (org_id, user_id) do nothing`;
  await sql`update public.profiles set role = 'organizer' where id = ${userId} and role = 'attendee'`;
  return true;
}

/** The role a waiting invitation of an address gives, under its lock; null when there is none. */
export async function lockInvitedRole(
  sql: Sql,
  orgId: string,
  by: { email: string } | { id: string },
): Promise<OrgRole | null> {
  const [row] = await sql<{ role: OrgRole }[]>`
    select role from organizations.org_invitations
     where org_id = ${orgId} and accepted_at is null and ${'email' in by ? sql`email = ${by.email}` : sql`id = ${by.id}`}
       for update`;
  return row?.role ?? null;
}

/** Who invited into which role; null when the invitation was taken up or withdrawn. */
export async function findInviter(
  sql: Sql,
  invitationId: string,
): Promise<{ orgId: string; role: OrgRole; invitedBy: string } | null> {
  const [row] = await sql<{ orgId: string; role: OrgRole; invitedBy: string }[]>`
    select org_id as "orgId", role, invited_by as "invitedBy" from organizations.org_invitations
     where id = ${invitationId} and accepted_at is null`;
  return row ?? null;
}

/** Invitations end that this person gave and may not give any more: all of them, or those that make owners. */
export async function deleteInvitationsBy(
  sql: Sql,
  orgId: string,
  userId: string,
  roles: 'all' | 'owners',
): Promise<void> {
  await sql`
    delete from organizations.org_invitations
     where org_id = ${orgId} and invited_by = ${userId} and accepted_at is null
       ${roles === 'owners' ? sql`and role = 'owner'` : sql``}`;
}

/** Locks the owners by id, so that two of them cannot leave each other alone, and answers which of them are still there. */
export async function lockOwners(sql: Sql, orgId: string): Promise<string[]> {
  await sql`select id from organizations.org_memberships where org_id = ${orgId} and role = 'owner' order by id for update`;
  const rows = await sql<{ user_id: string }[]>`
    select m.user_id from organizations.org_memberships m
     where m.org_id = ${orgId} and m.role = 'owner'
       and not exists (select from public.profiles p where p.id = m.user_id and p.deleted_at is not null)`;
  return rows.map((row) => row.user_id);
}

export async function changeRole(sql: Sql, orgId: string, userId: string, role: OrgRole): Promise<void> {
  await sql`update organizations.org_memberships set role = ${role} where org_id = ${orgId} and user_id = ${userId}`;
}

export async function deleteMember(sql: Sql, orgId: string, userId: string): Promise<void> {
  await sql`delete from organizations.org_memberships where org_id = ${orgId} and user_id = ${userId}`;
}

/** Whether there is somebody to follow: an organization, or a person who has hosted something public. */
export async function hostExists(sql: Sql, type: 'user' | 'organization', id: string): Promise<boolean> {
  const [row] = await sql<{ known: boolean }[]>`
    select case when ${type} = 'organization'
      then exists (select from organizations.organizations o where o.id = ${id} and o.deleted_at is null)
      else exists (select from events.events e where e.owner_context_type = 'user' and e.owner_context_id = ${id}
                     and e.visibility = 'public' and e.status <> 'draft' and e.deleted_at is null) end as known`;
  return row?.known ?? false;
}

export async function writeFollow(sql: Sql, userId: string, type: 'user' | 'organization', id: string): Promise<void> {
  await sql`insert into social.follows (user_id, target_type, target_id) values (${userId}, ${type}, ${id}) on conflict do nothing`;
}
export async function deleteFollow(sql: Sql, userId: string, type: 'user' | 'organization', id: string): Promise<void> {
  await sql`delete from social.follows where user_id = ${userId} and target_type = ${type} and target_id = ${id}`;
}
export async function countFollowers(sql: Sql, type: 'user' | 'organization', id: string): Promise<number> {
  const [row] = await sql<
    { n: number }[]
  >`select count(*)::int as n from social.follows where target_type = ${type} and target_id = ${id}`;
  return row?.n ?? 0;
}

/** What the mail about a changed role says; null when there is no living account with a proven mailbox. */
export async function readRoleMail(
  sql: Sql,
  { orgId, userId, byId }: { orgId: string; userId: string; byId: string },
): Promise<{ email: string; organizationName: string; byName: string } | null> {
  const [row] = await sql<{ email: string; organizationName: string; byName: string }[]>`
    select u.email, o.name as "organizationName", coalesce(nullif(p.display_name, ''), b.name) as "byName"
      from organizations.organizations o
      join auth.users u on u.id = ${userId} and u.email_verified and not u.is_anonymous and u.deleted_at is null
      join auth.users b on b.id = ${byId} left join public.profiles p on p.id = b.id
     where o.id = ${orgId} and o.deleted_at is null`;
  return row ?? null;
}

interface Member {
  orgId: string;
  userId: string;
}

/** A member's role changes by someone else; answers when she may be told. What she knew before the first of several stays. */
export async function noteRoleChange(sql: postgres.ISql, { orgId, userId }: Member, from: string): Promise<Date> {
  const [row] = await sql<{ at: number }[]>`
    insert into organizations.role_notices as n (org_id, user_id, known_role)
    values (${orgId}, ${userId}, ${from}::public.org_role)
    on conflict (org_id, user_id) do update
      set known_role = case when n.is_waiting then n.known_role else excluded.known_role end, is_waiting = true
    returning extract(epoch from greatest(clock_timestamp(), n.told_at + interval '1 hour'))::float8 * 1000 as at`;
  return new Date(row?.at ?? 0);
}

/** What a member was last told of her role; `waitsUntil` while that is less than an hour ago. */
export async function readRoleNotice(
  sql: Sql,
  { orgId, userId }: Member,
): Promise<{ knownRole: OrgRole | null; waitsUntil: Date | null } | null> {
  const [row] = await sql<{ knownRole: OrgRole | null; waitsUntil: number | null }[]>`
    select known_role as "knownRole",
           case when told_at > clock_timestamp() - interval '1 hour' then extract(epoch from told_at + interval '1 hour')::float8 * 1000 end as "waitsUntil"
      from organizations.role_notices where org_id = ${orgId} and user_id = ${userId}`;
  return row ? { ...row, waitsUntil: row.waitsUntil === null ? null : new Date(row.waitsUntil) } : null;
}

/** A member knows her role: she was mailed, or it is again what it was. */
export async function noteRoleTold(
  sql: Sql,
  { orgId, userId }: Member,
  role: OrgRole | null,
  { mailed }: { mailed: boolean },
): Promise<void> {
  await sql`
    update organizations.role_notices
       set known_role = ${role}::public.org_role, is_waiting = false, told_at = case when ${mailed} then clock_timestamp() else told_at end
     where org_id = ${orgId} and user_id = ${userId}`;
}

/** Owners of an event's organization, or the person whose event it is: those with a proven mailbox. At most 20. */
export async function readEventOwners(sql: Sql, eventId: string): Promise<{ userId: string; email: string }[]> {
  const rows = await sql<{ userId: string; email: string }[]>`
    select u.id as "userId", u.email from events.events e
      join auth.users u on u.email_verified and not u.is_anonymous and u.deleted_at is null
       and case when e.owner_context_type = 'user' then u.id = e.owner_context_id
                else exists (select from organizations.org_memberships m where m.org_id = e.owner_context_id and m.user_id = u.id and m.role = 'owner') end
     where e.id = ${eventId} order by u.id limit 20`;
  return [...rows];
}
