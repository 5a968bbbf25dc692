import {
  type OrgRole,
  type RemoveMember,
  roleAllows,
  type SetRole,
  type TeamView,
} from '@liventix/contracts/organizations';
import type postgres from 'postgres';
import type { Ctx } from '../../platform/context.ts';
import { fail } from '../../platform/errors.ts';
import { lockLiving, requireFresh, requireSession } from '../../platform/standing.ts';
import { mayChange } from './invite-member.ts';
import { changeRole, deleteInvitationsBy, deleteMember, lockOwners, readOrgRole } from './organizations.sql.ts';
import { readTeam } from './read-team.ts';
import { requireOrgRole } from './require-role.ts';
import { announceRole } from './tell-role.ts';

/** Gives a member another role. Owners are made and unmade by owners; the last one stays one. */
export async function setRole(ctx: Ctx, { orgId, userId, role }: SetRole): Promise<TeamView> {
  const { actor } = await requireOrgRole(ctx, orgId, 'team');
  await requireFresh(ctx, actor, { secondFactor: true });
  await ctx.write(async (_tx, sql) => {
    const from = await roleToChange(sql, { orgId, userId, by: actor.userId, to: role });
    if (from === role) return;
    await changeRole(sql, orgId, userId, role);
    await endInvitations(sql, orgId, userId, role);
    if (userId !== actor.userId) await announceRole(sql, { orgId, userId, byId: actor.userId }, from);
    await requireSession(sql, actor);
  });
  ctx.live.recheckPerson(userId);
  return readTeam(ctx, { orgId });
}

/**
 * Takes somebody out of the team, or oneself. The last owner can't leave; an owner who leaves confirms it, because it can't be
 * undone alone.
 */
export async function removeMember(ctx: Ctx, { orgId, userId }: RemoveMember): Promise<{ left: boolean }> {
  const { actor, role } = await requireOrgRole(ctx, orgId);
  const leaving = userId === actor.userId;
  if (!leaving) await requireFresh(ctx, actor, { secondFactor: true });
  else if (role === 'owner') await requireFresh(ctx, actor);
  await ctx.write(async (_tx, sql) => {
    const from = await roleToChange(sql, { orgId, userId, by: actor.userId, to: null });
    await deleteMember(sql, orgId, userId);
    await endInvitations(sql, orgId, userId, null);
    if (!leaving) await announceRole(sql, { orgId, userId, byId: actor.userId }, from);
    await requireSession(sql, actor);
  });
  ctx.live.recheckPerson(userId);
  return { left: leaving };
}

/** Invitations do not outlive the right to give them. */
async function endInvitations(sql: postgres.ISql, orgId: string, userId: string, role: OrgRole | null): Promise<void> {
  if (!role || !roleAllows(role, 'team')) await deleteInvitationsBy(sql, orgId, userId, 'all');
  else if (!roleAllows(role, 'team.owners')) await deleteInvitationsBy(sql, orgId, userId, 'owners');
}

/**
 * A member's role, once it may change. Both roles are read behind the lock on the owners: whoever waited there may have
 * been an owner before. Everybody may leave.
 */
async function roleToChange(
  sql: postgres.ISql,
  { orgId, userId, by, to }: { orgId: string; userId: string; by: string; to: OrgRole | null },
): Promise<OrgRole> {
  // Nobody is given a role while she deletes her account: profiles come before all other locks.
  if (to !== null && !(await lockLiving(sql, userId))) fail('NOT_FOUND');
  const owners = await lockOwners(sql, orgId);
  const from = await readOrgRole(sql, orgId, userId);
  if (!from) fail('NOT_FOUND');
  const own = by === userId ? from : await readOrgRole(sql, orgId, by);
  const isLeaving = by === userId && to === null;
  if (!isLeaving && !(own && mayChange(own, from, to)))
    fail('ROLE_REQUIRED', { details: { permission: 'team', role: own } });
  if (from === 'owner' && to !== 'owner' && owners.length <= 1) fail('ORGANIZATION_LAST_OWNER');
  return from;
}
