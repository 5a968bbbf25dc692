import type { OrganizerEventView } from '@liventix/contracts/organizer';
import { IconCheck, IconCircleDashed } from '@tabler/icons-react';
import { useState } from 'react';
import { formatDate } from '~/platform/format.ts';
import { useOrganizerWords } from '~/platform/i18n/organizer.ts';
import { trpc } from '~/platform/trpc.ts';
import { Button } from '~/ui/button/button.tsx';
import styles from './event-editor.module.css';
import { sayError } from './say-error.ts';

export interface ReadinessPanelProps {
  event: OrganizerEventView;
  disabled: boolean;
  onChange: (event: OrganizerEventView) => void;
}

/** What is missing before it can go on sale, by name, and the button that puts it on the bill. */
export function ReadinessPanel({ event, disabled, onChange }: ReadinessPanelProps) {
  const { t, i18n } = useOrganizerWords();
  const [busy, setBusy] = useState(false);
  const { readiness } = event;
  const run = async (verb: 'publish' | 'unpublish') => {
    setBusy(true);
    try {
      onChange(await trpc.organizer[verb].mutate({ eventId: event.id }));
    } catch (error) {
      sayError(error, t);
    } finally {
      setBusy(false);
    }
  };
  if (event.status !== 'draft')
    return (
      <section className={styles.ready}>
        {event.publishedAt && (
          <p className="t-small ink-2">
            {t('ready.live', { when: formatDate(event.publishedAt.getTime(), event.timeZone, 'short', i18n.language) })}
          </p>
        )}
        {event.status === 'published' && !event.hasOrders && (
          <Button tone="quiet" disabled={disabled} busy={busy} onClick={() => run('unpublish')}>
            {t('ready.unpublish')}
          </Button>
        )}
      </section>
    );
  return (
    <section className={styles.ready} aria-labelledby="ready-title">
      <h2 id="ready-title" className="t-card">
        {t('ready.title')}{' '}
        <span className="ink-3 tnum">{t('ready.count', { passed: readiness.passed, total: readiness.total })}</span>
      </h2>
      <ul className={styles.checks}>
        {readiness.checks.map(({ name, passed }) => (
          <li key={name} className={styles.check} data-passed={passed}>
            {passed ? (
              <IconCheck size={18} stroke={2} aria-hidden />
            ) : (
              <IconCircleDashed size={18} stroke={1.75} aria-hidden />
            )}
            <span>
              {t(`ready.${name}`)} <span className="vh">({t(passed ? 'ready.passed' : 'ready.missing')})</span>
            </span>
          </li>
        ))}
      </ul>
      <Button
        tone="primary"
        full
        disabled={disabled || !readiness.ready}
        busy={busy}
        busyWords={t('ready.publishing')}
        onClick={() => run('publish')}
      >
        {t('ready.publish')}
      </Button>
    </section>
  );
}
