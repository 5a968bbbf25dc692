import { randomUUID } from 'node:crypto';
import type { EventSnapshot } from '@liventix/contracts/live';
import { freePort } from '@liventix/db/embedded';
import { CookieJar, type LiveSocket, openSocket } from '@liventix/server/testing';
import { afterAll, afterEach, beforeAll, describe, expect, inject, it } from 'vitest';
import { realInstallation, type ServerProcess, startServer } from '../start/server-process.ts';
import { type BoxOffice, openBoxOffice, type Stage, stock } from './box-office.ts';

const START_MS = 300_000;
const ORIGIN = 'https://liventix.example';

let office: BoxOffice;
let servers: { process: ServerProcess; url: string }[] = [];

beforeAll(async () => {
  office = await openBoxOffice(2);
  const { adminUrl, secret } = inject('liventixTestServer');
  const database = new URL(adminUrl);
  database.pathname = `/${office.test.name}`;
  const start = async (roles: string) => {
    const port = await freePort();
    const environment = realInstallation(port, database.href, secret);
    return { process: startServer({ ...environment, ROLES: roles }), url: `http://127.0.0.1:${port}` };
  };
  servers = await Promise.all([start('api,worker'), start('api,worker')]);
  await Promise.all(servers.map((server) => server.process.ready));
}, START_MS);
afterAll(async () => {
  await Promise.all(servers.map((server) => server.process.close()));
  await office?.close();
});

/** A visitor takes places through one of the processes. */
async function placeHold(url: string, { eventId, tierIds }: Stage, quantity: number, jar = new CookieJar()) {
  const input = { eventId, checkoutId: randomUUID(), lines: [{ tierId: tierIds[0], quantity }] };
  const response = await fetch(`${url}/trpc/holds.place`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', origin: ORIGIN, ...(jar.header ? { cookie: jar.header } : {}) },
    body: JSON.stringify({ json: input }),
  });
  jar.take(response);
  expect([response.status, response.status === 200 ? '' : await response.text()]).toEqual([200, '']);
  return { checkoutId: input.checkoutId, jar };
}

const freeIn = (data: unknown): number | undefined => (data as EventSnapshot).tiers[0]?.free;

/** Sockets on both processes in the room of one event, and what each was told. */
async function watch(stage: Stage) {
  const sockets = await Promise.all(
    [0, 0, 1, 1].map((index) => openSocket({ url: (servers[index] as { url: string }).url, origin: ORIGIN })),
  );
  for (const socket of sockets) expect((await socket.join('event', stage.eventId)).ok).toBe(true);
  const told = (socket: LiveSocket) => socket.snapshots('event', stage.eventId).map(({ data }) => freeIn(data));
  return {
    /** Waits until every socket was told this many places are free. */
    until: (free: number) =>
      Promise.all(
        sockets.map((socket) => socket.next((one) => one.id === stage.eventId && freeIn(one.data) === free, 15_000)),
      ),
    told: () => sockets.map(told),
    settle: () => Promise.all(sockets.map((socket) => socket.settle())),
    close: () => {
      for (const socket of sockets) socket.close();
    },
  };
}

describe('two server processes with a worker each, on one database', () => {
  afterEach(() => office.expectSound());

  it('show a hold made through one, and a row changed by SQL, in the sockets of both: one change, one snapshot', async () => {
    const stage = await office.stage([{ quantity: 40 }]);
    const window = await watch(stage);
    await placeHold(servers[0]?.url as string, stage, 3);
    await window.until(37);
    await placeHold(servers[1]?.url as string, stage, 2);
    await window.until(35);
    await office.test.admin`update ticketing.ticket_tiers set quantity = 50 where id = ${stage.tierIds[0] as string}`;
    await window.until(45);
    // A late second word about any of these would have come before the word about this one.
    await office.test.admin`update ticketing.ticket_tiers set quantity = 51 where id = ${stage.tierIds[0] as string}`;
    await window.until(46);
    await window.settle();
    expect(window.told()).toEqual(Array.from({ length: 4 }, () => [37, 35, 45, 46]));
    window.close();
  }, 60_000);

  it('know one session: a hold of a guest made through one is hers in the other, in her own room too', async () => {
    const stage = await office.stage([{ quantity: 40 }]);
    const [a, b] = servers.map(({ url }) => url) as [string, string];
    const { checkoutId, jar } = await placeHold(a, stage, 1);
    const socket = await openSocket({ url: b, origin: ORIGIN, cookie: jar.header });
    const joined = await socket.join('order', checkoutId);
    expect(joined).toMatchObject({ ok: true, snapshot: { data: { state: 'holding', lines: [{ quantity: 1 }] } } });
    const released = await fetch(`${a}/trpc/holds.release`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', origin: ORIGIN, cookie: jar.header },
      body: JSON.stringify({ json: { checkoutId } }),
    });
    expect(released.status).toBe(200);
    await socket.next((one) => (one.data as { state?: string }).state === 'released', 15_000);
    socket.close();
    const stranger = await openSocket({ url: b, origin: ORIGIN });
    expect(await stranger.join('order', checkoutId)).toMatchObject({ ok: false });
    stranger.close();
  }, 60_000);

  it('free a hundred lapsed checkouts exactly once, though both sweep, and both tell it', async () => {
    const stage = await office.stage([{ quantity: 240 }]);
    const [tierId] = stage.tierIds as [string];
    const window = await watch(stage);
    await placeHold(servers[1]?.url as string, stage, 4);
    await window.until(236);
    const buyers = await office.people(100);
    const held = await office.reserve(
      buyers.map((userId) => ({ checkoutId: randomUUID(), userId, lines: [{ tierId, quantity: 2 }] })),
    );
    expect(held.filter(({ outcome }) => outcome === 'held')).toHaveLength(100);
    const { admin } = office.test;
    await admin`
      update ticketing.ticket_holds set expires_at = clock_timestamp() - interval '1 second'
      where event_id = ${stage.eventId}`;
    await window.until(240);
    await window.settle();
    expect(window.told().map((figures) => figures.at(-1))).toEqual([240, 240, 240, 240]);
    expect(Math.max(...window.told().flat().map(Number))).toBe(240);
    window.close();

    expect(await stock(office.sql, tierId)).toMatchObject({ free: 240, reserved: 0, issued: 0 });
    const [ended] = await admin`
      select count(*)::int as holds, count(*) filter (where status = 'expired' and end_reason = 'expired')::int as expired
      from ticketing.ticket_holds where event_id = ${stage.eventId}`;
    expect(ended).toEqual({ holds: 101, expired: 101 });
    const [noted] = await admin`
      select count(*)::int as lapses, count(distinct checkout_id)::int as checkouts
      from ticketing.hold_lapses where event_id = ${stage.eventId}`;
    expect(noted).toEqual({ lapses: 101, checkouts: 101 });
  }, 60_000);
});
