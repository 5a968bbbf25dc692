import { enqueue } from '../../platform/jobs.ts';
import { followProofKind } from './accounts.kinds.ts';
import { findConfirmedAddress, followAccount } from './accounts.sql.ts';
import { claimMailbox, type MoveCtx } from './move-guest.ts';

/**
 * What follows from an account's address: it has a profile with it, and what guests bought with a proven one is the account's, from
 * any device. May be repeated: every sign-in by the mailbox does it, so what a guest paid for after the first proof comes too. A
 * password proves no mailbox.
 */
export async function followProof(ctx: MoveCtx, userId: string): Promise<void> {
  await followAccount(ctx.db.engine.sql, userId);
  const email = await findConfirmedAddress(ctx.db.engine.sql, userId);
  if (email) await claimMailbox(ctx, userId, email);
}

/** The same beside a sign-in or a proof, which stands whatever comes of this: what fails is left to a job. */
export async function followProofNow(ctx: MoveCtx, userId: string): Promise<void> {
  try {
    await followProof(ctx, userId);
  } catch (err) {
    ctx.log.error({ err, userId }, 'what follows from a proven address is left to its job');
    await enqueue(ctx.db.engine.sql, followProofKind, { userId }, { key: `accounts.follow-proof:${userId}` });
  }
}
