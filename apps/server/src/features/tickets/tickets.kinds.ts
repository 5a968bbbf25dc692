import * as z from 'zod/mini';
import { defineJobKind } from '../../platform/jobs.ts';

/** Mails an order's tickets again to the mailbox it was bought with. */
export const mailTicketsAgain = defineJobKind({ name: 'tickets.mail-again', schema: z.object({ orderId: z.uuid() }) });
