import type { Ctx } from '../../platform/context.ts';
import { consume } from '../../platform/rate-limits.ts';
import type { PersonCtx } from '../../platform/trpc.ts';

const signingIn = new WeakMap<Ctx, Promise<void>>();

/**
 * Makes sure that somebody asks: a visitor is signed in silently as a guest, with her cookie on the answer, so that
 * every hold and order has a user. Calls of one request share one guest.
 */
export async function ensurePerson(ctx: Ctx): Promise<PersonCtx> {
  if (!ctx.actor) {
    let pending = signingIn.get(ctx);
    if (!pending) {
      pending = signIn(ctx);
      signingIn.set(ctx, pending);
    }
    await pending;
  }
  return ctx as PersonCtx;
}

/** What a guest may take is limited where places are taken; this only keeps one address from filling the table of users. */
async function signIn(ctx: Ctx): Promise<void> {
  await consume(ctx, { name: 'accounts.guest', points: 600, perSeconds: 60, by: 'address' });
  const { actor, cookies } = await ctx.services.auth.signInGuest(ctx.requestHeaders);
  ctx.setCookies.push(...cookies);
  ctx.actor = actor;
}
