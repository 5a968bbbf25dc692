import type { ReactNode, Ref } from 'react';
import { useCheckoutWords } from '~/platform/i18n/checkout.ts';
import { classes } from '~/ui/classes.ts';
import styles from './checkout.module.css';

/** One of the numbered parts of the checkout. */
export function Part({
  n,
  title,
  later,
  headingRef,
  children,
}: {
  n: number;
  title: string;
  /** Its turn has not come. */
  later?: boolean;
  /** For pages that bring the focus here when the part before is done. */
  headingRef?: Ref<HTMLHeadingElement>;
  children: ReactNode;
}) {
  const { t } = useCheckoutWords();
  return (
    <section className={classes(styles.part, later && styles.later)} aria-labelledby={`part-${n}`}>
      <h2
        className={classes('t-section', styles.partTitle)}
        id={`part-${n}`}
        ref={headingRef}
        tabIndex={headingRef ? -1 : undefined}
      >
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
