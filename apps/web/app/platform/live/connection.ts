import type {
  ClientToServerEvents,
  Refusal,
  RoomKind,
  RoomRef,
  ServerToClientEvents,
  Snapshot,
} from '@liventix/contracts/live';
import type { Socket } from 'socket.io-client';
import { queryClient } from '../query.tsx';
import { acceptState, clockOffset, comeBackMs, type RoomState } from './rooms.rules.ts';
import { visitorId } from './tabs.ts';

/**
 * The one socket of this tab. It lives at module level because pages come and go while it stays; Socket.IO itself is
 * loaded after first paint. Rooms are counted: the first screen that wants a room joins it, the last one leaves it.
 */

export type LiveState = 'idle' | 'connecting' | 'live' | 'down';

export interface LiveStatus {
  state: LiveState;
  /** When the socket was lost (this device's clock), null while it is up or was never asked for. */
  downSinceMs: number | null;
}

type Wire = Socket<ServerToClientEvents, ClientToServerEvents>;

const IDLE: LiveStatus = { state: 'idle', downSinceMs: null };
/** A room nobody shows any more is left after this long, so that going back and forth does not rejoin. */
const LEAVE_AFTER_MS = 2_000;
const CLOCK_EVERY_MS = 60_000;

let socket: Wire | undefined;
let starting = false;
let status = IDLE;
let clock = { offsetMs: 0, tripMs: Number.POSITIVE_INFINITY, atMs: 0 };

const statusListeners = new Set<() => void>();
const presence = new Map<string, number>();
const presenceListeners = new Map<string, Set<() => void>>();
/** `loud` users look at the room itself; quiet ones only show its numbers in a list and are not counted there. */
const joined = new Map<
  string,
  { ref: RoomRef; users: number; loud: number; leaving?: ReturnType<typeof setTimeout> }
>();
const refused = new Map<string, string>();

const nameOf = (kind: RoomKind, id: string) => `${kind}:${id}`;

/** The cache key under which a room's state lies. */
export const roomKey = (kind: RoomKind, id: string) => ['live', kind, id] as const;

function setStatus(next: LiveStatus): void {
  if (next.state === status.state && next.downSinceMs === status.downSinceMs) return;
  status = next;
  for (const listener of statusListeners) listener();
}

// Updates wait for the next frame, so that a burst is one render; the newest of each room wins.
const waiting = new Map<string, Snapshot>();
let flushing = false;

function flush(): void {
  flushing = false;
  const client = queryClient();
  const now = Date.now();
  for (const { kind, id, version, data } of waiting.values()) {
    client.setQueryData<RoomState<unknown>>(roomKey(kind, id), (current) =>
      acceptState(current, { version, data }, now),
    );
  }
  waiting.clear();
}

/**
 * Takes a snapshot into the cache, whoever brought it: the socket, a poll, or the answer of a mutation. One that is
 * not newer is dropped.
 */
export function acceptSnapshot(snapshot: Snapshot): void {
  const name = nameOf(snapshot.kind, snapshot.id);
  const other = waiting.get(name);
  if (other && other.version > snapshot.version) return;
  waiting.set(name, snapshot);
  if (flushing) return;
  flushing = true;
  // A hidden tab gets no frames, yet its numbers must be right the moment it is looked at.
  if (document.visibilityState === 'visible') requestAnimationFrame(flush);
  else setTimeout(flush, 0);
}

function join(wire: Wire, ref: RoomRef): void {
  const name = nameOf(ref.kind, ref.id);
  wire.timeout(8_000).emit('room:join', ref, (failure, answer) => {
    if (failure || !joined.has(name)) return;
    if (answer.ok) {
      refused.delete(name);
      acceptSnapshot(answer.snapshot);
      return;
    }
    const waitMs = comeBackMs(answer);
    if (waitMs !== null) setTimeout(() => wire.connected && joined.has(name) && join(wire, ref), waitMs);
    else {
      refused.set(name, answer.reason);
      for (const listener of statusListeners) listener();
    }
  });
}

function askClock(wire: Wire): void {
  const askedMs = Date.now();
  wire.timeout(4_000).emit('clock:ask', (failure, serverMs) => {
    if (failure) return;
    const heardMs = Date.now();
    const sample = clockOffset(askedMs, serverMs, heardMs);
    // The quickest answer is the truest; after five minutes a slower one is truer than an old one.
    if (sample.tripMs <= clock.tripMs || heardMs - clock.atMs > 300_000) clock = { ...sample, atMs: heardMs };
  });
}

/** How long the answer to a form may take. */
const FORM_MS = 10_000;
let formSentAt = Number.NEGATIVE_INFINITY;

