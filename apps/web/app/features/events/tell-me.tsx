import type { AlertKind, EventPageView } from '@liventix/contracts/events';
import { useFetcher } from '@remix-run/react';
import { IconBell, IconBellRinging } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import { useRoot } from '~/platform/root-data.ts';
import { Button } from '~/ui/button/button.tsx';
import { TextField } from '~/ui/field/field.tsx';
import { Notice } from '~/ui/notice/notice.tsx';
import styles from './tell-me.module.css';

/** One mail when sales open or a place comes back. A confirmed account presses once; any other mailbox is asked first. */
export function TellMe({ event, kind }: { event: EventPageView; kind: AlertKind }) {
  const { t } = useTranslation('event');
  const { actor } = useRoot();
  const fetcher = useFetcher<{ problem?: { code: string; words: string | null } | null; asked?: boolean }>();
  const known = actor && !actor.isAnonymous;
  const problem = fetcher.data?.problem;
  const busy = fetcher.state !== 'idle';
  const alert = event.alerts.find((each) => each.kind === kind);
  if (alert || fetcher.data?.asked)
    return (
      <Notice
        tone="you"
        role="status"
        icon={<IconBellRinging size={20} stroke={1.75} aria-hidden />}
        action={
          <fetcher.Form method="post">
            <input type="hidden" name="kind" value={kind} />
            <Button type="submit" name="intent" value="untell" tone="quiet" busy={busy}>
              {t('tell.off')}
            </Button>
          </fetcher.Form>
        }
      >
        {t(alert?.confirmed ? 'tell.on' : 'tell.asked')}
      </Notice>
    );
  return (
    <fetcher.Form method="post" className={styles.tell}>
      <input type="hidden" name="kind" value={kind} />
      <input type="hidden" name="intent" value="tell" />
      {!known && (
        <TextField
          label={t('tell.email')}
          type="email"
          name="email"
          autoComplete="email"
          required
          error={problem ? (problem.code === 'INPUT_INVALID' ? t('tell.email_error') : problem.words) : undefined}
        />
      )}
      <Button type="submit" full icon={<IconBell size={20} stroke={1.75} aria-hidden />} busy={busy}>
        {kind === 'on_sale' ? t('tell.open') : t('tell.sold_out')}
      </Button>
      <p className="t-small ink-2">{t('tell.note')}</p>
    </fetcher.Form>
  );
}
