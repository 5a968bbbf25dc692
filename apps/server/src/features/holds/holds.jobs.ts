import * as z from 'zod/mini';
import { type AnyJob, asAnyJob, defineJob } from '../../platform/jobs.ts';
import { expireHolds } from './expire-holds.ts';
import { watchHoarding } from './watch-hoarding.ts';

export const holdsJobs: readonly AnyJob[] = [
  asAnyJob(
    defineJob({
      name: 'holds.expire',
      urgency: 'upkeep',
      schema: z.object({}),
      handler: (ctx) => expireHolds(ctx),
      schedule: { everyMs: 500 },
    }),
  ),
  asAnyJob(
    defineJob({
      name: 'holds.watch-hoarding',
      urgency: 'upkeep',
      schema: z.object({}),
      handler: (ctx) => watchHoarding(ctx),
      schedule: { everyMs: 2000 },
    }),
  ),
];
