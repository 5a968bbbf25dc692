import type { CheckoutView } from '@liventix/contracts/orders';
import type { TicketPageView } from '@liventix/contracts/tickets';
import { useCallback, useEffect, useRef, useState } from 'react';
import { useCheckoutWords } from '~/platform/i18n/checkout.ts';
import { paths } from '~/platform/paths.ts';
import { EventDate } from '~/ui/event-date/event-date.tsx';
import { Notice } from '~/ui/notice/notice.tsx';
import { Page } from '~/ui/page/page.tsx';
import { StaleLine } from '~/ui/stale-line/stale-line.tsx';
import type { CheckoutAnswer } from './act-on-checkout.server.ts';
import { BoughtPanel, useBoughtTickets } from './bought-panel.tsx';
import styles from './checkout.module.css';
import { CheckoutHeader } from './checkout-header.tsx';
import { useClockTime } from './clock-time.ts';
import { EndedPanel } from './ended-panel.tsx';
import { Fold } from './fold.tsx';
import { forgetWords } from './kept-words.ts';
import { MoreTime } from './more-time.tsx';
import { PayPart } from './pay-part.tsx';
import { placeCount } from './places.rules.ts';
import { Summary } from './summary.tsx';
import { TicketsPart } from './tickets-part.tsx';
import { isRunning, useCheckout } from './use-checkout.ts';
import { YouPart } from './you-part.tsx';

/** The order was paid, whatever became of its money since. */
const BOUGHT: readonly CheckoutView['state'][] = ['paid', 'refunding', 'refunded', 'disputed'];

export interface CheckoutPageProps {
  loaded: CheckoutView;
  /** Signed tickets, when the order was paid already as the page was made. */
  tickets: TicketPageView | null;
  /** The id that a replacement or another try of this checkout gets. */
  nextId: string;
  answer?: CheckoutAnswer | undefined;
}

/** One page from places to tickets. It never reloads: its room and its own calls move it on. */
export function CheckoutPage({ loaded, tickets, nextId, answer }: CheckoutPageProps) {
  const { t } = useCheckoutWords();
  const { view, expiresAtMs, extendable, paused, standsUntilMs, stale, accept, refresh } = useCheckout(loaded);
  const page = useBoughtTickets(view, tickets);
  const clock = useClockTime(view.event.timeZone);
  const [paying, setPaying] = useState(false);
  const heading = useRef<HTMLHeadingElement>(null);
  const bought = view.tickets.length > 0 && BOUGHT.includes(view.state);
  const running = isRunning(view.state);
  const free = view.totalCents === 0;

  useEffect(() => {
    if (bought) forgetWords(view.event.id);
  }, [bought, view.event.id]);

  // The clock here is over: the server says what that means, a moment later if it must.
  const [over, setOver] = useState(false);
  const lapsed = useCallback(() => setOver(true), []);
  useEffect(() => {
    if (!over) return;
    if (!running) {
      setOver(false);
      return;
    }
    refresh();
    const timer = setInterval(refresh, 1_000);
    return () => clearInterval(timer);
  }, [over, running, refresh]);
  useEffect(() => {
    if (expiresAtMs !== null) setOver(false);
  }, [expiresAtMs]);

  // While the clock stands nobody knows the time of day at which it will end.
  const untilMs = standsUntilMs === null ? expiresAtMs : null;
  const turned = () => {
    window.scrollTo({ top: 0 });
    heading.current?.focus({ preventScroll: true });
  };
  const forms = (
    <div className={styles.parts}>
      <div className={styles.title}>
        <h1 className="t-page">{view.event.title}</h1>
        <p className="ink-2">
          {view.event.startAt && <EventDate startMs={view.event.startAt.getTime()} zone={view.event.timeZone} />}
          {view.event.startAt && view.event.venue && ', '}
          {view.event.venue}
        </p>
      </div>
      {stale && <StaleLine />}
      {paused && (
        <Notice tone="warn" role="status" title={t('paused.title')}>
          {t(standsUntilMs === null ? 'paused.words' : 'paused.stands')}
        </Notice>
      )}
      {extendable && expiresAtMs !== null && (
        <MoreTime checkoutId={view.checkoutId} expiresAtMs={expiresAtMs} standsUntilMs={standsUntilMs} />
      )}
      <TicketsPart key={view.checkoutId} view={view} nextId={nextId} busy={paying} />
      <YouPart view={view} answer={answer} busy={paying} />
      {free ? (
        untilMs !== null && (
          <p className={styles.promise}>{t('until_free', { count: placeCount(view), time: clock(untilMs) })}</p>
        )
      ) : (
        <PayPart view={view} expiresAtMs={untilMs} busy={paying} onBusy={setPaying} onTold={accept} onLapsed={lapsed} />
      )}
    </div>
  );
  const waiting = (
    <div className={styles.ended} role="status">
      <h1 className="t-page">{t('processing.title')}</h1>
      <p className={styles.endedWords}>{t('processing.words', { email: view.order?.email ?? '' })}</p>
      <div className={styles.bar} aria-hidden="true" />
      <p className="ink-2">{t('processing.no_twice')}</p>
    </div>
  );
  const ended = !running && !bought && view.state !== 'processing';
  return (
    <Page
      width="full"
      header={
        <CheckoutHeader
          expiresAtMs={expiresAtMs}
          standsUntilMs={standsUntilMs}
          leaveTo={paths.event(view.event.slug)}
          onEnd={lapsed}
        />
      }
      footer={null}
    >
      <p className="vh" role="status" aria-live="polite">
        {bought && view.state === 'paid' ? t(free ? 'paid.announce_free' : 'paid.announce') : ''}
      </p>
      <div className={styles.columns} data-alone={ended || undefined} data-bought={bought || undefined}>
        {!ended && !bought && <Summary view={view} />}
        <Fold
          turned={bought}
          onTurned={turned}
          front={ended ? <EndedPanel view={view} nextId={nextId} /> : view.state === 'processing' ? waiting : forms}
          back={<BoughtPanel view={view} page={page} headingRef={heading} />}
        />
      </div>
    </Page>
  );
}
