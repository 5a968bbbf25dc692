import { useEffect, useRef } from 'react';
import { ButtonLink } from '../button/button.tsx';
import { Drawing, type DrawingMotif } from '../empty-state/drawing.tsx';
import { SiteFooter } from '../site-footer/site-footer.tsx';
import { SiteHeader } from '../site-header/site-header.tsx';
import styles from './error-page.module.css';

export interface ErrorPageProps {
  kind: 'not_found' | 'gone' | 'forbidden' | 'sign_in' | 'busy' | 'broken' | 'offline';
  title: string;
  words: string;
  /** "Reference K7QM-2FXA" */
  reference?: string;
  action: { words: string; to: string; reload?: boolean };
}

const MOTIF: Record<ErrorPageProps['kind'], DrawingMotif> = {
  not_found: 'moon',
  gone: 'waves',
  forbidden: 'steps',
  sign_in: 'rays',
  busy: 'dots',
  broken: 'rings',
  offline: 'waves',
};

/** A whole page for what went wrong: a drawing, what happened, what is safe, one way on. */
export function ErrorPage({ kind, title, words, reference, action }: ErrorPageProps) {
  const heading = useRef<HTMLHeadingElement>(null);
  // After a move inside the app the reader is told where she landed.
  useEffect(() => heading.current?.focus(), []);
  return (
    <>
      <SiteHeader />
      <main id="main" tabIndex={-1} className={styles.page}>
        <Drawing motif={MOTIF[kind]} width={220} />
        <h1 ref={heading} tabIndex={-1} className="t-poster">
          {title}
        </h1>
        <p className={styles.words}>{words}</p>
        {reference && <p className="t-code ink-2">{reference}</p>}
        <p className={styles.action}>
          <ButtonLink tone="primary" to={action.to} reloadDocument={action.reload}>
            {action.words}
          </ButtonLink>
        </p>
      </main>
      <SiteFooter />
    </>
  );
}
