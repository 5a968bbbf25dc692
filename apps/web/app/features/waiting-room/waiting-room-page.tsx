import type { EventPageView } from '@liventix/contracts/events';
import { placeLine } from '@liventix/contracts/places';
import { positionOf, type WaitingRoomSnapshot, type WaitingSpot, waitOf } from '@liventix/contracts/waiting-room';
import { Form, Link, useNavigation } from '@remix-run/react';
import { IconArrowLeft } from '@tabler/icons-react';
import { type ReactNode, useEffect, useRef, useState } from 'react';
import { openingWords } from '~/features/events/events.words.ts';
import { formatCount } from '~/platform/format.ts';
import { useWaitingRoomWords } from '~/platform/i18n/waiting-room.ts';
import { useCountdown } from '~/platform/live/index.ts';
import { paths } from '~/platform/paths.ts';
import { useRoot } from '~/platform/root-data.ts';
import { Button, ButtonLink } from '~/ui/button/button.tsx';
import { EventDate } from '~/ui/event-date/event-date.tsx';
import { HoldRing } from '~/ui/hold-ring/hold-ring.tsx';
import { LiveDot } from '~/ui/live-dot/live-dot.tsx';
import { LiveNumber } from '~/ui/live-number/live-number.tsx';
import { Notice } from '~/ui/notice/notice.tsx';
import { Band, Page } from '~/ui/page/page.tsx';
import { Poster } from '~/ui/poster/poster.tsx';
import { Sheet } from '~/ui/sheet/sheet.tsx';
import { StaleLine } from '~/ui/stale-line/stale-line.tsx';
import { FairDraw } from './fair-draw.tsx';
import { useSpot } from './use-spot.ts';
import styles from './waiting-room.module.css';
import { type Scene, sceneOf, spokenPosition, stripOf } from './waiting-room.rules.ts';

const CELLS = 40;
const ADMISSION_MS = 300_000;
/** The order is drawn, and her turn is to come or has come. */
const IN_LINE: readonly Scene[] = ['drawing', 'waiting', 'missed', 'network', 'turn'];

export interface WaitingRoomPageProps {
  event: EventPageView;
  room: { version: number; data: WaitingRoomSnapshot };
  spot: WaitingSpot | null;
}

/** A bill with one number on it: where one stands, and what is true about the rest. */
export function WaitingRoomPage({ event, room: initial, spot: first }: WaitingRoomPageProps) {
  const { t, i18n } = useWaitingRoomWords();
  const { data: room, version, stale, ageSeconds, spot, ask } = useSpot(event.id, initial, first);
  const scene = sceneOf(room, spot, event.checkout !== null);
  const position = spot?.number == null ? null : positionOf(spot.number, room);
  const isIn = scene === 'gathering' || IN_LINE.includes(scene);
  useTurnInTitle(scene === 'turn');
  return (
    <Page width="full" className={styles.page}>
      <Band palette={event.palette} className={styles.bill}>
        <div className={styles.poster}>
          <Poster
            eventId={event.id}
            title={event.title}
            palette={event.palette}
            version={event.posterVersion}
            sizes="120px"
            decorative
            priority
          />
        </div>
        <div className={styles.billWords}>
          <p className={styles.label}>{t('label')}</p>
          <h1 className="t-page">{event.title}</h1>
          <p className={styles.when}>
            {event.startAt && <EventDate startMs={event.startAt.getTime()} zone={event.timeZone} />}
            {event.venue && <span>{placeLine({ venue: event.venue, city: event.city })}</span>}
          </p>
        </div>
      </Band>
      <div className={styles.column} data-stale={stale || undefined}>
        <Voice scene={scene} position={position} number={spot?.number ?? null} paused={room.paused && isIn} />
        <section className={styles.scene} data-scene={scene} aria-labelledby="scene-title">
          {scene === 'waiting' && spot?.number != null && position !== null ? (
            <Line room={room} number={spot.number} position={position} version={version} stale={stale} />
          ) : (
            <SceneWords scene={scene} event={event} room={room} spot={spot} version={version} onEnd={ask} />
          )}
        </section>
        {room.paused && isIn && scene !== 'turn' && (
          <Notice tone="warn" title={t('paused_title')}>
            {t('paused')}
          </Notice>
        )}
        <StaleLine ageSeconds={ageSeconds} />
        {IN_LINE.includes(scene) && (
          <Facts room={room} spot={spot} position={scene === 'waiting' ? position : null} locale={i18n.language} />
        )}
        {isIn && scene !== 'turn' && <p className={styles.kept}>{t('kept')}</p>}
        {room.state !== 'closed' && <FairDraw room={room} spot={spot} />}
        <noscript>
          <p className="t-small ink-2">{t('no_script')}</p>
        </noscript>
        <footer className={styles.foot}>
          <Link to={paths.event(event.slug)} className={styles.back}>
            <IconArrowLeft size={20} stroke={1.75} aria-hidden />
            {t('back')}
          </Link>
          {isIn && <Leave />}
        </footer>
      </div>
    </Page>
  );
}

