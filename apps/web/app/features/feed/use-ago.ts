import { useEffect, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { agoParts } from '~/platform/format.ts';
import { useServerClock } from '~/platform/live/index.ts';
import { useRoot } from '~/platform/root-data.ts';

/** The server's time, moved on twice a minute; the page's own at first, so that it wakes up with the same words. */
export function useNow(): number {
  const { nowMs } = useRoot();
  const clock = useServerClock();
  const [now, setNow] = useState(nowMs);
  useEffect(() => {
    setNow(clock());
    const timer = setInterval(() => setNow(clock()), 30_000);
    return () => clearInterval(timer);
  }, [clock]);
  return now;
}

/** "now", "4 min", "9 h", "3 d". */
export function useAgo(nowMs: number): (at: Date) => string {
  const { t } = useTranslation('common');
  return (at) => {
    const { unit, count } = agoParts(at.getTime(), nowMs);
    return t(`ago.${unit}`, { count });
  };
}
