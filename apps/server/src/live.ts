import { eventRoom } from './features/events/events.live.ts';
import { feedRoom } from './features/feed/feed.live.ts';
import { holdsRooms } from './features/holds/holds.live.ts';
import { organizerRooms } from './features/organizer/organizer.live.ts';
import { waitingRoom } from './features/waiting-room/waiting-room.live.ts';
import type { AnyRoom } from './platform/live/define-room.ts';

/** Every live room of the product: one line per feature. */
export const rooms: readonly AnyRoom[] = [eventRoom, ...holdsRooms, ...organizerRooms, feedRoom, waitingRoom];
