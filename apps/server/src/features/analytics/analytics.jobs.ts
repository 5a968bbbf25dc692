import * as z from 'zod/mini';
import { type AnyJob, asAnyJob, defineJob } from '../../platform/jobs.ts';
import { forgetScans } from './forget-scans.ts';
import { rollUpHours } from './roll-up-hours.ts';

export const analyticsJobs: readonly AnyJob[] = [
  asAnyJob(
    defineJob({
      name: 'analytics.roll-up-hours',
      urgency: 'upkeep',
      schema: z.object({}),
      handler: rollUpHours,
      schedule: { everyMs: 60_000 },
    }),
  ),
  asAnyJob(
    defineJob({
      name: 'analytics.forget-scans',
      urgency: 'upkeep',
      schema: z.object({}),
      handler: forgetScans,
      schedule: { everyMs: 24 * 3_600_000 },
    }),
  ),
];
