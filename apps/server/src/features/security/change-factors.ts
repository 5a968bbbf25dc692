import type { NewCodes } from '@liventix/contracts/security';
import type { TxSql } from '@liventix/db/client';
import { fail } from '../../platform/errors.ts';
import { requireMailbox } from '../../platform/standing.ts';
import type { PersonCtx } from '../../platform/trpc.ts';
import { endOtherSessions } from '../accounts/end-other-sessions.ts';
import { newRecoveryCodes } from './secrets.ts';
import { dropCodesOfNothing, holdSession, lockFactors, markSecondFactor, replaceCodes } from './security.sql.ts';

/**
 * Stands before every new factor: fresh, the address proven, and this session signed in by it or by a factor. Else whoever registers an
 * address of somebody else, or knows a password, could put a factor before the account that its owner can never show.
 */
export async function requireOwner(ctx: PersonCtx): Promise<void> {
  await requireMailbox(ctx, ctx.actor);
  if (!ctx.actor.emailVerified) fail('ADDRESS_UNPROVEN');
}

/**
 * One change of a user's second factor: in a transaction, and with it every other session ends. The first factor brings the
 * recovery codes, which are shown this once; the last one takes them along.
 */
export async function changeFactors(ctx: PersonCtx, change: (sql: TxSql) => Promise<void>): Promise<NewCodes> {
  const { userId, sessionId } = ctx.actor;
  const { codes, ended } = await ctx.db.auth.transaction(async (_tx, sql) => {
    await lockFactors(sql, userId);
    await requireSession(sql, sessionId);
    await change(sql);
    const { has, codes: hasCodes } = await lockFactors(sql, userId);
    const fresh = has && !hasCodes ? newRecoveryCodes(ctx, userId) : null;
    if (fresh)
      await replaceCodes(
        sql,
        userId,
        fresh.map(({ kept }) => kept),
      );
    await dropCodesOfNothing(sql, userId);
    if (has) await markSecondFactor(sql, sessionId);
    return { codes: fresh?.map(({ code }) => code) ?? null, ended: await endOtherSessions(sql, userId, sessionId) };
  });
  for (const id of ended) ctx.live.endSession(id);
  return { codes };
}

/** A session that was ended meanwhile changes nothing: its owner has put somebody out. */
async function requireSession(sql: TxSql, sessionId: string): Promise<void> {
  if (!(await holdSession(sql, sessionId))) fail('SIGN_IN_REQUIRED');
}

/** Ten new recovery codes; the earlier ones are void. */
export async function renewCodes(ctx: PersonCtx): Promise<NewCodes> {
  const codes = newRecoveryCodes(ctx, ctx.actor.userId);
  await ctx.db.auth.transaction(async (_tx, sql) => {
    await lockFactors(sql, ctx.actor.userId);
    await requireSession(sql, ctx.actor.sessionId);
    await replaceCodes(
      sql,
      ctx.actor.userId,
      codes.map(({ kept }) => kept),
    );
  });
  return { codes: codes.map(({ code }) => code) };
}
