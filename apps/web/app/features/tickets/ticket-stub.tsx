import type { SignedTicketView, TicketEvent } from '@liventix/contracts/tickets';
import type { ReactNode } from 'react';
import { formatDate } from '~/platform/format.ts';
import { useWalletWords } from '~/platform/i18n/wallet.ts';
import { EventDate } from '~/ui/event-date/event-date.tsx';
import { Stub } from '~/ui/stub/stub.tsx';
import { lookOf, placeOf } from './night.rules.ts';

export interface TicketStubProps {
  event: Pick<
    TicketEvent,
    'id' | 'title' | 'poster' | 'posterVersion' | 'startAt' | 'timeZone' | 'venue' | 'city' | 'status'
  >;
  ticket: SignedTicketView;
  heading?: 1 | 2 | 3;
  children?: ReactNode;
}

/** A ticket as its holder sees it, with the reason in words when it admits nobody. */
export function TicketStub({ event, ticket, heading = 2, children }: TicketStubProps) {
  const { t, i18n } = useWalletWords();
  const look = lookOf(ticket, event);
  const dead =
    look === 'suspended'
      ? t(`ticket.dead.${ticket.suspendedReason ?? 'refund'}`)
      : look === 'refunded' || look === 'cancelled'
        ? t(`ticket.dead.${look}`)
        : undefined;
  return (
    <Stub
      event={{
        id: event.id,
        title: event.title,
        palette: event.poster.palette,
        posterVersion: event.posterVersion,
        layout: event.poster.layout,
        when: event.startAt ? <EventDate startMs={event.startAt.getTime()} zone={event.timeZone} /> : t('when_unknown'),
        venue: placeOf(event) || undefined,
      }}
      tier={ticket.tierName}
      holder={ticket.holderName || undefined}
      sequence={ticket.sequenceNumber}
      code={ticket.code ?? undefined}
      shortCode={ticket.shortCode}
      state={look === 'cancelled' ? 'refunded' : look}
      reason={dead}
      admitted={
        ticket.redeemedAt
          ? {
              when: formatDate(ticket.redeemedAt.getTime(), event.timeZone, 'time', i18n.language),
              gate: ticket.gate ?? undefined,
            }
          : undefined
      }
      heading={heading}
    >
      {children}
    </Stub>
  );
}
