import type { ErrorCode } from '@liventix/contracts/errors';
import type { Actor } from '../../platform/context.ts';
import { LiventixError } from '../../platform/errors.ts';
import { requireFresh, type StandingCtx } from '../../platform/standing.ts';
import { findPasswordHash, replacePassword } from './accounts.sql.ts';
import { hashPassword, verifyPassword } from './passwords.ts';

/** Why a password stays; the last two are the sign-in library's words. */
export type PasswordRefusal =
  | Extract<ErrorCode, 'SIGN_IN_REQUIRED' | 'FRESH_SIGN_IN_REQUIRED'>
  | 'INVALID_PASSWORD'
  | 'CREDENTIAL_ACCOUNT_NOT_FOUND';

/**
 * Gives the caller's account another password, freshly signed in and once the present one was shown; every other session ends. It is
 * written over the very hash that was checked, in a session that is still there: beside a reset it changes nothing.
 * @returns the sessions that ended, or why nothing was changed
 */
export async function changePassword(
  ctx: StandingCtx,
  actor: Actor | null,
  given: { currentPassword: string; newPassword: string },
): Promise<string[] | PasswordRefusal> {
  if (!actor || actor.isAnonymous) return 'SIGN_IN_REQUIRED';
  try {
    await requireFresh(ctx, actor);
  } catch (thrown) {
    if (thrown instanceof LiventixError && thrown.status < 500) return thrown.code as PasswordRefusal;
    throw thrown;
  }
  const { userId, sessionId } = actor;
  const from = await findPasswordHash(ctx.db.auth.sql, userId);
  if (from === null) return 'CREDENTIAL_ACCOUNT_NOT_FOUND';
  if (!(await verifyPassword({ hash: from, password: given.currentPassword }))) return 'INVALID_PASSWORD';
  const to = await hashPassword(given.newPassword);
  return (await replacePassword(ctx.db.auth, { userId, sessionId, from, to })) ?? 'SIGN_IN_REQUIRED';
}
