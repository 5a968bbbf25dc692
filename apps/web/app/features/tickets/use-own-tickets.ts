import type { UserSnapshot } from '@liventix/contracts/live';
import { useMemo } from 'react';
import { useOwnRoom } from '~/platform/live/index.ts';
import { useRoot } from '~/platform/root-data.ts';

const NOBODY = '00000000-0000-4000-8000-000000000000';

/** What the reader's own room says about her tickets now, by id; the page's data is asked for again when something moved. */
export function useOwnTickets(): Map<string, UserSnapshot['tickets'][number]> {
  const { actor } = useRoot();
  const { tickets } = useOwnRoom(actor?.userId ?? NOBODY);
  return useMemo(() => new Map(tickets.map((ticket) => [ticket.id, ticket])), [tickets]);
}
