import type { EventSnapshot } from '@liventix/contracts/live';
import type { TestDatabase } from '@liventix/db/testing';
import { type AnyRoom, defineRoom } from '../platform/live/define-room.ts';

/** How often each event's snapshot was read in this process. */
export const fixtureReads = new Map<string, number>();

/** A small room over the real events table, for tests of the live layer itself: drafts are their owner's, the rest is everybody's. */
export const fixtureRoom: AnyRoom = defineRoom({
  kind: 'event',
  public: true,
  authorize: async (ctx, id) => {
    const [row] = await ctx.db.engine.sql<{ visibility: string; created_by: string }[]>`
      select visibility, created_by from events.events where id = ${id} and deleted_at is null`;
    return row !== undefined && (row.visibility === 'public' || row.created_by === ctx.actor?.userId);
  },
  snapshot: async (ctx, id) => {
    fixtureReads.set(id, (fixtureReads.get(id) ?? 0) + 1);
    const [row] = await ctx.db.engine.sql<{ version: string; status: EventSnapshot['status'] }[]>`
      select version, status from events.events where id = ${id} and deleted_at is null`;
    return row
      ? { version: Number(row.version), data: { status: row.status, paused: false, tiers: [], page: '' } }
      : null;
  },
  fromRow: { 'events.events': (row) => row.id as string },
  recheck: { 'events.events': (row) => ({ roomId: row.id as string }) },
  presence: true,
});

/** A published public event with an owner of its own. */
export async function insertEvent(
  database: TestDatabase,
  ownerId: string,
  change: { visibility?: string } = {},
): Promise<string> {
  const [row] = await database.admin<{ id: string }[]>`
    insert into events.events (title, owner_context_id, created_by, status, visibility)
    values ('A night', ${ownerId}, ${ownerId}, 'published', ${change.visibility ?? 'public'}::public.event_visibility) returning id`;
  return row?.id ?? '';
}
