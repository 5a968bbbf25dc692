import { roleAllows, type TeamView, type UpdateOrganization } from '@liventix/contracts/organizations';
import type { Ctx } from '../../platform/context.ts';
import { fail } from '../../platform/errors.ts';
import { enqueue } from '../../platform/jobs.ts';
import { requireFresh, requireSession } from '../../platform/standing.ts';
import { mailContact } from './organizations.kinds.ts';
import { changeOrganization, lockReachable, type OrganizationChange, readOrganization } from './organizations.sql.ts';
import { readTeam } from './read-team.ts';
import { requireOrgRole } from './require-role.ts';

/**
 * Name, place, words, colour and whom replies reach by whoever runs the team; the fees that new events start with by owners alone,
 * freshly signed in. With an edition that is no longer the organization's: EDIT_CONFLICT, with the team as it is now in `current`.
 * Another contact gets what buyers write, and they get her address: it asks for a fresh sign-in, and she is told by mail.
 */
export async function updateOrganization(ctx: Ctx, input: UpdateOrganization): Promise<TeamView> {
  const { orgId, contactUserId: contact } = input;
  const { actor, role } = await requireOrgRole(ctx, orgId, 'team');
  const change: OrganizationChange = {};
  if (input.name !== undefined) change.name = input.name;
  if (input.city !== undefined) change.city = input.city || null;
  if (input.description !== undefined) change.description = input.description;
  if (input.palette !== undefined) change.palette = input.palette;
  if (contact !== undefined && contact !== (await readOrganization(ctx.db.engine.sql, orgId))?.contactUserId) {
    await requireFresh(ctx, actor);
    change.contact_user_id = contact;
  }
  if (input.fees) {
    if (!roleAllows(role, 'money')) fail('ROLE_REQUIRED', { details: { permission: 'money', role } });
    await requireFresh(ctx, actor);
    change.fee_bps = input.fees.feeBps;
    change.fee_fixed_cents = input.fees.feeFixedCents;
    change.fee_cap_cents = input.fees.feeCapCents;
    change.fee_paid_by = input.fees.feePaidBy;
  }
  const changed = await ctx.write(async (_tx, sql) => {
    const named = change.contact_user_id;
    if (named && !(await lockReachable(sql, orgId, named)))
      fail('INPUT_INVALID', { details: { field: 'contactUserId' } });
    const done = await changeOrganization(sql, orgId, change, input.edition);
    if (done && named && named !== actor.userId)
      await enqueue(
        sql,
        mailContact,
        { orgId, userId: named, byId: actor.userId },
        { key: `contact:${orgId}:${named}` },
      );
    await requireSession(sql, actor);
    return done;
  });
  const team = await readTeam(ctx, { orgId });
  if (!changed) fail('EDIT_CONFLICT', { details: { current: team } });
  return team;
}
