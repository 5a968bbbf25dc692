import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { classes } from '~/ui/classes.ts';
import styles from './checkout.module.css';

/** One of the numbered parts of the checkout. */
export function Part({ n, title, later, children }: { n: number; title: string; later?: boolean; children: ReactNode }) {
  const { t } = useTranslation('checkout');
  return (
    <section className={classes(styles.part, later && styles.later)} aria-labelledby={`part-${n}`}>
      <h2 className={classes('t-section', styles.partTitle)} id={`part-${n}`}>
        <span className={styles.partNumber} aria-hidden="true">
          {n}
        </span>
        <span className="vh">{t('step', { n })}: </span>
        {title}
      </h2>
      {children}
    </section>
  );
}
