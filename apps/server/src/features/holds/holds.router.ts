import { CurrentCheckout, ExtendHold, PlaceHold, ReleaseHold } from '@liventix/contracts/holds';
import { limited, personProcedure, publicProcedure, router } from '../../platform/trpc.ts';
import { extendHold } from './extend-hold.ts';
import { placeHold } from './place-hold.ts';
import { readCurrent } from './read-current.ts';
import { releaseHold } from './release-hold.ts';

export const holdsRouter = router({
  place: publicProcedure
    .use(limited({ name: 'holds.place', points: 60, perSeconds: 60 }))
    .input(PlaceHold)
    .mutation(({ ctx, input, signal }) => placeHold(ctx, input, signal)),
  extend: personProcedure
    .use(limited({ name: 'holds.extend', points: 30, perSeconds: 60 }))
    .input(ExtendHold)
    .mutation(({ ctx, input, signal }) => extendHold(ctx, input, signal)),
  release: personProcedure
    .use(limited({ name: 'holds.release', points: 30, perSeconds: 60 }))
    .input(ReleaseHold)
    .mutation(({ ctx, input, signal }) => releaseHold(ctx, input, signal)),
  current: publicProcedure.input(CurrentCheckout).query(({ ctx, input }) => readCurrent(ctx, input)),
});
