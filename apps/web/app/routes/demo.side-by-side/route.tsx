import type { LoaderFunctionArgs, MetaFunction } from '@remix-run/node';
import { Form, useLoaderData } from '@remix-run/react';
import { useDemoWords } from '~/platform/i18n/demo.ts';
import { load } from '~/platform/loading.ts';
import { paths } from '~/platform/paths.ts';
import { useRoot } from '~/platform/root-data.ts';
import { Button } from '~/ui/button/button.tsx';
import { Page } from '~/ui/page/page.tsx';
import styles from './side-by-side.module.css';

/** The buyer's event page and the organizer's live view in one window: take places on the left, watch the right. Demo only. */
export async function loader({ context }: LoaderFunctionArgs) {
  const { tonight } = await load(context.api.demo.state());
  if (!tonight) throw new Response(null, { status: 404 });
  return { tonight };
}

export const meta: MetaFunction = () => [{ title: 'Side by side · Liventix' }, { name: 'robots', content: 'noindex' }];

export default function SideBySide() {
  const { t } = useDemoWords();
  const { tonight } = useLoaderData<typeof loader>();
  const { actor } = useRoot();
  const isTheo = actor?.email.startsWith('theo@') ?? false;
  return (
    <Page width="full" footer={null}>
      <header className={styles.head}>
        <h1 className="t-section">{t('side.title')}</h1>
        <p className="t-small">{t('side.words')}</p>
      </header>
      <div className={styles.halves}>
        <iframe className={styles.half} title={t('side.buyer')} src={`${paths.event(tonight.slug)}?frame=1`} />
        {isTheo ? (
          <iframe
            className={styles.half}
            title={t('side.organizer')}
            src={`${paths.organizeEvent(tonight.eventId)}?frame=1`}
          />
        ) : (
          <div className={styles.ask}>
            <p>{t('side.needs_theo')}</p>
            <Form method="post" action={paths.stepInto()} reloadDocument>
              <input type="hidden" name="to" value={paths.sideBySide()} />
              <Button tone="primary" type="submit" name="role" value="theo">
                {t('side.step')}
              </Button>
            </Form>
          </div>
        )}
      </div>
    </Page>
  );
}
