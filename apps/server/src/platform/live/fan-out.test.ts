import { randomUUID } from 'node:crypto';
import http from 'node:http';
import net, { type AddressInfo } from 'node:net';
import type { Snapshot } from '@liventix/contracts/live';
import { Server, type Socket } from 'socket.io';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createTestApp, type LiveSocket, type TestApp } from '../../testing/index.ts';
import { defineRoom } from './define-room.ts';
import { directWire, frameOf } from './fan-out.ts';

/** A server with one socket, whose other end is plain TCP. */
async function openPair() {
  const server = http.createServer();
  const io = new Server(server, { transports: ['websocket'], perMessageDeflate: false });
  const connected = new Promise<Socket>((resolve) => io.once('connection', resolve));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const raw = net.connect((server.address() as AddressInfo).port, '127.0.0.1');
  let bytes = Buffer.alloc(0);
  let heard = () => {};
  raw.on('data', (chunk) => {
    bytes = Buffer.concat([bytes, chunk]);
    heard();
  });
  const until = (done: () => boolean) =>
    new Promise<void>((resolve) => {
      heard = () => done() && resolve();
      heard();
    });
  raw.write(
    'GET /socket.io/?EIO=4&transport=websocket HTTP/1.1\r\nHost: x\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n' +
      'Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n',
  );
  await until(() => bytes.includes('"sid"'));
  raw.write(Buffer.from([0x81, 0x82, 0, 0, 0, 0, 0x34, 0x30])); // 40: connect, masked with zeros
  const socket = await connected;
  await until(() => bytes.includes(`40{"sid":"${socket.id}"}`));
  bytes = Buffer.alloc(0);
  return {
    raw,
    socket,
    /** What came in since the last call, when it is that long. */
    async take(length: number): Promise<Buffer> {
      await until(() => bytes.length >= length);
      const taken = bytes;
      bytes = Buffer.alloc(0);
      return taken;
    },
    async close() {
      raw.destroy();
      await io.close();
    },
  };
}

/** Where the insides keep the stream's handle. */
const tcpOf = (socket: Socket) =>
  (socket.conn.transport as unknown as { socket: { _socket: { _handle: unknown; write(bytes: Buffer): boolean } } })
    .socket._socket;

describe('the direct way to a socket', () => {
  it.each(['by its handle', 'by its stream'])(
    'writes what Socket.IO would have written, byte for byte, at every size of frame: %s',
    async (way) => {
      const { socket, take, close } = await openPair();
      const tcp = tcpOf(socket);
      const handle = tcp._handle;
      if (way === 'by its stream') tcp._handle = null; // as in a version of Node whose insides are not known
      const wire = directWire(socket);
      tcp._handle = handle;
      expect(wire?.isClear()).toBe(true);
      let byStream = 0;
      const { write } = tcp;
      for (const size of [1, 300, 70_000]) {
        const value = { kind: 'event', words: 'ä'.repeat(size) };
        const frame = frameOf('room:snapshot', value);
        socket.emit('room:snapshot', value);
        expect((await take(frame.length)).equals(frame)).toBe(true);
        tcp.write = (bytes) => {
          byStream++;
          return write.call(tcp, bytes);
        };
        wire?.write(frame);
        expect((await take(frame.length)).equals(frame)).toBe(true);
        tcp.write = write;
      }
      expect(byStream).toBe(way === 'by its stream' ? 3 : 0);
      await close();
      expect(wire?.isClear()).toBe(false);
    },
  );

  it('keeps the order when the kernel has no more room, and says when all has left, on each of several', async () => {
    const pairs = await Promise.all([openPair(), openPair(), openPair()]);
    const lines = pairs.map((pair) => {
      const wire = directWire(pair.socket);
      if (!wire) throw new Error('no direct way');
      expect(directWire(pair.socket)).toBe(wire); // what waits for one room waits for the other
      pair.raw.pause();
      const sent: Buffer[] = [];
      while (wire.isClear()) {
        sent.push(frameOf('room:snapshot', { version: sent.length, filling: pair.socket.id.repeat(15_000) }));
        wire.write(sent.at(-1) as Buffer);
      }
      const last = { version: sent.length };
      pair.socket.emit('room:snapshot', last);
      sent.push(frameOf('room:snapshot', last));
      const cleared = new Promise<void>((resolve) => wire.whenClear(resolve));
      return { ...pair, wire, sent: Buffer.concat(sent), cleared };
    });
    for (const { raw, wire, sent, cleared, take } of lines.reverse()) {
      expect(wire.isClear()).toBe(false);
      raw.resume();
      expect((await take(sent.length)).equals(sent)).toBe(true);
      await cleared;
      expect(wire.isClear()).toBe(true);
    }
    for (const { close } of pairs) await close();
  });

  it('ends a connection that takes nothing any more, once and without an error of its own', async () => {
    const { raw, socket, close } = await openPair();
    const wire = directWire(socket);
    raw.pause();
    while (wire?.isClear()) wire.write(frameOf('room:snapshot', { filling: 'x'.repeat(300_000) }));
    const gone = new Promise<string>((resolve) => socket.once('disconnect', resolve));
    raw.resetAndDestroy();
    expect(await gone).toMatch(/transport/);
    wire?.write(frameOf('room:snapshot', { version: 1 }));
    expect(wire?.isClear()).toBe(false);
    await close();
  });

  it('is not taken when the insides of the libraries are not as expected', () => {
    const tcp = { write: () => true, _writableState: { length: 0 } };
    const web = { _readyState: 1, extensions: '', _isServer: true, _socket: tcp };
    const fits = { conn: { writeBuffer: [], transport: { name: 'websocket', perMessageDeflate: null, socket: web } } };
    const change = (transport: object) => ({
      conn: { ...fits.conn, transport: { ...fits.conn.transport, ...transport } },
    });
    expect(directWire(fits)).not.toBeNull();
    expect(directWire({})).toBeNull();
    expect(directWire(change({ name: 'polling' }))).toBeNull();
    expect(directWire(change({ perMessageDeflate: {} }))).toBeNull();
    expect(directWire(change({ socket: { ...web, extensions: 'permessage-deflate' } }))).toBeNull();
    expect(directWire(change({ socket: { ...web, _socket: undefined } }))).toBeNull();
    expect(directWire(change({ socket: { ...web, _socket: { write: tcp.write } } }))).toBeNull();
    expect(directWire(change({ socket: { ...web, _readyState: undefined } }))).toBeNull();
    expect(directWire({ conn: { transport: fits.conn.transport } })).toBeNull();
  });
});

