import { ConfirmAlert } from '@liventix/contracts/events';
import { type ActionFunctionArgs, data, type MetaFunction, redirect } from '@remix-run/node';
import { Form, useActionData, useNavigation } from '@remix-run/react';
import { useTranslation } from 'react-i18next';
import { refusalOf } from '~/features/checkout/refusal.ts';
import styles from '~/features/tickets/tickets.module.css';
import words from '~/platform/i18n/en/event.json';
import { paths } from '~/platform/paths.ts';
import { Button } from '~/ui/button/button.tsx';
import { Notice } from '~/ui/notice/notice.tsx';
import { Page } from '~/ui/page/page.tsx';

/** Opening the link changes nothing, because mailboxes open links to look at them; its button says yes. */
export async function action({ request, params, context }: ActionFunctionArgs) {
  const key = new URL(request.url).searchParams.get('key');
  const asked = ConfirmAlert.safeParse({ alertId: params.alertId, key });
  if (!asked.success) return data({ words: words.tell.confirm_expired }, { status: 410 });
  try {
    const { slug } = await context.api.events.confirmAlert(asked.data);
    return redirect(`${paths.event(slug)}?alert=confirmed`, 303);
  } catch (thrown) {
    const refusal = refusalOf(thrown);
    if (!refusal) throw thrown;
    const said = refusal.code === 'LINK_EXPIRED' ? words.tell.confirm_expired : refusal.words;
    return data({ words: said }, { status: refusal.status });
  }
}

export const meta: MetaFunction = () => [
  { title: `${words.tell.confirm_title} · Liventix` },
  { name: 'robots', content: 'noindex, nofollow' },
  // Not to other sites; to ours it stays, because posts prove by it where they come from.
  { name: 'referrer', content: 'same-origin' },
];

export default function ConfirmAlertPage() {
  const { t } = useTranslation('event');
  const refused = useActionData<typeof action>();
  const { state } = useNavigation();
  return (
    <Page width="form">
      <div className={styles.narrow}>
        <h1 className="t-page">{t('tell.confirm_title')}</h1>
        {refused ? (
          <Notice tone="bad" role="alert">
            {refused.words}
          </Notice>
        ) : (
          <>
            <p className={styles.lead}>{t('tell.confirm_words')}</p>
            <Form method="post">
              <Button tone="primary" type="submit" full busy={state !== 'idle'}>
                {t('tell.confirm_action')}
              </Button>
            </Form>
          </>
        )}
      </div>
    </Page>
  );
}
