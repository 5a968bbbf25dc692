/** The waiting room of an event: a line in front of its holds, for the minutes when everybody comes at once. */
import * as z from 'zod/mini';

/** Never; from publication on; when an event is asked for more than it can decide. */
export const WAITING_ROOM_SWITCHES = ['off', 'on', 'by_itself'] as const;
export type WaitingRoomSwitch = (typeof WAITING_ROOM_SWITCHES)[number];

/** How long an admission lets its person take a hold. */
export const ADMISSION_SECONDS = 5 * 60;
/** A page in the room says this often that it is there; three times that unseen is absent. */
export const STAY_SECONDS = 30;

export const WaitingRoomRef = z.object({ eventId: z.uuid() });
export type WaitingRoomRef = z.infer<typeof WaitingRoomRef>;

export const PauseWaitingRoom = z.object({ eventId: z.uuid(), paused: z.boolean() });
export type PauseWaitingRoom = z.infer<typeof PauseWaitingRoom>;

/** What of the line everybody is told; each person computes her own position from it. */
export interface LineSnapshot {
  /** Everybody up to this number has been called. */
  served: number;
  /** Numbers given. */
  last: number;
  /** How many numbers one entry of `gone` stands for. */
  bucket: number;
  /** People who left before their turn: `[n, count]` of the numbers n x bucket + 1 to (n + 1) x bucket. */
  gone: [number, number][];
  /** People waiting. */
  waiting: number;
  /** Numbers called a minute, lately; null when nobody knows yet. */
  perMinute: number | null;
}

/** How the sale stands behind the room; figures only where the organizer shows them (docs: domain, "Access"). */
export interface RoomSale {
  state: 'on_sale' | 'all_in_checkout' | 'paused' | 'not_yet' | 'sold_out' | 'closed';
  free?: number;
  inCheckout?: number;
  /** When the next tier opens. */
  opensAt?: number;
}

/** For the team of the event. */
export interface RoomCounts {
  /** Admitted, without places yet. */
  admitted: number;
  held: number;
  /** Left before their turn, missed it twice, or let their minutes pass. */
  left: number;
  missed: number;
  lapsed: number;
  admittedLastMinute: number;
}

export interface WaitingRoomSnapshot extends LineSnapshot {
  /** Null when the event has no room and never had one. */
  roomId: string | null;
  state: 'none' | 'gathering' | 'open' | 'closed';
  closedBecause?: 'sold_out' | 'over' | 'calm' | 'switched_off';
  paused: boolean;
  /** SHA-256 of the seed, in hex; public before the draw. */
  commitment?: string;
  /** The seed itself, in hex; after the draw only. */
  seed?: string;
  /** How many were there at the opening and got a random number. */
  drawn: number;
  sale: RoomSale;
  staff?: RoomCounts;
}

export type SpotState = 'waiting' | 'admitted' | 'held' | 'left' | 'missed' | 'lapsed';

/** A person's own spot. */
export interface WaitingSpot {
  /** What stands for her in the published draw. */
  id: string;
  state: SpotState;
  /** Null before the draw. */
  number: number | null;
  /**
   * Called, kept, and called again soon: she was away when her turn came, or too many people on her network have a turn already.
   * Null otherwise.
   */
  passed: 'away' | 'network' | null;
  /** While admitted: until when she can take a hold. */
  admittedUntil: number | null;
}

export interface WaitingRoomView {
  version: number;
  room: WaitingRoomSnapshot;
  spot: WaitingSpot | null;
}

/**
 * Where a number stands in the line, 1 for the next. Never grows: `served` only rises and who has left never comes back
 * under the same number. Exact but for people who left within the caller's own bucket.
 */
export function positionOf(number: number, line: Pick<LineSnapshot, 'served' | 'bucket' | 'gone'>): number {
  let ahead = number - line.served - 1;
  for (const [n, count] of line.gone) if ((n + 1) * line.bucket < number) ahead -= count;
  return Math.max(0, ahead) + 1;
}

/** Minutes until a position's turn as an honest range; null when nobody moves or it would take longer than a day. */
export function waitOf(position: number, perMinute: number | null): { from: number; to: number } | null {
  if (!perMinute || perMinute < 0.05) return null;
  const minutes = position / perMinute;
  if (minutes > 24 * 60) return null;
  return { from: kindly(Math.floor(minutes * 0.7)), to: Math.max(1, kindly(Math.ceil(minutes * 1.5))) };
}

/** Whole minutes to ten, fives to an hour, quarters beyond: a finer figure would pretend. */
function kindly(minutes: number): number {
  const step = minutes <= 10 ? 1 : minutes <= 60 ? 5 : 15;
  return Math.round(minutes / step) * step;
}
