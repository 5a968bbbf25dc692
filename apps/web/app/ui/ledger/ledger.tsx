import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { formatDate, formatMoney, isSameDay } from '~/platform/format.ts';
import styles from './ledger.module.css';
import { heldEntries, type LedgerEntry, type LedgerLine, ledgerLines } from './ledger.rules.ts';

export type { LedgerEntry } from './ledger.rules.ts';

export interface LedgerProps {
  /** Newest first. */
  entries: readonly LedgerEntry[];
  currency: string;
  zone: string;
  /** The server's time, epoch milliseconds: what is not of this day carries its date. */
  now: number;
  /** Lines at most; default 12. */
  max?: number;
}

/** Sales as they happen. New ones enter at the top; nothing moves while somebody points at it. */
export function Ledger({ entries, currency, zone, now, max = 12 }: LedgerProps) {
  const { t } = useTranslation('common');
  const [held, setHeld] = useState<readonly LedgerEntry[] | null>(null);
  // What the page came with does not slide in.
  const [first] = useState(() => new Set(entries.map((entry) => entry.id)));
  const { shown, waiting } = heldEntries(entries, held);
  const amounts = shown.flatMap((entry) => (entry.totalCents === undefined ? [] : [entry.totalCents]));
  return (
    <section
      className={styles.ledger}
      aria-label={t('ledger.label')}
      onPointerEnter={(pointer) => pointer.pointerType === 'mouse' && setHeld(entries)}
      onPointerLeave={() => setHeld(null)}
    >
      {waiting > 0 && (
        <button type="button" className={styles.pill} onClick={() => setHeld(entries)}>
          {t('ledger.new', { count: waiting })}
        </button>
      )}
      {shown.length === 0 && <p className="ink-2">{t('ledger.empty')}</p>}
      <ol>
        {ledgerLines(shown)
          .slice(0, max)
          .map((line) => (
            <LedgerRow
              key={line.id}
              line={line}
              currency={currency}
              zone={zone}
              now={now}
              among={amounts}
              fresh={!first.has(line.kind === 'entry' ? line.id : line.id.slice('fold-'.length))}
            />
          ))}
      </ol>
    </section>
  );
}

export interface LedgerRowProps {
  line: LedgerLine;
  currency: string;
  zone: string;
  now: number;
  among?: readonly number[];
  /** Just arrived: enters with a coral bar that fades. */
  fresh?: boolean;
}

export function LedgerRow({ line, currency, zone, now, among, fresh }: LedgerRowProps) {
  const { t, i18n } = useTranslation('common');
  const fold = line.kind === 'fold';
  const at = fold ? line.at : line.entry.at;
  const cents = fold ? line.totalCents : line.entry.totalCents;
  const refund = !fold && line.entry.kind === 'refund';
  const words = fold
    ? t('ledger.more', { count: line.sales })
    : t(refund ? 'ledger.refunded' : 'ledger.got', {
        who: line.entry.who ?? t('ledger.someone'),
        count: line.entry.quantity,
      });
  return (
    <li className={styles.row} data-fresh={fresh || undefined} data-refund={refund || undefined}>
      <div className={styles.inside}>
        <span className={styles.words}>{words}</span>
        {cents !== undefined && (
          <span className={styles.money}>
            {formatMoney(refund ? -cents : cents, currency, { among, locale: i18n.language })}
          </span>
        )}
        <time className={styles.time} dateTime={new Date(at).toISOString()}>
          {formatDate(at, zone, isSameDay(at, now, zone) ? 'seconds' : 'short', i18n.language)}
        </time>
      </div>
    </li>
  );
}
