import { defineRoom } from '../../platform/live/define-room.ts';
import { readSnapshots } from './events.sql.ts';
import { maySeeEvent } from './may-see-event.ts';

/** Everybody who may open the event's page is in its room; what is said there is the public snapshot. */
export const eventRoom = defineRoom({
  kind: 'event',
  public: true,
  authorize: maySeeEvent,
  snapshot: async (ctx, id) => (await readSnapshots(ctx.db.engine.sql, [id])).get(id) ?? null,
  fromRow: {
    'ticketing.ticket_tiers': (row) => row.event_id as string | undefined,
    'events.events': (row) => row.id as string | undefined,
  },
  recheck: { 'events.events': (row) => (typeof row.id === 'string' ? { roomId: row.id } : null) },
  presence: true,
});
