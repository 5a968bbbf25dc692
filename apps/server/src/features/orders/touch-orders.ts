import type { WorkCtx } from '../../platform/context.ts';
import { findRooms } from './orders.sql.ts';

/** Tells everybody who looks at these orders; after the commit. The feed tells the other nodes. */
export async function touchOrders(ctx: Pick<WorkCtx, 'db' | 'live'>, orderIds: readonly string[]): Promise<void> {
  if (orderIds.length === 0) return;
  for (const row of await findRooms(ctx.db.engine.sql, orderIds)) {
    ctx.live.touch('order', row.checkout_id);
    ctx.live.touch('user', row.user_id);
    ctx.live.touch('event', row.event_id);
    ctx.live.touch('staff', row.event_id);
  }
}
