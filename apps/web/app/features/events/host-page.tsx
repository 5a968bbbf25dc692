import type { HostView } from '@liventix/contracts/events';
import { useDiscoverWords } from '~/platform/i18n/discover.ts';
import { Avatar } from '~/ui/avatar/avatar.tsx';
import { EmptyState } from '~/ui/empty-state/empty-state.tsx';
import { Page, Section } from '~/ui/page/page.tsx';
import { PosterWall } from '~/ui/poster/poster-wall.tsx';
import { EventCard } from './event-card.tsx';
import { paragraphsOf } from './events.words.ts';
import { FollowButton } from './follow-button.tsx';
import styles from './host-page.module.css';

/** Whoever hosts: who they are, what is coming, what was. */
export function HostPage({ host, description, city, upcoming, past }: HostView) {
  const { t } = useDiscoverWords();
  return (
    <Page>
      <header className={styles.head}>
        <Avatar name={host.name} seed={host.id} size={72} />
        <div className={styles.words}>
          <h1 className="t-page">{host.name}</h1>
          <p className={styles.facts}>
            {city && <span>{city}</span>}
            {host.followers > 0 && <span className="tnum">{t('host.followers', { count: host.followers })}</span>}
          </p>
        </div>
        <FollowButton host={host} />
      </header>
      {description && (
        <div className={styles.about}>
          {paragraphsOf(description).map((paragraph) => (
            <p key={paragraph}>{paragraph}</p>
          ))}
        </div>
      )}
      <Section title={t('host.upcoming')}>
        {upcoming.length > 0 ? (
          <PosterWall>
            {upcoming.map((card, index) => (
              <EventCard key={card.id} card={card} live={index < 20} />
            ))}
          </PosterWall>
        ) : (
          <EmptyState motif="moon">{t('host.none')}</EmptyState>
        )}
      </Section>
      {past.length > 0 && (
        <Section title={t('host.past')}>
          <PosterWall>
            {past.map((card) => (
              <EventCard key={card.id} card={card} />
            ))}
          </PosterWall>
        </Section>
      )}
    </Page>
  );
}
