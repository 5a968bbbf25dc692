import {
  endOldestSessions,
  endSessionOf,
  findWrittenSession,
  followAccount,
  noteMailbox,
  readStanding,
  type Standing,
} from './accounts.sql.ts';
import { followProofNow } from './follow-proof.ts';
import { bringGuest, type MoveCtx } from './move-guest.ts';

/** Sessions a person at most; the oldest end. */
const SESSIONS_MOST = 200;

/** What a session was made for, read before the library was asked. */
export interface SignIn {
  mailbox: string;
  /** `mail`: a link or a code that went to the mailbox. */
  by: 'password' | 'mail';
  /** What was right about the account then. */
  standing: Standing | null;
}

/**
 * Every session that the library wrote comes through here before its cookie leaves, because what it was decided by may have
 * ended meanwhile: a password by a reset or the owner's proof, an address by moving away, an account by its
 * deletion. All of these end the sessions they see, so a session that is looked at after it was written cannot slip through.
 * It stands, and what a guest had moves, or waits for the second factor (`prove`). Null: it has ended.
 */
export async function settleSignIn(
  ctx: MoveCtx,
  token: string,
  { mailbox, by, standing }: SignIn,
): Promise<{ waits: boolean } | null> {
  const { sql } = ctx.db.auth;
  const session = await findWrittenSession(sql, token);
  const now = await readStanding(sql, mailbox);
  const stands = by === 'mail' || now.passwordHash === (standing?.passwordHash ?? null);
  if (session && session.userId === now.userId && stands) {
    if (by === 'mail') await noteMailbox(sql, session.sessionId);
    for (const id of await endOldestSessions(sql, session.userId, SESSIONS_MOST)) ctx.live().endSession(id);
    if (!session.waits) {
      await bringGuest(ctx, session);
      if (by === 'mail') await followProofNow(ctx, session.userId);
      else await followAccount(ctx.db.engine.sql, session.userId);
    }
    return { waits: session.waits };
  }
  await endSessionOf(sql, token);
  return null;
}
