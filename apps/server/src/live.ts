import { eventRoom } from './features/events/events.live.ts';
import { holdsRooms } from './features/holds/holds.live.ts';
import type { AnyRoom } from './platform/live/define-room.ts';

/** Every live room of the product: one line per feature. */
export const rooms: readonly AnyRoom[] = [eventRoom, ...holdsRooms];
