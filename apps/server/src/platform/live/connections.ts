import type { IncomingMessage } from 'node:http';
import { type JoinAck, type Refusal, type RefusalReason, RoomRef } from '@liventix/contracts/live';
import { limitKeyOf } from '../limit-key.ts';
import type { ReadSession } from '../sessions.ts';
import { Admission } from './admission.ts';
import { type Doors, refuse } from './doors.ts';
import { Allowance, type LiveLimits, Strangers, Tally } from './limits.rules.ts';
import type { LiveSocket } from './live-socket.ts';

export interface ConnectionsOptions {
  limits: LiveLimits;
  readSession: ReadSession;
  addressOf(request: IncomingMessage): string;
  /** The clock that sockets are told. */
  now(): number;
  doors(): Doors;
  warn(err: unknown, words: string): void;
}

/** The sockets of this node. */
export interface Connections {
  /** Whether one more connection of this address may be opened: also those that never say who they are hold memory. */
  hasRoomFor(request: IncomingMessage): boolean;
  /** Of every connection, from its first byte: counts it, and cuts it when it sends more than anybody's page does. */
  meter(connection: LiveSocket['conn']): void;
  /** Middleware of Socket.IO: who is this, and may one more come in? */
  introduce(socket: LiveSocket, next: (err?: Error) => void): void;
  welcome(socket: LiveSocket): void;
  has(socket: LiveSocket): boolean;
  all(): LiveSocket[];
  ofSession(sessionId: string): LiveSocket[];
  ofUser(userId: string): LiveSocket[];
  sessionIds(): string[];
  /** Tells a socket that its session is over and closes it. */
  end(socket: LiveSocket): void;
}

const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i;

/** How long a connection that we closed may take to be gone. */
const CLOSES_WITHIN_MS = 1000;

/** A refusal at the door; `data` reaches the client with `connect_error`. */
class Refused extends Error {
  readonly data: Refusal;
  constructor(reason: RefusalReason, afterMs?: number) {
    super(reason);
    this.name = 'Refused';
    this.data = afterMs === undefined ? { reason } : { reason, afterMs };
  }
}

