import * as z from 'zod/mini';
import { defineJobKind } from '../../platform/jobs.ts';

/** Sends one refund to the provider; SQL enqueues it, in the transaction that writes the row. */
export const sendRefundKind = defineJobKind({
  name: 'refunds.send',
  urgency: 'money',
  schema: z.object({ refundId: z.uuid() }),
});

/** Tells the event's owners that a refund did not arrive; enqueued in the transaction that writes it down. */
export const mailFailedRefundKind = defineJobKind({
  name: 'refunds.mail-failed',
  urgency: 'mail',
  schema: z.object({ refundId: z.uuid() }),
});

/** Tells the holder of a free order that its tickets have ended; enqueued in the transaction that ends them. */
export const mailFreeEndedKind = defineJobKind({
  name: 'refunds.mail-free-ended',
  urgency: 'mail',
  schema: z.object({ orderId: z.uuid(), note: z.string() }),
});

/** Tells the buyer that her money is on its way back. */
export const mailRefundKind = defineJobKind({
  name: 'refunds.mail',
  urgency: 'mail',
  schema: z.object({ refundId: z.uuid() }),
});
