import type { Me } from '@liventix/contracts/accounts';
import { useMantineColorScheme } from '@mantine/core';
import { useFetcher } from '@remix-run/react';
import { IconCircleCheck, IconCircleDashed } from '@tabler/icons-react';
import { type ReactNode, useEffect, useRef } from 'react';
import { useTranslation } from 'react-i18next';
import { useFreshForm } from '~/features/security/use-fresh-form.ts';
import { readSchemeChoice, type SchemeChoice } from '~/platform/color-scheme.ts';
import { useAccountWords } from '~/platform/i18n/account.ts';
import { paths } from '~/platform/paths.ts';
import { useRoot } from '~/platform/root-data.ts';
import { Button } from '~/ui/button/button.tsx';
import { ChoiceField, PasswordField, SwitchField, TextField } from '~/ui/field/field.tsx';
import { Notice } from '~/ui/notice/notice.tsx';
import { ProblemNotice } from './problem-notice.tsx';
import styles from './settings.module.css';
import type { ProfileAnswer, ProfileFormName } from './settings.server.ts';
import { InboxLink } from './sign-in-steps.tsx';
import { useWordsForm } from './use-words-form.ts';

/** The page's action; the layout has the same address. */
const HERE = `${paths.settings()}?index`;

/** A form of this page: its fetcher, and its answer with JavaScript or without. */
function useProfileForm(name: ProfileFormName, pageAnswer: ProfileAnswer | undefined) {
  const fetcher = useFetcher<ProfileAnswer>({ key: `settings-${name}` });
  const answer = fetcher.data ?? (pageAnswer?.form === name ? pageAnswer : undefined);
  const sent = useRef<FormData>();
  if (fetcher.formData) sent.current = fetcher.formData;
  useFreshForm(fetcher.data?.problem?.is === 'fresh' ? fetcher.data : undefined, () => {
    if (sent.current) fetcher.submit(sent.current, { method: 'post', action: HERE });
  });
  return { fetcher, answer, busy: fetcher.state !== 'idle' };
}

function Saved({ children, done }: { children: ReactNode; done: boolean }) {
  return (
    <p role="status" className={styles.saved}>
      {done && (
        <>
          <IconCircleCheck size={20} stroke={1.75} aria-hidden /> {children}
        </>
      )}
    </p>
  );
}

interface PartProps {
  answer: ProfileAnswer | undefined;
}

/** Name, and whether sale lists may say it. */
export function YouPart({ me, answer: pageAnswer }: PartProps & { me: Pick<Me, 'displayName' | 'settings'> }) {
  const { t } = useAccountWords();
  const { fetcher, answer, busy } = useProfileForm('profile', pageAnswer);
  const { form, fields, errorOf } = useWordsForm<{ displayName: string }>('settings-profile', answer, {
    displayName: me.displayName,
  });
  return (
    <section className={styles.part}>
      <h2 className="t-section">{t('profile.you')}</h2>
      <fetcher.Form
        method="post"
        action={HERE}
        id={form.id}
        onSubmit={form.onSubmit}
        noValidate
        className={styles.fields}
      >
        <input type="hidden" name="form" value="profile" />
        <TextField
          key={fields.displayName.key}
          name={fields.displayName.name}
          defaultValue={fields.displayName.initialValue}
          label={t('label.name')}
          hint={t('sign_up.name_hint')}
          error={errorOf(fields.displayName.errors)}
          autoComplete="name"
          required
          withAsterisk={false}
        />
        <SwitchField
          name="showFirstName"
          value="on"
          defaultChecked={me.settings.showFirstName === true}
          label={t('profile.show_first_name')}
          hint={t('profile.show_first_name_hint')}
        />
        <div className={styles.row}>
          <Button tone="primary" small type="submit" busy={busy}>
            {t('settings.save')}
          </Button>
          <Saved done={!busy && answer?.done === true}>{t('settings.saved')}</Saved>
        </div>
      </fetcher.Form>
    </section>
  );
}

const SCHEMES: SchemeChoice[] = ['light', 'dark', 'auto'];

/** Changes at a press; before JavaScript it is a form with a button. */
export function LookPart() {
  const { t } = useAccountWords();
  const { t: common } = useTranslation('common');
  const { scheme } = useRoot();
  const { setColorScheme } = useMantineColorScheme();
  const fetcher = useFetcher<ProfileAnswer>({ key: 'settings-scheme' });
  return (
    <section className={styles.part}>
      <h2 className="t-section">{t('profile.look')}</h2>
      <fetcher.Form method="post" action={HERE} className={styles.fields}>
        <input type="hidden" name="form" value="scheme" />
        <div className={styles.choice}>
          <ChoiceField
            label={t('profile.look_label')}
            hint={t('profile.look_hint')}
            name="scheme"
            defaultValue={scheme}
            onChange={(value) => setColorScheme(readSchemeChoice(`lx_scheme=${value}`))}
            options={SCHEMES.map((value) => ({ value, label: common(`scheme.${value}`) }))}
          />
        </div>
        <noscript>
          <Button type="submit">{t('settings.save')}</Button>
        </noscript>
      </fetcher.Form>
    </section>
  );
}

