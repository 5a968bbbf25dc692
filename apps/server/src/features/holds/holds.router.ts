import { CurrentCheckout, ExtendHold, PlaceHold, ReleaseHold } from '@liventix/contracts/holds';
import { anybody, hotMutation, publicProcedure, router, somebody } from '../../platform/trpc.ts';
import { extendHold } from './extend-hold.ts';
import { placeHold } from './place-hold.ts';
import { readCurrent } from './read-current.ts';
import { releaseHold } from './release-hold.ts';

export const holdsRouter = router({
  place: hotMutation({
    who: anybody,
    // A visitor's first hold is counted by her address: what one address may hold is limited where places are taken.
    limit: { name: 'holds.place', points: 60, perSeconds: 60, visitorPoints: 600 },
    input: PlaceHold,
    verb: placeHold,
  }),
  extend: hotMutation({
    who: somebody,
    limit: { name: 'holds.extend', points: 30, perSeconds: 60 },
    input: ExtendHold,
    verb: extendHold,
  }),
  release: hotMutation({
    who: somebody,
    limit: { name: 'holds.release', points: 30, perSeconds: 60 },
    input: ReleaseHold,
    verb: releaseHold,
  }),
  current: publicProcedure.input(CurrentCheckout).query(({ ctx, input }) => readCurrent(ctx, input)),
});
