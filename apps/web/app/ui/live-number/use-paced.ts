import { useEffect, useRef, useState } from 'react';
import { mayReplace, paceDelayMs } from './live-number.rules.ts';

/** A changing value, slowed to what an eye can follow: at most four a second, the newest wins, never an older version. */
export function usePaced(value: number, version?: number): number {
  const [shown, setShown] = useState(value);
  const last = useRef({ value, version, atMs: 0 });
  useEffect(() => {
    const { current } = last;
    if (!mayReplace(current.version, version)) return;
    if (current.value === value) {
      current.version = version;
      return;
    }
    const timer = setTimeout(
      () => {
        last.current = { value, version, atMs: performance.now() };
        setShown(value);
      },
      paceDelayMs(current.atMs, performance.now()),
    );
    return () => clearTimeout(timer);
  }, [value, version]);
  return shown;
}
