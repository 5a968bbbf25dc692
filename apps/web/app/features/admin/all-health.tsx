import type { AllHealthView, EventHealthLine } from '@liventix/contracts/health';
import { Link } from '@remix-run/react';
import { IconAlertTriangle, IconCheck, IconRefresh } from '@tabler/icons-react';
import { useState } from 'react';
import { formatCount, formatDate } from '~/platform/format.ts';
import { useAdminWords } from '~/platform/i18n/admin.ts';
import { paths } from '~/platform/paths.ts';
import { trpc } from '~/platform/trpc.ts';
import { Button, ButtonLink } from '~/ui/button/button.tsx';
import { EmptyState } from '~/ui/empty-state/empty-state.tsx';
import { EventDate, useReaderZone } from '~/ui/event-date/event-date.tsx';
import { Page, Section } from '~/ui/page/page.tsx';
import { toast } from '~/ui/toast/toast.tsx';
import { gradeOf } from './admin.rules.ts';
import styles from './all-health.module.css';

const icon = { size: 20, stroke: 1.75, 'aria-hidden': true } as const;

/** Whether everything holds, in one sentence; then what doesn't, the worst first. */
export function AllHealth({ initial }: { initial: AllHealthView }) {
  const { t, i18n } = useAdminWords();
  const zone = useReaderZone() ?? 'UTC';
  const [health, setHealth] = useState(initial);
  const [busy, setBusy] = useState(false);
  const look = async () => {
    setBusy(true);
    try {
      setHealth(await trpc.health.all.query());
    } catch {
      toast({ tone: 'bad', words: t('failed') });
    } finally {
      setBusy(false);
    }
  };
  const { events, count, ailing, jobs, webhooks, checkedAt } = health;
  return (
    <Page>
      <header className={styles.head}>
        <div>
          <h1 className="t-page">{t('heading')}</h1>
          {count > 0 && (
            <p role="status" className={styles.verdict} data-well={ailing === 0}>
              {ailing > 0 ? t('need_look', { count: ailing, all: count }) : t('all_hold', { count })}{' '}
              <span className={styles.when}>
                {t('verified', { time: formatDate(checkedAt.getTime(), zone, 'seconds', i18n.language) })}
              </span>
            </p>
          )}
        </div>
        <Button
          tone="quiet"
          icon={<IconRefresh {...icon} />}
          busy={busy}
          busyWords={t('checking')}
          onClick={() => void look()}
        >
          {t('again')}
        </Button>
      </header>
      <Section title={t('work.title')} tight>
        <dl className={styles.work}>
          <Work name={t('work.jobs')} {...jobs} />
          <Work name={t('work.webhooks')} {...webhooks} />
        </dl>
      </Section>
      {count === 0 ? (
        <EmptyState motif="rings" action={<ButtonLink to={paths.discover()}>{t('discover')}</ButtonLink>}>
          {t('empty')}
        </EmptyState>
      ) : (
        <Section
          title={t('events.title')}
          tight
          aside={events.length < count && <span className="ink-3">{t('events.first', { count: events.length })}</span>}
        >
          <ul className={styles.list}>
            {events.map((event) => (
              <EventLine key={event.eventId} event={event} />
            ))}
          </ul>
        </Section>
      )}
    </Page>
  );
}

function Work({ name, waiting, failed }: { name: string; waiting: number; failed: number }) {
  const { t, i18n } = useAdminWords();
  const said = (count: number) => formatCount(count, i18n.language);
  return (
    <div className={styles.row}>
      <dt>{name}</dt>
      <dd className="tnum" data-failed={failed > 0}>
        {waiting + failed === 0 ? t('work.well') : t('work.state', { waiting: said(waiting), failed: said(failed) })}
      </dd>
    </div>
  );
}

function EventLine({ event }: { event: EventHealthLine }) {
  const { t } = useAdminWords();
  const grade = gradeOf(event.score);
  const title = event.title || t('events.untitled');
  return (
    <li className={styles.line}>
      <div className={styles.words}>
        {event.slug ? (
          <Link to={paths.event(event.slug)} className={styles.title}>
            {title}
          </Link>
        ) : (
          <span className={styles.title}>{title}</span>
        )}
        <p className="t-small ink-2">
          {event.host && `${event.host} · `}
          {event.startAt ? <EventDate startMs={event.startAt.getTime()} zone={event.timeZone} /> : t('events.no_date')}
        </p>
        {event.findings.length > 0 && (
          <ul className={styles.findings}>
            {event.findings.map((finding) => (
              <li key={finding.code}>{finding.sentence}</li>
            ))}
          </ul>
        )}
      </div>
      <p className={styles.score} data-grade={grade}>
        {grade === 'holds' ? <IconCheck {...icon} /> : <IconAlertTriangle {...icon} />}
        <span>{t(`score.${grade}`, { score: event.score })}</span>
      </p>
    </li>
  );
}
