import type { MetaFunction } from '@remix-run/node';
import { useTranslation } from 'react-i18next';
import styles from '~/features/tickets/tickets.module.css';
import words from '~/platform/i18n/en/event.json';
import { Button } from '~/ui/button/button.tsx';
import { Page } from '~/ui/page/page.tsx';

export const meta: MetaFunction = () => [
  { title: `${words.tell.stop_title} · Liventix` },
  { name: 'robots', content: 'noindex, nofollow' },
];

/** The button posts to the server's own route of this address, as a mail program does by itself. */
export default function StopAlertPage() {
  const { t } = useTranslation('event');
  return (
    <Page width="form">
      <div className={styles.narrow}>
        <h1 className="t-page">{t('tell.stop_title')}</h1>
        <p className={styles.lead}>{t('tell.stop_words')}</p>
        <form method="post">
          <Button tone="primary" type="submit" full>
            {t('tell.stop_action')}
          </Button>
        </form>
      </div>
    </Page>
  );
}
