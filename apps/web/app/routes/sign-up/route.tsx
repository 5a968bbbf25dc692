import { type ActionFunctionArgs, data, type LoaderFunctionArgs, redirect } from '@remix-run/node';
import { Form, Link, useActionData, useLoaderData, useNavigation } from '@remix-run/react';
import { IconTicket } from '@tabler/icons-react';
import { Trans } from 'react-i18next';
import { accountMeta } from '~/features/accounts/account-meta.ts';
import { SignUpForm } from '~/features/accounts/accounts.forms.ts';
import { backTo } from '~/features/accounts/back-to.ts';
import { callAuth } from '~/features/accounts/call-auth.server.ts';
import styles from '~/features/accounts/enter-page.module.css';
import { EnterPage } from '~/features/accounts/enter-page.tsx';
import { invitedAddress } from '~/features/accounts/invited-address.server.ts';
import { ProblemNotice } from '~/features/accounts/problem-notice.tsx';
import { readForm } from '~/features/accounts/read-form.server.ts';
import { signIn } from '~/features/accounts/sign-in.server.ts';
import { CodeStep } from '~/features/accounts/sign-in-steps.tsx';
import { useWordsForm } from '~/features/accounts/use-words-form.ts';
import { countGuestTickets, readWall } from '~/features/accounts/wall.server.ts';
import { useAccountWords } from '~/platform/i18n/account.ts';
import { load } from '~/platform/loading.ts';
import { paths } from '~/platform/paths.ts';
import { Button } from '~/ui/button/button.tsx';
import { PasswordField, TextField } from '~/ui/field/field.tsx';
import { Notice } from '~/ui/notice/notice.tsx';

const WELCOME = `${paths.verify()}?after=sign-up`;

export async function loader({ request, context }: LoaderFunctionArgs) {
  const to = new URL(request.url).searchParams.get('to');
  if (context.actor && !context.actor.isAnonymous) throw redirect(backTo(to));
  const [posters, guestTickets, invited] = await load(
    Promise.all([readWall(context), countGuestTickets(context), invitedAddress(context, to)]),
  );
  return { to: to && backTo(to), posters, guestTickets, invited };
}

/** The form, then the code that was mailed for it. Nothing here says whether the address had an account. */
export async function action({ request, context }: ActionFunctionArgs) {
  const form = await request.formData();
  const to = backTo(new URL(request.url).searchParams.get('to'), WELCOME);
  if (form.has('by')) return signIn(context, form, to);
  const { value, result, typed } = readForm(form, SignUpForm);
  if (!value) return { step: 'start' as const, email: '', result };
  const asked = await callAuth(context, '/sign-up/email', { ...value, callbackURL: to });
  // Its cookies keep the name and the password until the mailbox is proven.
  if (asked.ok) return data({ step: 'code' as const, email: value.email }, { headers: asked.headers });
  return { step: 'start' as const, email: '', problem: asked.problem, result: typed() };
}

export const meta = accountMeta('sign_up');

export default function SignUp() {
  const { t } = useAccountWords();
  const { to, posters, guestTickets, invited } = useLoaderData<typeof loader>();
  const answer = useActionData<typeof action>();
  const navigation = useNavigation();
  const { form, fields, errorOf } = useWordsForm<{ name: string; email: string; password: string }>(
    'sign-up',
    answer,
    invited === null ? undefined : { email: invited },
  );
  if (answer?.step === 'code') {
    return (
      <EnterPage posters={posters} title={t('link.title')} lead={t('sign_up.sent', { email: answer.email })}>
        <CodeStep answer={answer} action="sign_up.finish" />
      </EnterPage>
    );
  }
  return (
    <EnterPage
      posters={posters}
      title={t('sign_up.title')}
      lead={guestTickets === null ? t('sign_up.lead') : undefined}
    >
      {guestTickets !== null && (
        <Notice
          tone="you"
          icon={<IconTicket size={20} stroke={1.75} aria-hidden />}
          title={t('sign_up.guest_title', { count: guestTickets })}
        >
          {t('sign_up.guest_words')}
        </Notice>
      )}
      <ProblemNotice problem={answer?.problem} />
      <Form method="post" id={form.id} onSubmit={form.onSubmit} noValidate className={styles.fields}>
        <TextField
          key={fields.name.key}
          name={fields.name.name}
          defaultValue={fields.name.initialValue}
          label={t('label.name')}
          hint={t('sign_up.name_hint')}
          error={errorOf(fields.name.errors)}
          autoComplete="name"
          required
          withAsterisk={false}
        />
        <TextField
          key={fields.email.key}
          name={fields.email.name}
          defaultValue={fields.email.initialValue}
          label={t('label.email')}
          error={errorOf(fields.email.errors)}
          type="email"
          autoComplete="username"
          inputMode="email"
          autoCapitalize="none"
          spellCheck={false}
          required
          withAsterisk={false}
        />
        <PasswordField
          key={fields.password.key}
          name={fields.password.name}
          label={t('label.password')}
          hint={t('label.password_hint')}
          error={errorOf(fields.password.errors)}
          autoComplete="new-password"
          minLength={8}
          required
          withAsterisk={false}
        />
        <Button
          tone="primary"
          type="submit"
          full
          busy={navigation.state === 'submitting'}
          busyWords={t('sign_up.busy')}
        >
          {t('sign_up.action')}
        </Button>
      </Form>
      <p className={styles.small}>
        <Trans
          t={t}
          i18nKey="sign_up.terms"
          components={{ terms: <Link to={paths.terms()} />, privacy: <Link to={paths.privacy()} /> }}
        />
      </p>
      <p className={styles.foot}>
        {t('sign_up.known')}{' '}
        <Link to={paths.signIn(to || undefined)} className="link">
          {t('sign_up.sign_in')}
        </Link>
      </p>
    </EnterPage>
  );
}
