import type { FinishApp, NewApp, NewCodes } from '@liventix/contracts/security';
import { fail } from '../../platform/errors.ts';
import { requireFresh } from '../../platform/standing.ts';
import type { PersonCtx } from '../../platform/trpc.ts';
import { changeFactors, requireOwner } from './change-factors.ts';
import { isNewAppCode, judge } from './prove.ts';
import { newAppKey } from './secrets.ts';
import { deleteAppKey, findNewAppKey, verifyAppKey, writeAppKey } from './security.sql.ts';

/** A key for an authenticator app, which counts once a code of it is typed. Errors: GONE when there is an app already. */
export async function startApp(ctx: PersonCtx): Promise<NewApp> {
  await requireOwner(ctx);
  const { kept, uri, key } = await newAppKey(ctx, ctx.actor.email);
  if (!(await writeAppKey(ctx.db.auth.sql, ctx.actor.userId, kept))) fail('GONE');
  return { uri, key };
}

/** Confirms the app by a code it shows. Errors: PROOF_WRONG, PROOF_LOCKED, GONE when no key waits. */
export async function finishApp(ctx: PersonCtx, { code }: FinishApp): Promise<NewCodes> {
  await requireOwner(ctx);
  const { userId } = ctx.actor;
  const sql = ctx.db.auth.sql;
  const kept = (await findNewAppKey(sql, userId)) ?? fail('GONE');
  await judge(ctx, userId, () => isNewAppCode(ctx, userId, kept, code));
  return changeFactors(ctx, async (tx) => {
    if (!(await verifyAppKey(tx, userId, kept))) fail('GONE');
  });
}

/** Takes the authenticator app away. */
export async function removeApp(ctx: PersonCtx): Promise<void> {
  await requireFresh(ctx, ctx.actor);
  await changeFactors(ctx, (sql) => deleteAppKey(sql, ctx.actor.userId));
}
