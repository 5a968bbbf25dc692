import type { Reconcile, ReconcileView } from '@liventix/contracts/organizer';
import type { Ctx } from '../../platform/context.ts';
import { touchOrders } from '../orders/touch-orders.ts';
import { requireRole } from '../organizations/require-role.ts';
import { checkHealth } from './check-health.ts';
import { freeLapsed, reconcile } from './health.sql.ts';

/**
 * Brings an event back to what its rows say: lapsed places freed, counters put right, owed tickets issued, orders that
 * nothing holds cancelled, posts counted again. A dry run says the same rows and changes nothing. Safe while sales run,
 * and repeating it finds nothing more. For owners and admins, because orders and tickets change.
 */
export async function reconcileEvent(ctx: Ctx, { eventId, dryRun }: Reconcile): Promise<ReconcileView> {
  await requireRole(ctx, eventId, 'orders');
  const rows = await ctx.write((_tx, sql) => reconcile(sql, eventId, dryRun));
  if (!dryRun) {
    rows.push(...(await ctx.write((_tx, sql) => freeLapsed(sql, eventId))));
    // The demo's incident stops the sweep until somebody heals the event.
    if (ctx.services.env.DEMO) ctx.services.switches.sweeping = true;
    ctx.live.touch('event', eventId);
    ctx.live.touch('staff', eventId);
    await touchOrders(
      ctx,
      rows.filter((row) => row.what.startsWith('order.')).map((row) => row.id),
    );
  }
  return { dryRun, rows, health: await checkHealth(ctx, { eventId }) };
}
