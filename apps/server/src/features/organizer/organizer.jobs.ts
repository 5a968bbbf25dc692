import * as z from 'zod/mini';
import { type AnyJob, asAnyJob, defineJob } from '../../platform/jobs.ts';
import { foldTotals } from './fold-totals.ts';

export const organizerJobs: readonly AnyJob[] = [
  asAnyJob(
    defineJob({
      name: 'organizer.fold-totals',
      urgency: 'upkeep',
      schema: z.object({}),
      handler: (ctx) => foldTotals(ctx),
      schedule: { everyMs: 1000 },
    }),
  ),
];
