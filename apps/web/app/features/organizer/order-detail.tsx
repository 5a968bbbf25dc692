import type { OrganizerOrderView, TimelineEntry, TimelineKind } from '@liventix/contracts/organizer';
import { REFUND_REASONS } from '@liventix/contracts/payments';
import { Link } from '@remix-run/react';
import { IconArrowLeft } from '@tabler/icons-react';
import { useEffect, useState } from 'react';
import { formatDate, formatMoney } from '~/platform/format.ts';
import { useOrganizerWords } from '~/platform/i18n/organizer.ts';
import { trpc } from '~/platform/trpc.ts';
import { Button } from '~/ui/button/button.tsx';
import { Notice } from '~/ui/notice/notice.tsx';
import styles from './lists.module.css';
import { orderState } from './orders.rules.ts';
import { organizerPaths } from './organizer-paths.ts';
import { RefundSheet } from './refund-sheet.tsx';

export interface OrderDetailProps {
  initial: OrganizerOrderView;
  mayRefund: boolean;
  /** Grows whenever something of the event has moved. */
  version: number;
}

/** A busy event moves many times a second; the order is read again once in this time. */
const READ_AGAIN_MS = 1_000;

const BAD: readonly TimelineKind[] = [
  'refund_failed',
  'refund_taken_back',
  'order_cancelled',
  'dispute_opened',
  'dispute_lost',
];
const GOOD: readonly TimelineKind[] = ['order_paid', 'ticket_redeemed', 'dispute_won'];

/** One order: who, what, money, tickets, and everything that happened to it, as it happens. */
export function OrderDetail({ initial, mayRefund, version }: OrderDetailProps) {
  const { t, i18n } = useOrganizerWords();
  const [order, setOrder] = useState(initial);
  const [asks, setAsks] = useState(false);
  const [readAt, setReadAt] = useState(version);
  const orderId = initial.id;
  useEffect(() => {
    if (version === readAt) return;
    const timer = setTimeout(() => {
      setReadAt(version);
      trpc.organizer.order.query({ orderId }).then(setOrder, () => {
        // Offline, or no longer allowed: what is shown stays, the page's frame says why.
      });
    }, READ_AGAIN_MS);
    return () => clearTimeout(timer);
  }, [version, readAt, orderId]);
  const { event } = order;
  const amounts = [
    order.totalCents,
    order.feesCents,
    order.taxCents,
    order.refundedCents,
    order.subtotalCents,
    order.disputedCents,
    order.owedCents,
  ];
  const money = (cents: number) => formatMoney(cents, event.currency, { among: amounts, locale: i18n.language });
  const when = (at: Date) => formatDate(at.getTime(), event.timeZone, 'short', i18n.language);
  const owes = order.owedCents > 0;
  // While its tickets are good, what goes back is the whole order: what is owed with it.
  const sendsAgain = owes && order.status !== 'paid';
  const refundable = (order.status === 'paid' || owes) && !order.refunding && order.disputeState === null;
  // As ticketing.dispute_suspends: what is left of the payment keeps the tickets good.
  const partLost = order.disputeState === 'lost' && order.disputedCents + order.refundedCents < order.totalCents;
  const state = orderState(order);
  return (
    <div className={styles.page}>
      <header className={styles.part}>
        <Link to={organizerPaths.orders(event.id)} className={styles.tag}>
          <IconArrowLeft size={16} stroke={1.75} aria-hidden style={{ display: 'inline', verticalAlign: '-3px' }} />{' '}
          {t('order.back')}
        </Link>
        <div className={styles.head}>
          <h1 className="t-page">{t('order.heading', { code: order.code })}</h1>
          <span className={styles.tag} data-tone={state.tone}>
            {t(`orders.${state.key}`)}
          </span>
        </div>
        {order.late && <Notice tone="warn">{t(lateWords(order.cancelReason))}</Notice>}
        {order.paymentError && order.status !== 'paid' && (
          <Notice tone="bad">{t(`order.problem_${order.paymentError}`)}</Notice>
        )}
        {order.disputes.map((dispute) =>
          dispute.status === 'open' || dispute.status === 'inquiry' || dispute.status === 'lost' ? (
            <Notice
              key={dispute.id}
              tone={dispute.status === 'inquiry' ? 'warn' : 'bad'}
              role="status"
              title={t(`order.dispute_${dispute.status}_title`, { money: money(dispute.amountCents) })}
            >
              {t(dispute.status === 'lost' && partLost ? 'order.dispute_lost_part' : `order.dispute_${dispute.status}`)}
              {dispute.respondBy &&
                dispute.status !== 'lost' &&
                ` ${t('order.dispute_until', { when: when(dispute.respondBy) })}`}
            </Notice>
          ) : null,
        )}
        {owes && (
          <Notice tone="bad" role="status" title={t('order.owed_title', { money: money(order.owedCents) })}>
            {t('order.owed')}
          </Notice>
        )}
      </header>
      <div className={styles.columns}>
        <div className={styles.form}>
          <section className={styles.part}>
            <h2 className="t-card">{t('order.buyer')}</h2>
            <p>
              <strong>{order.name}</strong>
              <br />
              {order.email || <span className="ink-3">{t('order.no_email')}</span>}
            </p>
            {order.paymentLabel && <p>{t('order.paid_by', { card: order.paymentLabel })}</p>}
            {order.paymentId && <p className="t-code ink-3">{t('order.paid_with', { id: order.paymentId })}</p>}
          </section>
          <section className={styles.part}>
            <h2 className="t-card">{t('order.items')}</h2>
            <dl className={styles.facts}>
              {order.items.map((item) => (
                <Line
                  key={item.tierId}
                  name={`${item.quantity} × ${item.name}`}
                  value={money(item.unitCents * item.quantity)}
                />
              ))}
              {order.discountCents > 0 && <Line name={t('order.discount')} value={money(-order.discountCents)} />}
              {order.feesCents > 0 && <Line name={t('order.fees')} value={money(order.feesCents)} />}
              {order.taxCents > 0 && (
                <Line name={t(order.taxIncluded ? 'order.tax_included' : 'order.tax')} value={money(order.taxCents)} />
              )}
              <Line total name={t('order.total')} value={money(order.totalCents)} />
              {order.refundedCents > 0 && <Line name={t('order.refunded')} value={money(-order.refundedCents)} />}
              {order.disputedCents > 0 && <Line name={t('order.disputed')} value={money(-order.disputedCents)} />}
              {owes && <Line name={t('order.owes')} value={money(order.owedCents)} />}
            </dl>
          </section>
          {order.tickets.length > 0 && (
            <section className={styles.part}>
              <h2 className="t-card">{t('order.tickets')}</h2>
              <ul className={styles.rows}>
                {order.tickets.map((ticket) => (
                  <li key={ticket.ticketId} className={`${styles.row} ${styles.attendee}`}>
                    <span className={styles.number}>{String(ticket.sequenceNumber).padStart(4, '0')}</span>
                    <p className={styles.who}>
                      {ticket.name}
                      <span className={styles.sub}> · {ticket.tierName}</span>
                    </p>
                    <span
                      className={styles.tag}
                      data-tone={ticket.suspendedReason ? 'warn' : ticket.status === 'redeemed' ? 'ok' : undefined}
                    >
                      {ticket.suspendedReason
                        ? t(`door.suspended_${ticket.suspendedReason}`)
                        : t(`door.${ticket.status}`)}
                    </span>
                  </li>
                ))}
              </ul>
            </section>
          )}
          {mayRefund && refundable && (
            <span>
              <Button tone="danger" onClick={() => setAsks(true)}>
                {t(sendsAgain ? 'order.refund_again' : 'order.refund', { amount: money(order.owedCents) })}
              </Button>
            </span>
          )}
        </div>
        <section className={styles.part}>
          <h2 className="t-card">{t('order.timeline')}</h2>
          <ol className={styles.timeline}>
            {order.timeline.map((entry, index) => (
              <li
                key={index}
                className={styles.moment}
                data-tone={BAD.includes(entry.kind) ? 'bad' : GOOD.includes(entry.kind) ? 'ok' : undefined}
              >
                <Moment entry={entry} money={money} />
                <time className="t-small ink-3 tnum" dateTime={entry.at.toISOString()}>
                  {when(entry.at)}
                </time>
              </li>
            ))}
          </ol>
        </section>
      </div>
      <RefundSheet order={order} open={asks} onClose={() => setAsks(false)} onDone={setOrder} />
    </div>
  );
}

