import type { DaysView } from '@liventix/contracts/organizer';
import { useOutletContext } from '@remix-run/react';
import { IconListCheck } from '@tabler/icons-react';
import { type CSSProperties, useEffect, useState } from 'react';
import { formatCount, formatMoney } from '~/platform/format.ts';
import { useOrganizerWords } from '~/platform/i18n/organizer.ts';
import { usePresence, useServerClock } from '~/platform/live/index.ts';
import { useRoot } from '~/platform/root-data.ts';
import { trpc } from '~/platform/trpc.ts';
import { ButtonLink } from '~/ui/button/button.tsx';
import { EmptyState } from '~/ui/empty-state/empty-state.tsx';
import { Figure, Figures } from '~/ui/figure/figure.tsx';
import { Funnel } from '~/ui/funnel/funnel.tsx';
import { Ledger } from '~/ui/ledger/ledger.tsx';
import { LiveDot } from '~/ui/live-dot/live-dot.tsx';
import { Notice } from '~/ui/notice/notice.tsx';
import { PlacesStrip } from '~/ui/places-strip/places-strip.tsx';
import { SalesCurve } from '~/ui/sales-curve/sales-curve.tsx';
import type { EventShellContext } from './event-shell.tsx';
import { HealthLine, useHealth } from './health-line.tsx';
import styles from './live-dashboard.module.css';
import { isSoldOut, wholeCurve } from './live-dashboard.rules.ts';
import { organizerPaths } from './organizer-paths.ts';
import { PauseControl } from './pause-control.tsx';
import { useReread } from './use-reread.ts';
import { WaitingRoomPart } from './waiting-room-part.tsx';

/** The server's time, moved on every minute: the curve's right edge. */
function useMinute(): number {
  const { nowMs } = useRoot();
  const clock = useServerClock();
  const [now, setNow] = useState(nowMs);
  useEffect(() => {
    const timer = setInterval(() => setNow(clock()), 60_000);
    setNow(clock());
    return () => clearInterval(timer);
  }, [clock]);
  return now;
}

