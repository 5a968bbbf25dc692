import type { WorkCtx } from '../../platform/context.ts';
import { fail } from '../../platform/errors.ts';
import { enqueue } from '../../platform/jobs.ts';
import { mailboxKeyOf } from '../../platform/mailbox-key.ts';
import { requireMailbox, requireSession } from '../../platform/standing.ts';
import type { PersonCtx } from '../../platform/trpc.ts';
import { finishErasureKind } from './accounts.kinds.ts';
import {
  type CheckoutRow,
  deleteUser,
  eraseLogin,
  erasePersonalData,
  findConfirmedAddress,
  findPaymentsUnderWay,
  findSoleDuties,
  forgetMailbox,
  giveBackCheckouts,
  giveBackFreeTickets,
  isTiedToTrade,
  markMailboxes,
} from './accounts.sql.ts';

/**
 * Deletes the caller's account. Whoever ordered, sold or posted is anonymized instead: records of trade keep their
 * amounts and lose the person (docs/domain.md, "Access"). Her drafts go with her; her free tickets, and checkouts that she did not
 * begin to pay, are given back. Nobody leaves an organization without an owner, or an event of her own that still sells or owes
 * money, or while a payment of hers is undecided: it would buy tickets that are nobody's.
 * Errors: MAILBOX_REQUIRED, FRESH_SIGN_IN_REQUIRED, ORGANIZATION_LAST_OWNER, EVENTS_WITHOUT_HOST, PAYMENT_UNDER_WAY, INPUT_INVALID when the typed
 * address is not hers.
 */
export async function deleteAccount(ctx: PersonCtx, input: { confirmEmail: string }): Promise<{ anonymized: boolean }> {
  const { userId, email, isAnonymous } = ctx.actor;
  if (!isAnonymous && input.confirmEmail.trim().toLowerCase() !== email.toLowerCase()) {
    fail('INPUT_INVALID', {
      details: { issues: [{ path: ['confirmEmail'], message: 'not the address of this account' }] },
    });
  }
  // It takes paid tickets along, for good.
  await requireMailbox(ctx, ctx.actor);
  const checkouts = await ctx.write(async (_tx, sql) => {
    const { organizations, events } = await findSoleDuties(sql, userId);
    if (organizations.length > 0) fail('ORGANIZATION_LAST_OWNER', { details: { organizations } });
    if (events.length > 0) fail('EVENTS_WITHOUT_HOST', { details: { events } });
    const paying = await findPaymentsUnderWay(sql, userId);
    if (paying.length > 0) fail('PAYMENT_UNDER_WAY', { details: { checkouts: paying } });
    const givenBack = await giveBackCheckouts(sql, userId);
    await giveBackFreeTickets(sql, userId);
    await markMailboxes(sql, userId, (mailbox) => mailboxKeyOf(ctx.services.env, mailbox));
    await erasePersonalData(sql, userId, placeholderOf(userId));
    // From this commit on she is nobody. Should the other half not be done below, the job does it.
    const runAt = new Date(Date.now() + 60_000);
    await enqueue(sql, finishErasureKind, { userId }, { key: `accounts.finish-erasure:${userId}`, runAt });
    await requireSession(sql, ctx.actor);
    return givenBack;
  });
  touchCheckouts(ctx, checkouts);
  const anonymized = await finishErasure(ctx, { userId }).catch((err: unknown) => {
    ctx.log.error({ err, userId }, 'an erasure is left to its job');
    return true;
  });
  ctx.live.endSession(ctx.actor.sessionId);
  return { anonymized };
}

const placeholderOf = (userId: string) => `erased-${userId}@erased.invalid`;

/**
 * The sign-in library's half of an erasure, which another login of the database has to do: may be repeated, and is, until it is done.
 * What a request under way took for her meanwhile goes back: by the time of the job none is waiting any more.
 * Answers whether something of the trade keeps an anonymized row.
 */
export async function finishErasure(ctx: WorkCtx, { userId }: { userId: string }): Promise<boolean> {
  const { db } = ctx;
  touchCheckouts(ctx, await db.engine.transaction((_tx, sql) => giveBackCheckouts(sql, userId)));
  const mailbox = await findConfirmedAddress(db.engine.sql, userId);
  if (mailbox) await db.engine.transaction((_tx, sql) => forgetMailbox(sql, mailbox));
  await eraseLogin(db.auth, userId, placeholderOf(userId));
  return (await isTiedToTrade(db.engine.sql, userId)) || !(await deleteUser(db.auth.sql, userId));
}

function touchCheckouts(ctx: WorkCtx, checkouts: readonly CheckoutRow[]): void {
  for (const { checkoutId, eventId } of checkouts) {
    ctx.live.touch('order', checkoutId);
    ctx.live.touch('event', eventId);
    ctx.live.touch('staff', eventId);
  }
}
