import { useTranslation } from 'react-i18next';
import { useLiveStatus } from '~/platform/live/index.ts';
import { STALE_AFTER_MS } from '~/platform/live/rooms.rules.ts';
import { LiveDot } from '../live-dot/live-dot.tsx';
import styles from './stale-line.module.css';

export interface StaleLineProps {
  /** Age of the room shown, from `useRoom`; default how long the socket is gone. */
  ageSeconds?: number;
}

/** "Reconnecting. Numbers are 20 s old." Takes no room while all is well. */
export function StaleLine({ ageSeconds }: StaleLineProps) {
  const { t } = useTranslation('common');
  const { state, downSeconds } = useLiveStatus();
  const age = ageSeconds ?? downSeconds;
  const stale = state !== 'live' && state !== 'idle' && age * 1_000 >= STALE_AFTER_MS;
  return (
    // Announced once when it appears; the running seconds would be noise.
    <p className={styles.line} role="status" hidden={!stale}>
      {stale && (
        <>
          <LiveDot state="off" />
          <span aria-live="off">{t('live.stale', { seconds: age })}</span>
        </>
      )}
    </p>
  );
}
