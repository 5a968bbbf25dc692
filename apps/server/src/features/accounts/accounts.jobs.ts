import * as z from 'zod/mini';
import { type AnyJob, asAnyJob, defineJob } from '../../platform/jobs.ts';
import { sweepGuests } from './sweep-guests.ts';

export const accountsJobs: readonly AnyJob[] = [
  asAnyJob(
    defineJob({
      name: 'accounts.sweep-guests',
      urgency: 'upkeep',
      schema: z.object({}),
      handler: (ctx) => sweepGuests(ctx),
      schedule: { everyMs: 10 * 60_000 },
    }),
  ),
];