/** The address, whether it is proven, and the way to another one. */
export function AddressPart({ email, proven, answer: pageAnswer }: PartProps & { email: string; proven: boolean }) {
  const { t } = useAccountWords();
  const prove = useProfileForm('prove', pageAnswer);
  const change = useProfileForm('address', pageAnswer);
  const { form, fields, errorOf } = useWordsForm<{ newEmail: string }>('settings-address', change.answer);
  return (
    <section className={styles.part}>
      <h2 className="t-section">{t('profile.address')}</h2>
      <p className={styles.address}>
        <strong>{email}</strong>
        <span className={proven ? styles.proven : styles.unproven}>
          {proven ? (
            <IconCircleCheck size={20} stroke={1.75} aria-hidden />
          ) : (
            <IconCircleDashed size={20} stroke={1.75} aria-hidden />
          )}
          {proven ? t('profile.proven') : t('profile.unproven')}
        </span>
      </p>
      {!proven && (
        <prove.fetcher.Form method="post" action={HERE} className={styles.fields}>
          <input type="hidden" name="form" value="prove" />
          <ProblemNotice problem={prove.answer?.problem} />
          {prove.answer?.done ? (
            <Sent>{t('profile.prove_sent')}</Sent>
          ) : (
            <Notice
              tone="warn"
              action={
                <Button type="submit" busy={prove.busy} busyWords={t('sign_in.sending')}>
                  {t('profile.prove_again')}
                </Button>
              }
            >
              {t('profile.unproven_words')}
            </Notice>
          )}
        </prove.fetcher.Form>
      )}
      {change.answer?.done ? (
        <Sent>{t(proven ? 'profile.address_sent' : 'profile.address_sent_new', { email: change.answer.sentTo })}</Sent>
      ) : (
        <change.fetcher.Form
          method="post"
          action={HERE}
          id={form.id}
          onSubmit={form.onSubmit}
          noValidate
          className={styles.fields}
        >
          <input type="hidden" name="form" value="address" />
          <ProblemNotice problem={change.answer?.problem} />
          <TextField
            key={fields.newEmail.key}
            name={fields.newEmail.name}
            defaultValue={fields.newEmail.initialValue}
            label={t('profile.new_address')}
            hint={proven ? t('profile.new_address_hint') : t('profile.new_address_hint_unproven')}
            error={errorOf(fields.newEmail.errors)}
            type="email"
            autoComplete="email"
            inputMode="email"
            autoCapitalize="none"
            spellCheck={false}
            required
            withAsterisk={false}
          />
          <div className={styles.row}>
            <Button type="submit" busy={change.busy} busyWords={t('sign_in.sending')}>
              {t('profile.change_address')}
            </Button>
          </div>
        </change.fetcher.Form>
      )}
    </section>
  );
}

function Sent({ children }: { children: ReactNode }) {
  const { demo } = useRoot();
  return (
    <div className={styles.fields}>
      <Notice tone="ok" role="status">
        {children}
      </Notice>
      {demo && (
        <div className={styles.row}>
          <InboxLink />
        </div>
      )}
    </div>
  );
}

/** Changing a password, or getting a first one by mail. */
export function PasswordPart({
  email,
  hasPassword,
  answer: pageAnswer,
}: PartProps & { email: string; hasPassword: boolean }) {
  const { t } = useAccountWords();
  const change = useProfileForm('password', pageAnswer);
  const set = useProfileForm('set-password', pageAnswer);
  const { form, fields, errorOf } = useWordsForm<{ currentPassword: string; newPassword: string }>(
    'settings-password',
    change.answer,
  );
  // A password that is in use must not stay in the page.
  const element = useRef<HTMLFormElement>(null);
  const done = change.answer?.done === true && !change.busy;
  useEffect(() => {
    if (done) element.current?.reset();
  }, [done]);
  return (
    <section className={styles.part}>
      <h2 className="t-section">{t('profile.password')}</h2>
      {hasPassword ? (
        <change.fetcher.Form
          ref={element}
          method="post"
          action={HERE}
          id={form.id}
          onSubmit={form.onSubmit}
          noValidate
          className={styles.fields}
        >
          <input type="hidden" name="form" value="password" />
          {/* Tells password managers whose password this is. */}
          <input type="text" name="username" value={email} autoComplete="username" readOnly hidden />
          <ProblemNotice problem={change.answer?.problem} />
          <PasswordField
            key={fields.currentPassword.key}
            name={fields.currentPassword.name}
            label={t('profile.current_password')}
            error={errorOf(fields.currentPassword.errors)}
            autoComplete="current-password"
            required
            withAsterisk={false}
          />
          <PasswordField
            key={fields.newPassword.key}
            name={fields.newPassword.name}
            label={t('profile.new_password')}
            hint={t('label.password_hint')}
            error={errorOf(fields.newPassword.errors)}
            autoComplete="new-password"
            minLength={8}
            required
            withAsterisk={false}
          />
          <div className={styles.row}>
            <Button type="submit" busy={change.busy}>
              {t('profile.change_password')}
            </Button>
            <Saved done={done}>{t('profile.password_changed')}</Saved>
          </div>
        </change.fetcher.Form>
      ) : (
        <set.fetcher.Form method="post" action={HERE} className={styles.fields}>
          <input type="hidden" name="form" value="set-password" />
          <p className="ink-2">{t('profile.no_password')}</p>
          <ProblemNotice problem={set.answer?.problem} />
          {set.answer?.done ? (
            <Sent>{t('profile.set_password_sent', { email })}</Sent>
          ) : (
            <div className={styles.row}>
              <Button type="submit" busy={set.busy} busyWords={t('sign_in.sending')}>
                {t('profile.set_password')}
              </Button>
            </div>
          )}
        </set.fetcher.Form>
      )}
    </section>
  );
}
