import type { WalletNight } from '@liventix/contracts/tickets';
import { Link } from '@remix-run/react';
import { useWalletWords } from '~/platform/i18n/wallet.ts';
import { paths } from '~/platform/paths.ts';
import { classes } from '~/ui/classes.ts';
import { EventDate } from '~/ui/event-date/event-date.tsx';
import { Poster } from '~/ui/poster/poster.tsx';
import { kindsOf, lookOf, placeOf } from './night.rules.ts';
import styles from './wallet-list.module.css';

/** Nights as a stack of stubs lying on their side: poster, perforation, what is on them. */
export function WalletList({ nights, past }: { nights: readonly WalletNight[]; past?: boolean }) {
  const { t } = useWalletWords();
  return (
    <ul className={classes(styles.list, past && styles.past)}>
      {nights.map(({ event, tickets }) => {
        const [first] = tickets;
        if (!first) return null;
        const looks = tickets.map((ticket) => lookOf(ticket, event));
        const inside = looks.filter((look) => look === 'redeemed').length;
        const dead = looks.every((look) => look === 'refunded' || look === 'cancelled');
        const state =
          event.status === 'cancelled'
            ? t('states.cancelled')
            : looks.every((look) => look === 'refunded')
              ? t('states.refunded')
              : inside === tickets.length
                ? t('states.redeemed')
                : looks.includes('suspended')
                  ? t('states.suspended')
                  : event.status === 'postponed'
                    ? t('states.postponed')
                    : past
                      ? t('states.ended')
                      : t('states.issued');
        return (
          <li key={event.id}>
            <Link
              to={paths.ticket(first.id)}
              prefetch="intent"
              className={classes(styles.night, dead && styles.dead)}
              data-palette={event.poster.palette}
            >
              <span className={styles.art}>
                <Poster
                  eventId={event.id}
                  title={event.title}
                  version={event.posterVersion}
                  palette={event.poster.palette}
                  sizes="140px"
                  decorative
                />
              </span>
              <span className={styles.words}>
                <span className={styles.title}>{event.title}</span>
                <span className="t-small">
                  {event.startAt ? (
                    <EventDate startMs={event.startAt.getTime()} zone={event.timeZone} />
                  ) : (
                    t('when_unknown')
                  )}
                </span>
                <span className="t-small">{placeOf(event)}</span>
                <span className={styles.kinds}>
                  {kindsOf(tickets).map((kind) => (
                    <span key={kind.name}>
                      <strong className="tnum">{kind.count}</strong> {kind.name}
                    </span>
                  ))}
                </span>
              </span>
              <span className={styles.state} data-in={inside > 0 || undefined}>
                {state}
              </span>
            </Link>
          </li>
        );
      })}
    </ul>
  );
}
