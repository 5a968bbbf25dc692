import * as z from 'zod/mini';
import { defineJobKind } from '../../platform/jobs.ts';

/** Tells the event's owners of a dispute's step; enqueued in the transaction that takes the step. */
export const mailDisputeKind = defineJobKind({
  name: 'disputes.mail',
  urgency: 'mail',
  schema: z.object({ disputeId: z.uuid(), status: z.enum(['inquiry', 'open', 'won', 'lost', 'closed']) }),
});
