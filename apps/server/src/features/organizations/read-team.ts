import { type OrganizationRef, roleAllows, type TeamView } from '@liventix/contracts/organizations';
import type { Ctx } from '../../platform/context.ts';
import { fail } from '../../platform/errors.ts';
import { listInvitations, listMembers, readOrganization } from './organizations.sql.ts';
import { requireOrgRole } from './require-role.ts';

/** The team as one of its members sees it: addresses and invitations only for those who run it. */
export async function readTeam(ctx: Ctx, { orgId }: OrganizationRef): Promise<TeamView> {
  const { actor, role } = await requireOrgRole(ctx, orgId);
  const { sql } = ctx.db.engine;
  const runs = roleAllows(role, 'team');
  const [organization, members, invitations] = await Promise.all([
    readOrganization(sql, orgId),
    listMembers(sql, orgId),
    runs ? listInvitations(sql, orgId) : [],
  ]);
  if (!organization) fail('NOT_FOUND');
  const { feeBps, feeFixedCents, feeCapCents, feePaidBy, contactUserId, ...rest } = organization;
  return {
    organization: {
      ...rest,
      role,
      members: members.length,
      ...(runs ? { contactUserId } : {}),
      ...(roleAllows(role, 'money') ? { fees: { feeBps, feeFixedCents, feeCapCents, feePaidBy } } : {}),
    },
    members: members.map(({ email, reachable, ...member }) => ({
      ...member,
      you: member.userId === actor.userId,
      ...(runs ? { email, reachable } : {}),
    })),
    invitations,
  };
}
