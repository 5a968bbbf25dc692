import { type EventCard as Card, cardStatus } from '@liventix/contracts/events';
import { formatDate } from '~/platform/format.ts';
import { useDiscoverWords } from '~/platform/i18n/discover.ts';
import { useRoom } from '~/platform/live/index.ts';
import { paths } from '~/platform/paths.ts';
import { useRoot } from '~/platform/root-data.ts';
import { PosterCard } from '~/ui/poster/poster-wall.tsx';
import { placeWords, priceWords, statusWords } from './events.words.ts';

export interface EventCardProps {
  card: Card;
  /** Follows the event's numbers while it is on the page; without being counted as somebody who looks at it. */
  live?: boolean;
  heading?: 2 | 3;
  sizes?: string;
  priority?: boolean;
}

/** An event on a wall: its poster, when and where, what it costs, and the one thing to say about its places. */
export function EventCard({ live, ...rest }: EventCardProps) {
  return live ? <LiveCard {...rest} /> : <StillCard {...rest} snapshot={rest.card.snapshot} />;
}

function LiveCard(props: Omit<EventCardProps, 'live'>) {
  const { data, version } = useRoom('event', props.card.id, props.card.snapshot, { quiet: true });
  return <StillCard {...props} snapshot={{ data, version }} />;
}

function StillCard({
  card,
  snapshot,
  heading,
  sizes,
  priority,
}: Omit<EventCardProps, 'live'> & { snapshot: Card['snapshot'] }) {
  const { t, i18n } = useDiscoverWords();
  const { nowMs } = useRoot();
  const status = cardStatus(snapshot.data, { free: card.fromCents === 0 && !card.priceVaries });
  const over = status?.kind === 'ended' || status?.kind === 'cancelled';
  return (
    <PosterCard
      to={paths.event(card.slug)}
      eventId={card.id}
      title={card.title}
      palette={card.palette}
      version={card.posterVersion}
      when={
        status?.kind === 'postponed'
          ? t('postponed')
          : card.startAt && formatDate(card.startAt.getTime(), card.timeZone, 'short', i18n.language)
      }
      place={placeWords(card)}
      price={over ? null : priceWords(t, card, i18n.language)}
      status={statusWords(status, card, snapshot.version, nowMs, i18n.language)}
      heading={heading}
      sizes={sizes}
      priority={priority}
    />
  );
}
