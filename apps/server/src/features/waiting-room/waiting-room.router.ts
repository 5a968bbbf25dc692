import { PauseWaitingRoom, WaitingRoomRef } from '@liventix/contracts/waiting-room';
import { accountProcedure, limited, personProcedure, publicProcedure, router } from '../../platform/trpc.ts';
import { enterRoom } from './enter-room.ts';
import { glanceRoom } from './glance-room.ts';
import { leaveRoom } from './leave-room.ts';
import { pauseRoom } from './pause-room.ts';
import { readRoom } from './read-room.ts';
import { stayInRoom } from './stay-in-room.ts';

export const waitingRoomRouter = router({
  read: publicProcedure.input(WaitingRoomRef).query(({ ctx, input }) => readRoom(ctx, input)),
  glance: publicProcedure.input(WaitingRoomRef).query(({ ctx, input }) => glanceRoom(ctx, input)),
  enter: publicProcedure
    .use(limited({ name: 'waiting-room.enter', points: 60, perSeconds: 60, visitorPoints: 600 }))
    .input(WaitingRoomRef)
    .mutation(({ ctx, input }) => enterRoom(ctx, input)),
  stay: personProcedure
    // Twice a minute from each of the two thousand who may wait at one address; it costs an entry in a map.
    .use(limited({ name: 'waiting-room.stay', points: 12, perSeconds: 60, visitorPoints: 12_000 }))
    .input(WaitingRoomRef)
    .mutation(({ ctx, input }) => stayInRoom(ctx, input)),
  leave: personProcedure
    .use(limited({ name: 'waiting-room.leave', points: 30, perSeconds: 60 }))
    .input(WaitingRoomRef)
    .mutation(({ ctx, input }) => leaveRoom(ctx, input)),
  pause: accountProcedure.input(PauseWaitingRoom).mutation(({ ctx, input }) => pauseRoom(ctx, input)),
});
