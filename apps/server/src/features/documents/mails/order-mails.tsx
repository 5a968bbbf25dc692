/** Mails about an order: bought, found again, sent back. */
import { listReceiptRows, type Receipt, writePaid } from '../receipts.rules.ts';
import { writeMoney } from '../write-money.ts';
import {
  Action,
  Anchor,
  EventLines,
  Layout,
  type MailEvent,
  type MailTicket,
  Rows,
  Small,
  TicketRows,
  Words,
} from './layout.tsx';
import { type Mail, renderMail } from './render-mail.ts';

const countTickets = (count: number): string => (count === 1 ? '1 ticket' : `${count} tickets`);

export interface ConfirmationMailData {
  event: MailEvent;
  buyerName: string | null;
  orderCode: string;
  /** Where the tickets are shown; opens for whoever proves this mailbox. */
  orderUrl: string;
  calendarUrl: string | null;
  tickets: readonly MailTicket[];
  receipt: Receipt;
  /** Whether the PDF of the tickets hangs on this mail. */
  pdfAttached: boolean;
  /** Whether they admit nobody for now: the bank asks about their payment, or it is on its way back. */
  onHold: boolean;
}

/** An order is complete: its tickets, the link to them, and the receipt. One per order. */
export function confirmationMail(data: ConfirmationMailData): Promise<Mail> {
  const { event, tickets, orderCode, orderUrl, calendarUrl, receipt, buyerName, pdfAttached, onHold } = data;
  const subject = `Your ${countTickets(tickets.length)} for ${event.title}`;
  return renderMail(
    subject,
    <Layout
      preview={
        onHold
          ? `Order ${orderCode}. On hold for now.`
          : `Order ${orderCode}. Your QR ${tickets.length === 1 ? 'code is' : 'codes are'} one tap away.`
      }
      title={
        onHold
          ? `Your ${tickets.length === 1 ? 'ticket is' : 'tickets are'} on hold`
          : tickets.length === 1
            ? 'Your place is yours'
            : `Your ${tickets.length} places are yours`
      }
      why={`You get this because this address was given for order ${orderCode}. ${event.hostName} is your host.`}
    >
      {onHold ? (
        <Words>
          Your bank asks about this payment, or a refund of it is on its way. Until that is decided, the door lets
          nobody in with this order, and no QR code is shown. If your bank asks by mistake, tell your bank.
        </Words>
      ) : (
        <Words>
          {buyerName ? `${buyerName}, here` : 'Here'} {tickets.length === 1 ? 'is your ticket' : 'are your tickets'}.
          Show the QR code at the door, on your phone or on paper{pdfAttached ? '; the PDF is attached' : ''}.
        </Words>
      )}
      <EventLines event={event} />
      <TicketRows tickets={tickets} />
      <Action href={orderUrl}>{tickets.length === 1 ? 'Show my ticket' : 'Show my tickets'}</Action>
      {calendarUrl ? (
        <Words>
          <Anchor href={calendarUrl}>Put it in your calendar</Anchor>
        </Words>
      ) : null}
      <Small>
        Order {orderCode}. {writePaid(receipt, event.timeZone)}
      </Small>
      {receipt.totalCents > 0 ? (
        <Rows
          rows={listReceiptRows(receipt).map((row) => ({
            name: row.name,
            detail: row.detail,
            value: row.amount,
            strong: row.strong,
          }))}
        />
      ) : null}
    </Layout>,
  );
}

export interface OrderLinkMailData {
  /** Single use. */
  url: string;
  minutes: number;
}

/** Somebody asked for the orders of this address. The screen said the same whether there are any or not. */
export function orderLinkMail({ url, minutes }: OrderLinkMailData): Promise<Mail> {
  return renderMail(
    'Your link to your tickets',
    <Layout
      preview={`Works once, for ${minutes} minutes.`}
      title="Here are your tickets again"
      why="You get this because someone asked for the tickets of this address. If it wasn’t you, do nothing: without this link nobody sees them."
    >
      <Words>This link shows every order made with this address. It works once, for {minutes} minutes.</Words>
      <Action href={url}>Show my tickets</Action>
    </Layout>,
  );
}

export interface RefundSentMailData {
  event: MailEvent;
  orderCode: string;
  orderUrl: string;
  amountCents: number;
  currency: string;
  /** Fees kept, as the policy said before paying; 0 when everything went back. */
  feesKeptCents: number;
  /** Tickets that no longer admit; empty for money given back out of kindness. */
  tickets: readonly MailTicket[];
  /** The organizer's own words; null when none were given. */
  note: string | null;
}

