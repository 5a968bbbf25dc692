import { ticketPaths } from '~/features/tickets/ticket-paths.ts';
import { useCheckoutWords } from '~/platform/i18n/checkout.ts';
import { paths } from '~/platform/paths.ts';
import { ButtonLink } from '~/ui/button/button.tsx';
import { Drawing } from '~/ui/empty-state/drawing.tsx';
import { Page } from '~/ui/page/page.tsx';
import styles from './checkout.module.css';

/** A checkout of somebody else, of another browser, or of nobody: the same page, and the way to paid tickets. */
export function LostCheckout() {
  const { t } = useCheckoutWords();
  return (
    <Page width="form">
      <div className={styles.ended}>
        <Drawing motif="rings" width={160} />
        <h1 className="t-page">{t('lost.title')}</h1>
        <p className={styles.endedWords}>{t('lost.words')}</p>
        <div className={styles.endedActions}>
          <ButtonLink tone="primary" to={ticketPaths.findOrder()}>
            {t('lost.find')}
          </ButtonLink>
          <ButtonLink big to={paths.discover()}>
            {t('lost.home')}
          </ButtonLink>
        </div>
      </div>
    </Page>
  );
}
