import { type ActionFunctionArgs, type LoaderFunctionArgs, type MetaFunction, redirect } from '@remix-run/node';
import { useActionData, useLoaderData } from '@remix-run/react';
import { backTo } from '~/features/accounts/back-to.ts';
import { EnterPage } from '~/features/accounts/enter-page.tsx';
import { readWall } from '~/features/accounts/wall.server.ts';
import { actOnProof } from '~/features/security/prove.server.ts';
import { ProveForm } from '~/features/security/prove-form.tsx';
import styles from '~/features/security/security.module.css';
import words from '~/platform/i18n/en/security.json';
import { useSecurityWords } from '~/platform/i18n/security.ts';
import { load } from '~/platform/loading.ts';
import { paths } from '~/platform/paths.ts';
import { Button } from '~/ui/button/button.tsx';

/** Where a sign-in asks for the second factor, and a signed-in user confirms who it is. */
export async function loader({ request, context }: LoaderFunctionArgs) {
  const to = backTo(new URL(request.url).searchParams.get('to'));
  if (!context.pending && !context.actor) throw redirect(paths.signIn(to));
  if (!context.pending && context.actor?.isAnonymous) throw redirect(to);
  const [state, posters] = await Promise.all([load(context.api.security.proof()), readWall(context)]);
  return { to, state, posters };
}

export async function action(args: ActionFunctionArgs) {
  return actOnProof(args);
}

export const meta: MetaFunction = () => [
  { title: `${words.confirm.title} · Liventix` },
  { name: 'robots', content: 'noindex, nofollow' },
];

export default function Confirm() {
  const { t } = useSecurityWords();
  const { to, state, posters } = useLoaderData<typeof loader>();
  const answer = useActionData<typeof action>();
  const signsIn = state.for === 'sign_in';
  return (
    <EnterPage
      posters={posters}
      title={t(signsIn ? 'confirm.sign_in_title' : 'confirm.title')}
      lead={signsIn ? t('confirm.sign_in_lead', { email: state.email }) : t('confirm.lead')}
    >
      {/* A whole new page: nothing of before stays. */}
      <ProveForm state={state} said={answer?.words} onProved={() => window.location.assign(to)} />
      {signsIn && (
        <>
          <form method="post" action={paths.signOut()} className={styles.row}>
            <span className="ink-2">{t('confirm.not_you', { email: state.email })}</span>
            <Button tone="quiet" type="submit">
              {t('confirm.leave')}
            </Button>
          </form>
          <p className="t-small ink-3">
            {t('confirm.not_set_up')} <a href={paths.forgot()}>{t('confirm.new_password')}</a>
          </p>
          <p className="t-small ink-3">{t('confirm.lost')}</p>
        </>
      )}
    </EnterPage>
  );
}
