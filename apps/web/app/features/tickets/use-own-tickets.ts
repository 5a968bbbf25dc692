import type { UserSnapshot } from '@liventix/contracts/live';
import { useRevalidator } from '@remix-run/react';
import { useEffect, useMemo, useRef } from 'react';
import { useRoom } from '~/platform/live/index.ts';
import { useRoot } from '~/platform/root-data.ts';

const NOBODY = '00000000-0000-4000-8000-000000000000';
const BEFORE: { version: number; data: UserSnapshot } = { version: -1, data: { tickets: [], checkouts: [] } };

/** What the reader's own room says about her tickets now, by id; asks the page for its data again when something moved. */
export function useOwnTickets(): Map<string, UserSnapshot['tickets'][number]> {
  const { actor } = useRoot();
  const room = useRoom('user', actor?.userId ?? NOBODY, BEFORE);
  const { revalidate } = useRevalidator();
  const seen = useRef<number | null>(null);
  useEffect(() => {
    if (room.version === BEFORE.version) return;
    // The first snapshot is as new as the page; each later one may have changed more than states.
    if (seen.current !== null && seen.current !== room.version) revalidate();
    seen.current = room.version;
  }, [room.version, revalidate]);
  return useMemo(() => new Map(room.data.tickets.map((ticket) => [ticket.id, ticket])), [room.data]);
}
