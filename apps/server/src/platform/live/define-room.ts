import type { RoomKind, SnapshotOf } from '@liventix/contracts/live';
import type { Ctx, WorkCtx } from '../context.ts';

/** A row as the feed sends it: column name to value. A delete carries the replica identity only. */
export type FeedRow = Record<string, unknown>;
export type FeedCommand = 'insert' | 'update' | 'delete';

type OneOrMore = string | null | undefined | (string | null | undefined)[];

/** Which access to check again after a row changed; `everyone` checks each socket in a room of this kind. */
export type Recheck = { userId: string } | { roomId: string } | 'everyone' | null;

export interface Room<K extends RoomKind> {
  kind: K;
  /**
   * May the caller see this room? Asked of the database on every join, again when `recheck` says so.
   * A string is a yes with a facet: rooms whose members see different things (staff with and without money) have one
   * snapshot per facet; sockets never see another facet's.
   */
  authorize(ctx: Ctx, id: string): Promise<boolean | string>;
  /**
   * Whoever a visitor without a session may see, everybody may: `authorize` is asked once, for nobody, on behalf of all
   * who come in at the same time, and for the person herself only when that is a no.
   */
  public?: boolean;
  /**
   * State and version, read in ONE statement from the primary; null when there is nothing (more) to see.
   * The version comes from the database, grows with every change of the data, and is the same on every node. It begins at
   * `public.version_epoch()`: a restored database counts on from an earlier state, and is newer all the same.
   */
  snapshot(ctx: WorkCtx, id: string, facet: string): Promise<{ version: number; data: SnapshotOf[K] } | null>;
  /** `schema.table` to the id of the room its row belongs to. The table must be in the publication `liventix_feed`, or tell its statements (`ticketing.tell_holds`). */
  fromRow?: Record<string, (row: FeedRow, old: FeedRow | null, command: FeedCommand) => OneOrMore>;
  /** `schema.table` to whose access a changed row touches: a membership, an event's visibility. */
  recheck?: Record<string, (row: FeedRow, old: FeedRow | null, command: FeedCommand) => Recheck>;
  /** Whether people in the room are counted and `presence:now` is sent. */
  presence?: boolean;
  /** Members get the true, uncapped count of people in the room of this kind and the same id (staff see the event's viewers). */
  presenceOf?: RoomKind;
}

// Rooms of different kinds live in one list; each snapshot travels with the kind it was made for.
export type AnyRoom = Room<RoomKind>;

/** Types a room where it is written: `export const eventRoom = defineRoom({ kind: 'event', ... })`. */
export function defineRoom<K extends RoomKind>(room: Room<K>): AnyRoom {
  return room as unknown as AnyRoom;
}