/** Rooms whose state the test holds in its hands. */
const state = { version: 1, bytes: 10, reads: 0, gate: Promise.resolve() };
const talk = defineRoom({
  kind: 'feed',
  public: true,
  authorize: async () => {
    await state.gate;
    return true;
  },
  snapshot: async () => {
    state.reads++;
    return { version: state.version, data: { posts: [], filling: 'x'.repeat(state.bytes) } as never };
  },
});
const staff = defineRoom({
  kind: 'staff',
  authorize: async (ctx) => (ctx.actor ? 'money' : 'door'),
  snapshot: async (_ctx, _id, facet) => ({ version: state.version, data: { facet } as never }),
});

describe.each([
  { way: 'frames of our own', directFrames: true },
  { way: "Socket.IO's emit", directFrames: false },
])('a room with many sockets, by $way', ({ directFrames }) => {
  let app: TestApp;
  beforeAll(async () => {
    app = await createTestApp({ rooms: [talk, staff], feed: false, simulators: false, live: { directFrames } });
  });
  afterAll(() => app?.close());

  const versions = (socket: LiveSocket, id: string) => socket.snapshots('feed', id).map(({ version }) => version);

  it('gets one snapshot per change on each socket, in order', async () => {
    const id = randomUUID();
    const sockets = await Promise.all(Array.from({ length: 6 }, () => app.visitor().socket()));
    for (const socket of sockets) expect((await socket.join('feed', id)).ok).toBe(true);
    const first = state.version;
    for (let change = 1; change <= 3; change++) {
      state.version++;
      app.services.live.touch('feed', id);
      app.services.live.touch('feed', id);
      await Promise.all(sockets.map((socket) => socket.next((one: Snapshot) => one.version === first + change)));
    }
    for (const socket of sockets) {
      await socket.settle();
      expect(versions(socket, id)).toEqual([first + 1, first + 2, first + 3]);
      socket.close();
    }
  });

  it("never shows one facet another facet's frame", async () => {
    const id = randomUUID();
    const guest = await app.guest();
    const [money, door] = await Promise.all([guest.socket(), app.visitor().socket()]);
    await money.join('staff', id);
    await door.join('staff', id);
    state.version++;
    app.services.live.touch('staff', id);
    for (const [socket, facet] of [
      [money, 'money'],
      [door, 'door'],
    ] as const) {
      await socket.next((one) => one.version === state.version);
      expect(
        new Set(socket.snapshots('staff', id).map(({ data }) => (data as unknown as { facet: string }).facet)),
      ).toEqual(new Set([facet]));
      socket.close();
    }
  });
});

describe('a slow socket', () => {
  it('is not sent what is old by the time it arrives, and gets the newest when it has caught up', async () => {
    const app = await createTestApp({ rooms: [talk], feed: false, simulators: false });
    const id = randomUUID();
    const [slow, quick] = await Promise.all([app.visitor().socket(), app.visitor().socket()]);
    state.bytes = 1_500_000;
    await slow.join('feed', id);
    await quick.join('feed', id);
    const first = state.version;
    const web = (slow.io.io.engine as unknown as { transport: { ws: { pause(): void; resume(): void } } }).transport.ws;
    web.pause();
    for (let change = 0; change < 12; change++) {
      state.version++;
      app.services.live.touch('feed', id);
      await quick.next((one) => one.version === state.version);
    }
    web.resume();
    await slow.next((one) => one.version === state.version);
    await slow.settle();
    const told = slow.snapshots('feed', id).map(({ version }) => version);
    expect(quick.snapshots('feed', id).map(({ version }) => version)).toEqual(
      Array.from({ length: 12 }, (_, change) => first + change + 1),
    );
    expect(told.length).toBeLessThan(12);
    expect(told).toEqual([...told].sort((a, b) => a - b));
    expect(told.at(-1)).toBe(state.version);
    state.bytes = 10;
    for (const socket of [slow, quick]) socket.close();
    await app.close();
  });
});

