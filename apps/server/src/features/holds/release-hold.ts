import type { ReleaseHold } from '@liventix/contracts/holds';
import type { CheckoutView } from '@liventix/contracts/orders';
import { Combiner, type Gone } from '../../platform/combine.ts';
import type { Ctx } from '../../platform/context.ts';
import { fail } from '../../platform/errors.ts';
import type { PersonCtx } from '../../platform/trpc.ts';
import { perProcess } from '../inventory/per-process.ts';
import { viewCheckout } from '../orders/view-checkout.ts';
import { type CheckoutWish, type ReleaseOutcome, releaseBatch } from './holds.sql.ts';

const releasesOf = perProcess(
  ({ db }) =>
    new Combiner<CheckoutWish, ReleaseOutcome>({
      flush: (wishes) => releaseBatch(db.engine.sql, wishes),
      maxBatch: 128,
      maxInFlight: 2,
      keyOf: (wish) => wish.checkoutId,
    }),
);

async function giveBack(ctx: Pick<Ctx, 'services'>, wish: CheckoutWish, gone?: Gone): Promise<ReleaseOutcome> {
  let outcome = await releasesOf(ctx).submit(wish, gone);
  while (outcome === 'again') outcome = await releasesOf(ctx).submit(wish, gone);
  return outcome;
}

/**
 * Gives the caller's places back and closes the pending order; repeatable. A payment that succeeds anyway goes back.
 * @throws CHECKOUT_UNKNOWN, ORDER_PAID
 */
export async function releaseHold(ctx: PersonCtx, { checkoutId }: ReleaseHold, gone?: Gone): Promise<CheckoutView> {
  const { userId } = ctx.actor;
  // First whose it is: the function locks whatever id it is given.
  const before = await viewCheckout(ctx, { checkoutId });
  const outcome = await giveBack(ctx, { checkoutId, userId }, gone);
  if (outcome === 'unknown') fail('CHECKOUT_UNKNOWN');
  if (outcome === 'paid') fail('ORDER_PAID');
  ctx.live.touch('event', before.event.id);
  ctx.live.touch('staff', before.event.id);
  ctx.live.touch('order', checkoutId);
  ctx.live.touch('user', userId);
  return viewCheckout(ctx, { checkoutId });
}
