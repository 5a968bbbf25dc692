import * as z from 'zod/mini';
import { defineJobKind } from '../../platform/jobs.ts';

/** The one confirmation of one paid order. */
export const mailConfirmationKind = defineJobKind({
  name: 'orders.mail-confirmation',
  urgency: 'mail',
  schema: z.object({ orderId: z.uuid() }),
});
