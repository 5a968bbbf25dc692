import type { ReleaseHold } from '@liventix/contracts/holds';
import type { CheckoutView } from '@liventix/contracts/orders';
import { fail } from '../../platform/errors.ts';
import type { PersonCtx } from '../../platform/trpc.ts';
import { viewCheckout } from '../orders/view-checkout.ts';
import { releaseRow } from './holds.sql.ts';

/**
 * Gives the caller's places back and closes the pending order; repeatable. A payment that succeeds anyway goes back.
 * @throws CHECKOUT_UNKNOWN, ORDER_PAID
 */
export async function releaseHold(ctx: PersonCtx, { checkoutId }: ReleaseHold): Promise<CheckoutView> {
  const { userId } = ctx.actor;
  // First whose it is: the function locks whatever id it is given.
  const before = await viewCheckout(ctx, { checkoutId });
  const { outcome } = await ctx.db.engine.transaction((_tx, sql) => releaseRow(sql, checkoutId, userId));
  if (outcome === 'unknown') fail('CHECKOUT_UNKNOWN');
  if (outcome === 'paid') fail('ORDER_PAID');
  ctx.live.touch('event', before.event.id);
  ctx.live.touch('staff', before.event.id);
  ctx.live.touch('order', checkoutId);
  ctx.live.touch('user', userId);
  return viewCheckout(ctx, { checkoutId });
}
