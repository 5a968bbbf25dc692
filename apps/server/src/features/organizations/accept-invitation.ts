import type { InvitationToken, InvitationView, OrganizationSummary } from '@liventix/contracts/organizations';
import type { Ctx } from '../../platform/context.ts';
import { fail } from '../../platform/errors.ts';
import type { PersonCtx } from '../../platform/trpc.ts';
import { findInvitation, listOrganizationsOf, sameMailbox, takeInvitation } from './organizations.sql.ts';
import { hashToken } from './send-invitation.ts';

/** What a mailed link opens. LINK_EXPIRED when it was used, replaced, withdrawn or is a week old. */
export async function readInvitation(ctx: Ctx, { token }: InvitationToken): Promise<InvitationView> {
  const { sql } = ctx.db.engine;
  const found = await findInvitation(sql, hashToken(token));
  if (!found) fail('LINK_EXPIRED');
  const { id: _id, ...view } = found;
  const known = ctx.actor && !ctx.actor.isAnonymous ? ctx.actor : null;
  return { ...view, forYou: known ? await sameMailbox(sql, known.email, found.email) : null };
}

/** Joins the team. The link works once, and only for an account with the mailbox it was sent to: NOT_FOUND for others. */
export async function acceptInvitation(ctx: PersonCtx, { token }: InvitationToken): Promise<OrganizationSummary> {
  const { actor } = ctx;
  const { sql } = ctx.db.engine;
  const found = await findInvitation(sql, hashToken(token));
  if (!found) fail('LINK_EXPIRED');
  if (!(await sameMailbox(sql, actor.email, found.email))) fail('NOT_FOUND');
  const taken = await ctx.db.engine.transaction((_tx, tx) => takeInvitation(tx, found.id, actor.userId));
  if (!taken) fail('LINK_EXPIRED');
  ctx.live.recheckPerson(actor.userId);
  const joined = (await listOrganizationsOf(sql, actor.userId)).find((each) => each.id === found.organizationId);
  if (!joined) fail('NOT_FOUND');
  return joined;
}
