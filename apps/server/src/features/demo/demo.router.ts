import { SetBreathing } from '@liventix/contracts/demo';
import { publicProcedure, router } from '../../platform/trpc.ts';
import { readDemo } from './read-demo.ts';
import { replayIncident } from './replay-incident.ts';
import { setBreathing } from './set-breathing.ts';

/** The demo bar. Every procedure is NOT_FOUND in a real installation. */
export const demoRouter = router({
  state: publicProcedure.query(({ ctx }) => readDemo(ctx)),
  setBreathing: publicProcedure.input(SetBreathing).mutation(({ ctx, input }) => setBreathing(ctx, input)),
  replayIncident: publicProcedure.mutation(({ ctx }) => replayIncident(ctx)),
});
