import { type ActionFunctionArgs, type LoaderFunctionArgs, redirect } from '@remix-run/node';
import { useActionData, useLoaderData, useSearchParams } from '@remix-run/react';
import { accountMeta } from '~/features/accounts/account-meta.ts';
import { backTo } from '~/features/accounts/back-to.ts';
import { DemoPeople } from '~/features/accounts/demo-people.tsx';
import { EnterPage } from '~/features/accounts/enter-page.tsx';
import { invitedAddress } from '~/features/accounts/invited-address.server.ts';
import { signIn } from '~/features/accounts/sign-in.server.ts';
import { CodeStep, LinkStep, StartStep } from '~/features/accounts/sign-in-steps.tsx';
import { readWall } from '~/features/accounts/wall.server.ts';
import { useAccountWords } from '~/platform/i18n/account.ts';
import { useRoot } from '~/platform/root-data.ts';

export async function loader({ request, context }: LoaderFunctionArgs) {
  const params = new URL(request.url).searchParams;
  const to = backTo(params.get('to'));
  if (context.actor && !context.actor.isAnonymous) throw redirect(to);
  const [posters, demo, invited] = await Promise.all([
    readWall(context),
    context.demo ? context.api.demo.state() : null,
    invitedAddress(context, to),
  ]);
  return { to, posters, roles: demo?.roles ?? [], invited };
}

export async function action({ request, context }: ActionFunctionArgs) {
  return signIn(context, await request.formData(), backTo(new URL(request.url).searchParams.get('to')));
}

export const meta = accountMeta('sign_in');

export default function SignIn() {
  const { t } = useAccountWords();
  const { to, posters, roles, invited } = useLoaderData<typeof loader>();
  const answer = useActionData<typeof action>();
  const [params] = useSearchParams();
  const { actor } = useRoot();

  if (answer?.step === 'link') {
    return (
      <EnterPage posters={posters} title={t('link.title')} lead={t('link.words', { email: answer.email })}>
        <LinkStep answer={answer} />
      </EnterPage>
    );
  }
  if (answer?.step === 'code') {
    return (
      <EnterPage posters={posters} title={t('code.title')} lead={t('code.words', { email: answer.email })}>
        <CodeStep answer={answer} />
      </EnterPage>
    );
  }
  return (
    <EnterPage
      posters={posters}
      title={t('sign_in.title')}
      lead={actor?.isAnonymous ? t('sign_in.guest') : t('sign_in.lead')}
    >
      <StartStep answer={answer} to={to} after={params.get('after')} invited={invited} />
      {roles.length > 0 && <DemoPeople roles={roles} to={to} />}
    </EnterPage>
  );
}
