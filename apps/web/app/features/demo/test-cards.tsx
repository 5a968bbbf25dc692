import { useState } from 'react';
import { useDemoWords } from '~/platform/i18n/demo.ts';
import { Button } from '~/ui/button/button.tsx';
import { Sheet } from '~/ui/sheet/sheet.tsx';
import styles from './test-cards.module.css';

const CARDS = [
  { number: '4242 4242 4242 4242', does: 'cards.pays' },
  { number: '4000 0000 0000 0002', does: 'cards.declines' },
  { number: '4000 0000 0000 9995', does: 'cards.funds' },
  { number: '4000 0025 0000 3155', does: 'cards.challenge' },
] as const;

/** The cards of the payment simulator, to copy. */
export function TestCards({ open, onClose }: { open: boolean; onClose: () => void }) {
  const { t } = useDemoWords();
  const [copied, setCopied] = useState<string | null>(null);
  const copy = (number: string) => {
    navigator.clipboard?.writeText(number).then(
      () => setCopied(number),
      () => {},
    );
  };
  return (
    <Sheet open={open} onClose={onClose} title={t('cards.title')}>
      <p className="t-small">{t('cards.words')}</p>
      <ul className={styles.cards}>
        {CARDS.map(({ number, does }) => (
          <li key={number} className={styles.card}>
            <span>
              <span className="t-code">{number}</span>
              <span className={styles.does}>{t(does)}</span>
            </span>
            <Button tone="plain" small onClick={() => copy(number)}>
              {copied === number ? t('cards.copied') : t('cards.copy')}
            </Button>
          </li>
        ))}
      </ul>
    </Sheet>
  );
}
