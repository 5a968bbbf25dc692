import type { ActionFunctionArgs, MetaFunction } from '@remix-run/node';
import { Link, useActionData } from '@remix-run/react';
import { FindForm } from '~/features/tickets/find-form.tsx';
import { findTickets } from '~/features/tickets/find-tickets.server.ts';
import styles from '~/features/tickets/tickets.module.css';
import { useWalletWords } from '~/platform/i18n/wallet.ts';
import { paths } from '~/platform/paths.ts';
import { Page } from '~/ui/page/page.tsx';

export async function action(args: ActionFunctionArgs) {
  return findTickets(args);
}

export const meta: MetaFunction = () => [
  { title: 'Find your tickets · Liventix' },
  { name: 'robots', content: 'noindex' },
];

export default function FindOrder() {
  const { t } = useWalletWords();
  const answer = useActionData<typeof action>();
  return (
    <Page width="form">
      <div className={styles.narrow}>
        <h1 className="t-page">{t('find_order.title')}</h1>
        <p className={styles.lead}>{t('find_order.lead')}</p>
        <FindForm answer={answer} />
        <p className="ink-2">
          {t('find_order.account')}{' '}
          <Link className="link" to={paths.signIn(paths.tickets())}>
            {t('find_order.sign_in')}
          </Link>
        </p>
      </div>
    </Page>
  );
}
