import type { EventPageView } from '@liventix/contracts/events';
import type { EventSnapshot } from '@liventix/contracts/live';
import { useRevalidator } from '@remix-run/react';
import { useEffect } from 'react';

/** A crowd that looks at the same page reads it again over this long, not in one instant. */
const SPREAD_MS = 1500;

/** Reads the page again when its words, times, tiers or prices were changed after it was read. */
export function useEventNews(event: EventPageView, snapshot: EventSnapshot): void {
  const { revalidate } = useRevalidator();
  const read = event.snapshot.data.page;
  useEffect(() => {
    if (snapshot.page === read) return;
    const timer = setTimeout(revalidate, Math.random() * SPREAD_MS);
    return () => clearTimeout(timer);
  }, [snapshot.page, read, revalidate]);
}
