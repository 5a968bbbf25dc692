import type { WorkCtx } from '../../platform/context.ts';
import { touchOrders } from '../orders/touch-orders.ts';
import { cancelLapsed, freeLapsed } from './holds.sql.ts';

const HOLDS_BATCH_MAX = 1000;
const ORDERS_BATCH_MAX = 500;

/**
 * Frees lapsed holds and then, in a transaction of its own, cancels the orders they leave behind: one bounded batch each,
 * in any number of processes at once. No expiry waits for the payment provider.
 * @returns true when a batch was full and there may be more
 */
export async function expireHolds(ctx: WorkCtx): Promise<boolean> {
  if (!ctx.services.switches.sweeping) return false;
  const freed = await ctx.db.engine.transaction((_tx, sql) => freeLapsed(sql, HOLDS_BATCH_MAX));
  for (const eventId of freed.events) {
    ctx.live.touch('event', eventId);
    ctx.live.touch('staff', eventId);
  }
  const cancelled = await ctx.db.engine.transaction((_tx, sql) => cancelLapsed(sql, ORDERS_BATCH_MAX));
  await touchOrders(ctx, cancelled);
  return freed.places >= HOLDS_BATCH_MAX || cancelled.length >= ORDERS_BATCH_MAX;
}
