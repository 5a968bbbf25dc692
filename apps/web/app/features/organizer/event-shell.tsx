import type { StaffSnapshot } from '@liventix/contracts/live';
import type { Permission } from '@liventix/contracts/organizations';
import type { DashboardView } from '@liventix/contracts/organizer';
import { Link, NavLink, Outlet, useLocation } from '@remix-run/react';
import {
  IconActivityHeartbeat,
  IconArrowLeft,
  IconChartLine,
  IconExternalLink,
  IconListCheck,
  IconPencil,
  IconReceipt,
  IconTicket,
} from '@tabler/icons-react';
import { useEffect, useRef } from 'react';
import { useOrganizerWords } from '~/platform/i18n/organizer.ts';
import { useRoom } from '~/platform/live/index.ts';
import { paths } from '~/platform/paths.ts';
import { EventDate } from '~/ui/event-date/event-date.tsx';
import { LiveDot } from '~/ui/live-dot/live-dot.tsx';
import { Notice } from '~/ui/notice/notice.tsx';
import { Poster } from '~/ui/poster/poster.tsx';
import { SiteHeader } from '~/ui/site-header/site-header.tsx';
import { StaleLine } from '~/ui/stale-line/stale-line.tsx';
import styles from './event-shell.module.css';
import { isSoldOut } from './live-dashboard.rules.ts';
import { organizerPaths } from './organizer-paths.ts';

const icon = { size: 20, stroke: 1.75, 'aria-hidden': true } as const;

/** What every page of one event shares: who looks, and the staff room's newest state. */
export interface EventShellContext {
  dashboard: DashboardView;
  live: StaffSnapshot;
  version: number;
  stale: boolean;
  may: (permission: Permission) => boolean;
}

const LINKS = [
  { key: 'live', to: organizerPaths.live, icon: IconChartLine, needs: null, end: true },
  { key: 'edit', to: organizerPaths.edit, icon: IconPencil, needs: 'events.see' },
  { key: 'tiers', to: organizerPaths.tiers, icon: IconTicket, needs: 'events.see' },
  { key: 'orders', to: organizerPaths.orders, icon: IconReceipt, needs: 'orders.names' },
  { key: 'attendees', to: organizerPaths.attendees, icon: IconListCheck, needs: 'admit' },
  { key: 'health', to: organizerPaths.health, icon: IconActivityHeartbeat, needs: 'events.see' },
] as const;

/** The frame of one event's pages: a rail with its poster at the side, a row of links above on a phone. */
export function EventShell({ dashboard }: { dashboard: DashboardView }) {
  const { t } = useOrganizerWords();
  const { event, permissions } = dashboard;
  const { data: live, version, stale, ageSeconds, closed } = useRoom('staff', event.id, dashboard.snapshot);
  const may = (permission: Permission) => permissions.includes(permission);
  const status = live.paused && live.status === 'published' ? 'paused' : isSoldOut(live) ? 'sold_out' : live.status;
  const { pathname } = useLocation();
  const links = useRef<HTMLElement>(null);
  // On a phone the links are wider than the screen: the page that is open is scrolled into sight.
  useEffect(() => {
    const strip = links.current;
    const link = strip?.querySelector<HTMLElement>('[aria-current="page"]');
    if (strip && link) strip.scrollLeft = link.offsetLeft - (strip.clientWidth - link.offsetWidth) / 2;
  }, [pathname]);
  return (
    <div className={styles.frame}>
      <SiteHeader />
      <div className={styles.shell}>
        <aside className={styles.rail}>
          <Link to={organizerPaths.overview()} className={styles.back}>
            <IconArrowLeft {...icon} size={18} /> {t('nav.all')}
          </Link>
          <div className={styles.event}>
            <span className={styles.poster}>
              <Poster
                eventId={event.id}
                title={event.title}
                palette={event.palette}
                version={event.posterVersion}
                sizes="48px"
                decorative
              />
            </span>
            <div className={styles.words}>
              <p className={styles.name}>{event.title}</p>
              <p className={styles.facts}>
                {event.startAt ? (
                  <EventDate startMs={event.startAt.getTime()} zone={event.timeZone} />
                ) : (
                  t('overview.no_date')
                )}
              </p>
              <p className={styles.status} data-status={status}>
                {status === 'published' && <LiveDot state="still" size={7} />}
                {t(`status.${status}`)}
              </p>
            </div>
          </div>
          <nav ref={links} aria-label={t('nav.label')} className={styles.links}>
            {LINKS.filter(({ needs }) => needs === null || may(needs)).map(({ key, to, icon: Icon, ...link }) => (
              <NavLink key={key} to={to(event.id)} end={'end' in link} prefetch="intent" className={styles.link}>
                <Icon {...icon} />
                {t(`nav.${key}`)}
              </NavLink>
            ))}
            <a href={paths.event(event.slug)} className={styles.link}>
              <IconExternalLink {...icon} />
              {t('nav.page')}
            </a>
          </nav>
          <p className={styles.you}>{t(`role.${dashboard.role}`)}</p>
        </aside>
        <main id="main" tabIndex={-1} className={styles.main}>
          <StaleLine ageSeconds={ageSeconds} />
          {closed === null ? (
            <Outlet context={{ dashboard, live, version, stale, may } satisfies EventShellContext} />
          ) : (
            <Notice tone="warn" role="alert">
              {t('errors.closed')}
            </Notice>
          )}
        </main>
      </div>
    </div>
  );
}
