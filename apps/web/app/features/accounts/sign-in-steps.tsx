import { Form, Link, useLocation, useNavigation } from '@remix-run/react';
import { IconMail } from '@tabler/icons-react';
import { useAccountWords } from '~/platform/i18n/account.ts';
import { paths } from '~/platform/paths.ts';
import { useRoot } from '~/platform/root-data.ts';
import { Button, ButtonLink } from '~/ui/button/button.tsx';
import { PasswordField, TextField } from '~/ui/field/field.tsx';
import { Notice } from '~/ui/notice/notice.tsx';
import styles from './enter-page.module.css';
import { ProblemNotice } from './problem-notice.tsx';
import type { SignInAnswer } from './sign-in.server.ts';
import { useWordsForm } from './use-words-form.ts';

/** Which of a form's buttons is being answered right now. */
function useBusyWay(): string | undefined {
  const navigation = useNavigation();
  const way = navigation.state === 'idle' ? undefined : navigation.formData?.get('by');
  return typeof way === 'string' ? way : undefined;
}

export interface StartStepProps {
  answer: SignInAnswer | undefined;
  to: string;
  /** What brought somebody here: a changed password, a deleted account. */
  after: string | null;
  /** The address of the invitation that brought somebody here. */
  invited: string | null;
}

/** One address, three ways in: the password, a mailed link, a mailed code. */
export function StartStep({ answer, to, after, invited }: StartStepProps) {
  const { t } = useAccountWords();
  const busy = useBusyWay();
  const { form, fields, errorOf } = useWordsForm<{ email: string; password: string }>(
    'sign-in',
    answer,
    invited === null ? undefined : { email: invited },
  );
  return (
    <>
      {!answer && after === 'reset' && (
        <Notice tone="ok" role="status">
          {t('after.reset')}
        </Notice>
      )}
      {!answer && after === 'deleted' && (
        <Notice tone="plain" role="status" title={t('after.deleted_title')}>
          {t('after.deleted')}
        </Notice>
      )}
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
        <div className={styles.labelled}>
          <PasswordField
            key={fields.password.key}
            name={fields.password.name}
            label={t('label.password')}
            error={errorOf(fields.password.errors)}
            autoComplete="current-password"
            required
            withAsterisk={false}
          />
          <Link to={paths.forgot()} className={styles.aside}>
            {t('sign_in.forgot')}
          </Link>
        </div>
        <Button tone="primary" type="submit" name="by" value="password" full busy={busy === 'password'}>
          {t('sign_in.action')}
        </Button>
        <p className={styles.or}>{t('sign_in.without')}</p>
        <div className={styles.pair}>
          <Button type="submit" name="by" value="link" full busy={busy === 'link'} busyWords={t('sign_in.sending')}>
            {t('sign_in.link')}
          </Button>
          <Button type="submit" name="by" value="code" full busy={busy === 'code'} busyWords={t('sign_in.sending')}>
            {t('sign_in.code')}
          </Button>
        </div>
      </Form>
      <p className={styles.foot}>
        {t('sign_in.new_here')}{' '}
        <Link to={paths.signUp(to === '/' ? undefined : to)} className="link">
          {t('sign_in.sign_up')}
        </Link>
      </p>
    </>
  );
}

/** A link is on its way. */
export function LinkStep({ answer }: { answer: SignInAnswer }) {
  const { t } = useAccountWords();
  const busy = useBusyWay();
  return (
    <>
      <ProblemNotice problem={answer.problem} />
      {answer.again && !answer.problem && (
        <Notice tone="ok" role="status">
          {t('link.sent_again')}
        </Notice>
      )}
      <InboxLink primary />
      <Form method="post" className={styles.steps}>
        <input type="hidden" name="email" value={answer.email} />
        <input type="hidden" name="again" value="" />
        <Button
          tone="quiet"
          type="submit"
          name="by"
          value="link"
          busy={busy === 'link'}
          busyWords={t('sign_in.sending')}
        >
          {t('link.again')}
        </Button>
        <OtherAddress />
      </Form>
    </>
  );
}

type CodeAction = 'code.action' | 'sign_up.finish';

/** Six digits from a mail. */
export function CodeStep({ answer, action = 'code.action' }: { answer: SignInAnswer; action?: CodeAction }) {
  const { t } = useAccountWords();
  const busy = useBusyWay();
  const { form, fields, errorOf } = useWordsForm<{ email: string; code: string }>('sign-in-code', answer);
  return (
    <>
      <ProblemNotice problem={answer.problem} />
      {answer.again && !answer.problem && (
        <Notice tone="ok" role="status">
          {t('code.sent_again')}
        </Notice>
      )}
      <Form method="post" id={form.id} onSubmit={form.onSubmit} noValidate className={styles.fields}>
        <input type="hidden" name="email" value={answer.email} />
        <TextField
          key={fields.code.key}
          className={styles.code}
          name={fields.code.name}
          defaultValue={answer.problem ? '' : fields.code.initialValue}
          label={t('code.label')}
          error={errorOf(fields.code.errors)}
          autoComplete="one-time-code"
          inputMode="numeric"
          maxLength={12}
          // The page asks for nothing else.
          autoFocus
          required
          withAsterisk={false}
        />
        <Button tone="primary" type="submit" name="by" value="digits" full busy={busy === 'digits'}>
          {t(action)}
        </Button>
      </Form>
      <Form method="post" className={styles.steps}>
        <input type="hidden" name="email" value={answer.email} />
        <input type="hidden" name="again" value="" />
        <Button
          tone="quiet"
          type="submit"
          name="by"
          value="code"
          busy={busy === 'code'}
          busyWords={t('sign_in.sending')}
        >
          {t('code.again')}
        </Button>
        <OtherAddress />
      </Form>
      <InboxLink />
    </>
  );
}

function OtherAddress() {
  const { t } = useAccountWords();
  const { pathname, search } = useLocation();
  return (
    <ButtonLink tone="quiet" to={`${pathname}${search}`} reloadDocument>
      {t('other_address')}
    </ButtonLink>
  );
}

/** In a demo nothing leaves the machine: the mail is one press away. */
export function InboxLink({ primary }: { primary?: boolean }) {
  const { t } = useAccountWords();
  const { demo } = useRoot();
  if (!demo) return null;
  return (
    <ButtonLink
      plain
      full
      tone={primary ? 'primary' : 'plain'}
      to={paths.inbox()}
      icon={<IconMail size={20} stroke={1.75} aria-hidden />}
    >
      {t('open_inbox')}
    </ButtonLink>
  );
}
