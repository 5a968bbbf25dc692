import { Link } from '@remix-run/react';
import { IconX } from '@tabler/icons-react';
import { useCheckoutWords } from '~/platform/i18n/checkout.ts';
import { HoldRing } from '~/ui/hold-ring/hold-ring.tsx';
import { Wordmark } from '~/ui/wordmark/wordmark.tsx';
import styles from './checkout.module.css';

export interface CheckoutHeaderProps {
  /** Null when no places are kept. */
  expiresAtMs: number | null;
  standsUntilMs: number | null;
  leaveTo: string;
  onEnd: () => void;
}

/** Only the wordmark, the time and the way out. Leaving keeps the places; they are given back under "Tickets". */
export function CheckoutHeader({ expiresAtMs, standsUntilMs, leaveTo, onEnd }: CheckoutHeaderProps) {
  const { t } = useCheckoutWords();
  return (
    <header className={styles.header}>
      <div className={styles.headerInside}>
        <Wordmark size={24} still />
        {expiresAtMs !== null && (
          <HoldRing key={expiresAtMs} expiresAtMs={expiresAtMs} standsUntilMs={standsUntilMs} size={56} onEnd={onEnd} />
        )}
        <Link to={leaveTo} className={styles.leave} title={expiresAtMs === null ? undefined : t('leave_note')}>
          <IconX size={20} stroke={1.75} aria-hidden />
          {t('leave')}
        </Link>
      </div>
    </header>
  );
}
