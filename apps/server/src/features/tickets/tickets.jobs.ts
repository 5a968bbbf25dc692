import * as z from 'zod/mini';
import { type AnyJob, asAnyJob, defineJob } from '../../platform/jobs.ts';
import { mailTickets } from './mail-tickets.ts';
import { mailTicketsAgain } from './tickets.kinds.ts';
import { deleteOldLinks } from './tickets.sql.ts';

const LINKS_BATCH_MAX = 500;

export const ticketsJobs: readonly AnyJob[] = [
  asAnyJob(
    defineJob({
      ...mailTicketsAgain,
      handler: (ctx, { orderId, ask }) => mailTickets(ctx, { orderId }, `tickets-${orderId}-${ask ?? 'again'}`),
    }),
  ),
  asAnyJob(
    defineJob({
      name: 'tickets.forget-links',
      urgency: 'upkeep',
      schema: z.object({}),
      handler: async (ctx) => (await deleteOldLinks(ctx.db.engine.sql, LINKS_BATCH_MAX)) === LINKS_BATCH_MAX,
      schedule: { everyMs: 3_600_000 },
    }),
  ),
];
