import { randomBytes } from 'node:crypto';
import type { InviteMember, OrgRole, TeamView, WithdrawInvitation } from '@liventix/contracts/organizations';
import { roleAllows } from '@liventix/contracts/organizations';
import type { Ctx } from '../../platform/context.ts';
import { fail } from '../../platform/errors.ts';
import { enqueue } from '../../platform/jobs.ts';
import { countMail } from '../../platform/mail-budget.ts';
import { requireFresh, requireSession } from '../../platform/standing.ts';
import { mailInvitation } from './organizations.kinds.ts';
import { deleteInvitation, hasMember, lockInvitedRole, writeInvitation } from './organizations.sql.ts';
import { readTeam } from './read-team.ts';
import { requireOrgRole } from './require-role.ts';

/**
 * Asks somebody into the team by mail. Asking again replaces the earlier invitation, which takes the right to give both
 * roles. Only owners make owners.
 */
export async function inviteMember(ctx: Ctx, { orgId, email, role }: InviteMember): Promise<TeamView> {
  const { actor, role: own } = await requireOrgRole(ctx, orgId, role === 'owner' ? 'team.owners' : 'team');
  await requireFresh(ctx, actor, { secondFactor: true });
  if (await hasMember(ctx.db.engine.sql, orgId, email)) fail('MEMBER_KNOWN');
  await countMail(ctx, 'others', email);
  await ctx.write(async (_tx, sql) => {
    if (await hasMember(sql, orgId, email)) fail('MEMBER_KNOWN');
    requireRight(own, await lockInvitedRole(sql, orgId, { email: email.toLowerCase() }));
    // Nobody knows this token: the one that opens the invitation is made when its mail is written.
    const id = await writeInvitation(sql, {
      orgId,
      email: email.toLowerCase(),
      role,
      invitedBy: actor.userId,
      tokenHash: randomBytes(32),
    });
    await enqueue(sql, mailInvitation, { invitationId: id }, { key: `invitation:${id}` });
    await requireSession(sql, actor);
  });
  return readTeam(ctx, { orgId });
}

/** Takes an invitation back: its link is dead at once. */
export async function withdrawInvitation(ctx: Ctx, { orgId, invitationId }: WithdrawInvitation): Promise<TeamView> {
  const { role: own } = await requireOrgRole(ctx, orgId, 'team');
  await ctx.write(async (_tx, sql) => {
    requireRight(own, await lockInvitedRole(sql, orgId, { id: invitationId }));
    await deleteInvitation(sql, orgId, invitationId);
  });
  return readTeam(ctx, { orgId });
}

/** Throws ROLE_REQUIRED when someone in this role may not take that invitation away. */
function requireRight(own: OrgRole, invited: OrgRole | null): void {
  if (invited && !mayChange(own, invited, null))
    fail('ROLE_REQUIRED', { details: { permission: 'team.owners', role: own } });
}

/** Whether someone in this role may give, or take, that one. */
export function mayChange(by: OrgRole, from: OrgRole, to: OrgRole | null): boolean {
  if (!roleAllows(by, 'team')) return false;
  return (from !== 'owner' && to !== 'owner') || roleAllows(by, 'team.owners');
}
