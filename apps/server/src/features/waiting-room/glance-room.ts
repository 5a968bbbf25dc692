import type { WaitingRoomRef, WaitingRoomView } from '@liventix/contracts/waiting-room';
import type { Ctx } from '../../platform/context.ts';
import { inventory } from '../inventory/take-places.ts';
import { readRoom } from './read-room.ts';

/** The room in front of an event, for the event's own page; null when none is living, which costs no query of its own. */
export async function glanceRoom(ctx: Ctx, { eventId }: WaitingRoomRef): Promise<WaitingRoomView | null> {
  const facts = await inventory(ctx).factsOf(eventId);
  return facts?.waitingRoom ? readRoom(ctx, { eventId }) : null;
}
