import * as z from 'zod/mini';
import { type AnyJob, asAnyJob, defineJob } from '../../platform/jobs.ts';
import { stepRooms } from './step-rooms.ts';

export const waitingRoomJobs: readonly AnyJob[] = [
  asAnyJob(
    defineJob({
      name: 'waiting-room.step',
      urgency: 'upkeep',
      schema: z.object({}),
      handler: (ctx) => stepRooms(ctx),
      schedule: { everyMs: 1000 },
    }),
  ),
];
