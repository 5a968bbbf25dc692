import type { ProofState, ProofWay, Prove } from '@liventix/contracts/security';
import { Form } from '@remix-run/react';
import { IconFingerprint } from '@tabler/icons-react';
import { type FormEvent, useState } from 'react';
import { useSecurityWords } from '~/platform/i18n/security.ts';
import { paths } from '~/platform/paths.ts';
import { trpc } from '~/platform/trpc.ts';
import { Button } from '~/ui/button/button.tsx';
import { PasswordField, TextField } from '~/ui/field/field.tsx';
import { Notice } from '~/ui/notice/notice.tsx';
import styles from './security.module.css';
import { useWork } from './use-work.ts';
import { isBrowserRefusal, signWithPasskey } from './webauthn.ts';

type TypedWay = Exclude<ProofWay, 'passkey'>;

export interface ProveFormProps {
  state: ProofState;
  /** The proof was right. */
  onProved: () => void;
  /** What the page's own action said, where there is no JavaScript. */
  said?: string | undefined;
}

/** Proves who one is: by a passkey, a code or, without a second factor, the password. A form before JavaScript. */
export function ProveForm({ state, onProved, said }: ProveFormProps) {
  const { t } = useSecurityWords();
  const typed = state.ways.filter((way): way is TypedWay => way !== 'passkey');
  const [way, setWay] = useState<TypedWay | undefined>(typed[0]);
  const { busy, problem, work } = useWork();
  const send = (given: Prove) =>
    work(given.by, async () => {
      await trpc.security.prove.mutate(given);
      onProved();
    });
  const submit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const value = String(new FormData(event.currentTarget).get('proof') ?? '');
    if (way) void send(way === 'password' ? { by: way, password: value } : { by: way, code: value });
  };
  const byPasskey = () =>
    work(
      'passkey',
      async () => {
        await trpc.security.prove.mutate({ by: 'passkey', proof: await signWithPasskey() });
        onProved();
      },
      (error) => (isBrowserRefusal(error) ? t('passkeys.stopped_proof') : null),
    );
  if (state.ways.length === 0) return <SignInAgain />;
  return (
    <div className={styles.fields}>
      {(problem ?? said) && (
        <Notice tone="bad" role="alert">
          {problem ?? said}
        </Notice>
      )}
      {state.ways.includes('passkey') && (
        <Button
          tone={way ? 'plain' : 'primary'}
          full
          busy={busy === 'passkey'}
          busyWords={t('passkeys.busy')}
          icon={<IconFingerprint size={20} stroke={1.75} aria-hidden />}
          onClick={byPasskey}
        >
          {t('confirm.passkey')}
        </Button>
      )}
      {way && (
        <Form method="post" onSubmit={submit} noValidate className={styles.fields}>
          <input type="hidden" name="by" value={way} />
          <Field key={way} way={way} />
          <Button tone="primary" full type="submit" busy={busy === way}>
            {t(state.for === 'sign_in' ? 'confirm.sign_in' : 'confirm.go')}
          </Button>
        </Form>
      )}
      {typed.length > 1 && (
        <Button tone="quiet" onClick={() => setWay(typed.find((each) => each !== way))}>
          {t(way === 'recovery' ? 'confirm.use_app' : 'confirm.use_recovery')}
        </Button>
      )}
    </div>
  );
}

function Field({ way }: { way: TypedWay }) {
  const { t } = useSecurityWords();
  if (way === 'password') {
    return (
      <PasswordField
        name="proof"
        label={t('confirm.password')}
        autoComplete="current-password"
        required
        withAsterisk={false}
      />
    );
  }
  return (
    <TextField
      name="proof"
      className={styles.code}
      label={t(`confirm.${way}`)}
      hint={t(`confirm.${way}_hint`)}
      autoComplete={way === 'app' ? 'one-time-code' : 'off'}
      inputMode={way === 'app' ? 'numeric' : 'text'}
      autoCapitalize="none"
      spellCheck={false}
      maxLength={way === 'app' ? 12 : 40}
      required
      withAsterisk={false}
    />
  );
}

/** Without a password and a second factor only a new sign-in proves anything. */
function SignInAgain() {
  const { t } = useSecurityWords();
  return (
    <div className={styles.fields}>
      <Notice>{t('confirm.no_way')}</Notice>
      <form method="post" action={paths.signOut()}>
        <Button full type="submit">
          {t('confirm.sign_in_again')}
        </Button>
      </form>
    </div>
  );
}
