import type { RefundPolicy } from '@liventix/contracts/events';
import { refundDeadline } from '@liventix/contracts/nights';
import type { CheckoutView } from '@liventix/contracts/orders';
import { placeLine } from '@liventix/contracts/places';
import { IconChevronDown } from '@tabler/icons-react';
import { formatDate, formatMoney } from '~/platform/format.ts';
import { useCheckoutWords } from '~/platform/i18n/checkout.ts';
import { useRoot } from '~/platform/root-data.ts';
import { EventDate } from '~/ui/event-date/event-date.tsx';
import { Money } from '~/ui/money/money.tsx';
import { Poster } from '~/ui/poster/poster.tsx';
import styles from './checkout.module.css';
import { placeCount } from './places.rules.ts';

/** What is bought and what it costs: beside the forms, or one line that opens under the header on a phone. */
export function Summary({ view }: { view: CheckoutView }) {
  const { t, i18n } = useCheckoutWords();
  const free = view.totalCents === 0;
  const count = placeCount(view);
  const total = formatMoney(view.totalCents, view.event.currency, { locale: i18n.language });
  return (
    <>
      <details className={styles.summaryLine}>
        <summary>
          <span className={styles.summaryWords}>
            {free ? t('summary_free', { count }) : t('summary_line', { count, total })}
          </span>
          <IconChevronDown className={styles.chevron} size={20} stroke={1.75} aria-hidden />
        </summary>
        <SummaryBody view={view} />
      </details>
      <aside className={styles.summary} aria-label={t('summary')}>
        <SummaryBody view={view} poster />
      </aside>
    </>
  );
}

function SummaryBody({ view, poster }: { view: CheckoutView; poster?: boolean }) {
  const { t, i18n } = useCheckoutWords();
  const { event, lines } = view;
  const { currency } = event;
  const among = [
    view.subtotalCents,
    view.feesCents,
    view.taxCents,
    view.totalCents,
    ...lines.map((line) => line.unitTotalCents),
  ];
  return (
    <div className={styles.summaryBody}>
      <div className={styles.summaryEvent}>
        {poster && (
          <span className={styles.summaryPoster}>
            <Poster eventId={event.id} title={event.title} palette={event.poster?.palette} sizes="96px" decorative />
          </span>
        )}
        <div>
          <p className="t-card">{event.title}</p>
          <p className="t-small ink-2">
            {event.startAt && <EventDate startMs={event.startAt.getTime()} zone={event.timeZone} />}
          </p>
          <p className="t-small ink-2">{placeLine({ venue: event.venue, city: event.city })}</p>
        </div>
      </div>
      <dl className={styles.sums}>
        {lines.map((line) => (
          <div key={line.tierId}>
            <dt>
              <span className="tnum">{line.quantity}</span> {line.name}
            </dt>
            <dd>
              <Money cents={line.unitFaceCents * line.quantity} currency={currency} among={among} />
            </dd>
          </div>
        ))}
        {view.feesCents > 0 && (
          <div>
            <dt>{t('sum.fees')}</dt>
            <dd>
              <Money cents={view.feesCents} currency={currency} among={among} />
            </dd>
          </div>
        )}
        {view.taxCents > 0 && !view.taxIncluded && (
          <div>
            <dt>{t('sum.tax')}</dt>
            <dd>
              <Money cents={view.taxCents} currency={currency} among={among} />
            </dd>
          </div>
        )}
        <div className={styles.total}>
          <dt>
            {t('sum.total')}
            {view.taxCents > 0 && view.taxIncluded && (
              <span className="t-small ink-3">
                {' '}
                {t('sum.included_tax', { tax: formatMoney(view.taxCents, currency, { among, locale: i18n.language }) })}
              </span>
            )}
          </dt>
          <dd>
            {view.totalCents === 0 ? (
              t('sum.free')
            ) : (
              <Money cents={view.totalCents} currency={currency} among={among} />
            )}
          </dd>
        </div>
      </dl>
      {event.refundPolicy && event.startAt && view.totalCents > 0 && (
        <p className="t-small ink-2">
          <Returns policy={event.refundPolicy} startMs={event.startAt.getTime()} zone={event.timeZone} />
          {event.refundPolicy !== 'none' && event.refundKeepsFees && ` ${t('sum.fees_kept')}`}
        </p>
      )}
    </div>
  );
}

/** Until when a ticket may be returned, or that the day has gone. */
function Returns({ policy, startMs, zone }: { policy: RefundPolicy; startMs: number; zone: string }) {
  const { t, i18n } = useCheckoutWords();
  const { nowMs } = useRoot();
  const deadline = refundDeadline(policy, startMs);
  if (deadline === null) return t('sum.returns.none');
  const when = formatDate(deadline, zone, 'short', i18n.language);
  return t(deadline <= nowMs ? 'sum.returns.closed' : 'sum.returns.until', { when });
}
