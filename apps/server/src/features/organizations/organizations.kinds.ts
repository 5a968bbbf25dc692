import * as z from 'zod/mini';
import { defineJobKind } from '../../platform/jobs.ts';

/** Writes the mail of an invitation, with a token made for that mail. */
export const mailInvitation = defineJobKind({
  name: 'organizations.mail-invitation',
  urgency: 'mail',
  schema: z.object({ invitationId: z.uuid() }),
});
