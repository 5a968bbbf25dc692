import { z } from 'zod';
import { type AnyJob, asAnyJob, defineJob } from '../../platform/jobs.ts';
import { BREATH_SECONDS, breathe } from './breathe.ts';

/** The breathing; in a real installation the worker calls it and it goes home at once. */
export const demoJobs: readonly AnyJob[] = [
  asAnyJob(
    defineJob({
      name: 'demo.breathe',
      urgency: 'upkeep',
      schema: z.object({}),
      schedule: { everyMs: BREATH_SECONDS * 1000 },
      handler: async (ctx) => {
        if (ctx.services.env.DEMO) await breathe(ctx);
      },
    }),
  ),
];
