import type { SecurityView } from '@liventix/contracts/security';
import { fail } from '../../platform/errors.ts';
import { isDemoPerson, mayAddFactor } from '../../platform/standing.ts';
import type { PersonCtx } from '../../platform/trpc.ts';
import { findMeans, listPasskeys } from './security.sql.ts';

/** What the caller has as a second factor; nothing of it is secret. */
export async function readSecurity(ctx: PersonCtx): Promise<SecurityView> {
  const { userId, role } = ctx.actor;
  const sql = ctx.db.auth.sql;
  const [means, passkeys] = await Promise.all([findMeans(sql, userId), listPasskeys(sql, userId)]);
  if (!means) fail('SIGN_IN_REQUIRED');
  return {
    app: means.appKey !== null,
    passkeys,
    codesLeft: means.codesLeft,
    required: role === 'admin' && !isDemoPerson(ctx, ctx.actor),
    mayAdd: await mayAddFactor(ctx, ctx.actor),
  };
}
