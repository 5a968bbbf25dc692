import type { AddressLink, AddressLinkView } from '@liventix/contracts/accounts';
import type { Ctx } from '../../platform/context.ts';
import { fail } from '../../platform/errors.ts';
import type { PersonCtx } from '../../platform/trpc.ts';
import { endOtherSessions } from './accounts.sql.ts';

/** What a mailed link is about to do to which account. Null when it is too old or none of ours. */
export async function readAddressLink(ctx: Ctx, { token }: AddressLink): Promise<AddressLinkView | null> {
  const link = await ctx.services.auth.links.readAddress(token);
  if (!link) return null;
  const { userId, ...view } = link;
  return { ...view, mine: ctx.actor?.userId === userId };
}

/**
 * Proves or changes an address, in a session of that very account alone: a link that reached a mailbox is no proof for
 * whoever asked for it. The first proof ends all other sessions, because they are from before anybody had proved anything.
 * Errors: LINK_EXPIRED, LINK_FOREIGN.
 */
export async function openAddressLink(ctx: PersonCtx, { token }: AddressLink): Promise<AddressLinkView> {
  const { actor } = ctx;
  const { links } = ctx.services.auth;
  const link = await links.readAddress(token);
  if (!link) fail('LINK_EXPIRED');
  if (link.userId !== actor.userId) fail('LINK_FOREIGN', { details: { email: link.email } });
  const cookies = await links.openAddress(token, ctx.requestHeaders.get('cookie'));
  if (!cookies) fail('LINK_EXPIRED');
  ctx.setCookies.push(...cookies);
  if (link.step === 'prove' && !actor.emailVerified) {
    const ended = await endOtherSessions(ctx.db.auth.sql, actor.userId, actor.sessionId);
    for (const sessionId of ended) ctx.live.endSession(sessionId);
  }
  const { userId: _, ...view } = link;
  return { ...view, mine: true };
}
