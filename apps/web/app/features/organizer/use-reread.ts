import { useEffect, useRef, useState } from 'react';

const SOON_MS = 3_000;
const AGAIN_MS = 30_000;

/**
 * What no room tells of, read again soon after something moved and every half minute while the page is looked at. However
 * much moves, one read is under way or due at a time.
 */
export function useReread<T>(initial: T, read: () => Promise<T>, moved: unknown, soonMs = SOON_MS): T {
  const [value, setValue] = useState(initial);
  const latest = useRef(read);
  latest.current = read;
  const due = useRef<ReturnType<typeof setTimeout> | null>(null);
  const look = useRef(() => {
    due.current = null;
    // A look that failed changes nothing: the next one is near.
    if (document.visibilityState === 'visible') latest.current().then(setValue, () => undefined);
  });
  useEffect(() => {
    due.current ??= setTimeout(look.current, soonMs);
  }, [moved, soonMs]);
  useEffect(() => {
    const again = setInterval(look.current, AGAIN_MS);
    return () => {
      clearInterval(again);
      if (due.current) clearTimeout(due.current);
      due.current = null;
    };
  }, []);
  return value;
}
