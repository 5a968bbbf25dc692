import type { EventReports } from '@liventix/contracts/feed';
import { HEALTH_CHECKS, type HealthView, type ReconcileRow, type ReconcileView } from '@liventix/contracts/organizer';
import { Link, useOutletContext } from '@remix-run/react';
import { IconAlertTriangle, IconCheck, IconRefresh } from '@tabler/icons-react';
import { useState } from 'react';
import { feedPaths } from '~/features/feed/feed-paths.ts';
import { formatDate } from '~/platform/format.ts';
import { useOrganizerWords } from '~/platform/i18n/organizer.ts';
import { trpc } from '~/platform/trpc.ts';
import { Button } from '~/ui/button/button.tsx';
import { Notice } from '~/ui/notice/notice.tsx';
import type { EventShellContext } from './event-shell.tsx';
import styles from './health-page.module.css';
import { sayError } from './say-error.ts';

const icon = { size: 20, stroke: 1.75, 'aria-hidden': true } as const;
const ROWS = [
  'tier_issued_quantity',
  'tier_reserved_quantity',
  'tier_lapsed_places_freed',
  'tier_oversold',
  'order_tickets_issued',
  'order_tickets_owed_no_places',
  'order_status',
  'order_refunded_cents',
  'ticket_status',
  'ticket_suspended',
  'tier_status',
  'counter_last_sequence',
  'post_counts',
  'event_totals',
] as const;
/** Rows that healing names and leaves alone. */
const FOR_PEOPLE = ['tier_oversold', 'order_tickets_owed_no_places', 'person'];
const MOST_ROWS = 40;

interface HealthPageProps {
  initial: HealthView;
  /** What people reported and nobody decided about; null for roles that don't moderate. */
  reports: EventReports | null;
}

/** What disagrees, what healing would change, and the button that heals. */
export function HealthPage({ initial, reports }: HealthPageProps) {
  const { t, i18n } = useOrganizerWords();
  const { dashboard, may } = useOutletContext<EventShellContext>();
  const { event } = dashboard;
  const [health, setHealth] = useState(initial);
  const [result, setResult] = useState<ReconcileView | null>(null);
  const [busy, setBusy] = useState<'look' | 'dry' | 'heal' | null>(null);
  const run = async (what: 'look' | 'dry' | 'heal') => {
    setBusy(what);
    try {
      if (what === 'look') setHealth(await trpc.organizer.health.query({ eventId: event.id }));
      else {
        const answer = await trpc.organizer.reconcile.mutate({ eventId: event.id, dryRun: what === 'dry' });
        setResult(answer);
        setHealth(answer.health);
      }
    } catch (error) {
      sayError(error, t);
    } finally {
      setBusy(null);
    }
  };
  const found = new Map(health.findings.map((finding) => [finding.code, finding]));
  const well = health.findings.length === 0;
  return (
    <div className={styles.page}>
      <header className={styles.head}>
        <div>
          <h1 className="t-page">{t('health.heading')}</h1>
          <p className="ink-2 measure">{t('health.lead')}</p>
        </div>
        <p className={styles.score} data-well={well}>
          {health.score}
          <span className={styles.of}>/100</span>
        </p>
      </header>
      <p role="status" className="t-strong">
        {well
          ? t('health.holds', {
              count: health.checks,
              time: formatDate(health.checkedAt.getTime(), event.timeZone, 'seconds', i18n.language),
            })
          : t('health.findings', { count: health.findings.length })}
      </p>
      <ul className={styles.checks}>
        {HEALTH_CHECKS.map((code) => {
          const finding = found.get(code);
          return (
            <li key={code} className={styles.check} data-found={Boolean(finding)}>
              {finding ? <IconAlertTriangle {...icon} /> : <IconCheck {...icon} />}
              <span>
                {finding ? finding.sentence : t(`health.checks.${code}`)}
                {!finding && <span className="vh"> ({t('health.ok')})</span>}
              </span>
            </li>
          );
        })}
      </ul>
      {reports?.postId && (
        <p>
          {t('health.reports', { count: reports.count })}{' '}
          <Link className="link" to={feedPaths.post(reports.postId)}>
            {t('health.reports_see')}
          </Link>
        </p>
      )}
      <div className={styles.actions}>
        {may('orders') && !well && (
          <Button tone="primary" busy={busy === 'heal'} busyWords={t('health.heal_busy')} onClick={() => run('heal')}>
            {t('health.heal')}
          </Button>
        )}
        {may('orders') && (
          <Button busy={busy === 'dry'} busyWords={t('health.dry_busy')} onClick={() => run('dry')}>
            {t('health.dry')}
          </Button>
        )}
        <Button
          tone="quiet"
          icon={<IconRefresh {...icon} />}
          busy={busy === 'look'}
          busyWords={t('health.checking')}
          onClick={() => run('look')}
        >
          {t('health.again')}
        </Button>
      </div>
      <p className="t-small ink-3">{t(may('orders') ? 'health.safe' : 'health.not_allowed')}</p>
      {result && <Changes result={result} />}
    </div>
  );
}

/** Rows of one kind become one line with a count, so that 24 closed orders are one sentence. */
function Changes({ result }: { result: ReconcileView }) {
  const { t } = useOrganizerWords();
  if (result.rows.length === 0)
    return (
      <Notice tone="ok" role="status">
        {t('health.nothing')}
      </Notice>
    );
  return (
    <section className={styles.changes} aria-live="polite">
      <h2 className="t-section">
        {t(result.dryRun ? 'health.dry_title' : 'health.done_title')}{' '}
        <span className="ink-3 tnum">{t('health.rows', { count: result.rows.length })}</span>
      </h2>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: a scrolling region has to be reachable by keyboard */}
      <section className={styles.scroll} tabIndex={0} aria-label={t('health.dry_title')}>
        <table className={styles.table}>
          <thead>
            <tr>
              <th scope="col">{t('health.what')}</th>
              <th scope="col">{t('health.where')}</th>
              <th scope="col">{t('health.before')}</th>
              <th scope="col">{t('health.after')}</th>
            </tr>
          </thead>
          <tbody>
            {result.rows.slice(0, MOST_ROWS).map((row) => (
              <Change key={`${row.what} ${row.id}`} row={row} dryRun={result.dryRun} />
            ))}
          </tbody>
        </table>
      </section>
    </section>
  );
}

function Change({ row, dryRun }: { row: ReconcileRow; dryRun: boolean }) {
  const { t } = useOrganizerWords();
  const key = ROWS.find((each) => each === row.what.replaceAll('.', '_')) ?? 'person';
  const forPeople = !row.done && (!dryRun || FOR_PEOPLE.includes(key));
  return (
    <tr>
      <th scope="row">
        {t(`health.row.${key}`)}
        {forPeople && <span className={styles.people}> · {t('health.for_people')}</span>}
      </th>
      <td>{row.name ?? (key === 'person' ? row.what : null)}</td>
      <td className="tnum">{row.before}</td>
      <td className="tnum">{row.after}</td>
    </tr>
  );
}
