import type { CheckoutView } from '@liventix/contracts/orders';
import type { SignedTicketView, TicketPageView } from '@liventix/contracts/tickets';
import { Link } from '@remix-run/react';
import { IconCalendarPlus, IconFileText, IconPrinter } from '@tabler/icons-react';
import { type RefObject, useEffect, useState } from 'react';
import { withLive } from '~/features/tickets/night.rules.ts';
import { SavePrompt } from '~/features/tickets/save-prompt.tsx';
import { TicketCarousel } from '~/features/tickets/ticket-carousel.tsx';
import { ticketPaths } from '~/features/tickets/ticket-paths.ts';
import { useOwnTickets } from '~/features/tickets/use-own-tickets.ts';
import { formatMoney } from '~/platform/format.ts';
import { useCheckoutWords } from '~/platform/i18n/checkout.ts';
import { paths } from '~/platform/paths.ts';
import { trpc } from '~/platform/trpc.ts';
import { ButtonLink } from '~/ui/button/button.tsx';
import { Notice } from '~/ui/notice/notice.tsx';
import styles from './checkout.module.css';

const icon = { size: 20, stroke: 1.75, 'aria-hidden': true } as const;

/** The signed tickets of a paid order: from the loader, or asked for the moment the order turned paid under our eyes. */
export function useBoughtTickets(view: CheckoutView, loaded: TicketPageView | null): TicketPageView | null {
  const [asked, setAsked] = useState<TicketPageView | null>(null);
  const orderId = view.order?.id;
  const wanted = view.tickets.length > 0 && !loaded;
  useEffect(() => {
    if (!wanted || !orderId) return;
    let over = false;
    trpc.tickets.ofOrder.query({ orderId }).then(
      (page) => !over && setAsked(page),
      () => {
        // The stubs stand without their codes; the wallet has them.
      },
    );
    return () => {
      over = true;
    };
  }, [wanted, orderId]);
  return loaded ?? asked;
}

/** Stubs without their codes yet. */
function stubsOf(view: CheckoutView): SignedTicketView[] {
  return view.tickets.map((ticket) => ({
    id: ticket.id,
    eventId: view.event.id,
    orderId: view.order?.id ?? '',
    checkoutId: view.checkoutId,
    orderCode: view.order?.code ?? '',
    tierName: ticket.tierName,
    holderName: ticket.holderName,
    sequenceNumber: ticket.sequenceNumber,
    shortCode: '',
    status: ticket.status,
    suspendedReason: ticket.suspendedReason,
    redeemedAt: null,
    gate: null,
    code: null,
  }));
}

export interface BoughtPanelProps {
  view: CheckoutView;
  page: TicketPageView | null;
  headingRef: RefObject<HTMLHeadingElement>;
}

/** What the order panel turns into: the tickets themselves. */
export function BoughtPanel({ view, page, headingRef }: BoughtPanelProps) {
  const { t, i18n } = useCheckoutWords();
  const live = useOwnTickets();
  const { event, order } = view;
  const tickets = (page?.tickets ?? stubsOf(view)).map((ticket) => withLive(ticket, live.get(ticket.id)));
  const shown = page?.event ?? {
    id: event.id,
    title: event.title,
    poster: event.poster ?? { palette: 'fog' as const, motif: 'rings' as const, layout: 'foot' as const, seed: 0 },
    posterVersion: '',
    startAt: event.startAt,
    timeZone: event.timeZone,
    venue: event.venue,
    city: event.city,
    status: event.status === 'draft' ? ('published' as const) : event.status,
  };
  const money = (cents: number) => formatMoney(cents, event.currency, { locale: i18n.language });
  const [first] = tickets;
  // What became of the money since, if the tickets admit nobody for it.
  const ended =
    view.state === 'disputed'
      ? 'disputed'
      : view.owedCents > 0
        ? 'owed'
        : view.state === 'refunded'
          ? 'refunded'
          : null;
  return (
    <div className={styles.bought}>
      <h1 className="t-page" ref={headingRef} tabIndex={-1}>
        {ended ? t(`${ended}.title`) : t('paid.title', { count: tickets.length })}
      </h1>
      {order && (
        <p className="ink-2">
          {t(ended === 'refunded' ? 'paid.order' : order.mailWithheld ? 'paid.not_mailed' : 'paid.mailed', {
            code: order.code,
            email: order.email,
          })}
        </p>
      )}
      {view.state === 'refunding' && (
        <Notice tone="warn" role="status" title={t('refunded.under_way_title')}>
          {t('refunded.under_way', { total: money(view.refundingCents || view.totalCents) })}
        </Notice>
      )}
      {ended && (
        <Notice tone={ended === 'refunded' ? 'plain' : 'warn'} role="status">
          {ended === 'refunded' && view.totalCents === 0
            ? t('refunded.free')
            : t(`${ended}.words`, { total: money(ended === 'owed' ? view.owedCents : view.refundedCents) })}
        </Notice>
      )}
      {view.state === 'paid' && view.refundedCents > 0 && (
        <Notice tone="plain">{t('paid.part_refunded', { total: money(view.refundedCents) })}</Notice>
      )}
      <div className={styles.boughtStubs}>
        <TicketCarousel event={shown} tickets={tickets} />
      </div>
      <div className={styles.takes}>
        {first && (
          <ButtonLink tone="primary" to={paths.ticket(first.id)}>
            {t('paid.wallet')}
          </ButtonLink>
        )}
        {order && tickets.some((ticket) => ticket.code !== null) && (
          <ButtonLink
            plain
            to={ticketPaths.orderPdf(order.id)}
            icon={<IconPrinter {...icon} />}
            target="_blank"
            rel="noreferrer"
          >
            {t('paid.pdf')}
          </ButtonLink>
        )}
        {event.startAt && (
          <ButtonLink plain to={paths.calendar(event.slug)} icon={<IconCalendarPlus {...icon} />}>
            {t('paid.calendar')}
          </ButtonLink>
        )}
        {order && (
          <ButtonLink
            plain
            to={ticketPaths.receipt(order.id)}
            icon={<IconFileText {...icon} />}
            target="_blank"
            rel="noreferrer"
          >
            {t('paid.receipt')}
          </ButtonLink>
        )}
      </div>
      <SavePrompt />
      <p>
        <Link className="link" to={paths.event(event.slug)}>
          {t('paid.event', { event: event.title })}
        </Link>
      </p>
    </div>
  );
}
