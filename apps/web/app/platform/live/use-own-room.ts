import type { UserSnapshot } from '@liventix/contracts/live';
import { useRevalidator } from '@remix-run/react';
import { useEffect, useRef } from 'react';
import { useRoom } from './hooks.ts';

const BEFORE: { version: number; data: UserSnapshot } = { version: -1, data: { tickets: [], checkouts: [] } };

/** The reader's own room; asks the page for its data again when something of hers moved, in whatever tab or on whatever device. */
export function useOwnRoom(userId: string): UserSnapshot {
  const room = useRoom('user', userId, BEFORE);
  const { revalidate } = useRevalidator();
  const seen = useRef<number | null>(null);
  useEffect(() => {
    if (room.version === BEFORE.version) return;
    // The first snapshot is as new as the page.
    if (seen.current !== null && seen.current !== room.version) revalidate();
    seen.current = room.version;
  }, [room.version, revalidate]);
  return room.data;
}

/** The same for a page that shows its reader's own things among others; rendered for people, not for strangers. */
export function OwnNews({ userId }: { userId: string }): null {
  useOwnRoom(userId);
  return null;
}
