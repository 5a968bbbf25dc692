import type { ActionFunctionArgs, LoaderFunctionArgs } from '@remix-run/node';
import { Form, Link, useActionData, useLoaderData, useNavigation } from '@remix-run/react';
import { accountMeta } from '~/features/accounts/account-meta.ts';
import { AddressForm } from '~/features/accounts/accounts.forms.ts';
import type { FormAnswer } from '~/features/accounts/answers.ts';
import { callAuth } from '~/features/accounts/call-auth.server.ts';
import styles from '~/features/accounts/enter-page.module.css';
import { EnterPage } from '~/features/accounts/enter-page.tsx';
import { ProblemNotice } from '~/features/accounts/problem-notice.tsx';
import { readForm } from '~/features/accounts/read-form.server.ts';
import { InboxLink } from '~/features/accounts/sign-in-steps.tsx';
import { useWordsForm } from '~/features/accounts/use-words-form.ts';
import { readWall } from '~/features/accounts/wall.server.ts';
import { useAccountWords } from '~/platform/i18n/account.ts';
import { paths } from '~/platform/paths.ts';
import { Button } from '~/ui/button/button.tsx';
import { TextField } from '~/ui/field/field.tsx';

export async function loader({ context }: LoaderFunctionArgs) {
  return { posters: await readWall(context) };
}

/** The answer is the same whether the address has an account or not. */
export async function action({ request, context }: ActionFunctionArgs): Promise<FormAnswer & { sentTo?: string }> {
  const { value, result, typed } = readForm(await request.formData(), AddressForm);
  if (!value) return { result };
  const asked = await callAuth(context, '/request-password-reset', value);
  return asked.ok ? { sentTo: value.email } : { problem: asked.problem, result: typed() };
}

export const meta = accountMeta('forgot');

export default function Forgot() {
  const { t } = useAccountWords();
  const { posters } = useLoaderData<typeof loader>();
  const answer = useActionData<typeof action>();
  const navigation = useNavigation();
  const { form, fields, errorOf } = useWordsForm<{ email: string }>('forgot', answer);
  if (answer?.sentTo) {
    return (
      <EnterPage
        posters={posters}
        title={t('forgot.sent_title')}
        lead={<span role="status">{t('forgot.sent', { email: answer.sentTo })}</span>}
      >
        <InboxLink primary />
        <p>
          <Link to={paths.signIn()} className="link">
            {t('forgot.back')}
          </Link>
        </p>
      </EnterPage>
    );
  }
  return (
    <EnterPage posters={posters} title={t('forgot.title')} lead={t('forgot.words')}>
      <ProblemNotice problem={answer?.problem} />
      <Form method="post" id={form.id} onSubmit={form.onSubmit} noValidate className={styles.fields}>
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
        <Button
          tone="primary"
          type="submit"
          full
          busy={navigation.state === 'submitting'}
          busyWords={t('sign_in.sending')}
        >
          {t('forgot.action')}
        </Button>
      </Form>
      <p>
        <Link to={paths.signIn()} className="link">
          {t('forgot.back')}
        </Link>
      </p>
    </EnterPage>
  );
}
