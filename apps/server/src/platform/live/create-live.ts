import type http from 'node:http';
import {
  type ClientToServerEvents,
  type JoinAck,
  type RefusalReason,
  type RoomKind,
  RoomRef,
  type ServerToClientEvents,
  type Snapshot,
} from '@liventix/contracts/live';
import { type DefaultEventsMap, type Socket as IoSocket, Server } from 'socket.io';
import { type Ctx, createContext, createWorkContext, type Services, type WorkCtx } from '../context.ts';
import { fail } from '../errors.ts';
import { addressOf } from '../origin.ts';
import type { Actor, ReadSession } from '../sessions.ts';
import { type AcrossNodes, alone, type NodeMessage } from './across-nodes.ts';
import type { AnyRoom, FeedCommand, FeedRow } from './define-room.ts';
import { type Feed, startFeed } from './feed.ts';
import type { Live } from './live.ts';
import { OpenRoom, roomKey } from './open-room.ts';
import { Presence, shownViewers } from './presence.ts';

/** Limits of one socket and one person; beyond them answers are refusals, never silence. */
export const LIMITS = {
  roomsPerSocket: 24,
  eventsPerSecond: 20,
  eventsBurst: 60,
  socketsPerPerson: 24,
  messageBytes: 16_384,
};

interface SocketData {
  actor: Actor | null;
  /** Who this socket is for presence: the user, else the browser's own visitor id. */
  person: string;
  /** Key of each room it is in, by `kind:id`. */
  rooms: Map<string, string>;
  /** Rooms in which it is counted for presence. */
  counted: Set<string>;
  tokens: number;
  tokensAt: number;
}

type Socket = IoSocket<ClientToServerEvents, ServerToClientEvents, DefaultEventsMap, SocketData>;

interface RoomState {
  room: AnyRoom;
  kind: RoomKind;
  id: string;
  facet: string;
  open: OpenRoom;
  /** Members and the version each was given when it came in; -1 while its first snapshot is under way. */
  members: Map<Socket, number>;
  newestJoin: number;
}

export interface LiveServer extends Live {
  /** Mounts Socket.IO on the server. Call once, before listening. */
  attach(server: http.Server, services: Services): void;
  /** Starts hearing other writers. Without it only this process's `touch` moves rooms. */
  startFeed(options: { engineUrl: string; node: string; beatMs?: number }): Feed;
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
  trustProxy?: number;
  /** The other nodes of this installation; left out, this one is alone. */
  across?: AcrossNodes;
}

const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i;

