import { type CSSProperties, Fragment } from 'react';
import { useTranslation } from 'react-i18next';
import { formatShare } from '~/platform/format.ts';
import { LiveNumber } from '../live-number/live-number.tsx';
import styles from './funnel.module.css';

export interface FunnelProps {
  viewing: number;
  holding: number;
  paying: number;
  paid: number;
  version?: number;
}

const STEPS = ['viewing', 'holding', 'paying', 'paid'] as const;

/** Viewing, holding, paying, paid: four bars with their counts and the share that goes on between them. */
export function Funnel({ version, ...counts }: FunnelProps) {
  const { t, i18n } = useTranslation('common');
  const most = Math.max(1, ...STEPS.map((step) => counts[step]));
  return (
    <dl className={styles.funnel} aria-label={t('funnel.label')}>
      {STEPS.map((step, index) => {
        const count = counts[step];
        const before = index > 0 ? counts[STEPS[index - 1] ?? 'viewing'] : 0;
        return (
          <Fragment key={step}>
            <dt className={styles.name}>{t(`funnel.${step}`)}</dt>
            <dd className={styles.value}>
              <span className={styles.bar} data-step={step} style={{ '--share': count / most } as CSSProperties} />
              <strong className={styles.count}>
                <LiveNumber value={count} version={version} />
              </strong>
              {index > 0 && before > 0 && count <= before && (
                <span className={styles.share}>
                  {t('funnel.share', { share: formatShare(count / before, i18n.language) })}
                </span>
              )}
            </dd>
          </Fragment>
        );
      })}
    </dl>
  );
}
