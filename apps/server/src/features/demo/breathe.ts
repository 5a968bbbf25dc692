import { randomUUID } from 'node:crypto';
import { type Actor, createContext, type WorkCtx } from '../../platform/context.ts';
import { LiventixError } from '../../platform/errors.ts';
import type { PersonCtx } from '../../platform/trpc.ts';
import { placeHold } from '../holds/place-hold.ts';
import { createOrder } from '../orders/create-order.ts';
import { startPayment } from '../payments/start-payment.ts';
import { requestRefund } from '../refunds/request-refund.ts';
import { BREATHING_LINES } from './content/posts.ts';
import * as sqlOf from './demo.sql.ts';

/** One breath takes this long; everything else is counted in breaths. */
export const BREATH_SECONDS = 5;
const PURCHASE_EVERY = 6; // 30 s
const COMMENT_EVERY = 12; // a minute
const LAPSE_EVERY = 24; // two minutes
const REFUND_EVERY = 120; // ten minutes
const LAPSES_AFTER_SECONDS = 75;
/** The replayed incident heals itself after this many breaths: ten minutes. */
const INCIDENT_BREATHS = 120;

/**
 * The small, bounded stream of life of a demo: somebody buys, somebody lets go, somebody likes. It goes through the same
 * verbs, the same payment simulator and the same webhook as everybody, and keeps no state: what happens hangs on the
 * database's clock. Errors of the trade (sold out, limit) are part of life and pass.
 */
export async function breathe(ctx: WorkCtx): Promise<void> {
  const sql = ctx.db.engine.sql;
  const tick = await sqlOf.readTick(sql, BREATH_SECONDS);
  if (!ctx.services.switches.sweeping && tick % INCIDENT_BREATHS === 0) ctx.services.switches.sweeping = true;
  if (!ctx.services.switches.breathing) return;
  await calmly(ctx, () => payRipeCheckouts(ctx));
  if (tick % PURCHASE_EVERY === 0) await calmly(ctx, () => takeSomewhere(ctx, tick));
  if (tick % LAPSE_EVERY === 3) await calmly(ctx, () => takeAndLetGo(ctx));
  if (tick % COMMENT_EVERY === 7) await calmly(ctx, () => talk(ctx, tick));
  if (tick % REFUND_EVERY === 11) await calmly(ctx, () => giveBack(ctx));
  await calmly(ctx, () => like(ctx));
}

async function takeSomewhere(ctx: WorkCtx, tick: number): Promise<void> {
  const [tier] = await sqlOf.findBreathingTiers(ctx.db.engine.sql);
  if (!tier) return;
  const quantity = 1 + (tick % 2);
  await placeHold(await asCrowd(ctx), {
    eventId: tier.eventId,
    checkoutId: randomUUID(),
    lines: [{ tierId: tier.tierId, quantity: Math.min(quantity, tier.free) }],
  });
}

async function payRipeCheckouts(ctx: WorkCtx): Promise<void> {
  for (const { checkoutId, userId } of await sqlOf.findRipeCheckouts(ctx.db.engine.sql)) {
    const buyer = await asCrowd(ctx, userId);
    const view = await createOrder(buyer, {
      checkoutId,
      email: buyer.actor.email,
      name: buyer.actor.name,
      showFirstName: true,
    });
    if (!view.order || view.totalCents === 0) continue;
    const { clientSecret } = await startPayment(buyer, { orderId: view.order.id });
    const [intent = ''] = clientSecret.split('_secret_');
    await ctx.services.stripe.paymentIntents.confirm(intent, { payment_method: 'pm_card_visa' });
  }
}

/** The last two places of "The Quiet Hour": taken, thought about, let go. */
async function takeAndLetGo(ctx: WorkCtx): Promise<void> {
  const tier = await sqlOf.findQuietTier(ctx.db.engine.sql);
  if (!tier || tier.free < 1) return;
  const checkoutId = randomUUID();
  await placeHold(await asCrowd(ctx), {
    eventId: tier.eventId,
    checkoutId,
    lines: [{ tierId: tier.tierId, quantity: Math.min(2, tier.free) }],
  });
  await sqlOf.shortenHold(ctx.db.engine.sql, checkoutId, LAPSES_AFTER_SECONDS);
}

async function giveBack(ctx: WorkCtx): Promise<void> {
  for (const orderId of await sqlOf.findOldBreaths(ctx.db.engine.sql)) {
    const orderOwner = await asCrowd(ctx);
    await requestRefund(orderOwner, { orderId, reason: 'requested', keepFees: false });
  }
}

async function like(ctx: WorkCtx): Promise<void> {
  const post = await sqlOf.findRecentPost(ctx.db.engine.sql);
  if (!post || ctx.live.viewers('feed', post.eventId) === 0) return;
  const [somebody] = await sqlOf.findCrowd(ctx.db.engine.sql, 1);
  if (!somebody) return;
  await sqlOf.writeLikes(ctx.db.engine.sql, post.postId, [somebody.id]);
  ctx.live.touch('feed', post.eventId);
}

async function talk(ctx: WorkCtx, tick: number): Promise<void> {
  const post = await sqlOf.findRecentPost(ctx.db.engine.sql);
  const [somebody] = await sqlOf.findCrowd(ctx.db.engine.sql, 1);
  if (!post || !somebody || ctx.live.viewers('feed', post.eventId) === 0) return;
  const text = BREATHING_LINES[Math.floor(tick / COMMENT_EVERY) % BREATHING_LINES.length] ?? BREATHING_LINES[0];
  await sqlOf.writeComment(ctx.db.engine.sql, {
    postId: post.postId,
    userId: somebody.id,
    text,
    minutesAgo: 0,
    hiddenReason: null,
  });
  ctx.live.touch('feed', post.eventId);
}

/** A context in which one of the crowd asks: the given person, or anyone. */
async function asCrowd(ctx: WorkCtx, userId?: string): Promise<PersonCtx> {
  const [found] = userId
    ? await sqlOf.findPeople(ctx.db.engine.sql, [userId])
    : await sqlOf.findCrowd(ctx.db.engine.sql, 1);
  if (!found) throw new Error('the demo has no crowd');
  const actor: Actor = {
    userId: found.id,
    sessionId: randomUUID(),
    email: found.email,
    name: found.name,
    isAnonymous: false,
    emailVerified: true,
    role: 'attendee',
  };
  return createContext(ctx.services, { actor, requestId: `breath-${randomUUID()}`, ip: '127.0.0.1' }) as PersonCtx;
}

async function calmly(ctx: WorkCtx, act: () => Promise<void>): Promise<void> {
  try {
    await act();
  } catch (err) {
    if (err instanceof LiventixError) return;
    ctx.log.warn({ err }, 'the demo lost a breath');
  }
}
