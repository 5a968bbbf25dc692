import type { HealthView } from '@liventix/contracts/organizer';
import { Link } from '@remix-run/react';
import { IconAlertTriangle, IconCircleCheck } from '@tabler/icons-react';
import { formatDate } from '~/platform/format.ts';
import { useOrganizerWords } from '~/platform/i18n/organizer.ts';
import { trpc } from '~/platform/trpc.ts';
import styles from './live-dashboard.module.css';
import { organizerPaths } from './organizer-paths.ts';
import { useReread } from './use-reread.ts';

/** An event's health, read again after its numbers moved; null for roles that may not see it. */
export function useHealth(eventId: string, initial: HealthView | null, version: number): HealthView | null {
  return useReread(initial, async () => initial && trpc.organizer.health.query({ eventId }), version);
}

/** "All 9 checks hold, verified 12:03:41", or what does not. */
export function HealthLine({ eventId, health, zone }: { eventId: string; health: HealthView; zone: string }) {
  const { t, i18n } = useOrganizerWords();
  const icon = { size: 20, stroke: 1.75, 'aria-hidden': true } as const;
  if (health.findings.length === 0)
    return (
      <p className={styles.health}>
        <IconCircleCheck {...icon} className={styles.good} />
        <span>
          {t('health.holds', {
            count: health.checks,
            time: formatDate(health.checkedAt.getTime(), zone, 'seconds', i18n.language),
          })}
        </span>
      </p>
    );
  return (
    <div role="status">
      <ul className={styles.findings}>
        {health.findings.map((finding) => (
          <li key={finding.code} className={styles.health}>
            <IconAlertTriangle {...icon} className={styles.warn} />
            <span>{finding.sentence}</span>
          </li>
        ))}
      </ul>
      <Link className="link" to={organizerPaths.health(eventId)}>
        {t('health.see')}
      </Link>
    </div>
  );
}
