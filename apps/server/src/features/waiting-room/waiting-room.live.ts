import { defineRoom } from '../../platform/live/define-room.ts';
import { readRoomSnapshot, readStanding } from './waiting-room.sql.ts';

/**
 * The line in front of an event, the same for everybody who waits: each person finds her own position in it, so that ten
 * thousand of them cost one read and one frame. The room's id is the event's. Its team sees who gave up, too.
 */
export const waitingRoom = defineRoom({
  kind: 'waiting',
  authorize: async (ctx, id) => {
    const { sees, staff } = await ctx.read((_tx, sql) => readStanding(sql, id));
    return staff ? 'staff' : sees;
  },
  snapshot: (ctx, id, facet) => readRoomSnapshot(ctx.db.engine.sql, id, facet === 'staff'),
  fromRow: {
    'ticketing.waiting_rooms': (row) => row.event_id as string | undefined,
    'ticketing.ticket_tiers': (row) => row.event_id as string | undefined,
    'events.events': (row) => row.id as string | undefined,
  },
  recheck: { 'events.events': (row) => (typeof row.id === 'string' ? { roomId: row.id } : null) },
});
