import { randomUUID } from 'node:crypto';
import type {
  ClientToServerEvents,
  JoinAck,
  RoomKind,
  RoomRef,
  ServerToClientEvents,
  Snapshot,
} from '@liventix/contracts/live';
import { io, type Socket } from 'socket.io-client';

type Event =
  | { name: 'room:snapshot'; value: Snapshot }
  | { name: 'room:closed'; value: RoomRef }
  | { name: 'presence:now'; value: RoomRef & { viewers: number } }
  | { name: 'session:ended'; value: null }
  | { name: 'disconnect'; value: string };

/** A real socket that remembers all it heard, so that a test awaits events instead of sleeping. */
export interface LiveSocket {
  readonly io: Socket<ServerToClientEvents, ClientToServerEvents>;
  readonly heard: Event[];
  join(kind: RoomKind, id: string): Promise<JoinAck>;
  leave(kind: RoomKind, id: string): void;
  /** The first event, heard already or to come, that matches; fails after `ms` (default 20 s, which only ends what hangs). */
  until<N extends Event['name']>(
    name: N,
    matches?: (value: Extract<Event, { name: N }>['value']) => boolean,
    ms?: number,
  ): Promise<Extract<Event, { name: N }>['value']>;
  /** The first snapshot that matches. */
  next(matches: (snapshot: Snapshot) => boolean, ms?: number): Promise<Snapshot>;
  /** Snapshots of a room in the order they came. */
  snapshots(kind: RoomKind, id: string): Snapshot[];
  /** Answers when the server has answered: whatever was sent before has arrived. */
  settle(): Promise<void>;
  close(): void;
}

export interface SocketOptions {
  url: string;
  cookie?: string;
  /** The page's origin; default: the app's own. */
  origin?: string;
  visitor?: string;
  /** The address that a proxy on this machine would name. */
  from?: string;
  /** Comes back by itself as the page's own does; rooms are joined again by whoever wants them. Default: no. */
  reconnects?: boolean;
}

/** Opens a socket and waits until it is connected; rejects when the server refuses it. */
export async function openSocket(options: SocketOptions): Promise<LiveSocket> {
  const socket: Socket<ServerToClientEvents, ClientToServerEvents> = io(options.url, {
    transports: ['websocket'],
    forceNew: true,
    reconnection: options.reconnects ?? false,
    reconnectionDelay: 500,
    auth: { visitor: options.visitor ?? randomUUID() },
    extraHeaders: {
      origin: options.origin ?? new URL(options.url).origin,
      ...(options.cookie ? { cookie: options.cookie } : {}),
      ...(options.from ? { 'x-forwarded-for': options.from } : {}),
    },
  });
  const heard: Event[] = [];
  const waiting = new Set<() => void>();
  const hear = (event: Event) => {
    heard.push(event);
    for (const check of [...waiting]) check();
  };
  socket.on('room:snapshot', (value) => hear({ name: 'room:snapshot', value }));
  socket.on('room:closed', (value) => hear({ name: 'room:closed', value }));
  socket.on('presence:now', (value) => hear({ name: 'presence:now', value }));
  socket.on('session:ended', () => hear({ name: 'session:ended', value: null }));
  socket.on('disconnect', (value) => hear({ name: 'disconnect', value }));
  await new Promise<void>((resolve, reject) => {
    socket.once('connect', resolve);
    socket.once('connect_error', (error) => {
      socket.close();
      reject(error);
    });
  });

  const until: LiveSocket['until'] = (name, matches = () => true, ms = 20_000) =>
    new Promise((resolve, reject) => {
      const find = () => heard.find((event) => event.name === name && matches(event.value as never));
      const check = () => {
        const found = find();
        if (!found) return;
        clearTimeout(timer);
        waiting.delete(check);
        resolve(found.value as never);
      };
      const timer = setTimeout(() => {
        waiting.delete(check);
        reject(
          new Error(`no ${name} within ${ms} ms; heard: ${heard.map((event) => event.name).join(', ') || 'nothing'}`),
        );
      }, ms);
      waiting.add(check);
      check();
    });

  return {
    io: socket,
    heard,
    join: (kind, id) => socket.timeout(20_000).emitWithAck('room:join', { kind, id }),
    leave: (kind, id) => void socket.emit('room:leave', { kind, id }),
    until,
    next: (matches, ms) => until('room:snapshot', matches, ms),
    snapshots: (kind, id) =>
      heard.flatMap((event) =>
        event.name === 'room:snapshot' && event.value.kind === kind && event.value.id === id ? [event.value] : [],
      ),
    async settle() {
      await socket.timeout(20_000).emitWithAck('clock:ask');
    },
    close: () => void socket.close(),
  };
}
