import type { ActionFunctionArgs, LoaderFunctionArgs } from '@remix-run/node';
import { useActionData, useFetcher, useLoaderData } from '@remix-run/react';
import { IconDeviceDesktop, IconDeviceMobile } from '@tabler/icons-react';
import { callAuth, goOn } from '~/features/accounts/call-auth.server.ts';
import styles from '~/features/accounts/settings.module.css';
import { accountOf, endSessions } from '~/features/accounts/settings.server.ts';
import { formatDate, machineDate } from '~/platform/format.ts';
import { useAccountWords } from '~/platform/i18n/account.ts';
import { load } from '~/platform/loading.ts';
import { paths } from '~/platform/paths.ts';
import { Button } from '~/ui/button/button.tsx';
import { useReaderZone } from '~/ui/event-date/event-date.tsx';
import { Notice } from '~/ui/notice/notice.tsx';

export async function loader({ context }: LoaderFunctionArgs) {
  accountOf(context);
  return { sessions: await load(context.api.accounts.sessions()) };
}

type Said = 'ended' | 'ended_others' | 'gone';

export async function action({ request, context }: ActionFunctionArgs) {
  const actor = accountOf(context);
  const asked = String((await request.formData()).get('session') ?? '');
  if (asked === actor.sessionId) {
    const done = await callAuth(context, '/sign-out');
    return goOn(paths.signIn(), done.ok ? done.headers : new Headers());
  }
  const ended = await endSessions(context, asked);
  return { said: (ended === 0 ? 'gone' : asked === 'others' ? 'ended_others' : 'ended') as Said };
}

export default function Sessions() {
  const { t, i18n } = useAccountWords();
  const { sessions } = useLoaderData<typeof loader>();
  const zone = useReaderZone() ?? 'UTC';
  const pageAnswer = useActionData<typeof action>();
  const fetcher = useFetcher<typeof action>();
  const busy = fetcher.state === 'idle' ? undefined : fetcher.formData?.get('session');
  const said = (fetcher.data ?? pageAnswer)?.said as Said | undefined;
  return (
    <section className={styles.part}>
      <h2 className="t-section">{t('sessions.title')}</h2>
      <p className="ink-2">{sessions.length > 1 ? t('sessions.words') : t('sessions.only')}</p>
      {said && (
        <Notice tone={said === 'gone' ? 'plain' : 'ok'} role="status">
          {t(`sessions.${said}`)}
        </Notice>
      )}
      <fetcher.Form method="post" className={styles.fields}>
        <ul className={styles.devices}>
          {sessions.map(({ id, device, createdAt, current }) => {
            const when = formatDate(createdAt.getTime(), zone, 'short', i18n.language);
            const Icon = /Android|iOS/.test(device) ? IconDeviceMobile : IconDeviceDesktop;
            return (
              <li key={id} className={styles.device}>
                <Icon size={24} stroke={1.75} aria-hidden />
                <p>
                  <strong>{device}</strong>
                  <span>
                    <time dateTime={machineDate(createdAt.getTime())}>{t('sessions.since', { when })}</time>
                  </span>
                </p>
                {current ? (
                  <span className={styles.here}>{t('sessions.here')}</span>
                ) : (
                  <Button
                    type="submit"
                    name="session"
                    value={id}
                    busy={busy === id}
                    aria-label={t('sessions.sign_out_of', { device, when })}
                  >
                    {t('sessions.sign_out')}
                  </Button>
                )}
              </li>
            );
          })}
        </ul>
        {sessions.length > 2 && (
          <div className={styles.row}>
            <Button tone="danger" type="submit" name="session" value="others" busy={busy === 'others'}>
              {t('sessions.others')}
            </Button>
          </div>
        )}
      </fetcher.Form>
    </section>
  );
}
