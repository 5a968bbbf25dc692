import { randomUUID } from 'node:crypto';
import type { JoinAck } from '@liventix/contracts/live';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { createTestApp, openSocket, type TestApp, type Visitor } from '../../testing/index.ts';
import { fixtureReads, fixtureRoom, insertEvent } from '../../testing/live-fixture.ts';

let app: TestApp;
let owner: Visitor & { userId: string };
beforeAll(async () => {
  app = await createTestApp({ rooms: [fixtureRoom] });
  owner = await app.signUp();
});
afterAll(() => app?.close());

const version = (ack: JoinAck) => (ack.ok ? ack.snapshot.version : Number.NaN);
/** A change by somebody who knows nothing of this process. */
const changeBySql = (id: string) => app.admin`update events.events set summary = summary || 'x' where id = ${id}`;

describe('joining', () => {
  it('answers with a snapshot first, and later versions only grow', async () => {
    const event = await insertEvent(app.database, owner.userId);
    const socket = await app.visitor().socket();
    const ack = await socket.join('event', event);
    const first = version(ack);
    expect(ack).toMatchObject({ ok: true, snapshot: { kind: 'event', id: event } });
    for (let i = 0; i < 5; i++) await changeBySql(event);
    await socket.next((snapshot) => snapshot.version === first + 5);
    const versions = socket.snapshots('event', event).map((snapshot) => snapshot.version);
    expect(versions).toEqual([...new Set(versions)].sort((a, b) => a - b));
    expect(versions.every((v) => v > first)).toBe(true);
    socket.close();
  });

  it('refuses foreign and missing rooms alike, malformed ones, and unknown kinds', async () => {
    const hidden = await insertEvent(app.database, owner.userId, { visibility: 'private' });
    const stranger = await app.visitor().socket();
    const foreign = await stranger.join('event', hidden);
    expect(foreign).toEqual({ ok: false, reason: 'not_found' });
    expect(await stranger.join('event', randomUUID())).toEqual(foreign);
    expect(await stranger.join('event', 'x')).toEqual({ ok: false, reason: 'invalid' });
    expect(await stranger.join('nothing' as never, randomUUID())).toEqual({ ok: false, reason: 'invalid' });
    const hers = await owner.socket();
    expect(await hers.join('event', hidden)).toMatchObject({ ok: true });
    stranger.close();
    hers.close();
  });

  it('gives the same data and the same refusals over HTTP', async () => {
    const event = await insertEvent(app.database, owner.userId);
    const hidden = await insertEvent(app.database, owner.userId, { visibility: 'private' });
    const visitor = app.visitor();
    expect(await visitor.api.live.snapshot({ kind: 'event', id: event })).toMatchObject({ kind: 'event', id: event });
    await expect(visitor.api.live.snapshot({ kind: 'event', id: hidden })).rejects.toMatchObject({ code: 'NOT_FOUND' });
    expect(await owner.api.live.snapshot({ kind: 'event', id: hidden })).toMatchObject({ id: hidden });
  });

  it('limits rooms per socket and events per second with a named refusal', async () => {
    const event = await insertEvent(app.database, owner.userId);
    const socket = await app.visitor().socket();
    const answers = await Promise.all(Array.from({ length: 90 }, () => socket.join('event', event)));
    expect(answers.filter((answer) => !answer.ok && answer.reason === 'too_fast').length).toBeGreaterThan(10);
    socket.close();
    const events: string[] = [];
    for (let i = 0; i < 26; i++) events.push(await insertEvent(app.database, owner.userId));
    const busy = await app.visitor().socket();
    const joins = [];
    for (const id of events) joins.push(await busy.join('event', id));
    expect(joins.filter((answer) => answer.ok)).toHaveLength(24);
    expect(joins.at(-1)).toEqual({ ok: false, reason: 'too_many_rooms' });
    busy.close();
  });

  it('refuses a page of another origin and a missing one', async () => {
    await expect(openSocket({ url: app.url, origin: 'https://evil.example' })).rejects.toThrow();
    await expect(openSocket({ url: app.url, origin: '' })).rejects.toThrow();
  });
});

