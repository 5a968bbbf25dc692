import { fail } from '../../platform/errors.ts';
import { requireFresh } from '../../platform/standing.ts';
import type { PersonCtx } from '../../platform/trpc.ts';
import {
  deleteUser,
  eraseLogin,
  erasePersonalData,
  findPaymentsUnderWay,
  findSoleDuties,
  giveBackCheckouts,
  giveBackFreeTickets,
  isTiedToTrade,
} from './accounts.sql.ts';

/**
 * Deletes the caller's account. Whoever ordered, sold or posted is anonymized instead: records of trade keep their
 * amounts and lose the person (docs/domain.md, "Access"). Her drafts go with her; her free tickets, and checkouts that she did not
 * begin to pay, are given back. Nobody leaves an organization without an owner, or an event of her own that still sells or owes
 * money, or while a payment of hers is undecided: it would buy tickets that are nobody's.
 * Errors: FRESH_SIGN_IN_REQUIRED, ORGANIZATION_LAST_OWNER, EVENTS_WITHOUT_HOST, PAYMENT_UNDER_WAY, INPUT_INVALID when the typed
 * address is not hers.
 */
export async function deleteAccount(ctx: PersonCtx, input: { confirmEmail: string }): Promise<{ anonymized: boolean }> {
  const { userId, email, isAnonymous } = ctx.actor;
  if (!isAnonymous && input.confirmEmail.trim().toLowerCase() !== email.toLowerCase()) {
    fail('INPUT_INVALID', {
      details: { issues: [{ path: ['confirmEmail'], message: 'not the address of this account' }] },
    });
  }
  await requireFresh(ctx, ctx.actor);
  const placeholder = `erased-${userId}@erased.invalid`;
  // Both halves may be repeated: a crash between them leaves a person who can sign in and delete again.
  const { isTied, checkouts } = await ctx.db.engine.transaction(async (_tx, sql) => {
    const { organizations, events } = await findSoleDuties(sql, userId);
    if (organizations.length > 0) fail('ORGANIZATION_LAST_OWNER', { details: { organizations } });
    if (events.length > 0) fail('EVENTS_WITHOUT_HOST', { details: { events } });
    const paying = await findPaymentsUnderWay(sql, userId);
    if (paying.length > 0) fail('PAYMENT_UNDER_WAY', { details: { checkouts: paying } });
    const givenBack = await giveBackCheckouts(sql, userId);
    await giveBackFreeTickets(sql, userId);
    await erasePersonalData(sql, userId, placeholder);
    return { isTied: await isTiedToTrade(sql, userId), checkouts: givenBack };
  });
  for (const { checkoutId, eventId } of checkouts) {
    ctx.live.touch('order', checkoutId);
    ctx.live.touch('event', eventId);
    ctx.live.touch('staff', eventId);
  }
  await eraseLogin(ctx.db.auth, userId, email, placeholder);
  const anonymized = isTied || !(await deleteUser(ctx.db.auth.sql, userId));
  ctx.live.endSession(ctx.actor.sessionId);
  return { anonymized };
}
