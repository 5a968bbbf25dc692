import type { ProofState, ProofWay, Prove } from '@liventix/contracts/security';
import type { Ctx } from '../../platform/context.ts';
import { fail } from '../../platform/errors.ts';
import { signInWaiting } from '../../platform/sessions.ts';
import { followProofNow } from '../accounts/follow-proof.ts';
import { bringAfterProof } from '../accounts/move-guest.ts';
import { verifyPassword } from '../accounts/passwords.ts';
import { checkPasskey } from './check-passkey.ts';
import { keepCode, stepOfAppCode } from './secrets.ts';
import {
  confirmSession,
  findMeans,
  forgiveTries,
  type Means,
  takeAppStep,
  takeRecoveryCode,
  takeTry,
} from './security.sql.ts';

/** Who has to prove something: the user signed in, or the one whose session waits for its second factor. */
export interface Prover {
  for: ProofState['for'];
  userId: string;
  sessionId: string;
}

/** The prover behind the request, or SIGN_IN_REQUIRED: the one whose session waits comes first. Anonymous visitors have nothing to prove. */
export async function proverOf(ctx: Ctx): Promise<Prover> {
  const pending = await ctx.services.readPending(ctx.requestHeaders.get('cookie') ?? undefined);
  if (pending) return { for: 'sign_in', ...pending };
  const { actor } = ctx;
  if (!actor || actor.isAnonymous) fail('SIGN_IN_REQUIRED');
  return { for: 'confirm', userId: actor.userId, sessionId: actor.sessionId };
}

/** What the caller has to prove, and how it can. */
export async function readProof(ctx: Ctx): Promise<ProofState> {
  const prover = await proverOf(ctx);
  const means = (await findMeans(ctx.db.auth.sql, prover.userId)) ?? fail('SIGN_IN_REQUIRED');
  return { for: prover.for, email: means.email, ways: waysOf(means) };
}

/** A user with a second factor proves that; a password stands only where there is none. */
function waysOf({ appKey, passkeys, codesLeft, passwordHash }: Means): ProofWay[] {
  if (appKey === null && passkeys === 0) return passwordHash === null ? [] : ['password'];
  return [
    ...(passkeys > 0 ? (['passkey'] as const) : []),
    ...(appKey !== null ? (['app'] as const) : []),
    ...(codesLeft > 0 ? (['recovery'] as const) : []),
  ];
}

/**
 * Proves who the caller is: the waiting session is signed in by it, the signed-in one is fresh again for ten minutes.
 * Errors: PROOF_WRONG, PROOF_LOCKED after too many wrong ones of this account, whoever typed them; PASSKEY_REFUSED.
 */
export async function prove(ctx: Ctx, given: Prove): Promise<ProofState['for']> {
  const prover = await proverOf(ctx);
  const { userId, sessionId } = prover;
  const sql = ctx.db.auth.sql;
  const means = (await findMeans(sql, userId)) ?? fail('SIGN_IN_REQUIRED');
  if (given.by === 'passkey') {
    // A signature cannot be guessed: it is not counted, so that others' wrong codes lock no owner of a passkey out.
    await checkPasskey(ctx, prover, given.proof);
  } else {
    await judge(ctx, userId, async () => {
      if (!waysOf(means).includes(given.by)) return false;
      if (given.by === 'password') {
        return verifyPassword({ hash: means.passwordHash ?? '', password: given.password });
      }
      if (given.by === 'recovery') return takeRecoveryCode(sql, userId, keepCode(ctx, userId, given.code));
      return isNewAppCode(ctx, userId, means.appKey ?? '', given.code);
    });
  }
  const session = (await confirmSession(sql, sessionId, given.by !== 'password')) ?? fail('SIGN_IN_REQUIRED');
  if (prover.for === 'sign_in') {
    // What the guest she was before had waits until now.
    const guestId = ctx.actor?.isAnonymous ? ctx.actor.userId : null;
    const move = { db: ctx.db, log: ctx.log, live: () => ctx.live };
    await bringAfterProof(move, prover, guestId);
    if (session.byMailbox) await followProofNow(move, userId);
    ctx.setCookies.push(...signInWaiting(ctx.origin, ctx.requestHeaders.get('cookie')));
  }
  return prover.for;
}

/** Whether the app with this kept key shows this code, and no code of now or later was taken; takes it. */
export async function isNewAppCode(ctx: Ctx, userId: string, kept: string, code: string): Promise<boolean> {
  const step = await stepOfAppCode(ctx, kept, code);
  return step !== null && takeAppStep(ctx.db.auth.sql, userId, kept, step);
}

/** Counts a try of this account, judges it, and refuses with PROOF_WRONG; PROOF_LOCKED when too many were wrong. */
export async function judge(ctx: Ctx, userId: string, isRight: () => Promise<boolean>): Promise<void> {
  const sql = ctx.db.auth.sql;
  const wait = await takeTry(sql, userId);
  if (wait !== null) fail('PROOF_LOCKED', { details: { minutes: Math.ceil(wait / 60) }, retryAfterSeconds: wait });
  if (!(await isRight())) fail('PROOF_WRONG');
  await forgiveTries(sql, userId);
}
