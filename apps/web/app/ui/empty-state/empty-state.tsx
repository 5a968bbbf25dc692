import type { ReactNode } from 'react';
import { classes } from '../classes.ts';
import { Drawing, type DrawingMotif } from './drawing.tsx';
import styles from './empty-state.module.css';

export interface EmptyStateProps {
  motif: DrawingMotif;
  /** One sentence: what is not here, and what would bring it. */
  children: ReactNode;
  /** One action. */
  action?: ReactNode;
  /** Beside each other, for narrow bands; default stacked. */
  inline?: boolean;
}

/** Nothing here yet: a drawing, one sentence, one action. */
export function EmptyState({ motif, children, action, inline }: EmptyStateProps) {
  return (
    <div className={classes(styles.state, inline && styles.inline)}>
      <Drawing motif={motif} width={inline ? 96 : 160} />
      <p className={styles.words}>{children}</p>
      {action}
    </div>
  );
}