export function createConnections(options: ConnectionsOptions): Connections {
  const { limits } = options;
  const sockets = new Set<LiveSocket>();
  const byUser = new Map<string, Set<LiveSocket>>();
  const bySession = new Map<string, Set<LiveSocket>>();
  const people = new Tally();
  const addresses = new Tally();
  /** Connections of an address, introduced or not. */
  const wires = new Tally();
  const strangers = new Strangers(limits.strangersPerAddress);
  const admission = new Admission();

  /** Every socket counts from its first moment, so that a thousand at once cannot pass one by one. */
  function count(socket: LiveSocket): void {
    const { actor, person, address } = socket.data;
    people.add(person);
    addresses.add(address);
    // Anybody gets guests for nothing.
    const stranger = !actor || actor.isAnonymous ? strangers.enter(address, person) : null;
    if (stranger) socket.data.countsAs = stranger.counts;
    socket.conn.once('close', () => {
      people.remove(person);
      addresses.remove(address);
      stranger?.leave();
    });
  }

  const addressOf = (request: IncomingMessage) => limitKeyOf(options.addressOf(request));
  // Some more than may be introduced: those over that are told why.
  const hasRoomFor = (request: IncomingMessage) =>
    wires.of(addressOf(request)) < limits.socketsPerAddress + limits.strayPerAddress;

  function meter(connection: LiveSocket['conn']): void {
    const address = addressOf(connection.request);
    const wire = connection.request.socket;
    if (!wire.closed) {
      wires.add(address);
      wire.once('close', () => wires.remove(address));
    }
    // The other end is asked to close, and would be waited for half a minute.
    connection.once('close', () => setTimeout(() => wire.destroy(), CLOSES_WITHIN_MS).unref());
    const now = performance.now();
    const packets = new Allowance(limits.packetsPerSecond, limits.packetsBurst, now);
    const bytes = new Allowance(limits.bytesPerSecond, limits.bytesBurst, now);
    // A closing handshake would go on reading what the flood still sends.
    const cut = () => {
      connection.close(true);
      wire.destroy();
    };
    connection.on('packet', () => {
      if (!packets.spend(performance.now())) cut();
    });
    wire.on('data', (chunk: Buffer) => {
      if (!bytes.spend(performance.now(), chunk.length)) cut();
    });
  }

  async function introduce(socket: LiveSocket): Promise<void> {
    const address = addressOf(socket.request);
    if (addresses.of(address) >= limits.socketsPerAddress) throw new Refused('too_many_sockets');
    const passed = await admission.pass(() => options.readSession(socket.request.headers.cookie), address);
    if (!('done' in passed)) throw new Refused('later', passed.afterMs);
    const actor = passed.done;
    const visitor: unknown = socket.handshake.auth.visitor;
    const person = actor?.userId ?? (typeof visitor === 'string' && UUID.test(visitor) ? `v:${visitor}` : socket.id);
    if (people.of(person) >= limits.socketsPerPerson) throw new Refused('too_many_sockets');
    if (addresses.of(address) >= limits.socketsPerAddress) throw new Refused('too_many_sockets');
    const now = performance.now();
    socket.data = {
      actor,
      person,
      countsAs: person,
      address,
      rooms: new Map(),
      counted: new Set(),
      events: new Allowance(limits.eventsPerSecond, limits.eventsBurst, now),
      joins: new Allowance(limits.joinsPerSecond, limits.joinsBurst, now),
      clock: new Allowance(limits.clockPerSecond, limits.clockBurst, now),
    };
    count(socket);
  }

  function index(map: Map<string, Set<LiveSocket>>, key: string | undefined, socket: LiveSocket): void {
    if (key) map.set(key, (map.get(key) ?? new Set()).add(socket));
  }

  function unindex(map: Map<string, Set<LiveSocket>>, key: string | undefined, socket: LiveSocket): void {
    const known = key ? map.get(key) : undefined;
    known?.delete(socket);
    if (key && known?.size === 0) map.delete(key);
  }

  function welcome(socket: LiveSocket): void {
    const { actor } = socket.data;
    sockets.add(socket);
    index(byUser, actor?.userId, socket);
    index(bySession, actor?.sessionId, socket);
    socket.on('room:join', async (given: unknown, ack: unknown) => {
      if (typeof ack !== 'function') return;
      const answer = ack as (answer: JoinAck) => void;
      const now = performance.now();
      if (!socket.data.events.spend(now) || !socket.data.joins.spend(now)) return answer(refuse('too_fast'));
      const ref = RoomRef.safeParse(given);
      if (!ref.success) return answer(refuse('invalid'));
      answer(await options.doors().join(socket, ref.data.kind, ref.data.id.toLowerCase(), ref.data.quiet));
    });
    socket.on('room:leave', (given: unknown) => {
      const ref = RoomRef.safeParse(given);
      if (ref.success) options.doors().leave(socket, ref.data.kind, ref.data.id.toLowerCase());
    });
    socket.on('clock:ask', (ack: unknown) => {
      if (typeof ack === 'function' && socket.data.clock.spend(performance.now())) ack(options.now());
    });
    socket.on('disconnect', () => {
      sockets.delete(socket);
      unindex(byUser, actor?.userId, socket);
      unindex(bySession, actor?.sessionId, socket);
      options.doors().leaveAll(socket);
    });
  }

  return {
    hasRoomFor,
    meter,
    introduce(socket, next) {
      introduce(socket).then(
        () => next(),
        (err: unknown) => {
          if (err instanceof Refused) return next(err);
          options.warn(err, 'session could not be read at the handshake');
          next(new Refused('unavailable'));
        },
      );
    },
    welcome,
    has: (socket) => sockets.has(socket),
    all: () => [...sockets],
    ofSession: (id) => [...(bySession.get(id) ?? [])],
    ofUser: (id) => [...(byUser.get(id) ?? [])],
    sessionIds: () => [...bySession.keys()],
    end(socket) {
      socket.emit('session:ended');
      socket.disconnect(true);
    },
  };
}
