import type { PaletteName } from '@liventix/contracts/posters';
import type { ReactNode } from 'react';
import { classes } from '../classes.ts';
import { SiteFooter } from '../site-footer/site-footer.tsx';
import { SiteHeader } from '../site-header/site-header.tsx';
import styles from './page.module.css';

export interface PageProps {
  children: ReactNode;
  /** `wide` 1248, `form` and `feed` 640, `full` edge to edge (bands of their own inside `Band`). */
  width?: 'wide' | 'form' | 'feed' | 'full';
  /** Default the site's own; null for screens that must not be left by accident. */
  header?: ReactNode;
  footer?: ReactNode;
  className?: string;
}

/** The frame of a screen: header, one `<main>`, footer. */
export function Page({
  children,
  width = 'wide',
  header = <SiteHeader />,
  footer = <SiteFooter />,
  className,
}: PageProps) {
  return (
    <div className={styles.frame}>
      {header}
      <main id="main" tabIndex={-1} className={classes(styles.main, styles[width], className)}>
        {children}
      </main>
      {footer}
    </div>
  );
}

/** A band over the whole width, its content in the page's margins. With `palette` it is set in a poster's colours. */
export function Band({
  children,
  palette,
  className,
}: {
  children: ReactNode;
  palette?: PaletteName;
  className?: string;
}) {
  return (
    <div className={classes(styles.band, palette && 'on-poster')} data-palette={palette}>
      <div className={classes(styles.inside, className)}>{children}</div>
    </div>
  );
}

/** 4, 8 or 12 columns; children take `<Col>`s. */
export function Grid({ children, className }: { children: ReactNode; className?: string }) {
  return <div className={classes(styles.grid, className)}>{children}</div>;
}

export interface ColProps {
  children: ReactNode;
  /** Columns of 12 from 1000 px on; below, the whole width. */
  span: 3 | 4 | 5 | 6 | 7 | 8 | 9 | 12;
  /** Stays in sight while the other columns scroll. */
  sticky?: boolean;
  className?: string;
}

export function Col({ children, span, sticky, className }: ColProps) {
  return (
    <div className={classes(styles.col, className)} data-span={span}>
      {sticky ? <div className={styles.sticky}>{children}</div> : children}
    </div>
  );
}

export interface SectionProps {
  title: ReactNode;
  /** At the right of the title: a link, a count. */
  aside?: ReactNode;
  children: ReactNode;
  id?: string;
  /** Inside a column: closer to its neighbours. */
  tight?: boolean;
  className?: string;
}

/** A part of a page with its heading. */
export function Section({ title, aside, children, id, tight, className }: SectionProps) {
  return (
    <section className={classes(styles.section, tight && styles.tight, className)} id={id}>
      <header className={styles.sectionHead}>
        <h2 className="t-section">{title}</h2>
        {aside}
      </header>
      {children}
    </section>
  );
}

/** A panel: house surface whatever the poster around it. */
export function Panel({ children, className }: { children: ReactNode; className?: string }) {
  return <div className={classes('house', styles.panel, className)}>{children}</div>;
}

/** A page of plain text: the legal pages, long notes. */
export function Prose({ children }: { children: ReactNode }) {
  return <div className={styles.prose}>{children}</div>;
}
