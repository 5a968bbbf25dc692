import type { Databases } from '@liventix/db/client';
import type postgres from 'postgres';
import type { Live } from '../../platform/live/live.ts';
import type { Logger } from '../../platform/log.ts';
import { lockLiving } from '../../platform/standing.ts';
import { moveSpots } from '../waiting-room/move-spots.ts';
import {
  agreeMoves,
  endSessions,
  findConfirmedAddress,
  findGuestsByMailbox,
  findOlderCheckouts,
  findPendingMoves,
  freeAddressOf,
  type MovedThings,
  moveEverything,
  moveOrdersOfMailbox,
  rememberGuestSince,
  replaceCheckout,
} from './accounts.sql.ts';

const ROUNDS_MAX = 5;

export interface MoveCtx {
  db: Databases;
  log: Logger;
  live: () => Live;
}

/**
 * The sign-in of a session stands: what the guest she was before has becomes the account's, and what an earlier sign-in could
 * not finish. When the first throws the guest keeps everything, her session too, and the account's next sign-in repeats it.
 */
export async function bringGuest(ctx: MoveCtx, session: { sessionId: string; userId: string }): Promise<void> {
  for (const from of await agreeMoves(ctx.db.engine.sql, session.sessionId)) await moveGuest(ctx, from, session.userId);
  await repeatMoves(ctx, session.userId);
}

/**
 * The second factor was proven in a session that waited for it: the same, but nothing keeps her from being signed in. A guest whom
 * this browser became while it waited comes along too.
 */
export async function bringAfterProof(
  ctx: MoveCtx,
  session: { sessionId: string; userId: string },
  guestId: string | null,
): Promise<void> {
  if (guestId) await rememberGuestSince(ctx.db.auth.sql, guestId, session.sessionId);
  await agreeMoves(ctx.db.engine.sql, session.sessionId);
  await repeatMoves(ctx, session.userId);
}

/** Moves that were agreed to and are not done. What fails again is logged and stays. */
async function repeatMoves(ctx: MoveCtx, to: string): Promise<void> {
  for (const from of await findPendingMoves(ctx.db.engine.sql, to)) {
    try {
      await moveGuest(ctx, from, to);
    } catch (err) {
      ctx.log.error({ err, from, to }, 'a guest could not be moved again');
    }
  }
}

/**
 * Holds, orders and tickets of a guest become the account's, in one transaction that may be repeated; then the guest's
 * sessions end. When it throws, or the account is deleted meanwhile, the guest keeps everything, her session too.
 */
export async function moveGuest(ctx: MoveCtx, from: string, to: string): Promise<void> {
  if (from === to) return;
  // One running checkout per person and event: the one she is in now takes the place of one left open elsewhere.
  const replaced = await findOlderCheckouts(ctx.db.engine.sql, from, to);
  for (const checkoutId of replaced) await withLiving(ctx, to, (sql) => replaceCheckout(sql, checkoutId, to));
  await moveSpots(ctx, from, to);
  const moved: MovedThings[] = [];
  for (let isWhole = false; !isWhole; ) {
    // Only what somebody does in her name at this very moment makes another round.
    if (moved.length === ROUNDS_MAX) throw new Error('a guest went on taking places while she was moved');
    const part = await withLiving(ctx, to, (sql) => moveEverything(sql, from, to));
    if (!part) return;
    isWhole = part.isWhole;
    moved.push(part);
  }
  const confirmed = await findConfirmedAddress(ctx.db.engine.sql, to);
  if (confirmed) await freeAddressOf(ctx.db.engine.sql, confirmed);
  // After the move, so that a failed one leaves her signed in.
  const ended = await endSessions(ctx.db.auth.sql, from);
  const live = ctx.live();
  announceMoves(live, moved, to);
  for (const checkout of replaced) live.touch('order', checkout);
  for (const sessionId of ended) live.endSession(sessionId);
}

/** A transaction in which this person cannot be erased; null, and nothing done, where she was. */
function withLiving<T>(ctx: MoveCtx, userId: string, work: (sql: postgres.ISql) => Promise<T>): Promise<T | null> {
  return ctx.db.engine.transaction(async (_tx, sql) => ((await lockLiving(sql, userId)) ? work(sql) : null));
}

/** The account has proven a mailbox: what guests ordered with it is hers, from any device. */
export async function claimMailbox(ctx: MoveCtx, to: string, email: string): Promise<void> {
  const { sql } = ctx.db.engine;
  if ((await findGuestsByMailbox(sql, email)).length === 0) return freeAddressOf(sql, email);
  const moved = await withLiving(ctx, to, (tx) => moveMailbox(tx, email, to));
  if (moved) announceMoves(ctx.live(), moved, to);
}

/** The same inside the transaction that proves the mailbox. The caller has locked the person's living profile, and announces it. */
export async function moveMailbox(sql: postgres.ISql, email: string, to: string): Promise<MovedThings[]> {
  const guests = (await findGuestsByMailbox(sql, email)).filter((from) => from !== to);
  const found = await moveOrdersOfMailbox(sql, guests, to, email);
  await freeAddressOf(sql, email);
  return found;
}

/** After the commit of a move: every window that shows something of it looks again, and those of who had it are shown out. */
export function announceMoves(live: Live, moved: readonly MovedThings[], to: string): void {
  live.touch('user', to);
  for (const { from, checkouts, events } of moved) {
    live.touch('user', from);
    live.recheckPerson(from);
    for (const checkout of checkouts) live.touch('order', checkout);
    for (const event of events) live.touch('event', event);
  }
}
