import { lazy, Suspense, useEffect, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { formatCount, formatDate, formatMoney } from '~/platform/format.ts';
import { classes } from '../classes.ts';
import { Skeleton } from '../skeleton/skeleton.tsx';
import styles from './sales-curve.module.css';
import { type CurvePoint, runningTotal } from './sales-curve.rules.ts';

export type { CurvePoint } from './sales-curve.rules.ts';

const CurveChart = lazy(() => import('./curve-chart.tsx'));

export interface SalesCurveProps {
  /** Sold per bucket, oldest first. */
  points: readonly CurvePoint[];
  currency: string;
  zone: string;
  /** Moments worth a word: on sale, mails. */
  marks?: { at: number; words: string }[];
  /** Pixels; default 260. */
  height?: number;
}

/** Tickets sold over time, as a line or as a table. The chart's code is loaded after the page stands. */
export function SalesCurve({ points, currency, zone, marks = [], height = 260 }: SalesCurveProps) {
  const { t, i18n } = useTranslation('common');
  const [mode, setMode] = useState<'chart' | 'table'>('chart');
  const [awake, setAwake] = useState(false);
  useEffect(() => setAwake(true), []);
  const rows = runningTotal(points);
  const money = points.some((point) => point.cents !== undefined);
  const waiting = <Skeleton h={height} shape="panel" />;
  if (rows.length === 0) return <p className="ink-2">{t('curve.empty')}</p>;
  return (
    <figure className={styles.curve}>
      <figcaption className="vh">{t('curve.label')}</figcaption>
      <div className={styles.modes}>
        {(['chart', 'table'] as const).map((each) => (
          <button
            key={each}
            type="button"
            className={styles.mode}
            aria-pressed={mode === each}
            onClick={() => setMode(each)}
          >
            {t(`curve.${each}`)}
          </button>
        ))}
      </div>
      {mode === 'chart' ? (
        <div style={{ height }}>
          {awake ? (
            <Suspense fallback={waiting}>
              <CurveChart rows={rows} currency={currency} zone={zone} marks={marks} />
            </Suspense>
          ) : (
            waiting
          )}
        </div>
      ) : (
        // A scrolling region has to be reachable by keyboard.
        // biome-ignore lint/a11y/noNoninteractiveTabindex: see above
        <section className={styles.scroll} style={{ maxHeight: height }} tabIndex={0} aria-label={t('curve.label')}>
          <table className={classes(styles.table, 'tnum')}>
            <thead>
              <tr>
                <th scope="col">{t('curve.when')}</th>
                <th scope="col">{t('curve.sold')}</th>
                {money && <th scope="col">{t('curve.takings')}</th>}
                <th scope="col">{t('curve.total')}</th>
              </tr>
            </thead>
            <tbody>
              {rows
                .filter((row) => row.sold !== 0)
                .reverse()
                .map((row) => (
                  <tr key={row.at}>
                    <th scope="row">{formatDate(row.at, zone, 'short', i18n.language)}</th>
                    <td>{formatCount(row.sold, i18n.language)}</td>
                    {money && <td>{formatMoney(row.cents ?? 0, currency, { locale: i18n.language })}</td>}
                    <td>{formatCount(row.total, i18n.language)}</td>
                  </tr>
                ))}
            </tbody>
          </table>
        </section>
      )}
    </figure>
  );
}
