import { randomUUID } from 'node:crypto';
import { type EmbeddedPostgres, startPostgres } from '@liventix/db/embedded';
import { startTestServer, type TestDatabase, testDatabase } from '@liventix/db/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createTestApp, type TestApp } from '../../testing/index.ts';
import { fixtureRoom, insertEvent } from '../../testing/live-fixture.ts';
import type { FeedMode } from './feed.ts';

describe('where logical replication is not to be had', () => {
  let server: EmbeddedPostgres;
  let database: TestDatabase;
  let app: TestApp;
  beforeAll(async () => {
    server = await startPostgres({ ephemeral: true, settings: { wal_level: 'replica', max_wal_senders: 0 } });
    const test = await startTestServer(server.adminUrl());
    database = await testDatabase({ server: test.server });
  });
  afterAll(async () => {
    await database?.drop();
    await server?.stop();
  });

  async function withFeed(mode: FeedMode, work: (feed: ReturnType<typeof start>) => Promise<void>): Promise<void> {
    app = await createTestApp({ database, rooms: [fixtureRoom], simulators: false, feed: false });
    const feed = start(mode);
    try {
      await feed.settled;
      await work(feed);
    } finally {
      await app.close();
    }
  }
  const start = (mode: FeedMode) =>
    app.app.live.startFeed({ engineUrl: database.urls.engine, node: randomUUID(), mode, beatMs: 200 });

  async function joined() {
    const mara = await app.signUp();
    const event = await insertEvent(database, mara.userId);
    const socket = await mara.socket();
    const ack = await socket.join('event', event);
    return { mara, event, socket, first: ack.ok ? ack.snapshot.version : Number.NaN };
  }
  const change = (event: string) =>
    database.admin`update events.events set summary = summary || 'x' where id = ${event}`;
  const listTriggers = () => database.admin`select tgrelid::regclass::text from pg_trigger where tgname = 'tell_feed'`;

  it('rooms are polled and ended sessions still lose their sockets', () =>
    withFeed('replication', async (feed) => {
      expect(feed.state).toBe('deaf');
      const { mara, event, socket, first } = await joined();
      await change(event);
      await socket.next((snapshot) => snapshot.version > first);
      await database.admin`delete from auth.sessions where user_id = ${mara.userId}`;
      await socket.until('session:ended');
      expect(await listTriggers()).toEqual([]);
    }));

  it('NOTIFY tells at once when it is asked for, also after its connection was killed, and can be taken off again', () =>
    withFeed('notify', async (feed) => {
      expect(feed.state).toBe('heard');
      const { mara, event, socket, first } = await joined();
      await change(event);
      await socket.next((snapshot) => snapshot.version === first + 1);
      expect(feed.state).toBe('heard');
      await database.admin.begin(async (sql) => {
        await sql`select pg_terminate_backend(pid) from pg_stat_activity where application_name = 'liventix-feed'`;
        await sql`update events.events set summary = summary || 'x' where id = ${event}`;
      });
      await socket.next((snapshot) => snapshot.version === first + 2);
      await database.admin`delete from auth.sessions where user_id = ${mara.userId}`;
      await socket.until('session:ended');
      const published = await database.admin`select from pg_publication_tables where pubname = 'liventix_feed'`;
      expect(await listTriggers()).toHaveLength(published.length + 1); // and the holds, which are told by the statement
      await feed.stop(); // while it comes back from the kill it may put them on once more
      await database.db.engine.sql`select public.use_notify(false)`;
      expect(await listTriggers()).toEqual([]);
    }));
});
