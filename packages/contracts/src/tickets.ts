import * as z from 'zod/mini';
import { Email } from './email.ts';
import { OrderCode } from './orders.ts';
import type { PosterSpec } from './posters.ts';
import { line } from './text.ts';

/** How long a mailed link to one's orders works. */
export const ORDER_LINK_MINUTES = 30;
/** A gate's name as staff type it. */
const Gate = line(40, 1);

export const ReadTicket = z.object({ ticketId: z.uuid() });
export type ReadTicket = z.infer<typeof ReadTicket>;

export const OrderTickets = z.object({ orderId: z.uuid() });
export type OrderTickets = z.infer<typeof OrderTickets>;

/** Lost tickets: by the mailbox they were bought with, or by an order's code; the link always goes to the mailbox. */
export const FindOrders = z.union([z.object({ email: Email }), z.object({ code: OrderCode })]);
export type FindOrders = z.infer<typeof FindOrders>;

/** 256 bits as base64url. */
export const ClaimLink = z.object({ token: z.string().check(z.regex(/^[A-Za-z0-9_-]{43}$/)) });
export type ClaimLink = z.infer<typeof ClaimLink>;

/** A scan: what a scanner read from a screen or paper. */
export const RedeemTicket = z.object({
  eventId: z.uuid(),
  code: line(400, 1),
  gate: z.optional(Gate),
});
export type RedeemTicket = z.infer<typeof RedeemTicket>;

/** Admission from a list, by a person of the door's team: no code is read. */
export const AdmitTicket = z.object({ eventId: z.uuid(), ticketId: z.uuid(), gate: z.optional(Gate) });
export type AdmitTicket = z.infer<typeof AdmitTicket>;

export const UndoAdmission = z.object({ eventId: z.uuid(), ticketId: z.uuid() });
export type UndoAdmission = z.infer<typeof UndoAdmission>;

export const REDEEM_OUTCOMES = [
  'admitted',
  'already',
  'forged',
  'stale',
  'suspended',
  'disputed',
  'refunded',
  'wrong_event',
  'wrong_day',
] as const;
export type RedeemOutcome = (typeof REDEEM_OUTCOMES)[number];

/** What the door is told about an attempt; every one of them is in the log. */
export interface RedeemView {
  outcome: RedeemOutcome;
  /** Absent when the code leads to no ticket of this event. */
  ticket: { id: string; tierName: string; holderName: string; sequenceNumber: number } | null;
  /** When and where it was admitted: now, or the first time for `already`. */
  redeemedAt: Date | null;
  gate: string | null;
}

/** The event of a ticket, as its holder sees it. */
export interface TicketEvent {
  id: string;
  slug: string;
  title: string;
  startAt: Date | null;
  endAt: Date | null;
  doorsAt: Date | null;
  /** IANA zone. */
  timeZone: string;
  venue: string | null;
  address: string | null;
  city: string | null;
  poster: PosterSpec;
  /** Changes with what is drawn on the poster. */
  posterVersion: string;
  status: 'published' | 'postponed' | 'cancelled' | 'ended';
  accessInfo: string;
  minAge: number | null;
}

export interface TicketView {
  id: string;
  eventId: string;
  orderId: string;
  checkoutId: string;
  orderCode: string;
  tierName: string;
  holderName: string;
  /** Gap-free per event. */
  sequenceNumber: number;
  /** What a person can read out when the camera fails; admits nobody by itself. */
  shortCode: string;
  status: 'issued' | 'transferred' | 'redeemed' | 'refunded';
  suspendedReason: 'refund' | 'dispute' | null;
  redeemedAt: Date | null;
  gate: string | null;
}

/** A ticket with what the door reads. Its owner's eyes only. */
export interface SignedTicketView extends TicketView {
  /** `LV1.…`; null while the ticket admits nobody. */
  code: string | null;
}

export interface WalletNight {
  event: TicketEvent;
  tickets: TicketView[];
}

export interface WalletView {
  /** Soonest first. */
  coming: WalletNight[];
  /** Latest first: over, or cancelled with all tickets sent back. */
  past: WalletNight[];
  serverNow: Date;
}

/** One night's tickets of one person, the asked one first to be shown. */
export interface TicketPageView {
  event: TicketEvent;
  tickets: SignedTicketView[];
  /** Where the asked ticket stands among them. */
  index: number;
  /** For the online place of an event without a room; holders only. */
  onlineUrl: string | null;
  serverNow: Date;
}

export interface FindOrdersView {
  /** The same answer whether there are orders or not. */
  minutes: number;
}

export interface ClaimLinkView {
  /** Tickets of this mailbox that are in the caller's wallet now. */
  tickets: number;
  /** Orders of this mailbox that belong to an account with a sign-in of its own: only it shows them. */
  inAccount: number;
}
