import type { InvitationView } from '@liventix/contracts/organizations';
import { Form, useLocation, useNavigation } from '@remix-run/react';
import { useOrganizerWords } from '~/platform/i18n/organizer.ts';
import { paths } from '~/platform/paths.ts';
import { Button, ButtonLink } from '~/ui/button/button.tsx';
import { EmptyState } from '~/ui/empty-state/empty-state.tsx';
import { Notice } from '~/ui/notice/notice.tsx';
import { Page } from '~/ui/page/page.tsx';
import styles from './team-page.module.css';

/** What became of the link that proves the mailbox: mailed, or why not. */
export type InviteAnswer = { sent: true } | { sent: false; words: string };

/** What a mailed invitation opens: who asks, as what, and the one button. Works before JavaScript. */
export function InvitePage({
  invitation,
  asked,
}: {
  invitation: InvitationView | null;
  asked?: InviteAnswer | undefined;
}) {
  const { t } = useOrganizerWords();
  const { pathname } = useLocation();
  const busy = useNavigation().state !== 'idle';
  if (!invitation)
    return (
      <Page width="form">
        <h1 className="vh">{t('team.heading')}</h1>
        <EmptyState motif="waves" action={<ButtonLink to={paths.discover()}>{t('nav.all')}</ButtonLink>}>
          {t('invite.gone')}
        </EmptyState>
      </Page>
    );
  const { organizationName: org, inviterName, role, email, forYou, unproven } = invitation;
  return (
    <Page width="form">
      <div className={styles.join}>
        <h1 className="t-page">{t('invite.heading', { org })}</h1>
        <p>{t('invite.words', { name: inviterName, role: t(`role.${role}`), what: t(`role_words.${role}`) })}</p>
        {unproven && (
          <Form method="post" className={styles.join}>
            <Notice tone={asked?.sent === false ? 'bad' : 'warn'} role={asked ? 'alert' : undefined}>
              {asked ? (asked.sent ? t('invite.sent', { email }) : asked.words) : t('invite.unproven', { email })}
            </Notice>
            <Button type="submit" name="form" value="prove" tone="primary" busy={busy} busyWords={t('invite.sending')}>
              {t('invite.prove')}
            </Button>
          </Form>
        )}
        {forYou === true && !unproven && (
          <Form method="post">
            <Button type="submit" tone="primary" busy={busy} busyWords={t('invite.joining')}>
              {t('invite.join', { org })}
            </Button>
          </Form>
        )}
        {forYou === false && <Notice tone="warn">{t('invite.other', { email })}</Notice>}
        {forYou === null && (
          <ButtonLink tone="primary" to={paths.signUp(pathname)}>
            {t('invite.sign_up')}
          </ButtonLink>
        )}
        {forYou !== true && (
          <ButtonLink tone={forYou === null ? 'quiet' : 'primary'} to={paths.signIn(pathname)}>
            {t('invite.sign_in')}
          </ButtonLink>
        )}
        <p className="t-small ink-3">{t('invite.for', { email })}</p>
      </div>
    </Page>
  );
}
