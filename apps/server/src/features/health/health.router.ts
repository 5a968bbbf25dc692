import { adminProcedure, limited, router } from '../../platform/trpc.ts';
import { listHealth } from './list-health.ts';

/** What the platform's own staff sees. An event's team asks `organizer.health`. */
export const healthRouter = router({
  all: adminProcedure
    .use(limited({ name: 'health.all', points: 20, perSeconds: 60 }))
    .query(({ ctx }) => listHealth(ctx)),
});
