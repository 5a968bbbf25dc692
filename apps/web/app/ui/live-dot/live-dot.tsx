import type { CSSProperties } from 'react';
import { useLiveStatus } from '~/platform/live/index.ts';
import { classes } from '../classes.ts';
import styles from './live-dot.module.css';

export type DotState = 'live' | 'still' | 'off';

/** The state of this tab's socket as the dot shows it: pulsing, solid until it first connected, hollow when lost. */
export function useDotState(): DotState {
  const { state } = useLiveStatus();
  if (state === 'live') return 'live';
  return state === 'down' ? 'off' : 'still';
}

export interface LiveDotProps {
  /** Overrides the socket's state. At most one pulsing dot per region of a page. */
  state?: DotState;
  /** Pixels. */
  size?: number;
  /** Words beside the dot, in live ink: "Live". */
  words?: string;
  className?: string;
}

/** Coral means: this is happening now. Hollow when this tab has lost its connection. */
export function LiveDot({ state, size = 8, words, className }: LiveDotProps) {
  const own = useDotState();
  const dot = (
    <span
      aria-hidden="true"
      className={classes(styles.dot, !words && className)}
      data-state={state ?? own}
      style={{ '--dot': `${size}px` } as CSSProperties}
    />
  );
  if (!words) return dot;
  return (
    <span className={classes(styles.withWords, 't-meta', className)}>
      {dot}
      <span className={styles.words}>{words}</span>
    </span>
  );
}
