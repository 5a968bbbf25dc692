import type http from 'node:http';
import type { ClientToServerEvents, ServerToClientEvents, Snapshot } from '@liventix/contracts/live';
import { type DefaultEventsMap, Server } from 'socket.io';
import { createContext, createWorkContext, type Services, type WorkCtx } from '../context.ts';
import { fail } from '../errors.ts';
import type { ReadSession, Whose } from '../sessions.ts';
import { type AcrossNodes, alone, type NodeMessage } from './across-nodes.ts';
import { type Connections, createConnections } from './connections.ts';
import type { AnyRoom, FeedCommand, FeedRow } from './define-room.ts';
import { createDoors, type Doors } from './doors.ts';
import { type Feed, type FeedOptions, startFeed } from './feed.ts';
import { LIMITS, type LiveLimits } from './limits.rules.ts';
import type { Live } from './live.ts';
import type { SocketData } from './live-socket.ts';
import { Presence, shownViewers } from './presence.ts';
import { partsOf, RoomStates, refOf } from './room-states.ts';

export interface LiveServer extends Live {
  /** Mounts Socket.IO on the server. Call once, before listening. */
  attach(server: http.Server, services: Services): void;
  /** Starts hearing other writers. Without it only this process's `touch` moves rooms. */
  startFeed(options: Pick<FeedOptions, 'engineUrl' | 'node' | 'mode' | 'beatMs' | 'pollMs'>): Feed;
  /** Whether changes of other writers arrive. */
  readonly hearing: boolean;
  /** Rows as the feed tells them; exported for nodes that hear them another way. */
  hear(table: string, row: FeedRow, old: FeedRow | null, command: FeedCommand): void;
  /** Disconnects every socket and stops the feed. */
  stop(): Promise<void>;
}

export interface LiveOptions {
  rooms: readonly AnyRoom[];
  readSession: ReadSession;
  /** Whether a browser page at this origin may connect. */
  isAllowedOrigin(request: http.IncomingMessage): boolean;
  /** The address limits count by. Default: the socket's own. */
  addressOf?(request: http.IncomingMessage): string;
  /** The other nodes of this installation; left out, this one is alone. */
  across?: AcrossNodes;
  limits?: Partial<LiveLimits>;
  /** Told when a session or its person changed or ended, and when changes may have been missed. */
  onChanged?(whose: Whose): void;
  /** False sends by Socket.IO's own room emit. Default true. */
  directFrames?: boolean;
}

/** How often sessions are looked at that ended without a row telling it. */
const SWEEP_MS = 30_000;
/** A connection that has not said by then who it is is closed. */
const INTRODUCED_WITHIN_MS = 10_000;

const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i;

/** What is known when the live layer is mounted. */
interface Mounted {
  services: Services;
  work: WorkCtx;
  io: Server<ClientToServerEvents, ServerToClientEvents, DefaultEventsMap, SocketData>;
}

