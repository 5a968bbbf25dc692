import type { CheckoutView } from '@liventix/contracts/orders';
import type { SyncPayment } from '@liventix/contracts/payments';
import { fail } from '../../platform/errors.ts';
import type { PersonCtx } from '../../platform/trpc.ts';
import { viewCheckout } from '../orders/view-checkout.ts';
import { findOwnOrder } from './payments.sql.ts';
import { syncPayment } from './sync-payment.ts';
import { waitForProvider } from './wait-for-provider.ts';

/**
 * The buyer is back from paying: looks at the provider at once instead of waiting for the webhook. When the provider
 * does not answer, or was asked enough, the checkout is shown as it is known; the webhook and the reconciler will bring the news.
 * @throws NOT_FOUND
 */
export async function returnFromPayment(ctx: PersonCtx, { orderId }: SyncPayment): Promise<CheckoutView> {
  const checkoutId = await ctx.read((_tx, sql) => findOwnOrder(sql, ctx.actor.userId, orderId));
  if (!checkoutId) fail('NOT_FOUND');
  try {
    if ((await waitForProvider(ctx, 'look', orderId)) === null) await syncPayment(ctx, { orderId });
  } catch (err) {
    ctx.log.warn({ err, orderId }, 'a payment could not be read from the provider');
  }
  return viewCheckout(ctx, { checkoutId });
}
