import { cardStatus, type EventCard, type LatestSale, type MovingNowView } from '@liventix/contracts/events';
import { Link } from '@remix-run/react';
import { type ReactNode, useEffect, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { formatDate } from '~/platform/format.ts';
import { useDiscoverWords } from '~/platform/i18n/discover.ts';
import { useRoom } from '~/platform/live/index.ts';
import { paths } from '~/platform/paths.ts';
import { useRoot } from '~/platform/root-data.ts';
import { trpc } from '~/platform/trpc.ts';
import { LiveDot } from '~/ui/live-dot/live-dot.tsx';
import { LiveNumber } from '~/ui/live-number/live-number.tsx';
import { Poster } from '~/ui/poster/poster.tsx';
import { StatusLine } from '~/ui/status-line/status-line.tsx';
import { placeWords, priceWords, statusWords } from './events.words.ts';
import styles from './moving-now.module.css';

/** Three posters whose numbers change while one looks, and the newest sale among them. */
export function MovingNow({ moving, city }: { moving: MovingNowView; city: string | undefined }) {
  const { t } = useDiscoverWords();
  const [first] = moving.events;
  return (
    <div className={styles.moving}>
      <h2 className={`t-section ${styles.heading}`}>
        {t('moving.title')} <LiveDot size={10} />
      </h2>
      <Posters label={t('moving.title')}>
        {moving.events.map((card, index) => (
          <MovingCard key={card.id} card={card} lead={index === 0} />
        ))}
      </Posters>
      {first && (
        <div className={styles.news}>
          <BigNumber card={first} />
          <LedgerLine key={city ?? ''} latest={moving.latest} city={city} watched={first} />
        </div>
      )}
    </div>
  );
}

function Posters({ label, children }: { label: string; children: ReactNode }) {
  return (
    // On a phone it scrolls sideways, and that has to be possible by keyboard.
    // biome-ignore lint/a11y/noNoninteractiveTabindex: see above
    <section className={styles.posters} aria-label={label} tabIndex={0}>
      {children}
    </section>
  );
}

function MovingCard({ card, lead }: { card: EventCard; lead: boolean }) {
  const { t, i18n } = useDiscoverWords();
  const { nowMs } = useRoot();
  const { data, version } = useRoom('event', card.id, card.snapshot, { quiet: true });
  const open = data.tiers.filter((tier) => tier.state === 'on_sale');
  const known = open.length > 0 && open.every((tier) => tier.free !== undefined);
  const left = open.reduce((sum, tier) => sum + (tier.free ?? 0), 0);
  const status = cardStatus(data, { free: card.fromCents === 0 && !card.priceVaries });
  const line = statusWords(status, card, version, nowMs, i18n.language);
  return (
    <article className={styles.card} data-lead={lead || undefined}>
      <div className={styles.frame}>
        <Poster
          eventId={card.id}
          title={card.title}
          palette={card.palette}
          version={card.posterVersion}
          priority
          decorative
          sizes={lead ? '(min-width: 1000px) 612px, 280px' : '(min-width: 1000px) 294px, 280px'}
        />
      </div>
      <div className={styles.words}>
        <h3 className={`t-card ${styles.title}`}>
          <Link to={paths.event(card.slug)} prefetch="intent">
            {card.title}
          </Link>
        </h3>
        <p className="t-small ink-2">
          {card.startAt && formatDate(card.startAt.getTime(), card.timeZone, 'short', i18n.language)}
        </p>
        <p className="t-small ink-2">{placeWords(card)}</p>
        <p className={styles.foot}>
          <span className="t-label tnum">{priceWords(t, card, i18n.language)}</span>
          {/* The same word as on every other list; the number moves beside it. */}
          {line && <StatusLine status={line} />}
          {known && status?.kind !== 'left' && (
            <span className={styles.left} data-bare={line ? true : undefined}>
              <Left count={left} version={version} />
            </span>
          )}
        </p>
      </div>
    </article>
  );
}

function Left({ count, version }: { count: number; version: number }) {
  const { t } = useTranslation('common');
  const [before = '', after = ''] = t('places.left', { count }).split(String(count));
  return (
    <span className="t-meta">
      {before}
      <LiveNumber value={count} version={version} />
      {after}
    </span>
  );
}

/** What is left of the leading event, large, where there is room for it. */
function BigNumber({ card }: { card: EventCard }) {
  const { t } = useDiscoverWords();
  const { data, version } = useRoom('event', card.id, card.snapshot, { quiet: true });
  const open = data.tiers.filter((tier) => tier.state === 'on_sale');
  if (open.length === 0 || open.some((tier) => tier.free === undefined)) return null;
  const left = open.reduce((sum, tier) => sum + (tier.free ?? 0), 0);
  return (
    <p className={styles.number}>
      <span className="t-number">
        <LiveNumber value={left} version={version} />
      </span>
      <span className="t-small ink-2">{t('moving.left', { title: card.title, count: left })}</span>
    </p>
  );
}

/** The newest sale in words. A number that moved asks for it anew, at most every two seconds. */
function LedgerLine({
  latest,
  city,
  watched,
}: {
  latest: LatestSale | null;
  city: string | undefined;
  watched: EventCard;
}) {
  const { t } = useDiscoverWords();
  const { version } = useRoom('event', watched.id, watched.snapshot, { quiet: true });
  const [shown, setShown] = useState(latest);
  const [seen] = useState(version);
  useEffect(() => setShown(latest), [latest]);
  useEffect(() => {
    if (version === seen) return;
    const timer = setTimeout(() => {
      trpc.events.movingNow.query({ city }).then(
        (news) => news.latest && setShown(news.latest),
        () => undefined, // the line stays as it is; the next change asks again
      );
    }, 2_000);
    return () => clearTimeout(timer);
  }, [version, seen, city]);
  if (!shown) return null;
  return (
    <p className={styles.ledger} key={shown.at.getTime()}>
      <span className={styles.bar} aria-hidden="true" />
      <span>
        <strong>{t('moving.got', { who: shown.who ?? t('moving.someone'), count: shown.quantity })}</strong>
        <Link to={paths.event(shown.eventSlug)}>{shown.eventTitle}</Link>
      </span>
    </p>
  );
}
