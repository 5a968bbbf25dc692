import type { ExtendHold } from '@liventix/contracts/holds';
import type { CheckoutView } from '@liventix/contracts/orders';
import { Combiner, type Gone } from '../../platform/combine.ts';
import { fail } from '../../platform/errors.ts';
import type { PersonCtx } from '../../platform/trpc.ts';
import { perProcess } from '../inventory/per-process.ts';
import { viewCheckout } from '../orders/view-checkout.ts';
import { type CheckoutWish, type ExtendOutcome, extendBatch } from './holds.sql.ts';

const extensionsOf = perProcess(
  ({ db }) =>
    new Combiner<CheckoutWish, ExtendOutcome>({
      flush: (wishes) => extendBatch(db.engine.sql, wishes),
      maxBatch: 128,
      maxInFlight: 2,
      keyOf: (wish) => wish.checkoutId,
    }),
);

/**
 * Five more minutes, once.
 * @throws CHECKOUT_UNKNOWN, HOLD_EXTENDED_ALREADY, HOLD_EXPIRED or HOLD_ENDED
 */
export async function extendHold(ctx: PersonCtx, { checkoutId }: ExtendHold, gone?: Gone): Promise<CheckoutView> {
  const { userId } = ctx.actor;
  const outcome = await extensionsOf(ctx).submit({ checkoutId, userId }, gone);
  if (outcome === 'unknown') fail('CHECKOUT_UNKNOWN');
  if (outcome === 'already') fail('HOLD_EXTENDED_ALREADY');
  const view = await viewCheckout(ctx, { checkoutId });
  if (outcome === 'ended')
    fail(view.state === 'paid' ? 'ORDER_PAID' : view.state === 'expired' ? 'HOLD_EXPIRED' : 'HOLD_ENDED');
  ctx.live.touch('order', checkoutId);
  ctx.live.touch('user', userId);
  return view;
}
