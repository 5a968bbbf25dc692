import { type LoaderFunctionArgs, type MetaFunction, redirect } from '@remix-run/node';
import { useLoaderData } from '@remix-run/react';
import { addressMark } from '~/features/accounts/address-mark.server.ts';
import styles from '~/features/accounts/enter-page.module.css';
import { EnterPage } from '~/features/accounts/enter-page.tsx';
import { InboxLink } from '~/features/accounts/sign-in-steps.tsx';
import { readWall } from '~/features/accounts/wall.server.ts';
import { useAccountWords } from '~/platform/i18n/account.ts';
import words from '~/platform/i18n/en/account.json';
import { paths } from '~/platform/paths.ts';
import { ButtonLink } from '~/ui/button/button.tsx';

type Landing = 'welcome' | 'done' | 'changed' | 'half' | 'plain';

/** Where address links and a finished sign-up lead: says what is true now, whatever the link promised. */
export async function loader({ request, context }: LoaderFunctionArgs) {
  const params = new URL(request.url).searchParams;
  const actor = context.actor && !context.actor.isAnonymous ? context.actor : null;
  return {
    landing: landingOf(params, actor),
    email: actor?.email ?? null,
    name: actor?.name.split(' ')[0] ?? '',
    posters: await readWall(context),
  };
}

function landingOf(params: URLSearchParams, actor: { email: string; emailVerified: boolean } | null): Landing {
  const change = params.get('change');
  if (change) return actor && addressMark(actor.email) === change ? 'changed' : 'half';
  if (!actor) return 'plain';
  if (!actor.emailVerified) throw redirect(paths.settings()); // which mails the link again
  return params.get('after') === 'sign-up' ? 'welcome' : 'done';
}

export const meta: MetaFunction<typeof loader> = () => [
  { title: `${words.verify.title_plain} · Liventix` },
  { name: 'robots', content: 'noindex, nofollow' },
];

export default function Verify() {
  const { t } = useAccountWords();
  const { landing, email, name, posters } = useLoaderData<typeof loader>();
  const title =
    landing === 'welcome'
      ? name
        ? t('verify.title_welcome', { name })
        : t('verify.title_welcome_nameless')
      : t(`verify.title_${landing}`);
  return (
    <EnterPage posters={posters} title={title} lead={t(`verify.${landing}`, { email })}>
      <div className={styles.ways}>
        {landing === 'plain' ? (
          <ButtonLink tone="primary" full to={paths.signIn(paths.settings())}>
            {t('sign_in.title')}
          </ButtonLink>
        ) : landing === 'half' ? (
          <ButtonLink tone="primary" full to={paths.settings()}>
            {t('verify.settings')}
          </ButtonLink>
        ) : landing === 'welcome' ? (
          <ButtonLink tone="primary" full to={paths.discover()}>
            {t('verify.discover')}
          </ButtonLink>
        ) : (
          <ButtonLink tone="primary" full to={paths.tickets()}>
            {t('verify.tickets')}
          </ButtonLink>
        )}
        {landing === 'half' && <InboxLink />}
      </div>
    </EnterPage>
  );
}
