import * as z from 'zod/mini';
import { defineJobKind } from '../../platform/jobs.ts';

/** Writes the one mail of an alert that was claimed. */
export const mailAlert = defineJobKind({
  name: 'events.mail-alert',
  urgency: 'mail',
  schema: z.object({ alertId: z.uuid() }),
});

/** Asks the mailbox of an alert whether it wants it. */
export const askMailbox = defineJobKind({
  name: 'events.ask-mailbox',
  urgency: 'mail',
  schema: z.object({ alertId: z.uuid() }),
});