/** Money of an order is on its way back. */
export function refundSentMail(data: RefundSentMailData): Promise<Mail> {
  const { event, orderCode, orderUrl, amountCents, currency, feesKeptCents, tickets, note } = data;
  const amount = writeMoney(amountCents, currency);
  return renderMail(
    `${amount} for ${event.title} is on its way back`,
    <Layout
      preview={`Order ${orderCode}. Your bank shows it in 5–10 days.`}
      title={`We’ve sent back ${amount}`}
      why={`You get this because this address was given for order ${orderCode}.`}
    >
      <Words>
        It goes to the card or account you paid with, and your bank shows it in 5–10 days. You don’t need to do
        anything.
      </Words>
      {feesKeptCents > 0 ? (
        <Words>{writeMoney(feesKeptCents, currency)} of fees stay, as the refund rule said when you bought.</Words>
      ) : null}
      {note ? (
        <Words>
          From {event.hostName}: “{note}”
        </Words>
      ) : null}
      <EventLines event={event} />
      {tickets.length > 0 ? (
        <>
          <Small>
            {tickets.length === 1 ? 'This ticket no longer lets anyone in:' : 'These tickets no longer let anyone in:'}
          </Small>
          <TicketRows tickets={tickets} />
        </>
      ) : (
        <Words>Your tickets stay good.</Words>
      )}
      <Words>
        <Anchor href={orderUrl}>See order {orderCode}</Anchor>
      </Words>
    </Layout>,
  );
}

/** The host has taken free tickets back: no money, but their holder must not come to the door for nothing. */
export function freeTicketsEndedMail(
  data: Pick<RefundSentMailData, 'event' | 'orderCode' | 'tickets' | 'note'>,
): Promise<Mail> {
  const { event, orderCode, tickets, note } = data;
  const these = tickets.length === 1 ? 'Your ticket' : 'Your tickets';
  return renderMail(
    `${these} for ${event.title} no longer let${tickets.length === 1 ? 's' : ''} you in`,
    <Layout
      preview={`Order ${orderCode}.`}
      title={`${event.hostName} took your free ${tickets.length === 1 ? 'ticket' : 'tickets'} back`}
      why={`You get this because this address was given for order ${orderCode}.`}
    >
      <Words>
        {tickets.length === 1 ? 'It no longer lets' : 'They no longer let'} anyone in. Nothing was charged, so nothing
        goes back. Questions? Reply to this mail.
      </Words>
      {note ? (
        <Words>
          From {event.hostName}: “{note}”
        </Words>
      ) : null}
      <EventLines event={event} />
      <TicketRows tickets={tickets} />
      <Small>Order {orderCode}</Small>
    </Layout>,
  );
}

export interface LatePaymentRefundedMailData {
  event: MailEvent;
  orderCode: string;
  amountCents: number;
  currency: string;
  cause: 'places_gone' | 'amount_mismatch' | 'event_over' | 'event_cancelled' | 'given_back';
  /** Whether the first places that come back are offered to this buyer. */
  offersPlacesBack: boolean;
}

/** A payment arrived that could not become tickets; all of it went back. */
export function latePaymentRefundedMail(data: LatePaymentRefundedMailData): Promise<Mail> {
  const { event, orderCode, amountCents, currency, cause, offersPlacesBack } = data;
  const amount = writeMoney(amountCents, currency);
  const because = {
    places_gone: 'Your payment came after your places had gone.',
    given_back: 'Your payment came after you had given your places back.',
    amount_mismatch: 'The amount we received was not the amount of your order, so we did not take it.',
    event_over: 'Your payment came after the event had ended.',
    event_cancelled: 'Your payment came after the event had been cancelled.',
  }[cause];
  return renderMail(
    `We’ve sent back your ${amount} for ${event.title}`,
    <Layout
      preview={`${because} Nothing is kept, fees included.`}
      title={`All ${amount} is on its way back`}
      why={`You get this because this address was given for order ${orderCode}.`}
    >
      <Words>
        {because} We’ve sent back all {amount}, fees too; your bank shows it in 5–10 days. You have no tickets from this
        order.
      </Words>
      {cause === 'places_gone' && offersPlacesBack ? (
        <Words>If places come back, you are the first we tell.</Words>
      ) : null}
      <EventLines event={event} />
      {cause === 'places_gone' || cause === 'given_back' || cause === 'amount_mismatch' ? (
        <Action href={event.url}>See what is free</Action>
      ) : null}
      <Small>Order {orderCode}</Small>
    </Layout>,
  );
}
