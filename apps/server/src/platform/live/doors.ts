import type { JoinAck, RefusalReason, RoomKind } from '@liventix/contracts/live';
import type { Ctx } from '../context.ts';
import type { Logger } from '../log.ts';
import type { ReadSession } from '../sessions.ts';
import { Admission } from './admission.ts';
import type { AnyRoom } from './define-room.ts';
import type { LiveLimits } from './limits.rules.ts';
import type { LiveSocket } from './live-socket.ts';
import { onceEach } from './once-each.ts';
import { roomKey } from './open-room.ts';
import { type Presence, shownViewers } from './presence.ts';
import { type Member, partsOf, type RoomState, type RoomStates, refOf } from './room-states.ts';

export interface DoorsOptions {
  rooms: ReadonlyMap<RoomKind, AnyRoom>;
  states: RoomStates;
  presence: Presence;
  limits: LiveLimits;
  readSession: ReadSession;
  /** A verb's context on behalf of a socket, or of nobody. */
  contextOf(socket: LiveSocket | null): Ctx;
  isConnected(socket: LiveSocket): boolean;
  /** Tells a socket that its session is over and closes it. */
  end(socket: LiveSocket): void;
  log(): Logger | undefined;
}

export interface Doors {
  join(socket: LiveSocket, kind: RoomKind, id: string, quiet?: boolean): Promise<JoinAck>;
  leave(socket: LiveSocket, kind: RoomKind, id: string): void;
  leaveAll(socket: LiveSocket): void;
  /** Asks the database again whether the members of a room may be there. */
  recheckRoom(kind: RoomKind, id: string): void;
  /** The same for every room of a socket, or those of one kind. */
  recheckSocket(socket: LiveSocket, only?: RoomKind): void;
}

/** Checks of access at the same time, when many must be asked again. */
const RECHECKS_AT_ONCE = 8;
/** How often the database is asked whether it answers again, when it could not say who may be where. */
const DOUBT_MS = 400;

export const refuse = (reason: RefusalReason): JoinAck => ({ ok: false, reason });

