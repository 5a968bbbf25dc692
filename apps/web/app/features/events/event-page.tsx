import { type EventPageView, type RefundPolicy, saleState } from '@liventix/contracts/events';
import { refundDeadline } from '@liventix/contracts/nights';
import { placeLine } from '@liventix/contracts/places';
import type { WaitingRoomView } from '@liventix/contracts/waiting-room';
import { Link, useFetcher } from '@remix-run/react';
import { IconBookmark, IconBookmarkFilled, IconCalendarPlus, IconMapPin, IconShare2 } from '@tabler/icons-react';
import { type ReactNode, useEffect, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { formatDate, formatMoney, zonePlace } from '~/platform/format.ts';
import { acceptSnapshot, OwnNews, usePresence, useRoom, useServerClock } from '~/platform/live/index.ts';
import { paths } from '~/platform/paths.ts';
import { useRoot } from '~/platform/root-data.ts';
import { Avatar } from '~/ui/avatar/avatar.tsx';
import { EventDate } from '~/ui/event-date/event-date.tsx';
import { LiveDot } from '~/ui/live-dot/live-dot.tsx';
import { LiveNumber } from '~/ui/live-number/live-number.tsx';
import { Notice } from '~/ui/notice/notice.tsx';
import { Band, Col, Grid, Page, Section } from '~/ui/page/page.tsx';
import { Poster } from '~/ui/poster/poster.tsx';
import { toast } from '~/ui/toast/toast.tsx';
import styles from './event-page.module.css';
import { paragraphsOf } from './events.words.ts';
import { FollowButton } from './follow-button.tsx';
import { lowestCents, nextMoment } from './price-panel.rules.ts';
import { PricePanel, type Problem } from './price-panel.tsx';
import { useEventNews } from './use-event-news.ts';

const icon = { size: 20, stroke: 1.75, 'aria-hidden': true } as const;

/** The API's client comes when the page already answers; buying is a form and does not need it. */
const api = () => import('~/platform/trpc.ts').then(({ trpc }) => trpc);

export interface EventPageProps {
  event: EventPageView;
  /** The waiting room in front of the event, when one is living. */
  room?: WaitingRoomView | null;
  newCheckoutId: string;
  problem: Problem | null;
  /** What the link of a mail about this event just did. */
  alert?: 'confirmed' | 'stopped' | null;
  /** What people say about it, below the words. */
  feed?: ReactNode;
}

/** The page of an event: the poster's colours above, the words and the price panel beneath. */
export function EventPage({ event, room: waiting = null, newCheckoutId, problem, alert, feed }: EventPageProps) {
  const { t, i18n } = useTranslation('event');
  const room = useRoom('event', event.id, event.snapshot);
  const viewers = usePresence('event', event.id);
  useSaleMoments(event);
  useView(event.id);

  const snapshot = room.data;
  useEventNews(event, snapshot);
  const { actor } = useRoot();
  const state = saleState(snapshot);
  const open = state === 'open';
  const goTo = event.checkout ? paths.checkout(event.checkout.checkoutId) : '#tickets';
  const goWords = event.checkout ? t('panel.resume') : t('get_tickets');
  const lowest = lowestCents(event, snapshot);
  const price =
    lowest &&
    (lowest.cents === 0
      ? t('free')
      : lowest.varies
        ? t('from', { price: formatMoney(lowest.cents, event.currency, { locale: i18n.language }) })
        : formatMoney(lowest.cents, event.currency, { locale: i18n.language }));
  return (
    <Page width="full" className={styles.page}>
      {actor && <OwnNews userId={actor.userId} />}
      <Band palette={event.palette} className={styles.band}>
        <div className={styles.hero}>
          <div className={styles.poster}>
            <div className={styles.sticky}>
              <Poster
                eventId={event.id}
                title={event.title}
                palette={event.palette}
                version={event.posterVersion}
                sizes="(min-width: 1000px) 492px, 100vw"
                priority
              />
            </div>
          </div>
          <div className={styles.words}>
            <h1 className="t-poster">{event.title}</h1>
            {event.summary && <p className={styles.summary}>{event.summary}</p>}
            <dl className={styles.facts}>
              {event.startAt && (
                <div>
                  <dt className="vh">{t('know_zone')}</dt>
                  <dd className={styles.when}>
                    <EventDate
                      startMs={event.startAt.getTime()}
                      endMs={event.endAt?.getTime()}
                      zone={event.timeZone}
                      city={event.city}
                      both
                    />
                    {event.doorsAt && (
                      <span className={styles.doors}>
                        {t('doors', {
                          time: formatDate(event.doorsAt.getTime(), event.timeZone, 'time', i18n.language),
                        })}
                      </span>
                    )}
                  </dd>
                </div>
              )}
              {(event.venue || event.city) && (
                <div>
                  <dt className="vh">{t('know_place')}</dt>
                  <dd>{placeLine({ venue: event.venue, city: event.city })}</dd>
                </div>
              )}
            </dl>
            <div className={styles.host}>
              <Link to={paths.organizer(event.host.slug)} className={styles.hostLink}>
                <Avatar name={event.host.name} seed={event.host.id} size={40} />
                <span>
                  <span className={styles.hostedBy}>{t('hosted')}</span>
                  <strong>{event.host.name}</strong>
                </span>
              </Link>
              <FollowButton host={event.host} onPaper />
            </div>
            <Watching viewers={viewers} inCheckout={snapshot.inCheckout} version={room.version} />
            {(open || event.checkout) && (
              <a href={goTo} className={styles.jump}>
                <span>{goWords}</span>
                {price && !event.checkout && <span className={styles.jumpPrice}>{price}</span>}
              </a>
            )}
            <Actions event={event} />
          </div>
        </div>
      </Band>

      <div className={styles.below}>
        {(alert || event.visibility !== 'public' || event.status === 'draft') && (
          <div className={styles.notes}>
            {alert && (
              <Notice tone="ok" role="status">
                {t(`tell.${alert}`)}
              </Notice>
            )}
            {event.visibility !== 'public' && event.status !== 'draft' && (
              <Notice tone="plain">{t(event.visibility)}</Notice>
            )}
            {event.manages && event.status === 'draft' && <Notice tone="you">{t('states.draft')}</Notice>}
          </div>
        )}
        <Grid>
          <Col span={5} className={styles.side}>
            <div className={styles.panel}>
              <PricePanel
                event={event}
                waiting={waiting}
                snapshot={snapshot}
                version={room.version}
                stale={room.stale}
                ageSeconds={room.ageSeconds}
                newCheckoutId={newCheckoutId}
                problem={problem}
              />
            </div>
          </Col>
          <Col span={7} className={styles.main}>
            {event.description && (
              <Section title={t('about')} tight>
                <div className={styles.prose}>
                  {paragraphsOf(event.description).map((paragraph) => (
                    <p key={paragraph}>{paragraph}</p>
                  ))}
                </div>
              </Section>
            )}
            {event.lineUp.length > 0 && (
              <Section title={t('line_up')} tight>
                <ol className={styles.lineUp}>
                  {event.lineUp.map((entry) => (
                    <li key={`${entry.at ?? ''} ${entry.name}`}>
                      <span className={styles.at}>{entry.at}</span>
                      <span>
                        <strong>{entry.name}</strong>
                        {entry.note && <span className="ink-2"> {entry.note}</span>}
                      </span>
                    </li>
                  ))}
                </ol>
              </Section>
            )}
            <GoodToKnow event={event} />
            {feed}
          </Col>
        </Grid>
      </div>
      <BottomBar show={open || event.checkout !== null} price={price} to={goTo} words={goWords} />
    </Page>
  );
}

/** Only what is true: nothing is said of fewer than three people, or of a number the organizer keeps. */
function Watching({
  viewers,
  inCheckout,
  version,
}: {
  viewers: number | null;
  inCheckout: number | undefined;
  version: number;
}) {
  const { t } = useTranslation('event');
  const here = viewers !== null && viewers >= 3;
  const held = inCheckout !== undefined && inCheckout > 0;
  return (
    // Its line is kept when there is nothing to say, so that nothing below jumps when there is.
    <p className={styles.watching}>
      {here && (
        <span>
          {viewers >= 100 ? t('here_many') : <Counted words={(count) => t('here', { count })} count={viewers} />}
        </span>
      )}
      {held && (
        <span>
          <Counted words={(count) => t('in_checkout', { count })} count={inCheckout} version={version} />
        </span>
      )}
      {(here || held) && <LiveDot size={8} />}
    </p>
  );
}

function Counted({ words, count, version }: { words: (count: number) => string; count: number; version?: number }) {
  const [before = '', after = ''] = words(count).split(String(count));
  return (
    <>
      {before}
      <LiveNumber value={count} version={version} />
      {after}
    </>
  );
}

function Actions({ event }: { event: EventPageView }) {
  const { t, i18n } = useTranslation('event');
  const fetcher = useFetcher();
  const saved = fetcher.formData ? fetcher.formData.get('intent') === 'save' : event.saved;
  const [awake, setAwake] = useState(false);
  useEffect(() => setAwake(true), []);
  const place = placeLine(event);
  const share = async () => {
    const url = `${window.location.origin}${paths.event(event.slug)}`;
    const when = event.startAt ? formatDate(event.startAt.getTime(), event.timeZone, 'short', i18n.language) : '';
    if (navigator.share) {
      await navigator
        .share({ title: event.title, text: t('share_text', { title: event.title, when }), url })
        .catch(() => undefined);
      return;
    }
    await navigator.clipboard.writeText(url);
    toast({ words: t('copied') });
  };
  return (
    <div className={styles.actions}>
      <fetcher.Form method="post">
        <button
          type="submit"
          name="intent"
          value={saved ? 'unsave' : 'save'}
          aria-pressed={saved}
          className={styles.action}
        >
          {saved ? <IconBookmarkFilled {...icon} /> : <IconBookmark {...icon} />}
          {saved ? t('saved') : t('save')}
        </button>
      </fetcher.Form>
      {awake && (
        <button type="button" className={styles.action} onClick={() => void share()}>
          <IconShare2 {...icon} />
          {t('share')}
        </button>
      )}
      {event.startAt && event.status !== 'cancelled' && event.status !== 'ended' && (
        <a href={paths.calendar(event.slug)} className={styles.action} download>
          <IconCalendarPlus {...icon} />
          {t('calendar')}
        </a>
      )}
      {place && (
        <a
          href={`https://www.openstreetmap.org/search?query=${encodeURIComponent(place)}`}
          className={styles.action}
          rel="noreferrer"
          target="_blank"
        >
          <IconMapPin {...icon} />
          {t('map')}
        </a>
      )}
    </div>
  );
}

/** The rule as the reader's right today: until when, or that it has closed. */
function refundWords(
  t: ReturnType<typeof useTranslation<'event'>>['t'],
  { policy, startMs, keepsFees }: { policy: RefundPolicy; startMs: number; keepsFees: boolean },
  nowMs: number,
  write: (ms: number) => string,
): string {
  const deadline = refundDeadline(policy, startMs);
  if (deadline === null) return t('refunds.none');
  if (deadline <= nowMs) return t('refunds.closed', { when: write(deadline) });
  return `${t('refunds.until', { when: write(deadline) })} ${t(keepsFees ? 'refunds.keeps_fees' : 'refunds.all')}`;
}

function GoodToKnow({ event }: { event: EventPageView }) {
  const { t, i18n } = useTranslation('event');
  const time = (at: Date) => formatDate(at.getTime(), event.timeZone, 'time', i18n.language);
  const { readerZone, nowMs } = useRoot();
  const rows: { title: string; words: ReactNode }[] = [];
  if (event.doorsAt && event.startAt)
    rows.push({
      title: t('know_doors'),
      words: t('know_doors_words', { time: time(event.doorsAt), start: time(event.startAt) }),
    });
  if (event.minAge) rows.push({ title: t('know_age'), words: t('know_age_words', { count: event.minAge }) });
  if (event.accessInfo) rows.push({ title: t('know_access'), words: event.accessInfo });
  const paid = event.tiers.some((tier) => tier.totalCents > 0);
  if (event.refundPolicy && event.startAt && paid) {
    const right = { policy: event.refundPolicy, startMs: event.startAt.getTime(), keepsFees: event.refundKeepsFees };
    const write = (ms: number) => formatDate(ms, event.timeZone, 'short', i18n.language);
    rows.push({ title: t('know_refunds'), words: refundWords(t, right, nowMs, write) });
  }
  if (event.onlineUrl)
    rows.push({
      title: t('know_online'),
      words: (
        <a href={event.onlineUrl} className="link" rel="noreferrer" target="_blank">
          {t('know_online_open')}
        </a>
      ),
    });
  if (readerZone && readerZone !== event.timeZone)
    rows.push({
      title: t('know_zone'),
      words: t('know_zone_words', { place: event.city || zonePlace(event.timeZone) }),
    });
  if (rows.length === 0) return null;
  return (
    <Section title={t('know')} tight>
      <dl className={styles.know}>
        {rows.map(({ title, words }) => (
          <div key={title}>
            <dt className="t-strong">{title}</dt>
            <dd>{words}</dd>
          </div>
        ))}
      </dl>
    </Section>
  );
}

/** On a phone: the price and the way to it, once the panel has left the screen. */
function BottomBar({ show, price, to, words }: { show: boolean; price: string | null; to: string; words: string }) {
  const [away, setAway] = useState(false);
  useEffect(() => {
    const panel = document.getElementById('tickets');
    if (!panel || !show) return;
    const observer = new IntersectionObserver(([entry]) => setAway(entry !== undefined && !entry.isIntersecting), {
      rootMargin: '-64px 0px -72px',
    });
    observer.observe(panel);
    return () => observer.disconnect();
  }, [show]);
  return (
    <div className={styles.bar} data-shown={(show && away) || undefined}>
      <span className="t-strong tnum">{price}</span>
      <a href={to} className={styles.barButton}>
        {words}
      </a>
    </div>
  );
}

/** Sales open and close by the clock, and no row changes then: the page asks by itself, not all at the same instant. */
function useSaleMoments(event: EventPageView): void {
  const now = useServerClock();
  const [turn, setTurn] = useState(0);
  useEffect(() => {
    const next = nextMoment(event, now());
    if (next === null || next - now() > 86_400_000) return;
    const timer = setTimeout(
      () => {
        api()
          .then((trpc) => trpc.live.snapshot.query({ kind: 'event', id: event.id }))
          .then(acceptSnapshot, () => undefined) // the socket says it too
          .finally(() => setTurn((count) => count + 1));
      },
      next - now() + 50 + Math.random() * 700,
    );
    return () => clearTimeout(timer);
  }, [event, now, turn]);
}

/** Tells that this page was looked at; where from, but not by whom. */
function useView(eventId: string): void {
  useEffect(() => {
    const host = document.referrer ? new URL(document.referrer).hostname : '';
    void api()
      .then((trpc) => trpc.events.viewed.mutate({ eventId, ...(host ? { referrerHost: host } : {}) }))
      .catch(() => undefined);
  }, [eventId]);
}
