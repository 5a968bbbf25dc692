import { RoomRef } from '@liventix/contracts/live';
import { limited, publicProcedure, router } from '../trpc.ts';

/** The live layer over HTTP: the polling fallback while a socket is down, with the same authorization as a join. */
export const liveRouter = router({
  snapshot: publicProcedure
    .use(limited({ name: 'live.snapshot', points: 240, perSeconds: 60 }))
    .input(RoomRef)
    .query(({ ctx, input }) => ctx.live.snapshot(ctx, input.kind, input.id)),
  /** The database's clock in epoch milliseconds, for countdowns without a socket. */
  now: publicProcedure.query(({ ctx }) => ctx.services.clock.now()),
});
