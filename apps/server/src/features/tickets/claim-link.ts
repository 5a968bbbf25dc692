import type { ClaimLink, ClaimLinkView } from '@liventix/contracts/tickets';
import type { Ctx } from '../../platform/context.ts';
import { fail } from '../../platform/errors.ts';
import { requireLiving } from '../../platform/standing.ts';
import { ensurePerson } from '../accounts/ensure-person.ts';
import { announceMoves, moveMailbox } from '../accounts/move-guest.ts';
import { hashOfToken } from './find-orders.ts';
import { countOfMailbox, isLinkAlive, useLink } from './tickets.sql.ts';

/**
 * Whoever opens a mailed link has proven its mailbox: what guests ordered with it becomes hers, in one transaction with
 * the link's end. A visitor becomes a guest first. Orders of accounts with a sign-in of their own stay there.
 * @throws LINK_EXPIRED for a used, old or unknown link
 */
export async function claimLink(ctx: Ctx, { token }: ClaimLink): Promise<ClaimLinkView> {
  const hash = hashOfToken(token);
  if (!(await isLinkAlive(ctx.db.engine.sql, hash))) fail('LINK_EXPIRED');
  const { actor } = await ensurePerson(ctx);
  const to = actor.userId;
  const { moved, counted } = await ctx.write(async (_tx, sql) => {
    await requireLiving(sql, actor);
    const mailbox = await useLink(sql, hash);
    if (mailbox === null) fail('LINK_EXPIRED');
    const found = await moveMailbox(sql, mailbox, to);
    return { moved: found, counted: await countOfMailbox(sql, mailbox, to) };
  });
  announceMoves(ctx.live, moved, to);
  return counted;
}