/** Why a payment was late: its time was over, its places were given back, or it was another amount. */
const lateWords = (reason: OrganizerOrderView['cancelReason']) =>
  reason === 'by_buyer' || reason === 'payment_failed' ? (`order.late_${reason}` as const) : 'order.late';

function Line({ name, value, total }: { name: string; value: string; total?: boolean }) {
  return (
    <>
      <dt className={total ? styles.total : undefined}>{name}</dt>
      <dd className={total ? styles.total : undefined}>{value}</dd>
    </>
  );
}

const SAYS_WHY: readonly TimelineKind[] = ['refund_failed', 'refund_taken_back', 'dispute_opened', 'dispute_inquiry'];
const CANCEL_REASONS = ['expired', 'by_buyer', 'payment_failed', 'event_cancelled'] as const;

function Moment({ entry, money }: { entry: TimelineEntry; money: (cents: number) => string }) {
  const { t } = useOrganizerWords();
  const reason = CANCEL_REASONS.find((each) => each === entry.note);
  const why = REFUND_REASONS.find((each) => each === entry.note);
  const kind = entry.kind === 'order_paid' && !entry.cents ? 'order_paid_free' : entry.kind;
  const words = t(
    `timeline.${kind}` as 'timeline.order_placed',
    {
      count: entry.count ?? 1,
      money: entry.cents === undefined ? '' : money(entry.cents),
      note: reason ? t(`timeline.cancel_${reason}`) : (entry.note ?? ''),
    } as Record<string, unknown>,
  );
  return (
    <span>
      {words}
      {entry.by && <span className="ink-3">, {t('timeline.by', { name: entry.by })}</span>}
      {SAYS_WHY.includes(entry.kind) && entry.note && (
        <span className="ink-3">: {entry.note.replaceAll('_', ' ')}</span>
      )}
      {entry.kind === 'refund_requested' && why && <span className="ink-3">: {t(`order.reason_${why}`)}</span>}
      {entry.words && <q className={styles.sub}>{entry.words}</q>}
    </span>
  );
}
