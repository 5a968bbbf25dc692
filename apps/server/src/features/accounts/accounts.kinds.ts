import * as z from 'zod/mini';
import { defineJobKind } from '../../platform/jobs.ts';

/** The half of an erasure that takes the sign-in away. */
export const finishErasureKind = defineJobKind({
  name: 'accounts.finish-erasure',
  urgency: 'mail',
  schema: z.object({ userId: z.uuid() }),
});

/** What follows from a proven address, where it could not be done at once. */
export const followProofKind = defineJobKind({
  name: 'accounts.follow-proof',
  urgency: 'mail',
  schema: z.object({ userId: z.uuid() }),
});
