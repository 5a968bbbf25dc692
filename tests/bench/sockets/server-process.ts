/** A process that sends: the product's live layer, a stock Socket.IO room, or plain ws. One payload for all. */
import http from 'node:http';
import type { AddressInfo } from 'node:net';
import { Server } from 'socket.io';
import { WebSocket, WebSocketServer } from 'ws';
import type { AnyRoom } from '../../../apps/server/src/platform/live/define-room.ts';
import { defineRoom } from '../../../apps/server/src/platform/live/define-room.ts';
import { type OpenApp, openApp } from '../open-app.ts';
import { serveParent } from '../start-child.ts';

export interface ServerInput {
  kind: 'product' | 'socket.io' | 'ws';
  urls: { api: string; engine: string; auth: string };
  /** The product's own event room and its feed, instead of a room whose number grows by itself. */
  real?: boolean;
}

export interface Sent {
  snapshots: number;
  cpuSeconds: number;
  seconds: number;
}

const ROOM = { kind: 'event', id: '00000000-0000-4000-8000-000000000001' };
const TIER = '00000000-0000-4000-8000-00000000000';
let version = 0;
let product: OpenApp | null = null;
let emit: () => void = () => {};

function data() {
  return {
    sentAt: Number(process.hrtime.bigint()) / 1e6,
    status: 'published' as const,
    paused: false,
    page: '0123456789ab',
    inCheckout: 100 + (version % 100),
    tiers: [1, 2, 3, 4].map((tier) => ({
      id: `${TIER}${tier}`,
      state: 'on_sale' as const,
      free: 12_345 - (version % 1000) - tier,
      inCheckout: 123,
      quantity: 15_000,
    })),
  };
}
const snapshot = () => ({ ...ROOM, version: ++version, data: data() });

/** Everybody may look, and there is something new when it was touched: who comes in changes nothing. */
let touched = false;
const growing: AnyRoom = defineRoom({
  kind: 'event',
  authorize: async () => true,
  snapshot: async () => {
    if (touched) version++;
    touched = false;
    return { version, data: data() };
  },
  presence: true,
});

serveParent({
  async open({ kind, urls, real }: ServerInput) {
    if (kind === 'product') {
      product = await openApp({ urls, feed: real === true, ...(real ? {} : { rooms: [growing] }) });
      const { app, port } = product;
      emit = () => {
        touched = true;
        app.live.touch('event', ROOM.id);
      };
      return port;
    }
    const server = http.createServer();
    if (kind === 'socket.io') {
      const io = new Server(server, {
        transports: ['websocket'],
        perMessageDeflate: false,
        httpCompression: false,
        serveClient: false,
      });
      io.on('connection', (socket) => {
        socket.on('room:join', async (_room: unknown, ack: (answer: unknown) => void) => {
          await socket.join('room');
          ack({ ok: true, snapshot: snapshot() });
        });
      });
      emit = () => void io.to('room').emit('room:snapshot', snapshot());
    } else {
      const all = new WebSocketServer({ server, perMessageDeflate: false });
      emit = () => {
        // Bytes made once: ws would encode a string again for each client.
        const frame = Buffer.from(`42${JSON.stringify(['room:snapshot', snapshot()])}`);
        for (const client of all.clients)
          if (client.readyState === WebSocket.OPEN) client.send(frame, { binary: false });
      };
    }
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', 2048, resolve));
    return (server.address() as AddressInfo).port;
  },
  room: () => ROOM,
  /** Sends ten times a second for so long, and says what that cost. */
  async send({ seconds }: { seconds: number }): Promise<Sent> {
    globalThis.gc?.();
    const before = version;
    const cpu = process.cpuUsage();
    const since = performance.now();
    // The product paces itself (ten a second at most): it is told oftener than that.
    const timer = setInterval(emit, product ? 20 : 100);
    await new Promise((resolve) => setTimeout(resolve, seconds * 1000));
    clearInterval(timer);
    await new Promise((resolve) => setTimeout(resolve, 300));
    const used = process.cpuUsage(cpu);
    return {
      snapshots: version - before,
      cpuSeconds: (used.user + used.system) / 1e6,
      seconds: (performance.now() - since) / 1000,
    };
  },
});
