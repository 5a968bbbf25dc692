import { Link } from '@remix-run/react';
import type { CSSProperties } from 'react';
import { useTranslation } from 'react-i18next';
import { paths } from '~/platform/paths.ts';
import { LiveDot } from '../live-dot/live-dot.tsx';
import styles from './wordmark.module.css';

export interface WordmarkProps {
  /** Font size in pixels. */
  size?: number;
  /** Without a link, for headers that must not be left by accident. */
  still?: boolean;
}

/** "liventix"; the dot of its last i is the live dot of this tab. */
export function Wordmark({ size = 26, still = false }: WordmarkProps) {
  const { t } = useTranslation('common');
  const mark = (
    <span aria-hidden="true" className={styles.mark} style={{ '--size': `${size}px` } as CSSProperties}>
      <span className={styles.i}>
        <LiveDot className={styles.dot} size={Math.round(size * 0.205 * 10) / 10} />
      </span>
    </span>
  );
  if (still)
    return (
      <span>
        {mark}
        <span className="vh">Liventix</span>
      </span>
    );
  return (
    <Link to={paths.discover()} className={styles.link}>
      {mark}
      <span className="vh">{t('wordmark')}</span>
    </Link>
  );
}
