import { fail } from '../../platform/errors.ts';
import type { PersonCtx } from '../../platform/trpc.ts';
import { deleteUser, eraseLogin, erasePersonalData, findSoleOwnerships, isTiedToTrade } from './accounts.sql.ts';

/**
 * Deletes the caller's account. Whoever ordered, sold or posted is anonymized instead: records of trade keep their
 * amounts and lose the person (1-domain, "Buyers"). The last owner of an organization is refused.
 * Errors: ORGANIZATION_LAST_OWNER, INPUT_INVALID when the typed address is not hers.
 */
export async function deleteAccount(ctx: PersonCtx, input: { confirmEmail: string }): Promise<{ anonymized: boolean }> {
  const { userId, email, isAnonymous } = ctx.actor;
  if (!isAnonymous && input.confirmEmail.trim().toLowerCase() !== email.toLowerCase()) {
    fail('INPUT_INVALID', {
      details: { issues: [{ path: ['confirmEmail'], message: 'not the address of this account' }] },
    });
  }
  const engine = ctx.db.engine;
  const owned = await findSoleOwnerships(engine.sql, userId);
  if (owned.length > 0) fail('ORGANIZATION_LAST_OWNER', { details: { organizations: owned.map((row) => row.name) } });
  const anonymized = await isTiedToTrade(engine.sql, userId);
  const placeholder = `erased-${userId}@erased.invalid`;
  // Both halves may be repeated: a crash between them leaves a person who can sign in and delete again.
  await engine.transaction((_tx, sql) => erasePersonalData(sql, userId, placeholder));
  await eraseLogin(ctx.db.auth, userId, email, placeholder);
  if (!anonymized) await deleteUser(ctx.db.auth.sql, userId);
  ctx.live.endSession(ctx.actor.sessionId);
  return { anonymized };
}