/** Connects once. Safe to call often; does nothing on the server. */
export function startLive(): void {
  if (starting || typeof window === 'undefined') return;
  starting = true;
  setStatus({ state: 'connecting', downSinceMs: Date.now() });
  document.addEventListener('submit', () => (formSentAt = performance.now()), true);
  void import('socket.io-client')
    .then(({ io }) => {
      const wire: Wire = io({
        transports: ['websocket'],
        reconnectionDelay: 500,
        reconnectionDelayMax: 8_000,
        auth: { visitor: visitorId() },
      });
      socket = wire;
      wire.on('connect', () => {
        setStatus({ state: 'live', downSinceMs: null });
        for (const { ref } of joined.values()) join(wire, ref);
        askClock(wire);
        setTimeout(() => wire.connected && askClock(wire), 1_500);
      });
      const down = () => {
        setStatus({ state: 'down', downSinceMs: status.downSinceMs ?? Date.now() });
        // Who looks is known only while connected; a count of then would be a lie now.
        const known = [...presence.keys()];
        presence.clear();
        for (const name of known) for (const listener of presenceListeners.get(name) ?? []) listener();
      };
      wire.on('disconnect', (reason) => {
        down();
        // The server closed it on purpose (a deploy, a changed session): Socket.IO does not come back by itself then.
        if (reason === 'io server disconnect') setTimeout(() => wire.connect(), 1_000);
      });
      wire.on('connect_error', (failure: Error & { data?: Refusal }) => {
        down();
        // Refused by name: Socket.IO does not come back by itself then, and the server has said when to.
        const waitMs = failure.data && comeBackMs(failure.data);
        if (waitMs != null) setTimeout(() => wire.connect(), waitMs);
      });
      wire.on('room:snapshot', acceptSnapshot);
      wire.on('room:closed', ({ kind, id, reason }) => {
        refused.set(nameOf(kind, id), reason);
        for (const listener of statusListeners) listener();
      });
      wire.on('presence:now', ({ kind, id, viewers }) => {
        const name = nameOf(kind, id);
        presence.set(name, viewers);
        for (const listener of presenceListeners.get(name) ?? []) listener();
      });
      wire.on('session:ended', () => {
        // A form that is under way (signing in or out) may be what ended it: its answer brings the new cookie and the
        // next page, and a reload now would throw both away.
        const patience = FORM_MS - (performance.now() - formSentAt);
        setTimeout(() => window.location.reload(), Math.max(0, patience));
      });
      setInterval(() => wire.connected && askClock(wire), CLOCK_EVERY_MS);
    })
    .catch(() => {
      // The chunk did not load (offline, blocked): numbers come by polling, and the next page tries again.
      starting = false;
      setStatus({ state: 'down', downSinceMs: status.downSinceMs ?? Date.now() });
    });
}

/** Sign-in and sign-out change who the socket is; this makes it introduce itself again. */
export function reconnectLive(): void {
  socket?.disconnect().connect();
}

/** Counts one more user of a room; call the answer when done with it. */
export function enterRoom(kind: RoomKind, id: string, quiet = false): () => void {
  const name = nameOf(kind, id);
  const loud = quiet ? 0 : 1;
  // Joining again with the other voice is how a room learns that it is (no longer) looked at.
  const speakUp = (room: { ref: RoomRef; loud: number }) => {
    const ref: RoomRef = room.loud > 0 ? { kind, id } : { kind, id, quiet: true };
    if (ref.quiet === room.ref.quiet) return;
    room.ref = ref;
    if (socket?.connected) join(socket, ref);
  };
  const known = joined.get(name);
  if (known) {
    known.users += 1;
    known.loud += loud;
    clearTimeout(known.leaving);
    speakUp(known);
  } else {
    const ref: RoomRef = quiet ? { kind, id, quiet: true } : { kind, id };
    joined.set(name, { ref, users: 1, loud });
    if (socket?.connected) join(socket, ref);
  }
  return () => {
    const room = joined.get(name);
    if (!room) return;
    room.users -= 1;
    room.loud -= loud;
    if (room.users > 0) {
      speakUp(room);
      return;
    }
    room.leaving = setTimeout(() => {
      joined.delete(name);
      presence.delete(name);
      refused.delete(name);
      if (socket?.connected) socket.emit('room:leave', room.ref);
    }, LEAVE_AFTER_MS);
  };
}

export function subscribeStatus(listener: () => void): () => void {
  statusListeners.add(listener);
  return () => statusListeners.delete(listener);
}
export const readStatus = (): LiveStatus => status;
export const readStatusOnServer = (): LiveStatus => IDLE;
export const readRefusal = (kind: RoomKind, id: string): string | null => refused.get(nameOf(kind, id)) ?? null;

export function subscribePresence(kind: RoomKind, id: string, listener: () => void): () => void {
  const name = nameOf(kind, id);
  const listeners = presenceListeners.get(name) ?? new Set();
  listeners.add(listener);
  presenceListeners.set(name, listeners);
  return () => {
    listeners.delete(listener);
    if (listeners.size === 0) presenceListeners.delete(name);
  };
}
export const readPresence = (kind: RoomKind, id: string): number | null => presence.get(nameOf(kind, id)) ?? null;

/** The server's epoch milliseconds, as well as this tab knows them. */
export const serverNow = (): number => Date.now() + clock.offsetMs;

/** A first, rough offset from the time written into the page; any real answer replaces it. */
export function seedClock(pageServerMs: number): void {
  if (clock.atMs === 0) clock = { offsetMs: pageServerMs - Date.now(), tripMs: Number.POSITIVE_INFINITY, atMs: 0 };
}
