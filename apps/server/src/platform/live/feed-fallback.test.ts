import { startPostgres } from '@liventix/db/embedded';
import { startTestServer, testDatabase } from '@liventix/db/testing';
import { expect, it } from 'vitest';
import { createTestApp } from '../../testing/index.ts';
import { fixtureRoom, insertEvent } from '../../testing/live-fixture.ts';

it('where logical replication is not to be had, rooms are polled and ended sessions still lose their sockets', async () => {
  const postgres = await startPostgres({ ephemeral: true, settings: { wal_level: 'replica', max_wal_senders: 0 } });
  const { server } = await startTestServer(postgres.adminUrl());
  const database = await testDatabase({ server });
  const app = await createTestApp({ database, rooms: [fixtureRoom], simulators: false });
  try {
    expect(app.feed?.alive).toBe(false);
    const mara = await app.signUp();
    const event = await insertEvent(database, mara.userId);
    const socket = await mara.socket();
    const ack = await socket.join('event', event);
    const first = ack.ok ? ack.snapshot.version : Number.NaN;
    await database.admin`update events.events set summary = 'x' where id = ${event}`;
    await socket.next((snapshot) => snapshot.version > first, 3000);
    await database.admin`delete from auth.sessions where user_id = ${mara.userId}`;
    await socket.until('session:ended', undefined, 3000);
  } finally {
    await app.close();
    await database.drop();
    await postgres.stop();
  }
});
