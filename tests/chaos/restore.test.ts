import { randomUUID } from 'node:crypto';
import { ROOM_KINDS, type RoomKind, type Snapshot } from '@liventix/contracts/live';
import { createTestApp, type TestApp, type Visitor } from '@liventix/server/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  buy,
  makeReadyEvent,
  makeTeam,
  type Team,
} from '../../apps/server/src/features/organizer/organizer.test-data.ts';
import { acceptState, type RoomState } from '../../apps/web/app/platform/live/rooms.rules.ts';

/** The tables whose rows count their versions. */
const COUNTED = [
  'events.events',
  'ticketing.ticket_tiers',
  'ticketing.ticket_holds',
  'ticketing.orders',
  'ticketing.event_counters',
  'ticketing.event_totals',
  'ticketing.event_changes',
  'ticketing.waiting_rooms',
  'social.feed_counters',
];

describe('a database that was put back to an earlier state', () => {
  let app: TestApp;
  let team: Team;
  let buyer: Visitor;
  const ids = {} as Record<RoomKind, string>;
  beforeAll(async () => {
    app = await createTestApp({ feed: false });
    team = await makeTeam(app);
    const { eventId, tierIds } = await makeReadyEvent(team.owner, { orgId: team.orgId });
    await team.owner.api.organizer.publish({ eventId });
    const order = await buy(app, eventId, [{ tierId: tierIds[0] ?? '', quantity: 1 }]);
    await team.owner.api.feed.createPost({ eventId, clientId: randomUUID(), text: 'Doors at eight' });
    for (const kind of ROOM_KINDS) ids[kind] = eventId;
    buyer = order.buyer;
    Object.assign(ids, { order: order.checkoutId, user: team.owner.userId, organization: team.orgId });
  }, 60_000);
  afterAll(() => app?.close());

  const read = (kind: RoomKind): Promise<Snapshot> =>
    (kind === 'order' ? buyer : team.owner).api.live.snapshot({ kind, id: ids[kind] });

  it.each(ROOM_KINDS)('is believed by a page that saw a later one: room %s', async (kind) => {
    const before = await read(kind);
    const seen: RoomState<unknown> = { ...before, confirmedAtMs: 0 };
    // The backup was made when everything had changed less often.
    await app.admin.begin(async (sql) => {
      await sql.unsafe("set local session_replication_role = 'replica'");
      for (const table of COUNTED) {
        await sql.unsafe(`alter table ${table} disable trigger user`);
        await sql.unsafe(`update ${table} set version = 0`);
        await sql.unsafe(`alter table ${table} enable trigger user`);
      }
      await sql`select public.begin_epoch()`;
    });
    const after = await read(kind);
    expect(after.version).toBeGreaterThan(before.version);
    expect(Number.isSafeInteger(after.version)).toBe(true);
    expect(acceptState(seen, after, 1)).toMatchObject({ version: after.version, confirmedAtMs: 1 });
  });
});
