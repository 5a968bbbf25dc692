import type { ClientToServerEvents, ServerToClientEvents } from '@liventix/contracts/live';
import type { DefaultEventsMap, Socket } from 'socket.io';
import type { Actor } from '../sessions.ts';
import type { Allowance } from './limits.rules.ts';

export interface SocketData {
  actor: Actor | null;
  /** Who this socket is: the user, else the browser's own visitor id. */
  person: string;
  /** Who this socket is for presence: strangers of one address count as a few. */
  countsAs: string;
  address: string;
  /** Key of each room it is in, by `kind:id`. */
  rooms: Map<string, string>;
  /** Rooms in which it is counted for presence. */
  counted: Set<string>;
  events: Allowance;
  joins: Allowance;
  clock: Allowance;
}

/** A connected socket and what is known of it. */
export type LiveSocket = Socket<ClientToServerEvents, ServerToClientEvents, DefaultEventsMap, SocketData>;
