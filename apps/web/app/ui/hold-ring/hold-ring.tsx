import { useEffect, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useCountdown } from '~/platform/live/index.ts';
import styles from './hold-ring.module.css';
import { holdMood, spokenMoment } from './hold-ring.rules.ts';

export interface HoldRingProps {
  /** Epoch milliseconds by the server's clock. */
  expiresAtMs: number;
  /** Sales are paused: until then the clock stands. */
  standsUntilMs?: number | null;
  /** What a full ring is; default 15 minutes. */
  totalMs?: number;
  /** Pixels; default 56. */
  size?: number;
  /** Called once when the time is over. The server decides what that means. */
  onEnd?: () => void;
}

/** The time left of a hold, by the server's clock. Speaks at 5:00, 1:00 and 0:15; never blinks. */
export function HoldRing({ expiresAtMs, standsUntilMs = null, totalMs = 900_000, size = 56, onEnd }: HoldRingProps) {
  const { t } = useTranslation('common');
  const { remainingMs, seconds, text, ended } = useCountdown(expiresAtMs, standsUntilMs);
  const before = useRef(seconds);
  const [words, setWords] = useState('');
  const atEnd = useRef(onEnd);
  atEnd.current = onEnd;

  useEffect(() => {
    const moment = spokenMoment(before.current, seconds);
    before.current = seconds;
    if (moment === null) return;
    if (moment === 0) setWords(t('hold.over'));
    else if (moment >= 60) setWords(t('hold.minutes', { count: moment / 60 }));
    else setWords(t('hold.seconds', { count: moment }));
  }, [seconds, t]);
  useEffect(() => {
    if (ended) atEnd.current?.();
  }, [ended]);

  const stroke = Math.max(3, Math.round((size * 5) / 56));
  const radius = (size - stroke) / 2;
  const around = 2 * Math.PI * radius;
  const share = Math.min(1, remainingMs / totalMs);
  return (
    <span className={styles.ring} data-mood={holdMood(seconds)} style={{ width: size, height: size }}>
      <svg width={size} height={size} fill="none" strokeWidth={stroke} aria-hidden="true">
        <circle className={styles.track} cx={size / 2} cy={size / 2} r={radius} />
        <circle
          className={styles.arc}
          cx={size / 2}
          cy={size / 2}
          r={radius}
          strokeDasharray={around}
          strokeDashoffset={around * (1 - share)}
        />
      </svg>
      <span
        className={styles.digits}
        style={{ fontSize: size * 0.286 }}
        role="timer"
        aria-label={t('hold.label', { time: text })}
      >
        {text}
      </span>
      <span className="vh" role="status" aria-live="polite">
        {words}
      </span>
    </span>
  );
}
