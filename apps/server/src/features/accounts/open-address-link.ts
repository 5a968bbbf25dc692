import type { AddressLink, AddressLinkView } from '@liventix/contracts/accounts';
import { constraintOf } from '@liventix/db/client';
import type { Ctx } from '../../platform/context.ts';
import { fail } from '../../platform/errors.ts';
import { countMail } from '../../platform/mail-budget.ts';
import { requireFresh } from '../../platform/standing.ts';
import type { PersonCtx } from '../../platform/trpc.ts';
import { isAddressTaken, moveAddress } from './accounts.sql.ts';
import { followProofNow } from './follow-proof.ts';

/** What a mailed link is about to do to which account. Null when it is too old or none of ours. */
export async function readAddressLink(ctx: Ctx, { token }: AddressLink): Promise<AddressLinkView | null> {
  const link = await ctx.services.auth.links.readAddress(token);
  if (!link) return null;
  const { userId, ...view } = link;
  return { ...view, mine: ctx.actor?.userId === userId };
}

/**
 * Proves or changes an address, in a session of that very account alone: a link that reached a mailbox is no proof for
 * whoever asked for it. The first proof ends all other sessions, because they are from before anybody had proved anything;
 * so does a change, because whoever has the former mailbox may sit in one of them.
 * Errors: LINK_EXPIRED, LINK_FOREIGN, ADDRESS_TAKEN, FRESH_SIGN_IN_REQUIRED, RATE_LIMITED.
 */
export async function openAddressLink(ctx: PersonCtx, { token }: AddressLink): Promise<AddressLinkView> {
  const { actor } = ctx;
  const { links } = ctx.services.auth;
  const link = await links.readAddress(token);
  if (!link) fail('LINK_EXPIRED');
  if (link.userId !== actor.userId) fail('LINK_FOREIGN', { details: { email: link.email } });
  if (link.step !== 'prove') await requireFresh(ctx, actor);
  // The link says nothing of how often it was opened, and each time another mail goes to the new mailbox.
  if (link.step === 'agree' && link.newEmail !== null) await countMail(ctx, 'others', link.newEmail);
  const taken = () => isAddressTaken(ctx.db.auth.sql, link.newEmail ?? '', link.userId);
  if (link.step === 'change' && (await taken())) fail('ADDRESS_TAKEN');
  if (link.step === 'agree') {
    if (!(await links.agreeAddress(token, ctx.requestHeaders.get('cookie')))) fail('LINK_EXPIRED');
  } else {
    const moving = { ...link, sessionId: actor.sessionId };
    const ended = await moveAddress(ctx.db.auth, moving).catch((error: unknown) =>
      constraintOf(error) === 'users_email_key' ? fail('ADDRESS_TAKEN') : Promise.reject(error),
    );
    if (!ended) fail('LINK_EXPIRED');
    for (const sessionId of ended) ctx.live.endSession(sessionId);
    await followProofNow({ db: ctx.db, log: ctx.log, live: () => ctx.live }, actor.userId);
  }
  const { userId: _, ...view } = link;
  return { ...view, mine: true };
}
