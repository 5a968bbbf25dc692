import { useRevalidator } from '@remix-run/react';
import { useEffect, useRef } from 'react';
import { reconnectLive } from './connection.ts';
import { hearTabs, tellTabs } from './tabs.ts';

/**
 * Keeps the socket and every tab of this browser the same person: a visitor's first hold makes her somebody, signing in
 * somebody else, on whatever page and in whichever tab that was.
 */
export function useSamePerson(userId: string | null): void {
  const known = useRef(userId);
  const { revalidate } = useRevalidator();
  useEffect(() => {
    if (known.current === userId) return;
    known.current = userId;
    reconnectLive();
    tellTabs(userId);
  }, [userId]);
  useEffect(
    () =>
      hearTabs((theirs) => {
        if (known.current === theirs) return;
        known.current = theirs;
        reconnectLive();
        revalidate();
      }),
    [revalidate],
  );
}