/** The live layer of one process: rooms, members, coalescers, presence, feed. State is in PostgreSQL; this only tells. */
export function createLive(options: LiveOptions): LiveServer {
  const rooms = new Map(options.rooms.map((room) => [room.kind, room])); // of two of a kind the later one
  const across = options.across ?? alone;
  const limits = { ...LIMITS, ...options.limits };
  let mounted: Mounted | null = null;
  let feed: Feed | null = null;
  let sweeping: NodeJS.Timeout | null = null;

  const onceMounted = (): Mounted => {
    if (!mounted) throw new Error('the live layer is not attached yet');
    return mounted;
  };
  const warn = (err: unknown, words: string, facts: object = {}): void =>
    mounted?.services.log.warn({ err, ...facts }, words);

  const presence = new Presence({
    report: reportPresence,
    ...(options.across ? { publish: (message: NodeMessage) => across.publish(message) } : {}),
  });
  const states = new RoomStates({
    read: readSnapshot,
    gone: (kind, id) => doors.recheckRoom(kind, id),
    failed: (err, kind) => warn(err, 'snapshot could not be read', { kind }),
    emitToRoom: (key, event, value) => void mounted?.io.local.to(key).emit(event, value as never),
    ...(options.directFrames === undefined ? {} : { directFrames: options.directFrames }),
  });
  const connections: Connections = createConnections({
    limits,
    readSession: options.readSession,
    addressOf: options.addressOf ?? ((request) => request.socket.remoteAddress ?? ''),
    now: () => onceMounted().services.clock.now(),
    doors: () => doors,
    warn,
  });
  const doors: Doors = createDoors({
    rooms,
    states,
    presence,
    limits,
    readSession: options.readSession,
    contextOf: (socket) =>
      createContext(onceMounted().services, {
        actor: socket?.data.actor ?? null,
        requestId: socket ? `socket-${socket.id}` : 'live',
        ip: socket?.data.address ?? '',
      }),
    isConnected: (socket) => connections.has(socket),
    end: connections.end,
    log: () => mounted?.services.log,
  });

  async function readSnapshot(room: AnyRoom, id: string, facet: string): Promise<Snapshot | null> {
    const read = await room.snapshot(onceMounted().work, id, facet);
    return read && ({ kind: room.kind, id, version: read.version, data: read.data } as Snapshot);
  }

  function reportPresence(ref: string, viewers: number): void {
    const { kind, id } = partsOf(ref);
    if (rooms.get(kind)?.presence) states.sendPresence(kind, id, shownViewers(viewers));
    for (const room of rooms.values()) if (room.presenceOf === kind) states.sendPresence(room.kind, id, viewers);
  }

  /** What ends or changes a person's sockets, or counts people, said here or on another node. */
  function hearNode(message: NodeMessage, node: string | null): void {
    if (message.name === 'session-ended') options.onChanged?.({ sessionId: message.sessionId });
    else if (message.name !== 'presence') options.onChanged?.({ userId: message.userId });
    if (message.name === 'presence') {
      if (node !== null) presence.hear(message, node);
    } else if (message.name === 'session-ended') {
      for (const socket of connections.ofSession(message.sessionId)) connections.end(socket);
    } else {
      for (const socket of connections.ofUser(message.userId)) {
        if (message.name === 'person-ended') connections.end(socket);
        else doors.recheckSocket(socket);
      }
    }
  }

  function tellNodes(message: NodeMessage): void {
    hearNode(message, null);
    across.publish(message);
  }

  /** Sockets whose session ended without a row telling it (it ran out; the feed was down) are closed here. */
  async function sweepSessions(): Promise<void> {
    const ids = connections.sessionIds();
    if (ids.length === 0 || !mounted) return;
    const rows = await mounted.services.db.engine.sql<{ id: string }[]>`
      select id from auth.sessions where id = any(${ids}::uuid[]) and expires_at > clock_timestamp()`;
    const running = new Set(rows.map((row) => row.id));
    for (const id of ids) if (!running.has(id)) for (const socket of connections.ofSession(id)) connections.end(socket);
  }

  function poll(): void {
    void states.poll();
    sweepSessions().catch((err) => warn(err, 'sessions could not be swept'));
  }

  const live: LiveServer = {
    get hearing() {
      return feed?.alive ?? false;
    },
    touch: (kind, id) => states.touch(kind, id),
    viewers: (kind, id) => presence.count(refOf(kind, id)),
    async snapshot(ctx, kind, id) {
      const room = rooms.get(kind);
      if (!room || !UUID.test(id)) fail('NOT_FOUND');
      const answer = await room.authorize(ctx, id);
      if (answer === false) fail('NOT_FOUND');
      const snapshot = await readSnapshot(room, id, typeof answer === 'string' ? answer : '');
      return (snapshot ?? fail('NOT_FOUND')) as never;
    },
    recheckPerson: (userId) => tellNodes({ name: 'person-recheck', userId }),
    endSession: (sessionId) => tellNodes({ name: 'session-ended', sessionId }),
    endPerson: (userId) => tellNodes({ name: 'person-ended', userId }),
    hear(table, row, old, command) {
      const id = row.id ?? old?.id;
      if ((table === 'auth.users' || table === 'public.profiles') && typeof id === 'string' && command !== 'insert')
        options.onChanged?.({ userId: id });
      if (table === 'auth.sessions') {
        if (command === 'update' && typeof id === 'string') options.onChanged?.({ sessionId: id });
        if (command === 'delete' && typeof id === 'string') hearNode({ name: 'session-ended', sessionId: id }, null);
      }
      for (const room of rooms.values()) {
        const ids = room.fromRow?.[table]?.(row, old, command);
        for (const id of Array.isArray(ids) ? ids : [ids]) if (id) states.touch(room.kind, id);
        const again = room.recheck?.[table]?.(row, old, command);
        if (!again) continue;
        if (again === 'everyone') for (const socket of connections.all()) doors.recheckSocket(socket, room.kind);
        else if ('userId' in again) hearNode({ name: 'person-recheck', userId: again.userId }, null);
        else doors.recheckRoom(room.kind, again.roomId);
      }
    },
    attach(server, services) {
      const io: Mounted['io'] = new Server(server, {
        transports: ['websocket'],
        perMessageDeflate: false,
        httpCompression: false,
        serveClient: false,
        maxHttpBufferSize: limits.messageBytes,
        destroyUpgrade: false, // Vite's own upgrade lives on another port, but other listeners may be mounted here
        connectTimeout: INTRODUCED_WITHIN_MS,
        allowRequest: (request, answer) =>
          answer(null, options.isAllowedOrigin(request) && connections.hasRoomFor(request)),
        ...(across.adapter ? { adapter: across.adapter } : {}),
      });
      mounted = { services, work: createWorkContext(services), io };
      across.start(io, hearNode);
      io.engine.on('connection', connections.meter);
      io.use(connections.introduce);
      io.on('connection', connections.welcome);
      sweeping = setInterval(() => {
        sweepSessions().catch((err) => warn(err, 'sessions could not be swept'));
      }, SWEEP_MS);
      sweeping.unref();
    },
    startFeed(given) {
      feed = startFeed({
        ...given,
        log: onceMounted().services.log.child({ part: 'feed' }),
        onRow: live.hear,
        poll,
        resync() {
          options.onChanged?.('everyone');
          poll();
          for (const socket of connections.all()) doors.recheckSocket(socket);
        },
      });
      return feed;
    },
    async stop() {
      if (sweeping) clearInterval(sweeping);
      presence.close();
      await feed?.stop();
      await across.stop();
      mounted?.io.local.disconnectSockets(true);
      states.close();
      mounted?.io.engine.close();
    },
  };
  return live;
}
