import * as z from 'zod/mini';
import { type AnyJob, asAnyJob, defineJob } from '../../platform/jobs.ts';
import { collectUploads } from './collect-uploads.ts';

export const mediaJobs: readonly AnyJob[] = [
  asAnyJob(
    defineJob({
      name: 'media.collect-uploads',
      urgency: 'upkeep',
      schema: z.object({}),
      handler: collectUploads,
      schedule: { everyMs: 3_600_000 },
    }),
  ),
];
