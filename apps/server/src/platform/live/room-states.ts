import type { RoomKind, Snapshot } from '@liventix/contracts/live';
import type { AnyRoom } from './define-room.ts';
import { type DirectWire, directWire, frameOf } from './fan-out.ts';
import type { LiveSocket } from './live-socket.ts';
import { OpenRoom, roomKey } from './open-room.ts';

/** A socket in a room. */
export interface Member {
  socket: LiveSocket;
  wire: DirectWire | null;
  /** The newest version it was given; -1 while its first snapshot is under way. */
  version: number;
  /** Something is still waiting to leave for it: it gets the newest of everything when that has gone. */
  behind: boolean;
  /** A count of people that it has not been told. */
  presenceDue: boolean;
  /** The database could not be asked whether it may still be here: it is told nothing until it could. */
  doubtful: boolean;
}

/** A room with members on this node; one per facet. */
export interface RoomState {
  room: AnyRoom;
  kind: RoomKind;
  id: string;
  key: string;
  open: OpenRoom;
  members: Map<LiveSocket, Member>;
  /** The count of people as members were last told it. */
  viewers: number;
}

export const refOf = (kind: RoomKind, id: string): string => `${kind}:${id}`;

export function partsOf(ref: string): { kind: RoomKind; id: string } {
  const at = ref.indexOf(':');
  return { kind: ref.slice(0, at) as RoomKind, id: ref.slice(at + 1) };
}

export interface RoomStatesOptions {
  read(room: AnyRoom, id: string, facet: string): Promise<Snapshot | null>;
  /** There is nothing to see any more: the members' access is checked again. */
  gone(kind: RoomKind, id: string): void;
  failed(err: unknown, kind: RoomKind): void;
  /** Socket.IO's own emit to the sockets of this node in a room: for sockets that cannot be written to directly. */
  emitToRoom(key: string, event: 'room:snapshot' | 'presence:now', value: unknown): void;
  /** False uses Socket.IO's emit for all. Default true. */
  directFrames?: boolean;
}

/** Reads of polls at the same time: what people do right now must not wait behind them. */
const POLLS_AT_ONCE = 4;

/** Rooms that somebody on this node is in, and what goes out to them. */
export class RoomStates {
  #options: RoomStatesOptions;
  #states = new Map<string, RoomState>();
  /** By kind, then by id: a rush touches mostly rooms that nobody is in, and makes no key for each. */
  #facets = new Map<RoomKind, Map<string, Set<RoomState>>>();
  #polling = false;
  #pollAgain = false;

  constructor(options: RoomStatesOptions) {
    this.#options = options;
  }

  get(key: string): RoomState | undefined {
    return this.#states.get(key);
  }

