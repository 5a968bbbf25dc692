import { randomUUID } from 'node:crypto';
import { createTestApp, type TestApp } from '@liventix/server/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { WebSocket } from 'ws';

let app: TestApp;
beforeAll(async () => {
  app = await createTestApp({ simulators: false, feed: false, env: { DEMO: false } });
});
afterAll(() => app?.close());

describe('a socket that sends more than any page', () => {
  const floods: [string, (wire: { emit(name: string, ...given: unknown[]): unknown }) => void][] = [
    ['leaves rooms it is not in', (wire) => wire.emit('room:leave', { kind: 'event', id: randomUUID() })],
    ['says what nobody knows', (wire) => wire.emit('nonsense', 1)],
    ['says much that nobody knows', (wire) => wire.emit('nonsense', 'x'.repeat(15_000))],
  ];
  it.each(floods)('is cut: it %s', async (_what, send) => {
    const socket = await app.visitor().socket();
    for (let i = 0; i < 2000; i++) send(socket.io as never);
    expect(await socket.until('disconnect')).toMatch(/transport/);
  });

  it('is cut for frames that carry nothing', async () => {
    const socket = await app.visitor().socket();
    const wire = (socket.io.io.engine as unknown as { transport: { ws: { ping(bytes: Buffer): void } } }).transport.ws;
    for (let i = 0; i < 2000; i++) wire.ping(Buffer.alloc(125));
    expect(await socket.until('disconnect')).toMatch(/transport/);
  });

  it('is not one that joins and leaves a page of rooms, five times at once', async () => {
    const socket = await app.visitor().socket();
    const answers: Promise<unknown>[] = [];
    for (let i = 0; i < 5; i++)
      for (let room = 0; room < 24; room++) {
        const id = randomUUID();
        answers.push(socket.join('event', id));
        socket.leave('event', id);
      }
    await Promise.all(answers);
    expect(socket.io.connected).toBe(true);
    socket.close();
  });
});

describe('connections that never say who they are', () => {
  it('count for their address: one too many is refused, until another is closed', async () => {
    const limits = { socketsPerAddress: 3, strayPerAddress: 2 };
    const small = await createTestApp({ simulators: false, feed: false, env: { DEMO: false }, live: { limits } });
    const open = () =>
      new Promise<WebSocket | null>((resolve) => {
        const address = `${small.url.replace('http', 'ws')}/socket.io/?EIO=4&transport=websocket`;
        const wire = new WebSocket(address, { origin: small.url });
        wire.once('open', () => resolve(wire));
        wire.once('error', () => resolve(null));
      });
    const silent: (WebSocket | null)[] = [];
    for (let at = 0; at < 6; at++) silent.push(await open());
    expect(silent.map((wire) => wire !== null)).toEqual([true, true, true, true, true, false]);
    silent[0]?.close();
    const again = async () => {
      const wire = await open();
      if (wire) silent.push(wire);
      return wire !== null;
    };
    await expect.poll(again).toBe(true);
    // Those that were closed and do not say goodbye count on, and are soon gone.
    for (const wire of silent) {
      wire?.pause();
      wire?.send('nonsense');
    }
    for (let at = 0; at < 5; at++) await expect.poll(again, { timeout: 10_000 }).toBe(true);
    const connections = () =>
      new Promise((resolve) => small.app.server.getConnections((_error, count) => resolve(count)));
    await expect.poll(connections, { timeout: 4000 }).toBeLessThanOrEqual(5);
    for (const wire of silent) wire?.terminate();
    await small.close();
  });
});
