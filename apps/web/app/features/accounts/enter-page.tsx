import type { EventCard } from '@liventix/contracts/events';
import type { ReactNode } from 'react';
import { classes } from '~/ui/classes.ts';
import { Page } from '~/ui/page/page.tsx';
import { Poster } from '~/ui/poster/poster.tsx';
import styles from './enter-page.module.css';

export type WallPoster = Pick<EventCard, 'id' | 'title' | 'palette' | 'posterVersion'>;

export interface EnterPageProps {
  title: ReactNode;
  lead?: ReactNode;
  children: ReactNode;
  /** The wall beside the form from 1000 px on; without any the form stands alone. */
  posters: WallPoster[];
}

const COLUMNS = [0, 1, 2];
const ROWS = 4;

/** The way in: a wall of what is on at the left, one narrow form at the right. */
export function EnterPage({ title, lead, children, posters }: EnterPageProps) {
  return (
    <Page width="full" className={styles.main}>
      <div className={classes(styles.page, posters.length === 0 && styles.alone)}>
        {posters.length > 0 && <Wall posters={posters} />}
        <div className={styles.form}>
          <header className={styles.head}>
            <h1 className="t-page">{title}</h1>
            {lead && <p className={styles.lead}>{lead}</p>}
          </header>
          {children}
        </div>
      </div>
    </Page>
  );
}

/** Decoration: silent for screen readers, not loaded where it is not shown. */
function Wall({ posters }: { posters: WallPoster[] }) {
  return (
    <div className={styles.wall} aria-hidden="true">
      {COLUMNS.map((column) => (
        <div key={column} className={styles.column}>
          {Array.from({ length: ROWS }, (_, row) => row).map((row) => {
            const poster = posters[(column + row * COLUMNS.length) % posters.length];
            return (
              poster && (
                <Poster
                  key={row}
                  eventId={poster.id}
                  title={poster.title}
                  palette={poster.palette}
                  version={poster.posterVersion}
                  sizes="270px"
                  decorative
                />
              )
            );
          })}
        </div>
      ))}
    </div>
  );
}
