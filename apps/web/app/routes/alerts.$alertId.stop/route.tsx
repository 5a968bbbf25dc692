import { StopAlert } from '@liventix/contracts/events';
import { type ActionFunctionArgs, type MetaFunction, redirect } from '@remix-run/node';
import { Form, useNavigation } from '@remix-run/react';
import { useTranslation } from 'react-i18next';
import styles from '~/features/tickets/tickets.module.css';
import words from '~/platform/i18n/en/event.json';
import { load } from '~/platform/loading.ts';
import { paths } from '~/platform/paths.ts';
import { Button } from '~/ui/button/button.tsx';
import { Page } from '~/ui/page/page.tsx';

/** Opening the link changes nothing, because mailboxes open links to look at them; its button does, and so does a mail program's own. */
export async function action({ params, context }: ActionFunctionArgs) {
  const asked = StopAlert.safeParse({ alertId: params.alertId });
  const stopped = asked.success ? await load(context.api.events.stopAlert(asked.data)) : null;
  return redirect(stopped?.slug ? `${paths.event(stopped.slug)}?alert=stopped` : paths.discover(), 303);
}

export const meta: MetaFunction = () => [
  { title: `${words.tell.stop_title} · Liventix` },
  { name: 'robots', content: 'noindex, nofollow' },
];

export default function StopAlertPage() {
  const { t } = useTranslation('event');
  const { state } = useNavigation();
  return (
    <Page width="form">
      <div className={styles.narrow}>
        <h1 className="t-page">{t('tell.stop_title')}</h1>
        <p className={styles.lead}>{t('tell.stop_words')}</p>
        <Form method="post">
          <Button tone="primary" type="submit" full busy={state !== 'idle'}>
            {t('tell.stop_action')}
          </Button>
        </Form>
      </div>
    </Page>
  );
}
