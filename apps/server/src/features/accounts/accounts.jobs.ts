import * as z from 'zod/mini';
import { type AnyJob, asAnyJob, defineJob } from '../../platform/jobs.ts';
import { finishErasureKind, followProofKind } from './accounts.kinds.ts';
import { finishErasure } from './delete-account.ts';
import { followProof } from './follow-proof.ts';
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
  asAnyJob(defineJob({ ...finishErasureKind, handler: finishErasure })),
  asAnyJob(
    defineJob({
      ...followProofKind,
      handler: ({ db, log, live }, { userId }) => followProof({ db, log, live: () => live }, userId),
    }),
  ),
];
