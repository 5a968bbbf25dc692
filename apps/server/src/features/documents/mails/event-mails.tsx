/** Mails about an event: moved, cancelled, on sale, a place came back. */
import type { AlertKind } from '@liventix/contracts/events';
import { writeMoney } from '../write-money.ts';
import { writeDay, writeWhen } from '../write-when.ts';
import { Action, Anchor, EventLines, Layout, type MailEvent, Small, Words } from './layout.tsx';
import { type Mail, renderMail } from './render-mail.ts';

export interface EventPostponedMailData {
  /** With its new start in `startsAt` when there is one. */
  event: MailEvent;
  formerStartsAt: Date;
  /** Null while the new date is not known. */
  newStartsAt: Date | null;
  /** Until when tickets may be returned; null until the new start. */
  returnUntil: Date | null;
  orderCode: string;
  orderUrl: string;
  /** The organizer's own words. */
  reason: string | null;
}

/** Tickets stay good; whoever can’t come writes to the host. No verb sends it yet. */
export function eventPostponedMail(data: EventPostponedMailData): Promise<Mail> {
  const { event, formerStartsAt, newStartsAt, returnUntil, orderCode, orderUrl, reason } = data;
  const until = returnUntil ? `until ${writeDay(returnUntil, event.timeZone)}` : 'until it starts';
  const moved = newStartsAt
    ? `It moves from ${writeWhen(formerStartsAt, event.timeZone)} to ${writeWhen(newStartsAt, event.timeZone)}.`
    : `It will not be on ${writeWhen(formerStartsAt, event.timeZone)}. We’ll write as soon as there is a new date.`;
  return renderMail(
    `${event.title} has moved`,
    <Layout
      preview={`Your tickets stay good. ${moved}`}
      title={`${event.title} has moved`}
      why={`You get this because this address was given for order ${orderCode}.`}
    >
      <Words>Your tickets stay good. {moved}</Words>
      {reason ? (
        <Words>
          From {event.hostName}: “{reason}”
        </Words>
      ) : null}
      <EventLines event={event} startsAt={newStartsAt} />
      <Words>
        If that doesn’t suit you, reply to this mail {until}, and {event.hostName} sends all your money back, fees too.
      </Words>
      <Action href={orderUrl}>See my tickets</Action>
      <Small>Order {orderCode}</Small>
    </Layout>,
  );
}

export interface EventCancelledMailData {
  event: MailEvent;
  orderCode: string;
  orderUrl: string;
  /** What goes back; 0 for a free order. */
  amountCents: number;
  currency: string;
  reason: string | null;
}

/** Everyone gets everything back, without asking. No verb sends it yet. */
export function eventCancelledMail(data: EventCancelledMailData): Promise<Mail> {
  const { event, orderCode, orderUrl, amountCents, currency, reason } = data;
  const amount = writeMoney(amountCents, currency);
  return renderMail(
    amountCents > 0 ? `${event.title} is cancelled. You get ${amount} back` : `${event.title} is cancelled`,
    <Layout
      preview={
        amountCents > 0
          ? `All ${amount} goes back to you. You don’t need to do anything.`
          : 'You don’t need to do anything.'
      }
      title={`${event.title} is cancelled`}
      why={`You get this because this address was given for order ${orderCode}.`}
    >
      {amountCents > 0 ? (
        <Words>
          You get all your money back: {amount}, fees too. It goes to the card or account you paid with, and your bank
          shows it in 5–10 days. You don’t need to do anything.
        </Words>
      ) : (
        <Words>Your tickets were free, so there is nothing to send back. You don’t need to do anything.</Words>
      )}
      {reason ? (
        <Words>
          From {event.hostName}: “{reason}”
        </Words>
      ) : null}
      <EventLines event={event} />
      <Words>
        <Anchor href={orderUrl}>See order {orderCode}</Anchor>
      </Words>
    </Layout>,
  );
}

export interface ConfirmAlertMailData {
  event: MailEvent;
  kind: AlertKind;
  /** The page with the button that says yes. */
  url: string;
}

/** Asks a mailbox whether it wants an alert: anyone can type an address, only its owner opens this. */
export function confirmAlertMail({ event, kind, url }: ConfirmAlertMailData): Promise<Mail> {
  const wish = kind === 'on_sale' ? 'when sales open' : 'if a place comes back';
  return renderMail(
    `Confirm your alert for ${event.title}`,
    <Layout
      preview={`We’ll tell you ${wish}, once you confirm.`}
      title="Confirm your alert"
      why="You get this because someone asked for this alert with your email address. If it wasn’t you, do nothing: we won’t write again about it."
    >
      <Words>
        Do you want one email {wish} for {event.title}? Confirm it, and we’ll tell you.
      </Words>
      <EventLines event={event} />
      <Action href={url}>Confirm alert</Action>
    </Layout>,
  );
}

export interface SalesOpenedMailData {
  event: MailEvent;
  /** The lowest price that is on sale, as the buyer pays it; null for a free event. */
  fromCents: number | null;
  currency: string;
  /** Stops these mails for this event. */
  stopUrl: string;
}

/** "Tell me when sales open" came true. */
export function salesOpenedMail({ event, fromCents, currency, stopUrl }: SalesOpenedMailData): Promise<Mail> {
  const price = fromCents === null || fromCents === 0 ? 'free' : `from ${writeMoney(fromCents, currency)}`;
  return renderMail(
    `${event.title} is on sale`,
    <Layout
      preview={`Tickets are ${price}.`}
      title={`${event.title} is on sale`}
      why="You get this because you asked us to tell you when sales open. It is the only mail about it."
    >
      <Words>You asked us to tell you: tickets are on sale now, {price}.</Words>
      <EventLines event={event} />
      <Action href={event.url}>Get tickets</Action>
      <Small>
        Not going after all? <Anchor href={stopUrl}>Don’t write to me about this event</Anchor>
      </Small>
    </Layout>,
  );
}

export interface PlaceBackMailData {
  event: MailEvent;
  tierName: string;
  /** How many are free, where the organizer shows it. */
  free: number | null;
  priceCents: number;
  currency: string;
  stopUrl: string;
}

/** "Tell me if a place comes back" came true. It is news, not an offer: nothing is held. */
export function placeBackMail({
  event,
  tierName,
  free,
  priceCents,
  currency,
  stopUrl,
}: PlaceBackMailData): Promise<Mail> {
  const places = free === null ? 'A place' : free === 1 ? 'One place' : `${free} places`;
  const price = priceCents === 0 ? 'free' : writeMoney(priceCents, currency);
  return renderMail(
    `${places} for ${event.title} came back`,
    <Layout
      preview={`${tierName}, ${price}. It isn’t held for you.`}
      title={`${places} came back`}
      why="You get this because you asked us to tell you if a place comes back."
    >
      <Words>
        {tierName}, {price}. We told everyone who asked at the same moment, so it isn’t held for anyone: whoever takes
        it first has it.
      </Words>
      <EventLines event={event} />
      <Action href={event.url}>See if it is still there</Action>
      <Small>
        <Anchor href={stopUrl}>Don’t write to me about this event</Anchor>
      </Small>
    </Layout>,
  );
}
