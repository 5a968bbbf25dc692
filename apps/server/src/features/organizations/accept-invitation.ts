import type { InvitationToken, InvitationView, OrganizationSummary } from '@liventix/contracts/organizations';
import type { Ctx } from '../../platform/context.ts';
import { fail } from '../../platform/errors.ts';
import { requireLiving } from '../../platform/standing.ts';
import type { PersonCtx } from '../../platform/trpc.ts';
import { mayChange } from './invite-member.ts';
import {
  findInvitation,
  findInviter,
  listOrganizationsOf,
  lockOwners,
  readOrgRole,
  takeInvitation,
} from './organizations.sql.ts';
import { hashToken } from './send-invitation.ts';

/** What a mailed link opens. LINK_EXPIRED when it was used, replaced, withdrawn or is a week old. */
export async function readInvitation(ctx: Ctx, { token }: InvitationToken): Promise<InvitationView> {
  const { sql } = ctx.db.engine;
  const found = await findInvitation(sql, hashToken(token));
  if (!found) fail('LINK_EXPIRED');
  const { id: _id, ...view } = found;
  const known = ctx.actor && !ctx.actor.isAnonymous ? ctx.actor : null;
  const forYou = known ? isAddress(known.email, found.email) : null;
  return { ...view, forYou, unproven: forYou === true && !known?.emailVerified };
}

const isAddress = (one: string, other: string): boolean => one.toLowerCase() === other.toLowerCase();

/**
 * Joins the team. The link works once, only for an account with the very address it was sent to (NOT_FOUND for others) that has
 * confirmed it (ADDRESS_UNPROVEN: the link may have been forwarded), and only while whoever invited may still give that role
 * (LINK_EXPIRED).
 */
export async function acceptInvitation(ctx: PersonCtx, { token }: InvitationToken): Promise<OrganizationSummary> {
  const { actor } = ctx;
  const { sql } = ctx.db.engine;
  const found = await findInvitation(sql, hashToken(token));
  if (!found) fail('LINK_EXPIRED');
  if (!isAddress(actor.email, found.email)) fail('NOT_FOUND');
  if (!actor.emailVerified) fail('ADDRESS_UNPROVEN');
  const taken = await ctx.write(async (_tx, tx) => {
    await requireLiving(tx, actor);
    // Roles change under the owners' locks: the inviter's is read when it can no longer change.
    await lockOwners(tx, found.organizationId);
    const inviter = await findInviter(tx, found.id);
    const by = inviter && (await readOrgRole(tx, inviter.orgId, inviter.invitedBy));
    return by && mayChange(by, inviter.role, null) ? takeInvitation(tx, found.id, actor.userId) : false;
  });
  if (!taken) fail('LINK_EXPIRED');
  ctx.live.recheckPerson(actor.userId);
  const joined = (await listOrganizationsOf(sql, actor.userId)).find((each) => each.id === found.organizationId);
  if (!joined) fail('NOT_FOUND');
  return joined;
}
