import type { CSSProperties } from 'react';
import { classes } from '../classes.ts';
import styles from './skeleton.module.css';

export interface SkeletonProps {
  /** CSS lengths; default the whole width and one line. */
  w?: string | number;
  h?: string | number;
  /** Several lines of text, the last one shorter. */
  lines?: number;
  shape?: 'line' | 'poster' | 'circle' | 'panel';
}

/** The shape of what is coming. No shimmer; shows itself after 150 ms so that quick answers do not flash. */
export function Skeleton({ w, h, lines, shape = 'line' }: SkeletonProps) {
  if (lines)
    return (
      <span className={styles.lines} aria-hidden="true">
        {Array.from({ length: lines }, (_, line) => (
          <span key={line} className={styles.bone} style={{ width: line === lines - 1 ? '62%' : '100%' }} />
        ))}
      </span>
    );
  const size: CSSProperties = { width: w, height: h };
  return <span aria-hidden="true" className={classes(styles.bone, styles[shape])} style={size} />;
}
