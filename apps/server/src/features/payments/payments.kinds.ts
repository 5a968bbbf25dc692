import * as z from 'zod/mini';
import { defineJobKind } from '../../platform/jobs.ts';

/** Ends the PaymentIntent of an order that lapsed; SQL enqueues it too. */
export const cancelIntentKind = defineJobKind({
  name: 'payments.cancel-intent',
  urgency: 'money',
  schema: z.object({ orderId: z.uuid() }),
});

/** Asks the provider what an order's payment is worth now, refunds and disputes included. */
export const syncPaymentKind = defineJobKind({
  name: 'payments.sync',
  urgency: 'money',
  schema: z.object({ orderId: z.uuid() }),
});

/** Works on one stored webhook. */
export const processWebhookKind = defineJobKind({
  name: 'payments.process-webhook',
  urgency: 'money',
  schema: z.object({ eventId: z.string().check(z.minLength(1), z.maxLength(255)) }),
});
