import type { InvitationView } from '@liventix/contracts/organizations';
import { Form, useLocation, useNavigation } from '@remix-run/react';
import { useOrganizerWords } from '~/platform/i18n/organizer.ts';
import { paths } from '~/platform/paths.ts';
import { Button, ButtonLink } from '~/ui/button/button.tsx';
import { EmptyState } from '~/ui/empty-state/empty-state.tsx';
import { Notice } from '~/ui/notice/notice.tsx';
import { Page } from '~/ui/page/page.tsx';
import styles from './team-page.module.css';

/** What a mailed invitation opens: who asks, as what, and the one button. Works before JavaScript. */
export function InvitePage({ invitation }: { invitation: InvitationView | null }) {
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
  const { organizationName: org, inviterName, role, email, forYou } = invitation;
  return (
    <Page width="form">
      <div className={styles.join}>
        <h1 className="t-page">{t('invite.heading', { org })}</h1>
        <p>{t('invite.words', { name: inviterName, role: t(`role.${role}`), what: t(`role_words.${role}`) })}</p>
        {forYou === true && (
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
