import * as z from 'zod/mini';
import type { WorkCtx } from '../../platform/context.ts';
import { type AnyJob, asAnyJob, defineJob, enqueueEach } from '../../platform/jobs.ts';
import { mailTickets } from '../tickets/mail-tickets.ts';
import { mailConfirmationKind } from './orders.kinds.ts';
import { markConfirmed, readPaid } from './orders.sql.ts';
import { recordAction } from './record-action.ts';
import { touchOrders } from './touch-orders.ts';

/**
 * What follows a payment, enqueued by the transaction that made the tickets: the rooms hear of it, and each order gets a job
 * of its own for its confirmation, so that one that fails or is cut off costs the others nothing. Repeatable.
 */
async function followPayment(ctx: WorkCtx, { orderIds }: { orderIds: string[] }): Promise<void> {
  const { sql } = ctx.db.engine;
  await touchOrders(ctx, orderIds);
  const waiting = (await readPaid(sql, orderIds)).filter((order) => !order.mailed);
  await enqueueEach(
    sql,
    mailConfirmationKind,
    waiting.map(({ id: orderId }) => ({ payload: { orderId }, key: `orders.mail-confirmation:${orderId}` })),
  );
}

/**
 * Mails an order's confirmation once, unless its mailbox had been sent too much; cut off between sending and marking, it is sent again
 * under the same Message-ID.
 */
async function mailConfirmation(ctx: WorkCtx, { orderId }: { orderId: string }): Promise<void> {
  const { sql } = ctx.db.engine;
  const [order] = await readPaid(sql, [orderId]);
  if (!order || order.mailed) return;
  if (!order.withheld) {
    // Refunded before this job ran, say: nothing was mailed, and the timeline does not say so.
    if (await mailTickets(ctx, { orderId }, `order-${orderId}`)) await markConfirmed(sql, orderId);
  }
  const { user_id: userId, event_id: eventId, quantity, total_cents: totalCents } = order;
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
  asAnyJob(defineJob({ ...mailConfirmationKind, handler: mailConfirmation })),
];
