import type { ExtendHold } from '@liventix/contracts/holds';
import type { CheckoutView } from '@liventix/contracts/orders';
import { fail } from '../../platform/errors.ts';
import type { PersonCtx } from '../../platform/trpc.ts';
import { viewCheckout } from '../orders/view-checkout.ts';
import { extendRow } from './holds.sql.ts';

/**
 * Five more minutes, once.
 * @throws CHECKOUT_UNKNOWN, HOLD_EXTENDED_ALREADY, HOLD_EXPIRED or HOLD_ENDED
 */
export async function extendHold(ctx: PersonCtx, { checkoutId }: ExtendHold): Promise<CheckoutView> {
  const { userId } = ctx.actor;
  const { outcome } = await ctx.db.engine.transaction((_tx, sql) => extendRow(sql, checkoutId, userId));
  if (outcome === 'unknown') fail('CHECKOUT_UNKNOWN');
  if (outcome === 'already') fail('HOLD_EXTENDED_ALREADY');
  const view = await viewCheckout(ctx, { checkoutId });
  if (outcome === 'ended')
    fail(view.state === 'paid' ? 'ORDER_PAID' : view.state === 'expired' ? 'HOLD_EXPIRED' : 'HOLD_ENDED');
  ctx.live.touch('order', checkoutId);
  ctx.live.touch('user', userId);
  return view;
}
