import type { WaitingRoomRef, WaitingRoomView } from '@liventix/contracts/waiting-room';
import { Combiner } from '../../platform/combine.ts';
import type { Ctx } from '../../platform/context.ts';
import { consume } from '../../platform/rate-limits.ts';
import { ensurePerson } from '../accounts/ensure-person.ts';
import { addressKeyOf } from '../holds/address-key.ts';
import { perProcess } from '../inventory/per-process.ts';
import { readRoom } from './read-room.ts';
import { enterSpots } from './waiting-room.sql.ts';

/** New spots of one address. Its turns are counted by the step; this bounds the rows, and fits a hall or a carrier's phones. */
const PER_ADDRESS = { name: 'waiting-room.spots', points: 2000, perSeconds: 600, by: 'address' } as const;

interface Arrival {
  eventId: string;
  userId: string;
  addressKey: string | null;
}

/** Arrivals of one moment take their spots in one statement, in the order they came. */
const arrivalsOf = perProcess(
  ({ db }) =>
    new Combiner<Arrival, boolean>({
      maxBatch: 512,
      maxInFlight: 1, // arrival order is commit order
      keyOf: ({ eventId, userId }) => `${eventId}:${userId}`,
      isSame: () => true,
      async flush(arrivals) {
        const inRoom = new Map<string, Set<string>>();
        for (const eventId of new Set(arrivals.map((arrival) => arrival.eventId))) {
          const group = arrivals.filter((arrival) => arrival.eventId === eventId);
          const userIds = group.map((arrival) => arrival.userId);
          const addressKeys = group.map((arrival) => arrival.addressKey);
          inRoom.set(eventId, await enterSpots(db.engine.sql, eventId, userIds, addressKeys));
        }
        return arrivals.map(({ eventId, userId }) => inRoom.get(eventId)?.has(userId) ?? false);
      },
    }),
);

/**
 * Takes the caller's spot, or finds the one she has: one per person, in every tab and on every device. A visitor is signed
 * in silently as a guest. Where there is no living room nothing happens, and the answer says so.
 * @throws NOT_FOUND; RATE_LIMITED when one address takes too many spots
 */
export async function enterRoom(ctx: Ctx, { eventId }: WaitingRoomRef): Promise<WaitingRoomView> {
  const before = await readRoom(ctx, { eventId });
  const living = before.room.state === 'gathering' || before.room.state === 'open';
  if (!living || before.spot?.state === 'waiting' || before.spot?.state === 'admitted') return before;
  await consume(ctx, PER_ADDRESS);
  const person = await ensurePerson(ctx);
  const { userId, isAnonymous, emailVerified } = person.actor;
  // A machine in the hall has the turns of its guests; who confirmed a mailbox there has turns of her own.
  const group = emailVerified && !isAnonymous ? ' confirmed' : '';
  const arrival = { eventId, userId, addressKey: addressKeyOf(ctx, eventId, group) };
  const isIn = await arrivalsOf(ctx).submit(arrival);
  ctx.live.touch('waiting', eventId);
  return isIn ? readRoom(ctx, { eventId }) : before;
}