/** The number, the strip, and a sentence that says the same. */
function Line({
  room,
  number,
  position,
  version,
  stale,
}: {
  room: WaitingRoomSnapshot;
  number: number;
  position: number;
  version: number;
  stale: boolean;
}) {
  const { t, i18n } = useWaitingRoomWords();
  const count = (value: number) => formatCount(value, i18n.language);
  return (
    <>
      <h2 id="scene-title" className={styles.standing}>
        <span className={styles.standingLabel}>
          {t('stand')} <LiveDot size={9} />
        </span>
        <LiveNumber value={position} version={version} stale={stale} className={styles.position} />
      </h2>
      <p className={styles.among}>{position === 1 ? t('next') : t('of_waiting', { count: room.waiting })}</p>
      <Strip
        room={room}
        number={number}
        words={t('strip', { served: count(room.served), last: count(room.last), number: count(number) })}
      />
    </>
  );
}

/** The line as cells: ink has been called, violet is one's own, outlined waits. */
function Strip({ room, number, words }: { room: WaitingRoomSnapshot; number: number; words: string }) {
  const { own, called } = stripOf(room, number, CELLS);
  return (
    <div className={styles.strip} role="img" aria-label={words}>
      {Array.from({ length: CELLS }, (_cell, at) => (
        <span key={at} data-kind={at === own ? 'own' : at < called ? 'called' : 'ahead'} />
      ))}
    </div>
  );
}

interface SceneWordsProps {
  scene: Scene;
  event: EventPageView;
  room: WaitingRoomSnapshot;
  spot: WaitingSpot | null;
  version: number;
  onEnd: () => void;
}

