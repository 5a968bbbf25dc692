import { useTranslation } from 'react-i18next';
import { classes } from '../classes.ts';
import { LiveNumber } from '../live-number/live-number.tsx';
import styles from './status-line.module.css';

/** The one thing a card says about an event's places. The server decides which. */
export type EventStatus =
  | { kind: 'left'; count: number; version?: number }
  | { kind: 'fast' | 'all_in_checkout' | 'sold_out' | 'free' | 'ended' | 'cancelled' | 'paused' }
  | { kind: 'on_sale'; when: string };

export interface StatusLineProps {
  status: EventStatus;
  className?: string;
}

const LIVE = new Set(['left', 'fast', 'all_in_checkout']);

/** "7 left", "Selling fast", "Sold out" … in one line; coral only for what is moving. */
export function StatusLine({ status, className }: StatusLineProps) {
  const { t } = useTranslation('common');
  const tone = LIVE.has(status.kind)
    ? 'live'
    : status.kind === 'cancelled'
      ? 'bad'
      : status.kind === 'sold_out'
        ? 'ink'
        : undefined;
  return (
    <span className={classes(styles.status, 't-meta', className)} data-tone={tone}>
      {LIVE.has(status.kind) && <span className={styles.bar} aria-hidden="true" />}
      {status.kind === 'left' ? (
        <Left count={status.count} version={status.version} />
      ) : status.kind === 'on_sale' ? (
        t('status.on_sale', { when: status.when })
      ) : (
        t(`status.${status.kind}`)
      )}
    </span>
  );
}

function Left({ count, version }: { count: number; version?: number }) {
  const { t } = useTranslation('common');
  // The number rolls inside the sentence, wherever the language puts it.
  const [before = '', after = ''] = t('status.left', { count }).split(String(count));
  return (
    <span>
      {before}
      <LiveNumber value={count} version={version} />
      {after}
    </span>
  );
}
