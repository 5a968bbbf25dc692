import { fail } from '../../platform/errors.ts';
import { requireFresh } from '../../platform/standing.ts';
import type { PersonCtx } from '../../platform/trpc.ts';
import {
  deleteUser,
  eraseLogin,
  erasePersonalData,
  findSoleDuties,
  giveBackFreeTickets,
  isTiedToTrade,
} from './accounts.sql.ts';

/**
 * Deletes the caller's account. Whoever ordered, sold or posted is anonymized instead: records of trade keep their
 * amounts and lose the person (docs/domain.md, "Access"). Her drafts go with her, her free tickets go back on sale. Nobody leaves an organization without an
 * owner, or an event of her own that still sells or owes money.
 * Errors: FRESH_SIGN_IN_REQUIRED, ORGANIZATION_LAST_OWNER, EVENTS_WITHOUT_HOST, INPUT_INVALID when the typed address is not hers.
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
  const isTied = await ctx.db.engine.transaction(async (_tx, sql) => {
    const { organizations, events } = await findSoleDuties(sql, userId);
    if (organizations.length > 0) fail('ORGANIZATION_LAST_OWNER', { details: { organizations } });
    if (events.length > 0) fail('EVENTS_WITHOUT_HOST', { details: { events } });
    await giveBackFreeTickets(sql, userId);
    await erasePersonalData(sql, userId, placeholder);
    return isTiedToTrade(sql, userId);
  });
  await eraseLogin(ctx.db.auth, userId, email, placeholder);
  const anonymized = isTied || !(await deleteUser(ctx.db.auth.sql, userId));
  ctx.live.endSession(ctx.actor.sessionId);
  return { anonymized };
}
