import { defineRoom } from '../../platform/live/define-room.ts';
import { maySeeEvent } from '../events/may-see-event.ts';
import { readSnapshots } from './feed.sql.ts';

/** The talk of an event: counts only, for everybody who may open its page. Words are asked for by whoever shows them. */
export const feedRoom = defineRoom({
  kind: 'feed',
  public: true,
  authorize: maySeeEvent,
  snapshot: async (ctx, id) => (await readSnapshots(ctx.db.engine.sql, [id])).get(id) ?? null,
  // Every change of a post, its likes and comments raises the counter in the same transaction.
  fromRow: { 'social.feed_counters': (row) => row.event_id as string | undefined },
  recheck: { 'events.events': (row) => (typeof row.id === 'string' ? { roomId: row.id } : null) },
});
