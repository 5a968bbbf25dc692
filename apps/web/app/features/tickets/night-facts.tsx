import { placeLine } from '@liventix/contracts/places';
import type { SignedTicketView, TicketEvent } from '@liventix/contracts/tickets';
import { Link } from '@remix-run/react';
import { IconCalendarPlus, IconFileText, IconMail, IconPrinter, IconVideo } from '@tabler/icons-react';
import { useState } from 'react';
import { formatDate } from '~/platform/format.ts';
import { useWalletWords } from '~/platform/i18n/wallet.ts';
import { paths } from '~/platform/paths.ts';
import { readError, trpc } from '~/platform/trpc.ts';
import { Button, ButtonLink } from '~/ui/button/button.tsx';
import { EventDate } from '~/ui/event-date/event-date.tsx';
import { ticketPaths } from './ticket-paths.ts';
import styles from './tickets.module.css';

const icon = { size: 20, stroke: 1.75, 'aria-hidden': true } as const;

export interface NightFactsProps {
  event: TicketEvent;
  tickets: readonly SignedTicketView[];
  asked: SignedTicketView;
  onlineUrl: string | null;
}

/** When and where, and everything a ticket can be taken along as. */
export function NightFacts({ event, tickets, asked, onlineUrl }: NightFactsProps) {
  const { t, i18n } = useWalletWords();
  const place = placeLine(event);
  const printable = tickets.filter((ticket) => ticket.code !== null);
  const ofOrder = printable.filter((ticket) => ticket.orderId === asked.orderId);
  return (
    <>
      <section className={styles.stack}>
        <h2 className="t-section">{t('ticket.facts')}</h2>
        <dl className={styles.facts}>
          <div>
            <dt>{t('ticket.starts')}</dt>
            <dd>
              {event.startAt ? (
                <EventDate startMs={event.startAt.getTime()} zone={event.timeZone} form="long" both />
              ) : (
                t('when_unknown')
              )}
            </dd>
          </div>
          {event.doorsAt && (
            <div>
              <dt>{t('ticket.doors')}</dt>
              <dd className="tnum">{formatDate(event.doorsAt.getTime(), event.timeZone, 'time', i18n.language)}</dd>
            </div>
          )}
          {place && (
            <div>
              <dt>{t('ticket.place')}</dt>
              <dd>
                {place}{' '}
                <a className="link" href={ticketPaths.map(place)} target="_blank" rel="noreferrer">
                  {t('ticket.map')}
                </a>
              </dd>
            </div>
          )}
          {event.minAge !== null && (
            <div>
              <dt>{t('ticket.age')}</dt>
              <dd>{t('ticket.age_from', { age: event.minAge })}</dd>
            </div>
          )}
          {event.accessInfo && (
            <div>
              <dt>{t('ticket.access')}</dt>
              <dd>{event.accessInfo}</dd>
            </div>
          )}
          <div>
            <dt>{t('ticket.order')}</dt>
            <dd>
              <span className="t-code">{asked.orderCode}</span>
            </dd>
          </div>
        </dl>
        <p>
          <Link className="link" to={paths.event(event.slug)}>
            {t('ticket.event_page')}
          </Link>
        </p>
      </section>
      <section className={styles.stack}>
        <h2 className="t-section">{t('ticket.take')}</h2>
        <div className={styles.takes}>
          {onlineUrl && (
            <ButtonLink
              plain
              tone="primary"
              small
              to={onlineUrl}
              icon={<IconVideo {...icon} />}
              target="_blank"
              rel="noreferrer"
            >
              {t('ticket.online')}
            </ButtonLink>
          )}
          {ofOrder.length > 1 ? (
            <ButtonLink
              plain
              to={ticketPaths.orderPdf(asked.orderId)}
              icon={<IconPrinter {...icon} />}
              target="_blank"
              rel="noreferrer"
            >
              {t('ticket.pdf_all', { count: ofOrder.length })}
            </ButtonLink>
          ) : (
            asked.code && (
              <ButtonLink
                plain
                to={ticketPaths.ticketPdf(asked.id)}
                icon={<IconPrinter {...icon} />}
                target="_blank"
                rel="noreferrer"
              >
                {t('ticket.pdf_one')}
              </ButtonLink>
            )
          )}
          {event.startAt && event.status !== 'cancelled' && (
            <ButtonLink plain to={paths.calendar(event.slug)} icon={<IconCalendarPlus {...icon} />}>
              {t('ticket.calendar')}
            </ButtonLink>
          )}
          <ButtonLink
            plain
            to={ticketPaths.receipt(asked.orderId)}
            icon={<IconFileText {...icon} />}
            target="_blank"
            rel="noreferrer"
          >
            {t('ticket.receipt')}
          </ButtonLink>
          <Resend orderId={asked.orderId} />
        </div>
      </section>
    </>
  );
}

/** Mails an order's tickets again to its own mailbox. */
function Resend({ orderId }: { orderId: string }) {
  const { t } = useWalletWords();
  const [state, setState] = useState<'idle' | 'busy' | 'done' | 'failed'>('idle');
  const [why, setWhy] = useState<string | null>(null);
  const send = async () => {
    setState('busy');
    try {
      await trpc.tickets.resend.mutate({ orderId });
      setState('done');
    } catch (thrown) {
      const { code, words } = readError(thrown);
      setWhy(code === 'RATE_LIMITED' || code === 'TICKET_REFUNDED' ? words : null);
      setState('failed');
    }
  };
  return (
    <>
      <Button
        icon={<IconMail {...icon} />}
        busy={state === 'busy'}
        busyWords={t('ticket.resending')}
        onClick={send}
        disabled={state === 'done'}
      >
        {t('ticket.resend')}
      </Button>
      <p className="t-small ink-2" role="status">
        {state === 'done' ? t('ticket.resent') : state === 'failed' ? (why ?? t('ticket.resend_failed')) : ''}
      </p>
    </>
  );
}
