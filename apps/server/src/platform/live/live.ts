import type { RoomKind, Snapshot } from '@liventix/contracts/live';
import type { Ctx } from '../context.ts';

/** What verbs and routers see of the live layer. */
export interface Live {
  /** Call after the commit: the room's members get a fresh snapshot at once. Safe to call for nobody, often, or twice. */
  touch(kind: RoomKind, id: string): void;
  /** Distinct people in a room on this node, true and uncapped; for staff, never for the public. */
  viewers(kind: RoomKind, id: string): number;
  /** A snapshot under the caller's rights: the polling fallback and the first data of a page. Throws NOT_FOUND. */
  snapshot<K extends RoomKind>(ctx: Ctx, kind: K, id: string): Promise<Snapshot<K>>;
  /** Checks every room of a person's sockets again (membership or role changed); other nodes hear it by the feed. */
  recheckPerson(userId: string): void;
  /** Closes the sockets of a session (sign-out, ban); other nodes hear it by the feed within a second. */
  endSession(sessionId: string): void;
  /** Closes every socket of a person (ban), on every node. Her sessions' rows must be gone before. */
  endPerson(userId: string): void;
}
