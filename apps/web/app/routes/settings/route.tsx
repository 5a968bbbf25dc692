import { type LoaderFunctionArgs, redirect } from '@remix-run/node';
import { Outlet, useLoaderData } from '@remix-run/react';
import { accountMeta } from '~/features/accounts/account-meta.ts';
import styles from '~/features/accounts/settings.module.css';
import { countGuestTickets } from '~/features/accounts/wall.server.ts';
import { useAccountWords } from '~/platform/i18n/account.ts';
import { load } from '~/platform/loading.ts';
import { paths } from '~/platform/paths.ts';
import { ButtonLink } from '~/ui/button/button.tsx';
import { Drawing } from '~/ui/empty-state/drawing.tsx';
import { Page } from '~/ui/page/page.tsx';
import { TabLinks } from '~/ui/tabs/tabs.tsx';

export async function loader({ request, context }: LoaderFunctionArgs) {
  if (!context.actor) throw redirect(paths.signIn(new URL(request.url).pathname));
  return { guestTickets: await load(countGuestTickets(context)) };
}

export const meta = accountMeta('settings');

export default function Settings() {
  const { t } = useAccountWords();
  const { guestTickets } = useLoaderData<typeof loader>();
  if (guestTickets !== null) {
    return (
      <Page width="form">
        <div className={styles.guest}>
          <Drawing motif="petals" width={160} />
          <h1 className="t-page">{t('settings.guest.title')}</h1>
          <p className="ink-2">{t('settings.guest.words', { count: guestTickets })}</p>
          <div className={styles.row}>
            <ButtonLink tone="primary" to={paths.signUp(paths.settings())}>
              {t('settings.guest.action')}
            </ButtonLink>
            <ButtonLink big to={paths.signIn(paths.settings())}>
              {t('settings.guest.sign_in')}
            </ButtonLink>
          </div>
        </div>
      </Page>
    );
  }
  return (
    <Page width="form">
      <h1 className="t-page">{t('settings.title')}</h1>
      <div className={styles.parts}>
        <TabLinks
          label={t('settings.parts')}
          items={[
            { to: paths.settings(), label: t('settings.profile'), end: true },
            { to: paths.security(), label: t('settings.security') },
            { to: paths.sessions(), label: t('settings.sessions') },
            { to: paths.ownData(), label: t('settings.data') },
          ]}
        />
      </div>
      <Outlet />
    </Page>
  );
}
