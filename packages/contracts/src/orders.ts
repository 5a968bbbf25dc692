import * as z from 'zod/mini';
import { Email } from './email.ts';
import { CheckoutId } from './holds.ts';
import type { CheckoutState } from './live.ts';
import type { PaymentProblem } from './payments.ts';
import type { PosterSpec } from './posters.ts';
import { plainLine } from './text.ts';

export const NAME_MOST = 120;

/** A person's name: one line, no control characters, no broken ones, no web address. */
export const PersonName = plainLine(NAME_MOST, 1);
/** A name per place; an empty one means the buyer's own. */
const AttendeeName = plainLine(NAME_MOST);

export const ReadCheckout = z.object({ checkoutId: CheckoutId });
export type ReadCheckout = z.infer<typeof ReadCheckout>;

export const CreateOrder = z.object({
  checkoutId: CheckoutId,
  email: Email,
  name: PersonName,
  /** Names per tier, in the order of the places: `{ [tierId]: ['Ada', 'Bo'] }`. */
  attendeeNames: z.optional(
    z
      .record(z.uuid(), z.array(AttendeeName).check(z.maxLength(50)))
      .check(z.refine((names) => Object.keys(names).length <= 10, 'at most 10 kinds of ticket')),
  ),
  /** Whether the organizer's live list may show her first name. */
  showFirstName: z.boolean(),
});
export type CreateOrder = z.infer<typeof CreateOrder>;

/** The short code on the confirmation: 8 characters without 0, O, 1 and I. */
export const OrderCode = z.string().check(z.trim(), z.toUpperCase(), z.regex(/^[2-9A-HJ-NP-Z]{8}$/));
export const OrderByCode = z.object({ code: OrderCode });
export type OrderByCode = z.infer<typeof OrderByCode>;

/** The event a checkout belongs to, as its screens and mails name it. */
export interface CheckoutEvent {
  id: string;
  slug: string;
  title: string;
  startAt: Date | null;
  endAt: Date | null;
  doorsAt: Date | null;
  /** IANA zone of the event. */
  timeZone: string;
  venue: string | null;
  city: string | null;
  currency: string;
  /** The organizer's own picture; it wins over `poster`. */
  coverImageUrl: string | null;
  /** What the drawn poster is made of; null until the organizer chose: drawn from the id then. */
  poster: PosterSpec | null;
  status: 'draft' | 'published' | 'postponed' | 'cancelled' | 'ended';
  /** null: the organizer has not said. */
  refundPolicy: 'none' | 'until_1d' | 'until_7d' | 'until_start' | null;
  refundKeepsFees: boolean;
  maxPerPerson: number;
}

/** One line of a checkout with its frozen quote; minor units of the event's currency. */
export interface CheckoutLine {
  tierId: string;
  name: string;
  quantity: number;
  unitFaceCents: number;
  unitFeeCents: number;
  unitTaxCents: number;
  /** What the buyer pays for one. */
  unitTotalCents: number;
  /** How many of this kind one order may have; for the stepper. */
  minPerOrder: number;
  maxPerOrder: number;
}

export interface CheckoutTicket {
  id: string;
  tierId: string;
  tierName: string;
  /** Gap-free per event. */
  sequenceNumber: number;
  status: 'issued' | 'transferred' | 'redeemed' | 'refunded';
  holderName: string;
  /** Refused at the door while its refund or a dispute of its payment is under way. */
  suspendedReason: 'refund' | 'dispute' | null;
}

export interface CheckoutOrder {
  id: string;
  code: string;
  email: string;
  name: string;
  showFirstName: boolean;
  /** Names per tier as typed. */
  attendeeNames: Record<string, string[]>;
  /** Why the bank said no; null when it did not. */
  paymentError: PaymentProblem | null;
  cancelReason: 'expired' | 'by_buyer' | 'payment_failed' | 'event_cancelled' | null;
  /** Paid after its time had run out: its places were taken again, or the money goes back. */
  late: boolean;
  capturedCents: number;
  /** Its tickets were not mailed: the mailbox had been sent too much mail within the hour. */
  mailWithheld: boolean;
  createdAt: Date;
  paidAt: Date | null;
}

/** A whole checkout: holds, order and tickets as its buyer sees them. */
export interface CheckoutView {
  checkoutId: string;
  event: CheckoutEvent;
  state: CheckoutState;
  /** When the places go back; null once they are bought, given back or lapsed. */
  expiresAt: Date | null;
  serverNow: Date;
  /** Whether the one extension is unused and still possible. */
  extendable: boolean;
  /** Sales are paused: the hold was stretched. */
  paused: boolean;
  /**
   * The clock stands until then, epoch milliseconds: what is left is what was left at the pause. `expiresAt` has the whole
   * pause in it. Null while the clock runs.
   */
  standsUntil: number | null;
  lines: CheckoutLine[];
  subtotalCents: number;
  feesCents: number;
  taxCents: number;
  taxIncluded: boolean;
  totalCents: number;
  order: CheckoutOrder | null;
  tickets: CheckoutTicket[];
  /** Sent back so far. */
  refundedCents: number;
  /** On its way back. */
  refundingCents: number;
  /** Sent back, and returned by the bank: still to be paid. */
  owedCents: number;
  /** After a lapse: whether all the same places could be taken again, as a count of the scarcest tier; null while alive or hidden. */
  freeNow: number | null;
  /** Compares with the order room's snapshots. */
  snapshotVersion: number;
}

/** A row of "my orders". */
export interface OrderSummary {
  id: string;
  checkoutId: string;
  code: string;
  state: CheckoutState;
  event: Pick<
    CheckoutEvent,
    | 'id'
    | 'slug'
    | 'title'
    | 'startAt'
    | 'endAt'
    | 'timeZone'
    | 'venue'
    | 'city'
    | 'coverImageUrl'
    | 'poster'
    | 'status'
  >;
  ticketCount: number;
  totalCents: number;
  refundedCents: number;
  currency: string;
  createdAt: Date;
}