/** An event as it sells: four numbers, the curve, the strips, the ledger. All of it is the staff room's state. */
export function LiveDashboard() {
  const { t, i18n } = useOrganizerWords();
  const { dashboard, live, version, stale, may } = useOutletContext<EventShellContext>();
  const { event } = dashboard;
  const now = useMinute();
  const viewing = usePresence('staff', event.id) ?? live.funnel.viewing;
  const health = useHealth(event.id, dashboard.health, version);
  const { yesterday, today, wanted } = useReread<DaysView>(
    dashboard,
    () => trpc.organizer.days.query({ eventId: event.id }),
    `${version} ${viewing}`,
  );
  const soldOut = isSoldOut(live);
  // Nothing is left to pause once everything is sold; a pause can always be ended.
  const pausable =
    may('events') && (live.status === 'published' || live.status === 'postponed') && (!soldOut || live.paused);
  const sees = may('events.see');
  const { grossCents, netCents, feesCents, refundedCents, disputedCents = 0, owedCents = 0 } = live;
  const money = grossCents !== undefined && netCents !== undefined;
  // Whole units once takings are large; the line underneath has every cent.
  const whole = money && grossCents >= 100_000;
  const short = (cents: number) =>
    formatMoney(cents, event.currency, {
      locale: i18n.language,
      among: [grossCents ?? 0, netCents ?? 0],
      ...(whole ? { decimals: false } : {}),
    });
  const exact = (cents: number) =>
    formatMoney(cents, event.currency, {
      locale: i18n.language,
      among: [grossCents ?? 0, feesCents ?? 0, refundedCents ?? 0, disputedCents, owedCents, netCents ?? 0],
    });
  const widest = Math.max(
    3,
    formatCount(live.sold).length,
    money ? short(grossCents).length : 0,
    money ? short(netCents).length : 0,
  );
  const marks = event.onSaleAt ? [{ at: event.onSaleAt.getTime(), words: t('dash.mark_on_sale') }] : [];
  const points = wholeCurve(live.curve, event.onSaleAt?.getTime() ?? null, now, money);
  const numbers = { version, stale } as const;
  const hoarded = live.tiers.flatMap((tier) => (tier.hoarded ? [tier.name] : []));

  return (
    <div className={styles.page}>
      <header className={styles.head}>
        <h1 className={styles.title}>
          <span className={styles.titleWords}>{event.title}</span> <LiveDot words={t('nav.live')} />
        </h1>
        {pausable && (
          <span className={styles.headAction}>
            <PauseControl eventId={event.id} paused={live.paused} />
          </span>
        )}
      </header>
      {live.paused && (
        <Notice tone="warn" title={t('pause.paused_title')} role="status">
          {t('pause.paused_words')}
        </Notice>
      )}
      {hoarded.length > 0 && (
        <Notice tone="warn" title={t('dash.hoarded_title')} role="status">
          {t('dash.hoarded_words', { tiers: hoarded.join(', ') })}
        </Notice>
      )}
      {soldOut && (
        <Notice
          tone="ok"
          title={t('dash.sold_out_title')}
          role="status"
          action={
            may('events') && (
              <ButtonLink small to={organizerPaths.tiers(event.id)}>
                {t('dash.sold_out_action')}
              </ButtonLink>
            )
          }
        >
          {wanted > 0 && t('dash.wanted', { count: wanted })}
        </Notice>
      )}
      {live.status === 'draft' && (
        <Notice
          tone="you"
          action={
            may('events') && (
              <ButtonLink small tone="primary" to={organizerPaths.edit(event.id)}>
                {t('dash.draft_action')}
              </ButtonLink>
            )
          }
        >
          {t('dash.draft')}
        </Notice>
      )}
      <section className={styles.numbers} aria-label={t('nav.live')} style={{ '--chars': widest } as CSSProperties}>
        <Figures>
          <Figure
            {...numbers}
            label={t('dash.sold')}
            value={live.sold}
            note={t('dash.yesterday', { value: `+${formatCount(yesterday.sold, i18n.language)}` })}
          />
          {sees || may('orders.names') ? (
            <Figure
              {...numbers}
              label={t('dash.in_checkout')}
              value={live.inCheckout}
              note={t('dash.of_places', { count: live.capacity })}
            />
          ) : (
            <Figure
              {...numbers}
              label={t('dash.admitted')}
              value={live.admitted}
              note={t('dash.of_sold', { count: live.sold })}
            />
          )}
          {money ? (
            <>
              <Figure
                {...numbers}
                label={t('dash.gross')}
                value={grossCents}
                format={short}
                note={t('dash.yesterday', {
                  value: formatMoney(yesterday.grossCents ?? 0, event.currency, { locale: i18n.language }),
                })}
              />
              <Figure
                {...numbers}
                label={t('dash.net')}
                value={netCents}
                format={short}
                note={t('dash.yesterday', {
                  value: formatMoney(yesterday.netCents ?? 0, event.currency, { locale: i18n.language }),
                })}
              />
            </>
          ) : (
            sees && (
              <>
                <Figure
                  {...numbers}
                  label={t('dash.admitted')}
                  value={live.admitted}
                  note={t('dash.of_sold', { count: live.sold })}
                />
                <Figure
                  label={t('dash.views')}
                  value={today.views}
                  note={t('dash.sold_today', { count: today.sold })}
                />
              </>
            )
          )}
        </Figures>
        {money && (
          <p className={styles.exact}>
            {t(disputedCents > 0 ? 'dash.money_disputed' : 'dash.money', {
              gross: exact(grossCents),
              fees: exact(feesCents ?? 0),
              refunded: exact(refundedCents ?? 0),
              disputed: exact(disputedCents),
              net: exact(netCents),
            })}{' '}
            {today.views > 0 && `${t('dash.views_today', { count: today.views })}, `}
            {t('dash.sold_today', { count: today.sold })}.
          </p>
        )}
      </section>

      {owedCents > 0 && (
        <Notice tone="bad" role="status" title={t('dash.owed_title', { money: exact(owedCents) })}>
          {t('dash.owed')}
        </Notice>
      )}

      {sees && <WaitingRoomPart eventId={event.id} pausable={pausable} />}
      <div className={styles.columns}>
        {(sees || may('orders.names')) && (
          <section className={styles.curve}>
            <h2 className="t-card">{t('dash.curve')}</h2>
            {live.sold > 0 ? (
              <SalesCurve points={points} currency={event.currency} zone={event.timeZone} marks={marks} height={280} />
            ) : (
              <EmptyState motif="bars" inline>
                {t('orders.none')}
              </EmptyState>
            )}
          </section>
        )}
        <section className={styles.ledger}>
          <h2 className="t-card">{t('dash.ledger')}</h2>
          {may('orders.names') ? (
            <Ledger
              entries={live.sales.map(({ orderId, ...sale }) => ({ id: `${sale.kind}-${orderId}`, ...sale }))}
              currency={event.currency}
              zone={event.timeZone}
              now={now}
              max={11}
            />
          ) : (
            <p className="ink-2">{t('dash.no_names')}</p>
          )}
        </section>
        <section className={styles.tiers}>
          <h2 className="t-card">{t('dash.tiers')}</h2>
          <ul className={styles.tierList}>
            {live.tiers.map((tier) => (
              <li key={tier.id} className={styles.tier}>
                <div className={styles.tierHead}>
                  <p className="t-strong">
                    {tier.name}
                    {tier.paused && <span className={styles.paused}> · {t('pause.tier_paused')}</span>}
                    {tier.status === 'inactive' && <span className="ink-3"> · {t('tiers.closed')}</span>}
                  </p>
                  <p className="tnum ink-2">
                    {t('overview.sold_of', { sold: formatCount(tier.issued), capacity: formatCount(tier.quantity) })}
                  </p>
                  {pausable && <PauseControl eventId={event.id} paused={tier.paused} tier={tier} />}
                </div>
                {tier.quantity > 0 && (
                  <PlacesStrip
                    quantity={tier.quantity}
                    free={tier.quantity - tier.issued - tier.reserved}
                    inCheckout={tier.reserved}
                  />
                )}
              </li>
            ))}
          </ul>
        </section>
        {sees && (
          <section className={styles.funnel}>
            <h2 className="t-card">{t('dash.funnel')}</h2>
            <Funnel {...live.funnel} viewing={viewing} version={version} />
            <p className="t-small ink-3">{t('dash.funnel_note')}</p>
          </section>
        )}
        {health && (
          <section className={styles.healthPart}>
            <h2 className="t-card">{t('dash.health')}</h2>
            <HealthLine eventId={event.id} health={health} zone={event.timeZone} />
          </section>
        )}
      </div>

      {(pausable || may('admit')) && (
        <div className={styles.bar}>
          {pausable && <PauseControl eventId={event.id} paused={live.paused} full />}
          {may('admit') && (
            <ButtonLink
              full
              to={organizerPaths.attendees(event.id)}
              icon={<IconListCheck size={20} stroke={1.75} aria-hidden />}
            >
              {t('dash.door')}
            </ButtonLink>
          )}
        </div>
      )}
    </div>
  );
}