  /** Every facet of a room that has members here. */
  of(kind: RoomKind, id: string): RoomState[] {
    return [...(this.#facets.get(kind)?.get(id) ?? [])];
  }

  touch(kind: RoomKind, id: string): void {
    const facets = this.#facets.get(kind)?.get(id);
    if (facets) for (const state of facets) state.open.touch();
  }

  /** The state of a room, made when nobody was in it. */
  enter(room: AnyRoom, id: string, facet: string): RoomState {
    const key = roomKey(room.kind, id, facet);
    const known = this.#states.get(key);
    if (known) return known;
    const state: RoomState = {
      room,
      kind: room.kind,
      id,
      key,
      members: new Map(),
      viewers: 0,
      open: new OpenRoom({
        read: () => this.#options.read(room, id, facet),
        send: (snapshot) => this.#send(state, snapshot),
        gone: () => this.#options.gone(room.kind, id),
        failed: (err) => this.#options.failed(err, room.kind),
      }),
    };
    this.#states.set(key, state);
    const ofKind = this.#facets.get(room.kind) ?? new Map<string, Set<RoomState>>();
    this.#facets.set(room.kind, ofKind);
    ofKind.set(id, (ofKind.get(id) ?? new Set()).add(state));
    return state;
  }

  addMember(state: RoomState, socket: LiveSocket): Member {
    const wire = this.#options.directFrames === false ? null : directWire(socket);
    const member = { socket, wire, version: -1, behind: false, presenceDue: false, doubtful: false };
    state.members.set(socket, member);
    return member;
  }

  removeMember(state: RoomState, socket: LiveSocket): void {
    state.members.delete(socket);
    if (state.members.size > 0) return;
    state.open.close();
    this.#states.delete(state.key);
    const ofKind = this.#facets.get(state.kind);
    const facets = ofKind?.get(state.id);
    facets?.delete(state);
    if (facets?.size === 0) ofKind?.delete(state.id);
  }

  /** Reads every room again, the fullest first, a few at a time; calls meanwhile become one more round. */
  async poll(): Promise<void> {
    this.#pollAgain = true;
    if (this.#polling) return;
    this.#polling = true;
    while (this.#pollAgain) {
      this.#pollAgain = false;
      const states = [...this.#states.values()].sort((a, b) => b.members.size - a.members.size);
      const take = async () => {
        for (let state = states.shift(); state; state = states.shift()) await state.open.refresh();
      };
      await Promise.all(Array.from({ length: POLLS_AT_ONCE }, take));
    }
    this.#polling = false;
  }

  /** Tells everybody in a room how many look at it. */
  sendPresence(kind: RoomKind, id: string, viewers: number): void {
    const value = { kind, id, viewers };
    for (const state of this.of(kind, id)) {
      state.viewers = viewers;
      this.#write(state, 'presence:now', value, (member) => {
        if (member.version < 0) return 'skip'; // told after its first snapshot
        member.presenceDue = true;
        return member.doubtful ? 'skip' : 'due';
      });
    }
  }

  close(): void {
    for (const state of this.#states.values()) state.open.close();
    this.#states.clear();
    this.#facets.clear();
  }

  #send(state: RoomState, snapshot: Snapshot): void {
    this.#write(state, 'room:snapshot', snapshot, (member) =>
      member.version >= 0 && member.version < snapshot.version && !member.doubtful ? 'due' : 'skip',
    );
  }

  #write(
    state: RoomState,
    event: 'room:snapshot' | 'presence:now',
    value: Snapshot | { kind: RoomKind; id: string; viewers: number },
    due: (member: Member) => 'due' | 'skip',
  ): void {
    let frame: Buffer | null = null;
    const indirect: Member[] = [];
    for (const member of state.members.values()) {
      if (due(member) === 'skip') continue;
      if (!member.wire) {
        indirect.push(member);
        settle(member, value);
      } else if (member.wire.isClear()) {
        frame ??= frameOf(event, value);
        member.wire.write(frame);
        settle(member, value);
      } else this.#catchUpLater(state, member);
    }
    if (indirect.length === 0) return;
    if (indirect.length === state.members.size) this.#options.emitToRoom(state.key, event, value);
    else for (const { socket } of indirect) socket.emit(event, value as never);
  }

  /** A slow socket is not sent what would be old when it arrives: it gets the newest when its line is free. */
  #catchUpLater(state: RoomState, member: Member): void {
    if (member.behind) return;
    member.behind = true;
    member.wire?.whenClear(() => {
      member.behind = false;
      this.catchUp(state, member);
    });
  }

  /** Sends a member the newest of everything it has missed. */
  catchUp(state: RoomState, member: Member): void {
    if (state.members.get(member.socket) !== member || member.doubtful) return;
    const newest = state.open.last;
    if (newest && member.version >= 0 && newest.version > member.version) {
      settle(member, newest);
      member.socket.emit('room:snapshot', newest);
    }
    if (!member.presenceDue) return;
    member.presenceDue = false;
    member.socket.emit('presence:now', { kind: state.kind, id: state.id, viewers: state.viewers });
  }
}

function settle(member: Member, value: Snapshot | { viewers: number }): void {
  if ('version' in value) member.version = value.version;
  else member.presenceDue = false;
}
