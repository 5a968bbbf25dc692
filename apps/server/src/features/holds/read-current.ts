import type { CurrentCheckout } from '@liventix/contracts/holds';
import type { CheckoutView } from '@liventix/contracts/orders';
import type { Ctx } from '../../platform/context.ts';
import { viewCheckout } from '../orders/view-checkout.ts';
import { findCurrent } from './holds.sql.ts';

/** The caller's running checkout of an event ("yours, 12:31 left, resume"), or null. */
export async function readCurrent(ctx: Ctx, { eventId }: CurrentCheckout): Promise<CheckoutView | null> {
  const userId = ctx.actor?.userId;
  if (!userId) return null;
  const checkoutId = await ctx.read((_tx, sql) => findCurrent(sql, userId, eventId));
  return checkoutId ? viewCheckout(ctx, { checkoutId }) : null;
}
