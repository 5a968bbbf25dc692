import * as z from 'zod/mini';
import { defineJobKind } from '../../platform/jobs.ts';

/** Writes the mail of an invitation, with a token made for that mail. */
export const mailInvitation = defineJobKind({
  name: 'organizations.mail-invitation',
  urgency: 'mail',
  schema: z.object({ invitationId: z.uuid() }),
});

/** Tells a member that someone else made her the one whom buyers' replies reach. */
export const mailContact = defineJobKind({
  name: 'organizations.mail-contact',
  urgency: 'mail',
  schema: z.object({ orgId: z.uuid(), userId: z.uuid(), byId: z.uuid() }),
});

/** Tells a member of the role that someone else gave her, or that she was removed; what it is by then. */
export const mailRole = defineJobKind({
  name: 'organizations.mail-role',
  urgency: 'mail',
  schema: z.object({ orgId: z.uuid(), userId: z.uuid(), byId: z.uuid() }),
});