/** Everything that is not the line itself: one heading, a sentence or two, one action. */
function SceneWords({ scene, event, room, spot, version, onEnd }: SceneWordsProps) {
  const { t, i18n } = useWaitingRoomWords();
  const { nowMs } = useRoot();
  const { opensAt } = room.sale;
  const say = (title: string, words: ReactNode, action?: ReactNode) => (
    <>
      <h2 id="scene-title" className={styles.title}>
        {title}
      </h2>
      <div className={styles.words}>{words}</div>
      {action}
    </>
  );
  const gathers = room.state === 'gathering';
  const opening = gathers && opensAt !== undefined && (
    <>
      <OpensIn atMs={opensAt} />
      <p className={styles.among}>
        <LiveNumber value={room.waiting} version={version} format={(count) => formatCount(count, i18n.language)} />{' '}
        <span aria-hidden="true">{t('here', { count: room.waiting }).replace(/^\S+ /, '')}</span>
      </p>
    </>
  );
  switch (scene) {
    case 'outside':
      return say(
        t(gathers ? 'outside_gathering_title' : 'outside_title'),
        <p>{t(gathers ? 'outside_gathering' : 'outside')}</p>,
        <>
          {opening}
          {!gathers && <p className={styles.among}>{t('of_waiting', { count: room.waiting })}</p>}
          <Enter words={t('enter')} />
        </>,
      );
    case 'gathering':
      return say(
        t('gathering_title'),
        <p>
          {opensAt === undefined
            ? t('gathering_no_time')
            : t('gathering', { when: openingWords(opensAt, event.timeZone, nowMs, i18n.language) })}
        </p>,
        opening,
      );
    case 'drawing':
      return say(t('gathering_title'), <p>{t('drawing')}</p>);
    case 'missed':
      return say(t('missed_title'), <p>{t('missed')}</p>);
    case 'network':
      return say(t('network_title'), <p>{t('network')}</p>);
    case 'turn':
      return say(
        t('turn_title'),
        <p>{t('turn')}</p>,
        <div className={styles.turn}>
          {spot?.admittedUntil != null && (
            <HoldRing expiresAtMs={spot.admittedUntil} totalMs={ADMISSION_MS} size={88} onEnd={onEnd} />
          )}
          <ButtonLink to={`${paths.event(event.slug)}#tickets`} tone="primary" big full>
            {t('turn_action')}
          </ButtonLink>
        </div>,
      );
    case 'held':
      return event.checkout
        ? say(
            t('held_title'),
            <p>{t('held')}</p>,
            <ButtonLink to={paths.checkout(event.checkout.checkoutId)} tone="primary" big full>
              {t('held_action')}
            </ButtonLink>,
          )
        : say(t('held_done'), <p>{t('left')}</p>, <Enter words={t('again')} />);
    case 'lapsed':
      return say(t('lapsed_title'), <p>{t('lapsed')}</p>, <Enter words={t('again')} />);
    case 'missed_twice':
      return say(t('missed_twice_title'), <p>{t('missed_twice')}</p>, <Enter words={t('again')} />);
    case 'left':
      return say(t('left_title'), <p>{t('left')}</p>, <Enter words={t('again')} />);
    case 'sold_out':
      return say(
        t('sold_out_title'),
        <p>{t('sold_out')}</p>,
        <ButtonLink to={`${paths.event(event.slug)}#tickets`} big full>
          {t('sold_out_action')}
        </ButtonLink>,
      );
    case 'over':
      return say(t('over_title'), <p>{t('over')}</p>);
    default:
      return say(
        t('free_title'),
        <p>{t('free')}</p>,
        <ButtonLink to={`${paths.event(event.slug)}#tickets`} tone="primary" big full>
          {t('free_action')}
        </ButtonLink>,
      );
  }
}

/** A plain form: without JavaScript it takes the same spot. */
function Enter({ words }: { words: string }) {
  const { t } = useWaitingRoomWords();
  const navigation = useNavigation();
  const busy = navigation.state !== 'idle' && navigation.formMethod === 'POST';
  return (
    <Form method="post" preventScrollReset replace>
      <Button type="submit" name="intent" value="enter" tone="primary" big full busy={busy} busyWords={t('entering')}>
        {words}
      </Button>
    </Form>
  );
}

function Leave() {
  const { t } = useWaitingRoomWords();
  const [asks, setAsks] = useState(false);
  return (
    <>
      <Button tone="quiet" onClick={() => setAsks(true)}>
        {t('leave')}
      </Button>
      <Sheet open={asks} onClose={() => setAsks(false)} title={t('leave_title')}>
        <p>{t('leave_words')}</p>
        <Form method="post" replace preventScrollReset className={styles.sheetActions} onSubmit={() => setAsks(false)}>
          <Button type="button" tone="primary" full onClick={() => setAsks(false)}>
            {t('leave_stay')}
          </Button>
          <Button type="submit" name="intent" value="leave" tone="danger" full>
            {t('leave')}
          </Button>
        </Form>
      </Sheet>
    </>
  );
}

function OpensIn({ atMs }: { atMs: number }) {
  const { t } = useWaitingRoomWords();
  const { seconds, text } = useCountdown(atMs);
  const [days, hours, minutes] = [Math.floor(seconds / 86_400), Math.floor(seconds / 3600), Math.floor(seconds / 60)];
  return (
    <p className={styles.opens} role="timer">
      <span className="t-meta ink-2">{t('opens_in')}</span>
      <span className="t-number">
        {days > 0
          ? t('days', { days, hours: hours % 24 })
          : hours > 0
            ? t('hours', { hours, minutes: minutes % 60 })
            : text}
      </span>
    </p>
  );
}

