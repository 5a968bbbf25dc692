import { roleAllows, type TeamView, type UpdateOrganization } from '@liventix/contracts/organizations';
import type { Ctx } from '../../platform/context.ts';
import { fail } from '../../platform/errors.ts';
import { requireFresh } from '../../platform/standing.ts';
import { changeOrganization, isReachable, type OrganizationChange } from './organizations.sql.ts';
import { readTeam } from './read-team.ts';
import { requireOrgRole } from './require-role.ts';

/**
 * Name, place, words, colour and whom replies reach by whoever runs the team; the fees that new events start with by owners alone, freshly signed in. With an
 * edition that is no longer the organization's: EDIT_CONFLICT, with the team as it is now in `current`.
 */
export async function updateOrganization(ctx: Ctx, input: UpdateOrganization): Promise<TeamView> {
  const { actor, role } = await requireOrgRole(ctx, input.orgId, 'team');
  const change: OrganizationChange = {};
  if (input.name !== undefined) change.name = input.name;
  if (input.city !== undefined) change.city = input.city || null;
  if (input.description !== undefined) change.description = input.description;
  if (input.palette !== undefined) change.palette = input.palette;
  if (input.contactUserId !== undefined) {
    if (input.contactUserId !== null && !(await isReachable(ctx.db.engine.sql, input.orgId, input.contactUserId)))
      fail('INPUT_INVALID', { details: { field: 'contactUserId' } });
    change.contact_user_id = input.contactUserId;
  }
  if (input.fees) {
    if (!roleAllows(role, 'money')) fail('ROLE_REQUIRED', { details: { permission: 'money', role } });
    await requireFresh(ctx, actor);
    change.fee_bps = input.fees.feeBps;
    change.fee_fixed_cents = input.fees.feeFixedCents;
    change.fee_cap_cents = input.fees.feeCapCents;
    change.fee_paid_by = input.fees.feePaidBy;
  }
  const changed = await ctx.db.engine.transaction((_tx, sql) =>
    changeOrganization(sql, input.orgId, change, input.edition),
  );
  const team = await readTeam(ctx, { orgId: input.orgId });
  if (!changed) fail('EDIT_CONFLICT', { details: { current: team } });
  return team;
}
