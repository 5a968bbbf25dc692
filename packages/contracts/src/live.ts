import * as z from 'zod/mini';
import type { PaymentProblem } from './payments.ts';
import type { WaitingRoomSnapshot } from './waiting-room.ts';

/**
 * The live wire, written down once. State travels as versioned snapshots; a client drops what is not newer.
 * Times are epoch milliseconds. Raise PROTOCOL when a field changes its meaning.
 */
export const PROTOCOL = 2;

export const ROOM_KINDS = ['event', 'order', 'user', 'staff', 'organization', 'feed', 'waiting'] as const;
export type RoomKind = (typeof ROOM_KINDS)[number];

export const RoomRef = z.object({
  kind: z.enum(ROOM_KINDS),
  id: z.uuid(),
  /** Join without being counted as somebody who looks at it: a list that shows the event's numbers. */
  quiet: z.optional(z.boolean()),
});
export type RoomRef = z.infer<typeof RoomRef>;

export type TierState = 'on_sale' | 'all_in_checkout' | 'sold_out' | 'closed' | 'not_yet' | 'paused';

/** What the public may see of a tier; a figure the organizer hides is absent, never null-with-a-hint. */
export interface TierAvailability {
  id: string;
  state: TierState;
  /** Free places. Present for `exact`, and for `low_only` when few are left. */
  free?: number;
  /** Places in someone's checkout. Only for `exact`. */
  inCheckout?: number;
  /** Places in all. Only for `exact` (the strip needs it). */
  quantity?: number;
  opensAt?: number;
  /** Minutes that a new checkout of a guest lasts, while that is less than usual: too many never begin to pay. */
  guestMinutes?: number;
}

export interface EventSnapshot {
  status: 'draft' | 'published' | 'postponed' | 'cancelled' | 'ended';
  paused: boolean;
  tiers: TierAvailability[];
  /** Sum over the tiers where the organizer shows figures. */
  inCheckout?: number;
  /** Changes with everything the page says beside places: title, times, place, tiers, prices. A page that was read under another one is read again. */
  page: string;
}

export type CheckoutState =
  | 'holding'
  | 'paying'
  | 'processing'
  | 'paid'
  | 'expired'
  | 'released'
  | 'cancelled'
  | 'refunding'
  /** The buyer's bank has asked for the payment back: its tickets are suspended. */
  | 'disputed'
  | 'refunded';

export interface OrderSnapshot {
  checkoutId: string;
  eventId: string;
  orderId: string | null;
  orderCode: string | null;
  state: CheckoutState;
  expiresAt: number | null;
  extendable: boolean;
  paused: boolean;
  /** As in `CheckoutView`. */
  standsUntil: number | null;
  lines: { tierId: string; quantity: number }[];
  ticketCount: number;
  /** Set when a late payment could not be honoured and went back. */
  refundedCents: number;
  /** A refund that came back from the bank: still to be paid. */
  owedCents: number;
  paymentError: PaymentProblem | null;
}

export interface UserSnapshot {
  tickets: { id: string; eventId: string; status: string; redeemedAt: number | null; gate: string | null }[];
  checkouts: { checkoutId: string; eventId: string; expiresAt: number }[];
}

export interface SaleRow {
  orderId: string;
  /** First name only if the buyer allows it. */
  who: string | null;
  quantity: number;
  /** Absent for roles that see no money. */
  totalCents?: number;
  at: number;
  kind: 'sale' | 'refund';
}

export interface StaffSnapshot {
  /** Raised with every change of the event's words, times, rules and fees. */
  edition: number;
  status: EventSnapshot['status'];
  paused: boolean;
  currency: string;
  sold: number;
  inCheckout: number;
  capacity: number;
  /** Absent for roles that see no money. */
  grossCents?: number;
  feesCents?: number;
  netCents?: number;
  refundedCents?: number;
  /** Taken back by buyers' banks: open and lost disputes. Out of net. */
  disputedCents?: number;
  /** Refunds that came back from banks, still to be paid. */
  owedCents?: number;
  tiers: {
    id: string;
    edition: number;
    name: string;
    quantity: number;
    issued: number;
    reserved: number;
    status: string;
    paused: boolean;
    /** A fifth of it sits in checkouts of guests who have not paid: new ones of guests are short. */
    hoarded: boolean;
  }[];
  funnel: { viewing: number; holding: number; paying: number; paid: number };
  sales: SaleRow[];
  /** Tickets per bucket, oldest first: sold, less those refunded in that time; `cents` is the gross of the sales. */
  curve: { at: number; sold: number; cents?: number }[];
  admitted: number;
}

export interface FeedSnapshot {
  /** Newest first, at most 50. */
  posts: { id: string; version: number; likes: number; comments: number; hidden: boolean }[];
}

export interface OrganizationSnapshot {
  events: { id: string; sold: number; inCheckout: number; grossCents?: number }[];
}

export interface SnapshotOf {
  event: EventSnapshot;
  order: OrderSnapshot;
  user: UserSnapshot;
  staff: StaffSnapshot;
  organization: OrganizationSnapshot;
  feed: FeedSnapshot;
  waiting: WaitingRoomSnapshot;
}

export interface Snapshot<K extends RoomKind = RoomKind> {
  kind: K;
  id: string;
  version: number;
  data: SnapshotOf[K];
}

export type RefusalReason =
  | 'not_found'
  | 'sign_in_required'
  | 'too_many_rooms'
  | 'too_many_sockets'
  | 'too_fast'
  | 'invalid'
  /** Many come at once: come back after `afterMs`, a time of your own, and not before. */
  | 'later'
  | 'unavailable';

export interface Refusal {
  reason: RefusalReason;
  /** With `later`: milliseconds to wait. */
  afterMs?: number;
}

/** A refused connection carries the same `Refusal` as `data` of its `connect_error`. */
export type JoinAck = { ok: true; snapshot: Snapshot } | ({ ok: false } & Refusal);

export interface ServerToClientEvents {
  'room:snapshot': (snapshot: Snapshot) => void;
  /** Access to a room ended (role removed, event made private). */
  'room:closed': (room: RoomRef & { reason: RefusalReason }) => void;
  /** Distinct people looking at a room; absent below 3, capped at 100 ("100+"). Last one wins. */
  'presence:now': (presence: RoomRef & { viewers: number }) => void;
  'session:ended': () => void;
}

export interface ClientToServerEvents {
  'room:join': (room: RoomRef, ack: (answer: JoinAck) => void) => void;
  'room:leave': (room: RoomRef) => void;
  /** Answers with the server's epoch milliseconds, so that a countdown can be corrected. */
  'clock:ask': (ack: (nowMs: number) => void) => void;
}
