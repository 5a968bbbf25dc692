import * as z from 'zod/mini';
import type { WorkCtx } from '../../platform/context.ts';
import { type AnyJob, asAnyJob, defineJob } from '../../platform/jobs.ts';
import { mailTickets } from '../tickets/mail-tickets.ts';
import { markConfirmed, type PaidOrder, readPaid } from './orders.sql.ts';
import { recordAction } from './record-action.ts';
import { touchOrders } from './touch-orders.ts';

const MAILS_AT_ONCE = 4;

/**
 * What follows a payment, enqueued by the transaction that made the tickets: the rooms hear of it, the figures count it,
 * the confirmation leaves once per order. A mail that fails makes the job come again, for the orders that are left.
 */
async function followPayment(ctx: WorkCtx, payload: { orderIds: string[] }): Promise<void> {
  await touchOrders(ctx, payload.orderIds);
  const orders = (await readPaid(ctx.db.engine.sql, payload.orderIds)).filter((order) => !order.mailed);
  const failures: unknown[] = [];
  const next = async (): Promise<void> => {
    for (let order = orders.pop(); order; order = orders.pop()) {
      try {
        await confirm(ctx, order);
      } catch (error) {
        failures.push(error);
      }
    }
  };
  await Promise.all(Array.from({ length: MAILS_AT_ONCE }, next));
  if (failures.length > 0) throw new Error(`${failures.length} confirmations were not mailed`, { cause: failures[0] });
}

async function confirm(ctx: WorkCtx, order: PaidOrder): Promise<void> {
  await mailTickets(ctx, { orderId: order.id }, `<order-${order.id}@liventix>`);
  await markConfirmed(ctx.db.engine.sql, order.id);
  const { user_id: userId, event_id: eventId, id: orderId, quantity, total_cents: totalCents } = order;
  recordAction(ctx, { userId, kind: 'paid', eventId, detail: { orderId, quantity, totalCents } });
}

export const ordersJobs: readonly AnyJob[] = [
  asAnyJob(
    defineJob({
      name: 'orders.after-payment',
      urgency: 'money',
      schema: z.object({ orderIds: z.array(z.uuid()) }),
      handler: followPayment,
    }),
  ),
];
