import type { CheckoutView, OrderByCode, OrderSummary } from '@liventix/contracts/orders';
import type { Ctx } from '../../platform/context.ts';
import { fail } from '../../platform/errors.ts';
import type { PersonCtx } from '../../platform/trpc.ts';
import { orderSummary } from './orders.rules.ts';
import { findOwnByCode, listOwnCheckouts } from './orders.sql.ts';
import { readFacts, viewCheckout, viewOf } from './view-checkout.ts';

/** The caller's orders, newest first, at most 100; nobody has none. */
export async function listMyOrders(ctx: Ctx): Promise<OrderSummary[]> {
  const userId = ctx.actor?.userId;
  if (!userId) return [];
  const checkouts = await ctx.read((_tx, sql) => listOwnCheckouts(sql, userId));
  const rows = await Promise.all(
    checkouts.map(async (checkoutId) => {
      const facts = await readFacts(ctx, { checkoutId, userId });
      return facts && orderSummary(await viewOf(ctx, facts));
    }),
  );
  return rows.filter((row) => row !== null);
}

/** One of the caller's own orders by the code on its confirmation. @throws NOT_FOUND */
export async function findMyOrder(ctx: PersonCtx, input: OrderByCode): Promise<CheckoutView> {
  const checkoutId = await ctx.read((_tx, sql) => findOwnByCode(sql, ctx.actor.userId, input.code));
  return checkoutId ? viewCheckout(ctx, { checkoutId }) : fail('NOT_FOUND');
}
