import { ResetLink } from '@liventix/contracts/accounts';
import type { ActionFunctionArgs, HeadersFunction, LoaderFunctionArgs } from '@remix-run/node';
import { Form, useActionData, useLoaderData, useNavigation } from '@remix-run/react';
import { accountMeta } from '~/features/accounts/account-meta.ts';
import { ResetForm } from '~/features/accounts/accounts.forms.ts';
import type { FormAnswer } from '~/features/accounts/answers.ts';
import { callAuth, goOn } from '~/features/accounts/call-auth.server.ts';
import styles from '~/features/accounts/enter-page.module.css';
import { EnterPage } from '~/features/accounts/enter-page.tsx';
import { ProblemNotice } from '~/features/accounts/problem-notice.tsx';
import { readForm } from '~/features/accounts/read-form.server.ts';
import { useWordsForm } from '~/features/accounts/use-words-form.ts';
import { readWall } from '~/features/accounts/wall.server.ts';
import { useAccountWords } from '~/platform/i18n/account.ts';
import { load } from '~/platform/loading.ts';
import { paths } from '~/platform/paths.ts';
import { Button, ButtonLink } from '~/ui/button/button.tsx';
import { PasswordField } from '~/ui/field/field.tsx';

export async function loader({ request, context }: LoaderFunctionArgs) {
  const asked = ResetLink.safeParse({ token: new URL(request.url).searchParams.get('token') });
  const [posters, link] = await load(
    Promise.all([readWall(context), asked.success ? context.api.accounts.resetLink(asked.data) : null]),
  );
  return { posters, token: link?.works ? (asked.data?.token ?? null) : null };
}

// The address carries a key.
export const headers: HeadersFunction = () => ({ 'cache-control': 'no-store' });

export async function action({ request, context }: ActionFunctionArgs): Promise<FormAnswer | Response> {
  const { value, result } = readForm(await request.formData(), ResetForm);
  if (!value) return { result };
  const changed = await callAuth(context, '/reset-password', { token: value.token, newPassword: value.password });
  return changed.ok ? goOn(`${paths.signIn()}?after=reset`, changed.headers) : { problem: changed.problem };
}

export const meta = accountMeta('reset');

export default function Reset() {
  const { t } = useAccountWords();
  const { posters, token } = useLoaderData<typeof loader>();
  const answer = useActionData<typeof action>();
  const navigation = useNavigation();
  const { form, fields, errorOf } = useWordsForm<{ token: string; password: string }>('reset', answer);
  if (!token || answer?.problem?.is === 'link') {
    return (
      <EnterPage posters={posters} title={t('reset.used_title')} lead={t('reset.used')}>
        <ButtonLink tone="primary" full to={paths.forgot()}>
          {t('reset.again')}
        </ButtonLink>
      </EnterPage>
    );
  }
  return (
    <EnterPage posters={posters} title={t('reset.title')} lead={t('reset.words')}>
      <ProblemNotice problem={answer?.problem} />
      <Form method="post" id={form.id} onSubmit={form.onSubmit} noValidate className={styles.fields}>
        <input type="hidden" name="token" value={token} />
        <PasswordField
          key={fields.password.key}
          name={fields.password.name}
          label={t('profile.new_password')}
          hint={t('label.password_hint')}
          error={errorOf(fields.password.errors)}
          autoComplete="new-password"
          minLength={8}
          required
          withAsterisk={false}
        />
        <Button tone="primary" type="submit" full busy={navigation.state === 'submitting'}>
          {t('reset.action')}
        </Button>
      </Form>
    </EnterPage>
  );
}
