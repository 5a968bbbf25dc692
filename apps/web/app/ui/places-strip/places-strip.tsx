import { type CSSProperties, useState } from 'react';
import { useTranslation } from 'react-i18next';
import styles from './places-strip.module.css';
import {
  type CellKind,
  changeDelays,
  placesPerCell,
  type StripFacts,
  stripCells,
  stripCounts,
} from './places-strip.rules.ts';

export interface PlacesStripProps extends StripFacts {
  /** The words under the cells; default true. Leave them out only where the same figures stand beside the strip. */
  legend?: boolean;
  size?: 'm' | 's';
}

const LEGEND: { kind: CellKind; key: 'sold' | 'yours' | 'checkout' | 'free' }[] = [
  { kind: 'sold', key: 'sold' },
  { kind: 'yours', key: 'yours' },
  { kind: 'checkout', key: 'checkout' },
  { kind: 'free', key: 'free' },
];

/**
 * Places as cells: ink is sold, violet is yours, hatched coral is in someone's checkout, outlined is free. For the
 * public only where the organizer shows exact numbers. The same facts always stand in words.
 */
export function PlacesStrip({ legend = true, size = 'm', ...facts }: PlacesStripProps) {
  const { t } = useTranslation('common');
  const cells = stripCells(facts);
  const counts = stripCounts(facts);
  const shape = cells.join();
  const [{ drawn, delays }, setDrawn] = useState<{ drawn: CellKind[]; delays: (number | null)[] }>({
    drawn: cells,
    delays: [],
  });
  if (drawn.join() !== shape) {
    setDrawn({ drawn: cells, delays: drawn.length === cells.length ? changeDelays(drawn, cells) : [] });
  }

  const said = LEGEND.filter(({ kind }) => counts[kind] > 0 || kind === 'free').map(({ key, kind }) =>
    t(`strip.${key}`, { count: counts[kind] }),
  );
  const per = placesPerCell(facts.quantity);
  const half = Math.ceil(cells.length / 2);
  const cell = (kind: CellKind, index: number) => (
    <span
      key={index}
      className={styles.cell}
      data-kind={kind}
      style={delays[index] ? ({ '--wait': `${delays[index]}ms` } as CSSProperties) : undefined}
    />
  );
  return (
    <div className={styles.strip} data-size={size}>
      <div
        className={styles.cells}
        role="img"
        aria-label={[...said, per > 1 && t('strip.scale', { count: per })].filter(Boolean).join(', ')}
      >
        <span className={styles.half}>{cells.slice(0, half).map(cell)}</span>
        <span className={styles.half}>{cells.slice(half).map((kind, index) => cell(kind, index + half))}</span>
      </div>
      {legend && (
        <p className={styles.facts} aria-hidden="true">
          {LEGEND.filter(({ kind }) => counts[kind] > 0 || kind === 'free').map(({ kind, key }) => (
            <span key={kind} className={styles.fact}>
              <span className={styles.cell} data-kind={kind} />
              {t(`strip.${key}`, { count: counts[kind] })}
            </span>
          ))}
        </p>
      )}
    </div>
  );
}