/** Who comes into a room, who is put out, and who must be asked again. */
export function createDoors(options: DoorsOptions): Doors {
  const { rooms, states, presence, limits } = options;
  const admission = new Admission();
  const askEverybody = sharing((room: AnyRoom, id: string) => room.authorize(options.contextOf(null), id));

  /** Where anybody may come in, one question to the database is the answer for all who ask at the same time. */
  async function authorize(socket: LiveSocket, room: AnyRoom, id: string): Promise<boolean | string> {
    if (room.public && (await askEverybody.ask(room, id)) === true) return true;
    if (room.public && !socket.data.actor) return false;
    return room.authorize(options.contextOf(socket), id);
  }

  async function join(socket: LiveSocket, kind: RoomKind, id: string, quiet = false): Promise<JoinAck> {
    const room = rooms.get(kind);
    if (!room) return refuse('not_found');
    if (!socket.data.rooms.has(refOf(kind, id)) && socket.data.rooms.size >= limits.roomsPerSocket)
      return refuse('too_many_rooms');
    try {
      const passed = await admission.pass(() => enter(socket, room, id, quiet), socket.data.address);
      return 'done' in passed ? passed.done : { ok: false, reason: 'later', afterMs: passed.afterMs };
    } catch (err) {
      options.log()?.warn({ err, kind }, 'room could not be joined');
      return refuse('unavailable');
    }
  }

  async function enter(socket: LiveSocket, room: AnyRoom, id: string, quiet: boolean): Promise<JoinAck> {
    const { kind } = room;
    const ref = refOf(kind, id);
    const before = rechecked;
    const answer = await authorize(socket, room, id);
    if (answer === false) return refuse(socket.data.actor || room.public ? 'not_found' : 'sign_in_required');
    if (!options.isConnected(socket)) return refuse('unavailable');
    if (socket.data.rooms.has(ref)) leave(socket, kind, id);
    const state = states.enter(room, id, typeof answer === 'string' ? answer : '');
    // In before reading: a change committed meanwhile marks the room, and is sent after the ack.
    const member = states.addMember(state, socket);
    socket.data.rooms.set(ref, state.key);
    try {
      const snapshot = await state.open.current();
      if (!snapshot || state.members.get(socket) !== member) {
        if (state.members.get(socket) === member) leave(socket, kind, id);
        return refuse(snapshot ? 'unavailable' : 'not_found');
      }
      void socket.join(state.key);
      if (room.presence && !quiet) {
        socket.data.counted.add(ref);
        presence.enter(ref, socket.data.countsAs);
      }
      afterAck(state, member, snapshot.version);
      // Rights changed between our question and our coming in: nobody saw us in the room, so we ask ourselves.
      if (rechecked !== before) recheckSocket(socket, kind);
      return { ok: true, snapshot };
    } catch (err) {
      if (state.members.get(socket) === member) leave(socket, kind, id);
      throw err;
    }
  }

  // The ack leaves first: it is written in this turn of the loop, this in the next.
  function afterAck(state: RoomState, member: Member, version: number): void {
    setImmediate(() => {
      const { socket } = member;
      if (state.members.get(socket) !== member) return;
      const newer = state.open.last;
      member.version = Math.max(version, newer?.version ?? version);
      if (newer && newer.version > version) socket.emit('room:snapshot', newer);
      const source = state.room.presenceOf ?? (state.room.presence ? state.kind : null);
      if (!source) return;
      const count = presence.count(refOf(source, state.id));
      const viewers = state.room.presenceOf ? count : shownViewers(count);
      if (viewers > 0) socket.emit('presence:now', { kind: state.kind, id: state.id, viewers });
    });
  }

  function leave(socket: LiveSocket, kind: RoomKind, id: string): void {
    const ref = refOf(kind, id);
    const key = socket.data.rooms.get(ref);
    if (!key) return;
    socket.data.rooms.delete(ref);
    void socket.leave(key);
    const state = states.get(key);
    if (!state) return;
    if (socket.data.counted.delete(ref)) presence.leave(ref, socket.data.countsAs);
    states.removeMember(state, socket);
  }

  function eject(socket: LiveSocket, kind: RoomKind, id: string, reason: RefusalReason): void {
    leave(socket, kind, id);
    socket.emit('room:closed', { kind, id, reason });
  }

  /** Asks the database again. While that does not answer, the socket is told nothing, and asked for until it does. */
  async function recheck(socket: LiveSocket, kind: RoomKind, id: string): Promise<void> {
    const room = rooms.get(kind);
    const key = socket.data.rooms.get(refOf(kind, id));
    if (!room || !key) return;
    try {
      const answer = await authorize(socket, room, id);
      if (socket.data.rooms.get(refOf(kind, id)) !== key) return;
      if (answer === false) return eject(socket, kind, id, 'not_found');
      const facet = typeof answer === 'string' ? answer : '';
      if (roomKey(kind, id, facet) === key) return believe(socket, key);
      const moved = await enter(socket, room, id, !socket.data.counted.has(refOf(kind, id)));
      if (moved.ok) socket.emit('room:snapshot', moved.snapshot);
      else socket.emit('room:closed', { kind, id, reason: moved.reason });
    } catch (err) {
      options.log()?.warn({ err, kind }, 'access could not be checked again');
      doubt(socket);
    }
  }

  const doubtful = new Set<LiveSocket>();
  let asking: NodeJS.Timeout | null = null;

  function doubt(socket: LiveSocket): void {
    for (const key of socket.data.rooms.values()) {
      const member = states.get(key)?.members.get(socket);
      if (member) member.doubtful = true;
    }
    doubtful.add(socket);
    asking ??= setTimeout(async () => {
      asking = null;
      // One asks for all: when the database answers her, the others follow.
      const [first, ...others] = doubtful;
      doubtful.clear();
      if (!first) return;
      await recheckAll(first);
      if (doubtful.has(first)) for (const other of others) doubtful.add(other);
      else for (const other of others) recheckSocket(other);
    }, DOUBT_MS);
    asking.unref();
  }

  function believe(socket: LiveSocket, key: string): void {
    const state = states.get(key);
    const member = state?.members.get(socket);
    if (!state || !member?.doubtful) return;
    member.doubtful = false;
    states.catchUp(state, member);
  }

  /** Whether the socket's session still runs, and who it is by now. */
  async function refreshActor(socket: LiveSocket): Promise<boolean> {
    if (!socket.data.actor) return true;
    const actor = await options.readSession(socket.request.headers.cookie);
    if (!actor) {
      options.end(socket);
      return false;
    }
    socket.data.actor = actor;
    return true;
  }

  const rechecks = onceEach(RECHECKS_AT_ONCE);
  let rechecked = 0;

  function recheckSocket(socket: LiveSocket, only?: RoomKind): void {
    rechecked++;
    askEverybody.forget();
    rechecks(`${socket.id} ${only ?? 'all'}`, () => recheckAll(socket, only));
  }

  async function recheckAll(socket: LiveSocket, only?: RoomKind): Promise<void> {
    if (!options.isConnected(socket)) return;
    const refs = [...socket.data.rooms.keys()].map(partsOf).filter(({ kind }) => !only || kind === only);
    try {
      if (refs.length === 0 || !(await refreshActor(socket))) return;
    } catch (err) {
      options.log()?.warn({ err }, 'session could not be checked again');
      doubt(socket);
      return;
    }
    for (const { kind, id } of refs) await recheck(socket, kind, id);
  }

  async function recheckMembers(kind: RoomKind, id: string): Promise<void> {
    const inside = states.of(kind, id);
    const room = rooms.get(kind);
    if (!room || inside.length === 0) return;
    // While everybody may come in, nobody needs to be asked for.
    const open = room.public && (await askEverybody.ask(room, id).catch(() => false)) === true;
    if (open && inside.every((state) => state.key === roomKey(kind, id))) return;
    for (const state of inside)
      for (const socket of [...state.members.keys()])
        rechecks(`${socket.id} ${refOf(kind, id)}`, async () => {
          if (!options.isConnected(socket)) return;
          if (await refreshActor(socket).catch(() => true)) await recheck(socket, kind, id);
        });
  }

  return {
    join,
    leave,
    leaveAll(socket) {
      for (const { kind, id } of [...socket.data.rooms.keys()].map(partsOf)) leave(socket, kind, id);
    },
    recheckRoom(kind, id) {
      rechecked++;
      askEverybody.forget();
      rechecks(refOf(kind, id), () => recheckMembers(kind, id));
    },
    recheckSocket,
  };
}

/** One run at a time per room: who asks meanwhile gets its answer, unless rights have changed since it was asked. */
function sharing<T>(ask: (room: AnyRoom, id: string) => Promise<T>) {
  const running = new Map<string, Promise<T>>();
  return {
    ask(room: AnyRoom, id: string): Promise<T> {
      const key = refOf(room.kind, id);
      const known = running.get(key);
      if (known) return known;
      const asked = ask(room, id).finally(() => {
        if (running.get(key) === asked) running.delete(key);
      });
      running.set(key, asked);
      return asked;
    },
    forget: () => running.clear(),
  };
}