describe('what others commit', () => {
  it('appears although this process did nothing', async () => {
    const event = await insertEvent(app.database, owner.userId);
    const socket = await app.visitor().socket();
    const first = version(await socket.join('event', event));
    const started = performance.now();
    await changeBySql(event);
    await socket.next((snapshot) => snapshot.version > first);
    expect(performance.now() - started).toBeLessThan(1000);
    socket.close();
  });

  it('appears again after the feed lost its backend, and what happened meanwhile too', async () => {
    const event = await insertEvent(app.database, owner.userId);
    const socket = await app.visitor().socket();
    const first = version(await socket.join('event', event));
    for (let round = 1; round <= 3; round++) {
      await app.admin`
        select pg_terminate_backend(active_pid) from pg_replication_slots
         where active and database = current_database()`;
      await changeBySql(event);
      await socket.next((snapshot) => snapshot.version >= first + round, 8000);
    }
    socket.close();
  });

  it('is one snapshot per socket, though two nodes and the committing process all know of it', async () => {
    const other = await createTestApp({
      database: app.database,
      rooms: [fixtureRoom],
      env: { LIVENTIX_SECRET: app.env.LIVENTIX_SECRET },
    });
    const event = await insertEvent(app.database, owner.userId);
    const here = await app.visitor().socket();
    const there = await other.visitor().socket();
    const first = version(await here.join('event', event));
    await there.join('event', event);
    await changeBySql(event);
    app.services.live.touch('event', event); // as a verb of this process would
    for (const socket of [here, there]) await socket.next((snapshot) => snapshot.version === first + 1);
    // Told once more on both nodes, both read once more, and find nothing new.
    const reads = fixtureReads.get(event) ?? 0;
    for (const node of [app, other]) node.services.live.touch('event', event);
    while ((fixtureReads.get(event) ?? 0) < reads + 2) await new Promise((resolve) => setImmediate(resolve));
    // A second change proves that nothing else of the first was still on its way.
    await changeBySql(event);
    for (const socket of [here, there]) {
      await socket.next((snapshot) => snapshot.version === first + 2);
      await socket.settle();
      expect(socket.snapshots('event', event).map((snapshot) => snapshot.version)).toEqual([first + 1, first + 2]);
      socket.close();
    }
    await other.close();
  });
});

describe('losing access', () => {
  it('closes the sockets of a session that ended, within a second, whoever ended it', async () => {
    const mara = await app.signUp();
    const socket = await mara.socket();
    const actor = await mara.actor();
    const started = performance.now();
    await app.admin`delete from auth.sessions where id = ${actor?.sessionId ?? ''}`;
    await socket.until('session:ended');
    await socket.until('disconnect');
    expect(performance.now() - started).toBeLessThan(1000);
  });

  it('puts strangers out of a room that became private, and leaves its owner in', async () => {
    const event = await insertEvent(app.database, owner.userId);
    const stranger = await app.visitor().socket();
    const hers = await owner.socket();
    await stranger.join('event', event);
    const first = version(await hers.join('event', event));
    await app.admin`update events.events set visibility = 'private' where id = ${event}`;
    await stranger.until('room:closed', (room) => room.id === event);
    await hers.next((snapshot) => snapshot.version > first);
    await changeBySql(event);
    const last = await hers.next((snapshot) => snapshot.version === first + 2);
    await stranger.settle();
    expect(stranger.snapshots('event', event).some((snapshot) => snapshot.version === last.version)).toBe(false);
    expect(hers.heard.some((heard) => heard.name === 'room:closed')).toBe(false);
    stranger.close();
    hers.close();
  });
});

describe('presence', () => {
  it('tells everybody how many distinct people look, from three up', async () => {
    const event = await insertEvent(app.database, owner.userId);
    const people = await Promise.all([1, 2, 3].map(() => app.visitor().socket()));
    const sameVisitor = randomUUID();
    const tabs = await Promise.all([1, 2].map(() => app.visitor().socket({ visitor: sameVisitor })));
    for (const socket of [...people, ...tabs]) await socket.join('event', event);
    expect(app.services.live.viewers('event', event)).toBe(4);
    await people[0]?.until('presence:now', (presence) => presence.id === event && presence.viewers === 4);
    for (const socket of [...people, ...tabs]) socket.close();
  });

  it('shows a few strangers of one address, however many say they look, and counts them out again', async () => {
    const event = await insertEvent(app.database, owner.userId);
    const crowd = await Promise.all(Array.from({ length: 60 }, () => app.visitor().socket()));
    await Promise.all(crowd.map((socket) => socket.join('event', event)));
    expect(app.services.live.viewers('event', event)).toBe(6);
    const hers = await owner.socket();
    await hers.join('event', event);
    expect(app.services.live.viewers('event', event)).toBe(7);
    for (const socket of crowd) socket.close();
    await vi.waitFor(() => expect(app.services.live.viewers('event', event)).toBe(1), { timeout: 20_000 });
    const again = await app.visitor().socket();
    await again.join('event', event);
    expect(app.services.live.viewers('event', event)).toBe(2);
    for (const socket of [hers, again]) socket.close();
  });

  it('answers the clock with its own time', async () => {
    const socket = await app.visitor().socket();
    const now = await socket.io.timeout(5000).emitWithAck('clock:ask');
    expect(Math.abs(now - Date.now())).toBeLessThan(2000);
    socket.close();
  });
});