describe('a storm of people who come back at once', () => {
  it('is let in by and by: the others are told when to come, one read serves all, and every screen ends true', async () => {
    const app = await createTestApp({ rooms: [talk], feed: false, simulators: false });
    const id = randomUUID();
    const sockets: LiveSocket[] = [];
    while (sockets.length < 300)
      sockets.push(...(await Promise.all(Array.from({ length: 50 }, () => app.visitor().socket()))));
    let open: () => void = () => {};
    state.gate = new Promise((resolve) => {
      open = resolve;
    });
    state.reads = 0;
    const waits: number[] = [];
    const come = async (socket: LiveSocket): Promise<void> => {
      const answer = await socket.join('feed', id);
      if (answer.ok) return;
      expect(answer.reason).toBe('later');
      waits.push(answer.afterMs ?? 0);
      if (waits.length === 68) open(); // all have knocked: 32 are at the door, 200 in line
      await new Promise((resolve) => setTimeout(resolve, answer.afterMs));
      await come(socket);
    };
    await Promise.all(sockets.map(come));
    expect(waits.length).toBeGreaterThanOrEqual(68);
    expect(Math.max(...waits) - Math.min(...waits)).toBeGreaterThan(100);
    expect(state.reads).toBeLessThan(12);
    state.version++;
    app.services.live.touch('feed', id);
    await Promise.all(sockets.map((socket) => socket.next((one) => one.version === state.version)));
    for (const socket of sockets) socket.close();
    await app.close();
  });
});

describe('limits refuse by name', () => {
  const reasonOf = (opening: Promise<LiveSocket>) =>
    opening.then(
      () => 'in',
      (error: { data?: { reason: string } }) => error.data?.reason,
    );

  it('a person with too many sockets, an address with too many', async () => {
    const app = await createTestApp({
      rooms: [talk],
      feed: false,
      simulators: false,
      live: { limits: { socketsPerPerson: 2, socketsPerAddress: 5 } },
    });
    const visitor = randomUUID();
    const knock = (as: string) => reasonOf(app.visitor().socket({ visitor: as }));
    expect(await Promise.all([knock(visitor), knock(visitor)])).toEqual(['in', 'in']);
    expect(await knock(visitor)).toBe('too_many_sockets');
    const others = await Promise.all(Array.from({ length: 6 }, () => knock(randomUUID())));
    expect(others.filter((answer) => answer === 'in').length).toBeGreaterThan(0);
    expect(others.filter((answer) => answer === 'too_many_sockets').length).toBeGreaterThanOrEqual(3);
    await app.close();
  });

  it('joins by the second apart from other events, and a message that is too large ends the socket', async () => {
    const app = await createTestApp({
      rooms: [talk],
      feed: false,
      simulators: false,
      live: { limits: { joinsPerSecond: 0.01, joinsBurst: 2 } },
    });
    const socket = await app.visitor().socket();
    const answers = [];
    for (let i = 0; i < 3; i++) answers.push(await socket.join('feed', randomUUID()));
    expect(answers.map((answer) => answer.ok || answer.reason)).toEqual([true, true, 'too_fast']);
    await socket.settle(); // the clock is still answered
    socket.io.emit('room:leave', { kind: 'feed', id: 'x'.repeat(20_000) });
    expect(await socket.until('disconnect')).toMatch(/transport/);
    await app.close();
  });
});

it('rights that change while somebody is coming in are asked again after she is in', async () => {
  let allowed = true;
  let ask: () => void = () => {};
  const asked = new Promise<void>((resolve) => {
    ask = resolve;
  });
  let answer: () => void = () => {};
  const answered = new Promise<void>((resolve) => {
    answer = resolve;
  });
  const guarded = defineRoom({
    kind: 'feed',
    public: true,
    authorize: async () => {
      const now = allowed;
      ask();
      await answered;
      return now;
    },
    snapshot: async () => ({ version: 1, data: { posts: [] } }),
    recheck: { 'events.events': (row) => ({ roomId: row.id as string }) },
  });
  const app = await createTestApp({ rooms: [guarded], feed: false, simulators: false });
  const id = randomUUID();
  const socket = await app.visitor().socket();
  const joining = socket.join('feed', id);
  await asked; // a yes is on its way
  allowed = false;
  app.app.live.hear('events.events', { id }, null, 'update');
  answer();
  await joining;
  await socket.until('room:closed', (room) => room.id === id);
  socket.close();
  await app.close();
});
