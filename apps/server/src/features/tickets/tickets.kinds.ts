import * as z from 'zod/mini';
import { defineJobKind } from '../../platform/jobs.ts';

/** Mails an order's tickets again to the mailbox it was bought with. */
export const mailTicketsAgain = defineJobKind({
  name: 'tickets.mail-again',
  urgency: 'mail',
  // `ask`: each time it is asked for is a mail of its own. Jobs of older versions have none.
  schema: z.object({ orderId: z.uuid(), ask: z.optional(z.uuid()) }),
});