/** The live layer of one process: rooms, members, coalescers, presence, feed. State is in PostgreSQL; this only tells. */
export function createLive(options: LiveOptions): LiveServer {
  const rooms = new Map(options.rooms.map((room) => [room.kind, room])); // of two of a kind the later one
  const everyRoom = [...rooms.values()];
  const across = options.across ?? alone;
  const states = new Map<string, RoomState>();
  const byRef = new Map<string, Set<RoomState>>();
  const sockets = new Set<Socket>();
  let io: Server<ClientToServerEvents, ServerToClientEvents, DefaultEventsMap, SocketData> | null = null;
  let services: Services | null = null;
  let work: WorkCtx | null = null;
  let feed: Feed | null = null;
  const presence = new Presence({ report: reportPresence });

  const refOf = (kind: RoomKind, id: string) => `${kind}:${id}`;

  function mounted(): { services: Services; work: WorkCtx } {
    if (!services || !work) throw new Error('the live layer is not attached yet');
    return { services, work };
  }

  async function readSnapshot(ctx: WorkCtx, room: AnyRoom, id: string, facet: string): Promise<Snapshot | null> {
    const read = await room.snapshot(ctx, id, facet);
    return read && ({ kind: room.kind, id, version: read.version, data: read.data } as Snapshot);
  }

  function stateOf(room: AnyRoom, id: string, facet: string): RoomState {
    const key = roomKey(room.kind, id, facet);
    const known = states.get(key);
    if (known) return known;
    const state: RoomState = {
      room,
      kind: room.kind,
      id,
      facet,
      members: new Map(),
      newestJoin: Number.NEGATIVE_INFINITY,
      open: new OpenRoom({
        read: () => readSnapshot(mounted().work, room, id, facet),
        send: (snapshot) => send(state, snapshot),
        gone: () => recheckRoom(room.kind, id),
        failed: (err) => services?.log.warn({ err, kind: room.kind }, 'snapshot could not be read'),
      }),
    };
    states.set(key, state);
    const ref = refOf(room.kind, id);
    const facets = byRef.get(ref) ?? new Set();
    byRef.set(ref, facets.add(state));
    return state;
  }

  function send(state: RoomState, snapshot: Snapshot): void {
    // One encoding for all; only when somebody came in with a newer one are members told apart.
    if (snapshot.version > state.newestJoin) {
      io?.local.to(roomKey(state.kind, state.id, state.facet)).emit('room:snapshot', snapshot);
      return;
    }
    for (const [socket, version] of state.members) {
      if (version >= 0 && snapshot.version > version) socket.emit('room:snapshot', snapshot);
    }
  }

  function dropState(state: RoomState): void {
    if (state.members.size > 0) return;
    state.open.close();
    states.delete(roomKey(state.kind, state.id, state.facet));
    const ref = refOf(state.kind, state.id);
    const facets = byRef.get(ref);
    facets?.delete(state);
    if (facets?.size === 0) byRef.delete(ref);
  }

  function reportPresence(ref: string, viewers: number): void {
    const at = ref.indexOf(':');
    const kind = ref.slice(0, at) as RoomKind;
    const id = ref.slice(at + 1);
    for (const state of byRef.get(ref) ?? []) {
      io?.local.to(roomKey(kind, id, state.facet)).emit('presence:now', { kind, id, viewers: shownViewers(viewers) });
    }
    for (const room of everyRoom) {
      if (room.presenceOf !== kind) continue;
      for (const state of byRef.get(refOf(room.kind, id)) ?? []) {
        io?.local.to(roomKey(room.kind, id, state.facet)).emit('presence:now', { kind: room.kind, id, viewers });
      }
    }
  }

  function contextOf(socket: Socket): Ctx {
    return createContext(mounted().services, {
      actor: socket.data.actor,
      requestId: `socket-${socket.id}`,
      ip: addressOf(socket.request, options.trustProxy ?? 0),
    });
  }

  async function join(socket: Socket, kind: RoomKind, id: string, quiet = false): Promise<JoinAck> {
    const room = rooms.get(kind);
    const ref = refOf(kind, id);
    if (!room) return refuse('not_found');
    if (!socket.data.rooms.has(ref) && socket.data.rooms.size >= LIMITS.roomsPerSocket) return refuse('too_many_rooms');
    let state: RoomState | undefined;
    try {
      const answer = await room.authorize(contextOf(socket), id);
      if (answer === false)
        return refuse(socket.data.actor || kind === 'event' || kind === 'feed' ? 'not_found' : 'sign_in_required');
      if (!sockets.has(socket)) return refuse('unavailable');
      if (socket.data.rooms.has(ref)) leave(socket, kind, id);
      state = stateOf(room, id, typeof answer === 'string' ? answer : '');
      // In before reading: a change committed meanwhile marks the room, and is sent after the ack.
      state.members.set(socket, -1);
      socket.data.rooms.set(ref, roomKey(kind, id, state.facet));
      const snapshot = await state.open.current();
      if (!snapshot || !state.members.has(socket)) {
        leave(socket, kind, id);
        return refuse('not_found');
      }
      state.members.set(socket, snapshot.version);
      state.newestJoin = Math.max(state.newestJoin, snapshot.version);
      await socket.join(roomKey(kind, id, state.facet));
      if (room.presence && !quiet) {
        socket.data.counted.add(ref);
        presence.enter(ref, socket.data.person);
      }
      afterAck(socket, state, snapshot.version);
      return { ok: true, snapshot };
    } catch (err) {
      if (state) leave(socket, kind, id);
      services?.log.warn({ err, kind }, 'room could not be joined');
      return refuse('unavailable');
    }
  }

  // The ack leaves first: it is written in this turn of the loop, this in the next.
  function afterAck(socket: Socket, state: RoomState, version: number): void {
    setImmediate(() => {
      if (!state.members.has(socket)) return;
      const newer = state.open.last;
      if (newer && newer.version > version) {
        state.members.set(socket, newer.version);
        state.newestJoin = Math.max(state.newestJoin, newer.version);
        socket.emit('room:snapshot', newer);
      }
      const source = state.room.presenceOf ?? (state.room.presence ? state.kind : null);
      if (!source) return;
      const count = presence.count(refOf(source, state.id));
      const viewers = state.room.presenceOf ? count : shownViewers(count);
      if (viewers > 0) socket.emit('presence:now', { kind: state.kind, id: state.id, viewers });
    });
  }

  function leave(socket: Socket, kind: RoomKind, id: string): void {
    const ref = refOf(kind, id);
    const key = socket.data.rooms.get(ref);
    if (!key) return;
    socket.data.rooms.delete(ref);
    void socket.leave(key);
    const state = states.get(key);
    if (!state) return;
    state.members.delete(socket);
    if (socket.data.counted.delete(ref)) presence.leave(ref, socket.data.person);
    dropState(state);
  }

  function eject(socket: Socket, kind: RoomKind, id: string, reason: RefusalReason): void {
    leave(socket, kind, id);
    socket.emit('room:closed', { kind, id, reason });
  }

  /** Asks the database again; in doubt the door is shut, and the client may knock. */
  async function recheck(socket: Socket, kind: RoomKind, id: string): Promise<void> {
    const room = rooms.get(kind);
    const key = socket.data.rooms.get(refOf(kind, id));
    if (!room || !key) return;
    try {
      if (socket.data.actor) {
        const actor = await options.readSession(socket.request.headers.cookie);
        if (!actor) return end(socket);
        socket.data.actor = actor;
      }
      const answer = await room.authorize(contextOf(socket), id);
      if (socket.data.rooms.get(refOf(kind, id)) !== key) return;
      if (answer === false) return eject(socket, kind, id, 'not_found');
      const facet = typeof answer === 'string' ? answer : '';
      if (roomKey(kind, id, facet) === key) return;
      const moved = await join(socket, kind, id, !socket.data.counted.has(refOf(kind, id)));
      if (moved.ok) socket.emit('room:snapshot', moved.snapshot);
      else socket.emit('room:closed', { kind, id, reason: moved.reason });
    } catch (err) {
      services?.log.warn({ err, kind }, 'access could not be checked again');
      eject(socket, kind, id, 'unavailable');
    }
  }

  function recheckRoom(kind: RoomKind, id: string): void {
    for (const state of [...(byRef.get(refOf(kind, id)) ?? [])]) {
      for (const socket of [...state.members.keys()]) void recheck(socket, kind, id);
    }
  }

  function recheckSocket(socket: Socket, only?: RoomKind): void {
    for (const ref of [...socket.data.rooms.keys()]) {
      const at = ref.indexOf(':');
      const kind = ref.slice(0, at) as RoomKind;
      if (only && kind !== only) continue;
      void recheck(socket, kind, ref.slice(at + 1));
    }
  }

  function end(socket: Socket): void {
    socket.emit('session:ended');
    socket.disconnect(true);
  }

  function spend(socket: Socket): boolean {
    const now = performance.now();
    const { data } = socket;
    data.tokens = Math.min(LIMITS.eventsBurst, data.tokens + ((now - data.tokensAt) / 1000) * LIMITS.eventsPerSecond);
    data.tokensAt = now;
    if (data.tokens < 1) return false;
    data.tokens -= 1;
    return true;
  }

  function onConnection(socket: Socket): void {
    let tabs = 0;
    for (const other of sockets) if (other.data.person === socket.data.person) tabs++;
    if (tabs >= LIMITS.socketsPerPerson) {
      socket.disconnect(true);
      return;
    }
    sockets.add(socket);
    socket.on('room:join', async (given: unknown, ack: unknown) => {
      if (typeof ack !== 'function') return;
      const answer = ack as (answer: JoinAck) => void;
      if (!spend(socket)) return answer(refuse('too_fast'));
      const ref = RoomRef.safeParse(given);
      if (!ref.success) return answer(refuse('invalid'));
      answer(await join(socket, ref.data.kind, ref.data.id.toLowerCase(), ref.data.quiet));
    });
    socket.on('room:leave', (given: unknown) => {
      const ref = RoomRef.safeParse(given);
      if (ref.success) leave(socket, ref.data.kind, ref.data.id.toLowerCase());
    });
    socket.on('clock:ask', (ack: unknown) => {
      if (typeof ack === 'function' && spend(socket)) ack(Date.now());
    });
    socket.on('disconnect', () => {
      sockets.delete(socket);
      for (const ref of [...socket.data.rooms.keys()]) {
        const at = ref.indexOf(':');
        leave(socket, ref.slice(0, at) as RoomKind, ref.slice(at + 1));
      }
    });
  }

  /** Sockets whose session ended without a row telling it (it ran out; the feed was down) are closed here. */
  async function sweepSessions(): Promise<void> {
    const ids = [...new Set([...sockets].flatMap((socket) => socket.data.actor?.sessionId ?? []))];
    if (ids.length === 0) return;
    const rows = await mounted().services.db.engine.sql<{ id: string }[]>`
      select id from auth.sessions where id = any(${ids}::uuid[]) and expires_at > clock_timestamp()`;
    const running = new Set(rows.map((row) => row.id));
    for (const socket of [...sockets]) {
      const sessionId = socket.data.actor?.sessionId;
      if (sessionId && ids.includes(sessionId) && !running.has(sessionId)) end(socket);
    }
  }

  /** What ends or changes a person's sockets, said here or on another node. */
  function hearNode(message: NodeMessage): void {
    if (message.name === 'presence') return;
    for (const socket of [...sockets]) {
      const { actor } = socket.data;
      if (!actor) continue;
      if (message.name === 'session-ended' && actor.sessionId === message.sessionId) end(socket);
      if (message.name === 'person-ended' && actor.userId === message.userId) end(socket);
      if (message.name === 'person-recheck' && actor.userId === message.userId) recheckSocket(socket);
    }
  }

  let beats = 0;
  const poll = setInterval(() => {
    if (!services) return;
    beats++;
    const deaf = feed !== null && !feed.alive;
    if (deaf) for (const state of states.values()) state.open.touch();
    if (deaf || beats % 30 === 0)
      sweepSessions().catch((err) => services?.log.warn({ err }, 'sessions could not be swept'));
  }, 1000);
  poll.unref();

  const live: LiveServer = {
    touch(kind, id) {
      for (const state of byRef.get(refOf(kind, id)) ?? []) state.open.touch();
    },
    viewers: (kind, id) => presence.count(refOf(kind, id)),
    async snapshot(ctx, kind, id) {
      const room = rooms.get(kind);
      if (!room || !UUID.test(id)) fail('NOT_FOUND');
      const answer = await room.authorize(ctx, id);
      if (answer === false) fail('NOT_FOUND');
      const snapshot = await readSnapshot(mounted().work, room, id, typeof answer === 'string' ? answer : '');
      return (snapshot ?? fail('NOT_FOUND')) as never;
    },
    recheckPerson(userId) {
      hearNode({ name: 'person-recheck', userId });
      across.publish({ name: 'person-recheck', userId });
    },
    endSession(sessionId) {
      hearNode({ name: 'session-ended', sessionId });
      across.publish({ name: 'session-ended', sessionId });
    },
    endPerson(userId) {
      hearNode({ name: 'person-ended', userId });
      across.publish({ name: 'person-ended', userId });
    },
    hear(table, row, old, command) {
      if (table === 'auth.sessions' && command === 'delete') {
        const id = row.id ?? old?.id;
        if (typeof id === 'string') hearNode({ name: 'session-ended', sessionId: id });
        return;
      }
      for (const room of everyRoom) {
        const ids = room.fromRow?.[table]?.(row, old, command);
        for (const id of Array.isArray(ids) ? ids : [ids]) if (id) live.touch(room.kind, id);
        const again = room.recheck?.[table]?.(row, old, command);
        if (!again) continue;
        if (again === 'everyone') for (const socket of [...sockets]) recheckSocket(socket, room.kind);
        else if ('userId' in again) hearNode({ name: 'person-recheck', userId: again.userId });
        else recheckRoom(room.kind, again.roomId);
      }
    },
    attach(server, given) {
      services = given;
      work = createWorkContext(given);
      io = new Server(server, {
        transports: ['websocket'],
        perMessageDeflate: false,
        httpCompression: false,
        serveClient: false,
        maxHttpBufferSize: LIMITS.messageBytes,
        destroyUpgrade: false, // Vite's own upgrade lives on another port, but other listeners may be mounted here
        allowRequest: (request, answer) => answer(null, options.isAllowedOrigin(request)),
        ...(across.adapter ? { adapter: across.adapter } : {}),
      });
      across.start(io, hearNode);
      io.use((socket, next) => {
        options.readSession(socket.request.headers.cookie).then(
          (actor) => {
            const visitor: unknown = socket.handshake.auth.visitor;
            socket.data.actor = actor;
            socket.data.person =
              actor?.userId ?? (typeof visitor === 'string' && UUID.test(visitor) ? `v:${visitor}` : socket.id);
            socket.data.rooms = new Map();
            socket.data.counted = new Set();
            socket.data.tokens = LIMITS.eventsBurst;
            socket.data.tokensAt = performance.now();
            next();
          },
          (err: unknown) => {
            given.log.warn({ err }, 'session could not be read at the handshake');
            next(new Error('unavailable'));
          },
        );
      });
      io.on('connection', onConnection);
    },
    startFeed({ engineUrl, node, beatMs }) {
      const { log } = mounted().services;
      feed = startFeed({
        engineUrl,
        node,
        ...(beatMs === undefined ? {} : { beatMs }),
        log: log.child({ part: 'feed' }),
        onRow: live.hear,
        async resync() {
          for (const state of states.values()) state.open.touch();
          for (const socket of [...sockets]) recheckSocket(socket);
          await sweepSessions();
        },
      });
      return feed;
    },
    async stop() {
      clearInterval(poll);
      presence.close();
      await feed?.stop();
      await across.stop();
      io?.local.disconnectSockets(true);
      for (const state of states.values()) state.open.close();
      states.clear();
      byRef.clear();
      io?.engine.close();
    },
  };
  return live;
}

function refuse(reason: RefusalReason): JoinAck {
  return { ok: false, reason };
}
