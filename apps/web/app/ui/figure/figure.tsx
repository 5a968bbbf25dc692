import type { ReactNode } from 'react';
import { classes } from '../classes.ts';
import { LiveNumber, type LiveNumberProps } from '../live-number/live-number.tsx';
import styles from './figure.module.css';

export interface FigureProps extends Omit<LiveNumberProps, 'className'> {
  label: ReactNode;
  /** Small, underneath: yesterday's figure, a share. */
  note?: ReactNode;
}

/** One big live number with its name above and a small comparison under it. */
export function Figure({ label, note, ...number }: FigureProps) {
  return (
    <div className={styles.figure}>
      <p className={classes('t-label', styles.label)}>{label}</p>
      <p className={classes('t-number', styles.number)}>
        <LiveNumber {...number} />
      </p>
      {note && <p className={styles.note}>{note}</p>}
    </div>
  );
}

/** Big numbers side by side, split by hairlines: two by two on a phone. */
export function Figures({ children }: { children: ReactNode }) {
  return <div className={styles.figures}>{children}</div>;
}
