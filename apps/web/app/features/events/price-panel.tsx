import { type EventPageView, saleState } from '@liventix/contracts/events';
import type { EventSnapshot } from '@liventix/contracts/live';
import type { WaitingRoomView } from '@liventix/contracts/waiting-room';
import { Form, Link, useNavigation } from '@remix-run/react';
import { useEffect, useId, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { isAdmitted, RoomGate } from '~/features/waiting-room/room-gate.tsx';
import { formatMoney } from '~/platform/format.ts';
import { useCountdown } from '~/platform/live/index.ts';
import { paths } from '~/platform/paths.ts';
import { useRoot } from '~/platform/root-data.ts';
import { Button, ButtonLink } from '~/ui/button/button.tsx';
import { classes } from '~/ui/classes.ts';
import { HoldRing } from '~/ui/hold-ring/hold-ring.tsx';
import { LiveDot } from '~/ui/live-dot/live-dot.tsx';
import { Notice } from '~/ui/notice/notice.tsx';
import { PlacesStrip } from '~/ui/places-strip/places-strip.tsx';
import { StaleLine } from '~/ui/stale-line/stale-line.tsx';
import { StatusLine } from '~/ui/status-line/status-line.tsx';
import { Stepper } from '~/ui/stepper/stepper.tsx';
import { openingWords } from './events.words.ts';
import styles from './price-panel.module.css';
import { type Chosen, type TierChoice, tierChoices, totalOf, trimChosen } from './price-panel.rules.ts';
import { TellMe } from './tell-me.tsx';

export interface Problem {
  code: string;
  words: string | null;
  details: Record<string, unknown>;
}

export interface PricePanelProps {
  event: EventPageView;
  /** The waiting room in front of the event, when one is living. */
  waiting?: WaitingRoomView | null;
  snapshot: EventSnapshot;
  version: number;
  stale?: boolean;
  ageSeconds?: number;
  /** Id of the checkout this page would make: sent twice, it is one. */
  newCheckoutId: string;
  problem?: Problem | null;
}

/** What is for sale, what is left of it, and the one button. House colours whatever the poster. */
export function PricePanel({
  event,
  waiting = null,
  snapshot,
  version,
  stale,
  ageSeconds,
  newCheckoutId,
  problem,
}: PricePanelProps) {
  const { t } = useTranslation('event');
  const state = saleState(snapshot);
  const { checkout } = event;
  const over = state === 'ended' || state === 'cancelled' || state === 'draft';
  return (
    <section className={styles.panel} id="tickets" aria-labelledby="tickets-title" data-stale={stale || undefined}>
      <header className={styles.head}>
        <h2 id="tickets-title" className="t-section">
          {t('panel.title')}
        </h2>
        {!over && <LiveDot size={9} />}
      </header>
      {event.ownTickets > 0 && (
        <Notice
          tone="you"
          action={
            <Link to={paths.tickets()} className="link">
              {t('panel.open_tickets')}
            </Link>
          }
        >
          {t('panel.tickets', { count: event.ownTickets })}
        </Notice>
      )}
      {checkout && !over && <OwnPlaces checkout={checkout} />}
      {waiting && !checkout && !over && <RoomGate slug={event.slug} view={waiting} />}
      <SaleNews event={event} snapshot={snapshot} state={state} />
      {!over && (
        <BuyForm
          event={event}
          snapshot={snapshot}
          version={version}
          newCheckoutId={newCheckoutId}
          problem={problem ?? null}
          open={(state === 'open' && isAdmitted(waiting)) || checkout !== null}
        />
      )}
      {!over && <StaleLine ageSeconds={ageSeconds} />}
    </section>
  );
}

function OwnPlaces({ checkout }: { checkout: NonNullable<EventPageView['checkout']> }) {
  const { t } = useTranslation('event');
  const expiresAtMs = checkout.expiresAt.getTime();
  const { text, ended } = useCountdown(expiresAtMs, checkout.standsUntil);
  if (ended) return null;
  const count = checkout.lines.reduce((sum, line) => sum + line.quantity, 0);
  return (
    <div className={styles.own}>
      <HoldRing expiresAtMs={expiresAtMs} standsUntilMs={checkout.standsUntil} />
      <p>
        <strong className="t-strong tnum">{t('panel.yours_title', { count, time: text })}</strong>
        <span className="t-small ink-2">{t('panel.yours')}</span>
      </p>
      <ButtonLink to={paths.checkout(checkout.checkoutId)} tone="primary" small>
        {t('panel.resume')}
      </ButtonLink>
    </div>
  );
}

/** Whatever stands between the reader and the stepper, in the words of the box office. */
function SaleNews({
  event,
  snapshot,
  state,
}: {
  event: EventPageView;
  snapshot: EventSnapshot;
  state: ReturnType<typeof saleState>;
}) {
  const { t, i18n } = useTranslation('event');
  const { nowMs } = useRoot();
  const moved = snapshot.status === 'postponed' && (
    <Notice tone="warn" title={t('states.postponed_title')}>
      {t('states.postponed')}
    </Notice>
  );
  if (state === 'draft') return <Notice tone="plain">{t('states.draft')}</Notice>;
  if (state === 'cancelled')
    return (
      <Notice tone="bad" role="status">
        <p>{t('states.cancelled', { title: event.title })}</p>
        {event.cancelReason && (
          <p className={styles.reason}>
            {t('states.cancelled_reason', { host: event.host.name, reason: event.cancelReason })}
          </p>
        )}
      </Notice>
    );
  if (state === 'ended')
    return (
      <div className={styles.news}>
        <p>{event.ownTickets > 0 ? t('states.ended_tickets') : t('states.ended')}</p>
        <ButtonLink to={paths.organizer(event.host.slug)} full>
          {t('states.ended_action', { host: event.host.name })}
        </ButtonLink>
      </div>
    );
  if (event.checkout) return moved || null;
  if (state === 'all_in_checkout')
    return (
      <div className={styles.news}>
        {moved}
        <p role="status">{t('states.all_in_checkout')}</p>
        <TellMe event={event} kind="place_back" />
      </div>
    );
  if (state === 'sold_out') {
    const exact = snapshot.tiers.every((tier) => tier.quantity !== undefined);
    const count = snapshot.tiers.reduce((sum, tier) => sum + (tier.quantity ?? 0), 0);
    return (
      <div className={styles.news}>
        {moved}
        <p role="status" className={styles.big}>
          {exact && count > 1 ? t('states.sold_out_people', { count }) : t('states.sold_out')}
        </p>
        <TellMe event={event} kind="place_back" />
      </div>
    );
  }
  if (state === 'not_yet') {
    const opens = Math.min(...snapshot.tiers.flatMap((tier) => (tier.opensAt === undefined ? [] : [tier.opensAt])));
    return (
      <div className={styles.news}>
        {moved}
        <p>{t('states.not_yet', { when: openingWords(opens, event.timeZone, nowMs, i18n.language) })}</p>
        <OpensIn atMs={opens} />
        <TellMe event={event} kind="on_sale" />
      </div>
    );
  }
  if (state === 'paused')
    return (
      <Notice tone="warn" role="status">
        {t('states.paused')}
      </Notice>
    );
  if (state === 'closed') return <Notice tone="plain">{t('states.closed')}</Notice>;
  return moved || null;
}

/** The time until sales open: days and hours, then hours and minutes, then seconds. */
function OpensIn({ atMs }: { atMs: number }) {
  const { t } = useTranslation('event');
  const { seconds, text } = useCountdown(atMs);
  const days = Math.floor(seconds / 86_400);
  const hours = Math.floor((seconds % 86_400) / 3_600);
  const minutes = Math.floor((seconds % 3_600) / 60);
  return (
    <p className={styles.opens} role="timer">
      <span className="t-meta ink-2">{t('states.opens_in')}</span>
      <span className="t-number">
        {days > 0 ? t('countdown.days', { days, hours }) : hours > 0 ? t('countdown.hours', { hours, minutes }) : text}
      </span>
    </p>
  );
}

interface BuyFormProps {
  event: EventPageView;
  snapshot: EventSnapshot;
  version: number;
  newCheckoutId: string;
  problem: Problem | null;
  /** Whether anything can be taken now. */
  open: boolean;
}

/** A plain form: without JavaScript its numbers are typed and its button says less, and the same action takes the places. */
function BuyForm({ event, snapshot, version, newCheckoutId, problem, open }: BuyFormProps) {
  const { t, i18n } = useTranslation('event');
  const navigation = useNavigation();
  const problemId = useId();
  const { checkout, currency } = event;
  const choices = tierChoices(event.tiers, snapshot, checkout, event.maxPerPerson);
  const [wanted, setWanted] = useState<Chosen>(() =>
    Object.fromEntries((checkout?.lines ?? []).map((line) => [line.tierId, line.quantity])),
  );
  const [awake, setAwake] = useState(false);
  // The cookie is what the places are kept by: without one they would be held for nobody until their time is over.
  const [forgetful, setForgetful] = useState(false);
  useEffect(() => {
    setAwake(true);
    setForgetful(!navigator.cookieEnabled);
  }, []);

  const chosen = trimChosen(choices, wanted);
  const total = totalOf(choices, chosen);
  const among = choices.map(({ tier }) => tier.totalCents);
  const money = (cents: number) => formatMoney(cents, currency, { among, locale: i18n.language });
  const busy = navigation.state !== 'idle' && navigation.formData?.get('intent') === 'buy';
  const same = checkout !== null && choices.every(({ tier, own }) => (chosen[tier.id] ?? 0) === own);
  // One line, one way of writing: €2.00 beside €2.36.
  const part = (cents: number) =>
    formatMoney(cents, currency, { among: [...among, total.feeCents, total.taxCents], locale: i18n.language });
  const price = total.totalCents === 0 ? t('panel.free_word') : money(total.totalCents);
  const { actor } = useRoot();
  const isGuest = !actor || actor.isAnonymous;
  const brief =
    isGuest && choices.find(({ tier, now }) => now.guestMinutes && (!total.count || chosen[tier.id]))?.now.guestMinutes;
  const words =
    total.count === 0
      ? awake
        ? t('panel.choose')
        : t('panel.get_plain')
      : checkout
        ? t('panel.change', { count: total.count, total: price })
        : total.totalCents === 0
          ? t('panel.get_free', { count: total.count })
          : t('panel.get', { count: total.count, total: price });
  return (
    <Form method="post" className={styles.form} preventScrollReset aria-describedby={problem ? problemId : undefined}>
      <input type="hidden" name="checkoutId" value={newCheckoutId} />
      <input type="hidden" name="currency" value={currency} />
      {checkout && <input type="hidden" name="replaces" value={checkout.checkoutId} />}
      <ul className={styles.tiers}>
        {choices.map((choice) => (
          <TierRow
            key={choice.tier.id}
            choice={choice}
            price={choice.tier.totalCents === 0 ? t('panel.free_word') : money(choice.tier.totalCents)}
            timeZone={event.timeZone}
            version={version}
            count={chosen[choice.tier.id] ?? 0}
            onCount={(count) => setWanted({ ...chosen, [choice.tier.id]: count })}
            busy={busy}
          />
        ))}
      </ul>
      {problem && (
        <div id={problemId}>
          <Notice
            tone="bad"
            role="alert"
            action={
              problem.code === 'NETWORK_LIMIT' &&
              isGuest && (
                <Link className="link" to={paths.signIn(paths.event(event.slug))}>
                  {t('problem.sign_in')}
                </Link>
              )
            }
          >
            {problem.code === 'PRICE_CHANGED'
              ? t('problem.price_changed', { total: money(Number(problem.details.totalCents)) })
              : (problem.words ?? t('problem.failed'))}
          </Notice>
        </div>
      )}
      {forgetful && (
        <Notice tone="warn" role="status">
          {t('problem.no_cookies')}
        </Notice>
      )}
      {open && !same && (
        <div className={styles.foot}>
          {total.count > 0 && (total.feeCents > 0 || total.taxCents > 0) && (
            <p className="t-small ink-2 tnum">
              {[
                total.feeCents > 0 && t('panel.includes_fees', { amount: part(total.feeCents) }),
                total.taxCents > 0 &&
                  t(event.taxIncluded ? 'panel.includes_tax' : 'panel.tax_added', { amount: part(total.taxCents) }),
              ]
                .filter(Boolean)
                .join(' · ')}
            </p>
          )}
          <Button
            type="submit"
            name="intent"
            value="buy"
            tone="primary"
            big
            full
            busy={busy}
            busyWords={t('panel.reserving')}
            disabled={awake && (forgetful || total.count === 0)}
          >
            <span className="tnum">{words}</span>
          </Button>
          {/* A form needs its intent also when Enter sends it. */}
          <input type="hidden" name="intent" value="buy" />
          <p className={styles.safe}>
            {brief
              ? t('panel.safe_brief', { count: brief })
              : t(event.tiers.some((tier) => tier.totalCents > 0) ? 'panel.safe' : 'panel.safe_free')}
          </p>
        </div>
      )}
    </Form>
  );
}

interface TierRowProps {
  choice: TierChoice;
  price: string;
  timeZone: string;
  version: number;
  count: number;
  onCount: (count: number) => void;
  busy: boolean;
}

function TierRow({ choice, price, timeZone, version, count, onCount, busy }: TierRowProps) {
  const { t, i18n } = useTranslation('event');
  const { nowMs } = useRoot();
  const { tier, now, own, max } = choice;
  const { quantity, free, inCheckout } = now;
  const exact = quantity !== undefined && free !== undefined && inCheckout !== undefined && now.state !== 'not_yet';
  const gone = max === 0;
  const news =
    now.state === 'not_yet' && now.opensAt !== undefined ? (
      <StatusLine status={{ kind: 'on_sale', when: openingWords(now.opensAt, timeZone, nowMs, i18n.language) }} />
    ) : now.state === 'paused' ? (
      <StatusLine status={{ kind: 'paused' }} />
    ) : now.state === 'closed' ? (
      <span className="t-meta ink-2">{t('panel.closed_tier')}</span>
    ) : now.state === 'sold_out' || now.state === 'all_in_checkout' ? (
      <StatusLine status={{ kind: now.state }} />
    ) : !exact && free !== undefined ? (
      <StatusLine status={{ kind: 'left', count: free, version }} />
    ) : null;
  return (
    <li className={classes(styles.tier, gone && styles.gone)}>
      <div className={styles.tierWords}>
        <h3 className="t-strong">{tier.name}</h3>
        {tier.description && <p className="t-small ink-2">{tier.description}</p>}
        <p className={styles.tierPrice}>
          <span className="t-strong tnum">{price}</span>
          {news}
        </p>
        {tier.minPerOrder > 1 && !gone && (
          <p className="t-small ink-2">{t('panel.min', { count: tier.minPerOrder })}</p>
        )}
      </div>
      {!gone && (
        <Stepper
          label={t('panel.how_many', { tier: tier.name })}
          name={`places.${tier.id}`}
          value={count}
          first={Math.min(tier.minPerOrder, max)}
          max={max}
          onChange={onCount}
          disabled={busy}
        />
      )}
      {!gone && <input type="hidden" name={`seen.${tier.id}`} value={tier.totalCents} />}
      {exact && quantity > 0 && (
        <div className={styles.strip}>
          <PlacesStrip quantity={quantity} free={free} inCheckout={inCheckout} yours={own} size="s" />
        </div>
      )}
    </li>
  );
}
