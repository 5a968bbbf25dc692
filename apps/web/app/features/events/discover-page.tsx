import type {
  EventCard as Card,
  CategoryCount,
  CityCount,
  DiscoverView,
  MovingNowView,
} from '@liventix/contracts/events';
import { Link, useFetcher, useNavigation, useSearchParams } from '@remix-run/react';
import { useEffect, useState } from 'react';
import { Trans } from 'react-i18next';
import { useDiscoverWords } from '~/platform/i18n/discover.ts';
import { paths } from '~/platform/paths.ts';
import { ButtonLink } from '~/ui/button/button.tsx';
import { classes } from '~/ui/classes.ts';
import { EmptyState } from '~/ui/empty-state/empty-state.tsx';
import { Page, Section } from '~/ui/page/page.tsx';
import { PosterWall } from '~/ui/poster/poster-wall.tsx';
import styles from './discover-page.module.css';
import { EventCard } from './event-card.tsx';
import { DiscoverFilters } from './filters.tsx';
import { MovingNow } from './moving-now.tsx';

export interface DiscoverAsk {
  q?: string | undefined;
  city?: string | undefined;
  when?: 'tonight' | 'weekend' | undefined;
  date?: string | undefined;
  category?: string | undefined;
}

export interface DiscoverData {
  asked: DiscoverAsk;
  found: DiscoverView;
  moving: MovingNowView | null;
  cities: CityCount[];
  categories: CategoryCount[];
}

/** Cards of a wall that follow their numbers; a socket is in 24 rooms at most, and three are above. */
const LIVE_CARDS = 16;

export function DiscoverPage({ asked, found, moving, cities, categories }: DiscoverData) {
  const { t } = useDiscoverWords();
  const navigation = useNavigation();
  const busy = navigation.state === 'loading' && navigation.location.pathname === '/';
  const { q, city } = asked;
  const title = q
    ? city
      ? t('title_words_city', { q, city })
      : t('title_words', { q })
    : city
      ? t('title_city', { city })
      : t('title');
  return (
    <Page>
      <header className={styles.head}>
        <h1 className={classes('t-page', !q && !city && styles.quietTitle)}>{title}</h1>
        <DiscoverFilters asked={asked} cities={cities} categories={categories} />
      </header>
      {moving && moving.events.length > 0 && (
        <div className={styles.moving}>
          <MovingNow moving={moving} city={city} />
        </div>
      )}
      <div className={styles.found} data-busy={busy || undefined} aria-busy={busy}>
        {found.events.length === 0 ? (
          <Nothing asked={asked} found={found} />
        ) : moving && moving.events.length > 0 ? (
          <Section title={t('wall')}>
            <Wall key={keyOf(asked)} found={found} without={moving.events} />
          </Section>
        ) : (
          <div className={styles.results}>
            <h2 className="vh">{t('wall')}</h2>
            <Wall key={keyOf(asked)} found={found} />
          </div>
        )}
      </div>
    </Page>
  );
}

const keyOf = (asked: DiscoverAsk) => JSON.stringify(asked);

/** The wall, and more of it on demand: appended where scripts run, a page of its own where they do not. */
function Wall({ found, without = [] }: { found: DiscoverView; without?: readonly Card[] }) {
  const { t } = useDiscoverWords();
  const [params] = useSearchParams();
  const fetcher = useFetcher<DiscoverData>();
  const [more, setMore] = useState<Card[]>([]);
  const [cursor, setCursor] = useState(found.nextCursor);
  useEffect(() => {
    const next = fetcher.data?.found;
    if (!next) return;
    setMore((known) => [...known, ...next.events.filter((event) => known.every((other) => other.id !== event.id))]);
    setCursor(next.nextCursor);
  }, [fetcher.data]);
  const to = (at: string) => {
    const query = new URLSearchParams(params);
    query.set('cursor', at);
    return `/?${query}`;
  };
  const above = new Set(without.map((card) => card.id));
  return (
    <>
      <PosterWall>
        {[...found.events.filter((card) => !above.has(card.id)), ...more].map((card, index) => (
          <EventCard key={card.id} card={card} live={index < LIVE_CARDS} />
        ))}
      </PosterWall>
      {cursor && (
        <p className={styles.more}>
          <ButtonLink
            to={to(cursor)}
            aria-busy={fetcher.state !== 'idle'}
            onClick={(press) => {
              if (press.metaKey || press.ctrlKey || press.shiftKey) return;
              press.preventDefault();
              fetcher.load(`/?index&${to(cursor).slice(2)}`);
            }}
          >
            {t('more')}
          </ButtonLink>
        </p>
      )}
    </>
  );
}

function Nothing({ asked, found }: { asked: DiscoverAsk; found: DiscoverView }) {
  const { t } = useDiscoverWords();
  const { q, city, when, date, category } = asked;
  const { suggestion } = found;
  const filtered = Boolean(when || date || category || city);
  const to = suggestion
    ? `/?${new URLSearchParams({ q: suggestion.q, ...(suggestion.city ? { city: suggestion.city } : {}) })}`
    : paths.discover();
  return (
    <EmptyState
      motif={q ? 'rings' : 'moon'}
      action={
        q && !suggestion && !filtered ? (
          <ButtonLink to={paths.discover()}>{t('empty_action')}</ButtonLink>
        ) : filtered ? (
          <ButtonLink to={q ? paths.search(q) : paths.discover()}>{t('clear_filters')}</ButtonLink>
        ) : (
          <ButtonLink to={paths.discover()}>{t('empty_action')}</ButtonLink>
        )
      }
    >
      {q ? (city ? t('none_city', { q, city }) : t('none', { q })) : filtered ? t('none_filters') : t('empty')}{' '}
      {suggestion && (
        <Trans
          t={t}
          i18nKey={suggestion.city ? 'suggestion' : 'suggestion_anywhere'}
          values={{ q: suggestion.q, count: suggestion.count, city: suggestion.city }}
          components={[<span />, <Link to={to} className="link" />]}
        />
      )}
    </EmptyState>
  );
}
