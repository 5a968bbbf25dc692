import { Link } from '@remix-run/react';
import type { ReactNode } from 'react';
import { classes } from '../classes.ts';
import { type EventStatus, StatusLine } from '../status-line/status-line.tsx';
import { Poster, type PosterProps } from './poster.tsx';
import styles from './poster-wall.module.css';

export interface PosterCardProps extends Omit<PosterProps, 'decorative' | 'className'> {
  to: string;
  /** "Fri 4 Dec, 20:00" */
  when: ReactNode;
  /** "Berlin, Saal Amrum" */
  place?: ReactNode;
  /** "from €18" */
  price?: ReactNode;
  status?: EventStatus | null;
  /** Level of the title's heading; default 3. */
  heading?: 2 | 3;
}

/** A poster and its words on paper, no box. The whole card is one link. */
export function PosterCard({ to, when, place, price, status, heading = 3, ...poster }: PosterCardProps) {
  const Heading = heading === 2 ? 'h2' : 'h3';
  const over = status?.kind === 'ended' || status?.kind === 'cancelled';
  return (
    <article className={classes(styles.card, over && styles.over)}>
      <div className={styles.frame}>
        <Poster {...poster} decorative />
      </div>
      <div className={styles.words}>
        <Heading className={classes('t-card', styles.title)}>
          <Link to={to} prefetch="intent">
            {poster.title}
          </Link>
        </Heading>
        <p className={styles.line}>{when}</p>
        {place && <p className={styles.line}>{place}</p>}
        <p className={styles.foot}>
          {price && <span className={styles.price}>{price}</span>}
          {status && <StatusLine status={status} />}
        </p>
      </div>
    </article>
  );
}

/** Two columns on a phone, three on a tablet, four at 1440. Children are `PosterCard`s. */
export function PosterWall({ children }: { children: ReactNode }) {
  return <div className={styles.wall}>{children}</div>;
}

/** A row to swipe through: 280 px posters that snap. */
export function PosterRow({ children, label }: { children: ReactNode; label: string }) {
  return (
    // A scrolling region has to be reachable by keyboard.
    // biome-ignore lint/a11y/noNoninteractiveTabindex: see above
    <section className={styles.row} aria-label={label} tabIndex={0}>
      {children}
    </section>
  );
}
