import type { WaitingRoomSnapshot, WaitingSpot } from '@liventix/contracts/waiting-room';

/** What the page is about, from what the room and the person's own spot say. */
export type Scene =
  | 'outside'
  | 'gathering'
  | 'drawing'
  | 'waiting'
  | 'missed'
  | 'network'
  | 'turn'
  | 'held'
  | 'lapsed'
  | 'missed_twice'
  | 'left'
  | 'sold_out'
  | 'over'
  | 'free';

export function sceneOf(room: WaitingRoomSnapshot, spot: WaitingSpot | null, holds: boolean): Scene {
  if (holds) return 'held';
  if (room.state === 'closed' || room.state === 'none')
    return room.closedBecause === 'sold_out' ? 'sold_out' : room.closedBecause === 'over' ? 'over' : 'free';
  if (!spot) return 'outside';
  if (spot.state === 'admitted') return 'turn';
  if (spot.state === 'held') return 'held';
  if (spot.state === 'missed') return 'missed_twice';
  if (spot.state !== 'waiting') return spot.state;
  if (spot.number === null) return room.state === 'gathering' ? 'gathering' : 'drawing';
  // Called a moment ago and not asked yet is still in line, as the next one.
  return spot.passed === 'away' ? 'missed' : (spot.passed ?? 'waiting');
}

/** Whether the server knows more about the spot than this page: the draw was made, or its number was called. */
export function asksAgain(room: WaitingRoomSnapshot, spot: WaitingSpot | null): boolean {
  if (spot?.state !== 'waiting' || room.state !== 'open') return false;
  return spot.number === null || spot.number <= room.served;
}

const SPOKEN = [5000, 2000, 1000, 500, 200, 100, 50, 20, 10, 5, 3, 2, 1];

/** A position is read out when it passes one of a few marks, not at every step; null stays silent. */
export function spokenPosition(before: number, now: number): number | null {
  return now < before && SPOKEN.some((mark) => before > mark && now <= mark) ? now : null;
}

/** How many of the strip's cells have been called, and which one is one's own. */
export function stripOf(line: { served: number; last: number }, number: number | null, cells: number) {
  const share = (n: number) => Math.min(cells, Math.ceil((n / Math.max(1, line.last)) * cells));
  const own = number === null ? null : Math.max(0, share(number) - 1);
  const called = line.served === 0 ? 0 : share(line.served);
  // One's own cell is not filled while it is ahead.
  return { own, called: own !== null && number !== null && number > line.served ? Math.min(called, own) : called };
}
