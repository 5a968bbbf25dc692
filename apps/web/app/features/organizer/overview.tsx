import type { OrganizationSnapshot } from '@liventix/contracts/live';
import type { OrganizerEventLine, OverviewView } from '@liventix/contracts/organizer';
import { Link } from '@remix-run/react';
import { IconPlus } from '@tabler/icons-react';
import { type ReactNode, useEffect, useState } from 'react';
import { formatCount, formatMoney } from '~/platform/format.ts';
import { useOrganizerWords } from '~/platform/i18n/organizer.ts';
import { useRoom } from '~/platform/live/index.ts';
import { trpc } from '~/platform/trpc.ts';
import { ButtonLink } from '~/ui/button/button.tsx';
import { EmptyState } from '~/ui/empty-state/empty-state.tsx';
import { EventDate } from '~/ui/event-date/event-date.tsx';
import { LiveNumber } from '~/ui/live-number/live-number.tsx';
import { Page, Section } from '~/ui/page/page.tsx';
import { Poster } from '~/ui/poster/poster.tsx';
import { StaleLine } from '~/ui/stale-line/stale-line.tsx';
import { organizerPaths } from './organizer-paths.ts';
import styles from './overview.module.css';

type Figures = Pick<OrganizerEventLine, 'sold' | 'inCheckout' | 'grossCents'>;

/** Everything the caller runs, with the numbers of what is on sale moving. */
export function Overview({ events, organizations }: OverviewView) {
  const { t } = useOrganizerWords();
  const [moved, setMoved] = useState<Record<string, { version: number; events: Record<string, Figures> }>>({});
  const now = (event: OrganizerEventLine): Figures =>
    (event.organization && moved[event.organization.id]?.events[event.id]) || event;
  const groups = [
    { key: 'on_sale', events: events.filter((event) => event.status === 'published' || event.status === 'postponed') },
    { key: 'drafts', events: events.filter((event) => event.status === 'draft') },
    { key: 'past', events: events.filter((event) => event.status === 'ended' || event.status === 'cancelled') },
  ] as const;
  return (
    <Page>
      {organizations.map((organization) => (
        <OrganizationFeed
          key={organization.id}
          orgId={organization.id}
          onMove={(version, figures) =>
            setMoved((all) => ({ ...all, [organization.id]: { version, events: figures } }))
          }
        />
      ))}
      <header className={styles.head}>
        <h1 className="t-page">{t('overview.heading')}</h1>
        <ButtonLink tone="primary" to="/organizer/new" icon={<IconPlus size={20} stroke={1.75} aria-hidden />}>
          {t('overview.new')}
        </ButtonLink>
      </header>
      <StaleLine />
      {events.length === 0 && (
        <EmptyState motif="rays" action={<ButtonLink to="/organizer/new">{t('overview.new')}</ButtonLink>}>
          {t('overview.empty')}
        </EmptyState>
      )}
      {groups
        .filter((group) => group.events.length > 0)
        .map((group) => (
          <Section key={group.key} title={t(`overview.${group.key}`)} tight>
            <ul className={styles.list}>
              {group.events.map((event) => (
                <EventLine key={event.id} event={event} figures={now(event)} live={group.key === 'on_sale'} />
              ))}
            </ul>
          </Section>
        ))}
      <Section
        title={t('overview.teams')}
        tight
        aside={
          <Link className="link" to="/organizer/new?host=new">
            {t('overview.new_team')}
          </Link>
        }
      >
        {organizations.length === 0 ? (
          <p className="ink-2 measure">{t('overview.no_teams')}</p>
        ) : (
          <ul className={styles.list}>
            {organizations.map((organization) => (
              <li key={organization.id} className={styles.team}>
                <span className={styles.swatch} data-palette={organization.palette} aria-hidden="true" />
                <Link to={organizerPaths.team(organization.id)} className={styles.title}>
                  {organization.name}
                </Link>
                <span className="ink-2">
                  {t(`role.${organization.role}`)}, {t('overview.team_members', { count: organization.members })}
                </span>
              </li>
            ))}
          </ul>
        )}
      </Section>
    </Page>
  );
}

function EventLine({ event, figures, live }: { event: OrganizerEventLine; figures: Figures; live: boolean }) {
  const { t, i18n } = useOrganizerWords();
  const { sold, inCheckout, grossCents } = figures;
  const number = (value: number, format?: (value: number) => string): ReactNode =>
    live ? (
      <LiveNumber value={value} format={format} />
    ) : (
      (format ?? ((n: number) => formatCount(n, i18n.language)))(value)
    );
  return (
    <li className={styles.line}>
      <span className={styles.poster}>
        <Poster
          eventId={event.id}
          title={event.title}
          palette={event.palette}
          version={event.posterVersion}
          sizes="56px"
          decorative
        />
      </span>
      <div className={styles.words}>
        <Link
          to={event.status === 'draft' ? organizerPaths.edit(event.id) : organizerPaths.live(event.id)}
          className={styles.title}
          prefetch="intent"
        >
          {event.title}
        </Link>
        <p className="t-small ink-2">
          {event.startAt ? (
            <EventDate startMs={event.startAt.getTime()} zone={event.timeZone} />
          ) : (
            t('overview.no_date')
          )}
          {event.city && `, ${event.city}`}
          {' · '}
          {event.organization?.name ?? t('overview.own')}
          {event.paused && <span className={styles.paused}> · {t('status.paused')}</span>}
          {event.status === 'cancelled' && <span className={styles.cancelled}> · {t('status.cancelled')}</span>}
        </p>
      </div>
      <dl className={styles.figures}>
        <div>
          <dt>{t('overview.sold')}</dt>
          <dd>
            {number(sold)}
            <span className={styles.of}>/{formatCount(event.capacity, i18n.language)}</span>
          </dd>
        </div>
        <div>
          <dt>{t('dash.in_checkout')}</dt>
          <dd>{number(inCheckout)}</dd>
        </div>
        {grossCents !== undefined && (
          <div>
            <dt>{t('overview.gross')}</dt>
            <dd>
              {number(grossCents, (cents) =>
                formatMoney(cents, event.currency, {
                  locale: i18n.language,
                  ...(cents >= 100_000 ? { decimals: false } : {}),
                }),
              )}
            </dd>
          </div>
        )}
      </dl>
    </li>
  );
}

interface FeedProps {
  orgId: string;
  onMove: (version: number, events: Record<string, Figures>) => void;
}

/** Joins an organization's room once its first state is known; shows nothing itself. */
function OrganizationFeed({ orgId, onMove }: FeedProps) {
  const [initial, setInitial] = useState<{ version: number; data: OrganizationSnapshot } | null>(null);
  useEffect(() => {
    let gone = false;
    trpc.live.snapshot.query({ kind: 'organization', id: orgId }).then(
      (snapshot) => !gone && setInitial({ version: snapshot.version, data: snapshot.data as OrganizationSnapshot }),
      // The page's own figures stay; the stale line says that they may be old.
      () => undefined,
    );
    return () => {
      gone = true;
    };
  }, [orgId]);
  return initial && <JoinedFeed orgId={orgId} initial={initial} onMove={onMove} />;
}

function JoinedFeed({
  orgId,
  initial,
  onMove,
}: FeedProps & { initial: { version: number; data: OrganizationSnapshot } }) {
  const { data, version } = useRoom('organization', orgId, initial);
  useEffect(() => {
    onMove(version, Object.fromEntries(data.events.map(({ id, ...figures }) => [id, figures])));
  }, [version, data]);
  return null;
}
