import { type ActionFunctionArgs, data, type MetaFunction, redirect } from '@remix-run/node';
import { Form, useActionData, useNavigation } from '@remix-run/react';
import { refusalOf } from '~/features/checkout/refusal.ts';
import { FindForm } from '~/features/tickets/find-form.tsx';
import styles from '~/features/tickets/tickets.module.css';
import { useWalletWords } from '~/platform/i18n/wallet.ts';
import { paths } from '~/platform/paths.ts';
import { Button, ButtonLink } from '~/ui/button/button.tsx';
import { Page } from '~/ui/page/page.tsx';

/** Opening a link changes nothing, because mailboxes open links to look at them; pressing its button does. */
export async function action({ params, context }: ActionFunctionArgs) {
  try {
    const { tickets, inAccount } = await context.api.tickets.claimLink({ token: params.token ?? '' });
    if (tickets > 0) return redirect(`${paths.tickets()}?found=${tickets}`);
    return { outcome: inAccount > 0 ? ('account' as const) : ('none' as const), words: '' };
  } catch (thrown) {
    const refusal = refusalOf(thrown);
    if (!refusal) throw thrown;
    const expired = refusal.code === 'LINK_EXPIRED' || refusal.code === 'INPUT_INVALID';
    return data(
      { outcome: expired ? ('expired' as const) : ('refused' as const), words: refusal.words },
      { status: refusal.status },
    );
  }
}

export const meta: MetaFunction = () => [
  { title: 'Your tickets · Liventix' },
  { name: 'robots', content: 'noindex, nofollow' },
  // Not to other sites; to ours it stays, because posts prove by it where they come from.
  { name: 'referrer', content: 'same-origin' },
];

export default function OrderLink() {
  const { t } = useWalletWords();
  const said = useActionData<typeof action>();
  const { state } = useNavigation();
  return (
    <Page width="form">
      <div className={styles.narrow}>
        {said === undefined || said.outcome === 'refused' ? (
          <>
            <h1 className="t-page">{t('link.title')}</h1>
            <p className={styles.lead}>{said?.words || t('link.words')}</p>
            {/* A new document: this browser may be somebody else after it. */}
            <Form method="post" reloadDocument>
              <Button tone="primary" type="submit" full busy={state !== 'idle'} busyWords={t('link.opening')}>
                {t('link.open')}
              </Button>
            </Form>
          </>
        ) : said.outcome === 'expired' ? (
          <>
            <h1 className="t-page">{t('link.expired_title')}</h1>
            <p className={styles.lead}>{t('link.expired')}</p>
            <FindForm />
          </>
        ) : said.outcome === 'account' ? (
          <>
            <h1 className="t-page">{t('link.account_title')}</h1>
            <p className={styles.lead}>{t('link.account')}</p>
            <ButtonLink tone="primary" full to={paths.signIn(paths.tickets())}>
              {t('find_order.sign_in')}
            </ButtonLink>
          </>
        ) : (
          <>
            <h1 className="t-page">{t('link.none_title')}</h1>
            <p className={styles.lead}>{t('link.none')}</p>
            <ButtonLink to={paths.discover()}>{t('see_events')}</ButtonLink>
          </>
        )}
      </div>
    </Page>
  );
}