/** The truth in rows, as on the back of a bill. */
function Facts({
  room,
  spot,
  position,
  locale,
}: {
  room: WaitingRoomSnapshot;
  spot: WaitingSpot | null;
  position: number | null;
  locale: string;
}) {
  const { t } = useWaitingRoomWords();
  const count = (value: number) => formatCount(value, locale);
  const rows: [string, string][] = [];
  if (spot?.number != null)
    rows.push([t('number'), t('number_words', { number: count(spot.number), last: count(room.last) })]);
  if (position !== null) rows.push([t('estimate'), estimateWords(t, room, position)]);
  rows.push([t('places'), placesWords(t, room, count)]);
  if (room.perMinute !== null && room.perMinute >= 1 && !room.paused)
    rows.push([t('pace'), count(Math.round(room.perMinute))]);
  return (
    <dl className={styles.facts}>
      {rows.map(([name, words]) => (
        <div key={name}>
          <dt>{name}</dt>
          <dd className="tnum">{words}</dd>
        </div>
      ))}
    </dl>
  );
}

type Words = ReturnType<typeof useWaitingRoomWords>['t'];

function estimateWords(t: Words, room: WaitingRoomSnapshot, position: number): string {
  if (room.paused || room.sale.state === 'paused') return t('estimate_paused');
  const wait = room.sale.state === 'all_in_checkout' ? null : waitOf(position, room.perMinute);
  if (!wait) return t('estimate_none');
  if (wait.to <= 2) return t('estimate_soon');
  const whole = (minutes: number) =>
    minutes < 60
      ? t('minutes', { minutes })
      : minutes % 60 === 0
        ? t('hours_whole', { hours: minutes / 60 })
        : t('hours', { hours: Math.floor(minutes / 60), minutes: minutes % 60 });
  return wait.to < 60
    ? t('estimate_range', { from: Math.max(1, wait.from), to: wait.to })
    : t('estimate_hours', { from: whole(Math.max(1, wait.from)), to: whole(wait.to) });
}

function placesWords(t: Words, { sale }: WaitingRoomSnapshot, count: (value: number) => string): string {
  if (sale.state === 'paused') return t('places_paused');
  if (sale.state === 'all_in_checkout')
    return sale.inCheckout === undefined
      ? t('places_back_hidden')
      : t('places_back', { inCheckout: count(sale.inCheckout) });
  if (sale.free === undefined || sale.inCheckout === undefined) return t('places_some');
  return t('places_free', { count: sale.free, inCheckout: count(sale.inCheckout) });
}

/** What a screen reader is told: marks on the way, not every step; the turn at once. */
function Voice({
  scene,
  position,
  number,
  paused,
}: {
  scene: Scene;
  position: number | null;
  number: number | null;
  paused: boolean;
}) {
  const { t, i18n } = useWaitingRoomWords();
  const before = useRef({ scene, position, number, paused });
  const [words, setWords] = useState('');
  useEffect(() => {
    const was = before.current;
    before.current = { scene, position, number, paused };
    const count = (value: number) => formatCount(value, i18n.language);
    if (scene !== was.scene && scene === 'turn') return setWords(t('say_turn'));
    if (scene !== was.scene && scene === 'sold_out') return setWords(t('say_sold_out'));
    if (scene !== was.scene && scene === 'free') return setWords(t('say_open'));
    if (paused !== was.paused) return setWords(t(paused ? 'say_paused' : 'say_moving'));
    if (number !== null && position !== null && was.number === null)
      return setWords(t('say_number', { number: count(number), position: count(position) }));
    if (position === null || was.position === null) return;
    const spoken = spokenPosition(was.position, position);
    if (spoken !== null) setWords(spoken === 1 ? t('say_next') : t('say_position', { position: count(spoken) }));
  }, [scene, position, number, paused, t, i18n.language]);
  return (
    <p className="vh" role="status" aria-live={scene === 'turn' ? 'assertive' : 'polite'}>
      {words}
    </p>
  );
}

/** A tab in the background says that the turn has come. */
function useTurnInTitle(isTurn: boolean) {
  const { t } = useWaitingRoomWords();
  useEffect(() => {
    if (!isTurn) return;
    const { title } = document;
    document.title = `${t('turn_short')}: ${title}`;
    return () => {
      document.title = title;
    };
  }, [isTurn, t]);
}
