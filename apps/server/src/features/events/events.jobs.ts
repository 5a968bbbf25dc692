import * as z from 'zod/mini';
import { type AnyJob, asAnyJob, defineJob } from '../../platform/jobs.ts';
import { askMailbox, mailAlert } from './events.kinds.ts';
import { forgetViews } from './record-view.ts';
import { refreshRooms } from './refresh-rooms.ts';
import { sendAlert, sendQuestion, tellPeople } from './send-alert.ts';

const Nothing = z.object({});

export const eventsJobs: readonly AnyJob[] = [
  asAnyJob(defineJob({ ...mailAlert, handler: sendAlert })),
  asAnyJob(defineJob({ ...askMailbox, handler: sendQuestion })),
  asAnyJob(
    defineJob({
      name: 'events.tell-people',
      urgency: 'upkeep',
      schema: Nothing,
      handler: tellPeople,
      schedule: { everyMs: 5_000 },
    }),
  ),
  asAnyJob(
    defineJob({
      name: 'events.refresh-rooms',
      urgency: 'upkeep',
      schema: Nothing,
      handler: refreshRooms,
      schedule: { everyMs: 1_000 },
    }),
  ),
  asAnyJob(
    defineJob({
      name: 'events.forget-views',
      urgency: 'upkeep',
      schema: Nothing,
      handler: forgetViews,
      schedule: { everyMs: 3_600_000 },
    }),
  ),
];
