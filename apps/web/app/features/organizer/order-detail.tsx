import type { OrganizerOrderView, TimelineEntry } from '@liventix/contracts/organizer';
import { Link } from '@remix-run/react';
import { IconArrowLeft } from '@tabler/icons-react';
import { useState } from 'react';
import { formatDate, formatMoney } from '~/platform/format.ts';
import { useOrganizerWords } from '~/platform/i18n/organizer.ts';
import { Button } from '~/ui/button/button.tsx';
import { Notice } from '~/ui/notice/notice.tsx';
import styles from './lists.module.css';
import { organizerPaths } from './organizer-paths.ts';
import { RefundSheet } from './refund-sheet.tsx';

/** One order: who, what, money, tickets, and everything that happened to it. */
export function OrderDetail({ initial, mayRefund }: { initial: OrganizerOrderView; mayRefund: boolean }) {
  const { t, i18n } = useOrganizerWords();
  const [order, setOrder] = useState(initial);
  const [asks, setAsks] = useState(false);
  const { event } = order;
  const amounts = [order.totalCents, order.feesCents, order.taxCents, order.refundedCents, order.subtotalCents];
  const money = (cents: number) => formatMoney(cents, event.currency, { among: amounts, locale: i18n.language });
  const when = (at: Date) => formatDate(at.getTime(), event.timeZone, 'short', i18n.language);
  const refundable = order.status === 'paid' && !order.refunding;
  return (
    <div className={styles.page}>
      <header className={styles.part}>
        <Link to={organizerPaths.orders(event.id)} className={styles.tag}>
          <IconArrowLeft size={16} stroke={1.75} aria-hidden style={{ display: 'inline', verticalAlign: '-3px' }} />{' '}
          {t('order.back')}
        </Link>
        <div className={styles.head}>
          <h1 className="t-page">{t('order.heading', { code: order.code })}</h1>
          <span
            className={styles.tag}
            data-tone={order.refunding ? 'warn' : order.status === 'paid' ? 'ok' : undefined}
          >
            {t(order.refunding ? 'orders.refunding' : `orders.${order.status}`)}
          </span>
        </div>
        {order.late && <Notice tone="warn">{t('order.late')}</Notice>}
        {order.paymentError && order.status !== 'paid' && <Notice tone="bad">{order.paymentError}</Notice>}
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
                      data-tone={ticket.suspended ? 'warn' : ticket.status === 'redeemed' ? 'ok' : undefined}
                    >
                      {ticket.suspended ? t('order.on_hold') : t(`door.${ticket.status}`)}
                    </span>
                  </li>
                ))}
              </ul>
            </section>
          )}
          {mayRefund && refundable && (
            <span>
              <Button tone="danger" onClick={() => setAsks(true)}>
                {t('order.refund')}
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
                data-tone={
                  entry.kind === 'refund_failed' || entry.kind === 'order_cancelled'
                    ? 'bad'
                    : entry.kind === 'order_paid' || entry.kind === 'ticket_redeemed'
                      ? 'ok'
                      : undefined
                }
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

function Line({ name, value, total }: { name: string; value: string; total?: boolean }) {
  return (
    <>
      <dt className={total ? styles.total : undefined}>{name}</dt>
      <dd className={total ? styles.total : undefined}>{value}</dd>
    </>
  );
}

const CANCEL_REASONS = ['expired', 'by_buyer', 'payment_failed', 'event_cancelled'] as const;

function Moment({ entry, money }: { entry: TimelineEntry; money: (cents: number) => string }) {
  const { t } = useOrganizerWords();
  const reason = CANCEL_REASONS.find((each) => each === entry.note);
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
      {entry.kind === 'refund_failed' && entry.note && <span className="ink-3">: {entry.note}</span>}
    </span>
  );
}
