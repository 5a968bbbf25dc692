/** What the team of an event sees and does. Permissions: `organizations.ts`. */
import * as z from 'zod/mini';
import { Edition } from './editions.ts';
import { EVENT_CATEGORIES, EventRef, type LineUpEntry, type RefundPolicy } from './events.ts';
import type { StaffSnapshot } from './live.ts';
import { CURRENCIES, MAXIMUM_CHARGE_CENTS } from './money.ts';
import type { OrganizationSummary, OrgRole, Permission } from './organizations.ts';
import { type PaymentProblem, RequestRefund } from './payments.ts';
import { LAYOUTS, MOTIFS, PALETTE_NAMES, type PaletteName, type PosterSpec } from './posters.ts';
import { Cursor, LocalTime, line, plainLine, text } from './text.ts';
import { WAITING_ROOM_SWITCHES, type WaitingRoomSwitch } from './waiting-room.ts';

export { EventRef };

/** Which of two equal wall times in the night the clocks go back. */
export const WhichTime = z.enum(['earlier', 'later']);

export const CreateEvent = z.object({
  title: plainLine(120, 1),
  /** Absent: the caller's own event. */
  organizationId: z.optional(z.uuid()),
  timeZone: z.optional(line(64)),
  currency: z.optional(z.enum(CURRENCIES as [string, ...string[]])),
});
export type CreateEvent = z.infer<typeof CreateEvent>;

const LineUp = z
  .array(
    z.object({
      name: line(120, 1),
      at: z.optional(z.string().check(z.regex(/^([01]\d|2[0-3]):[0-5]\d$/))),
      note: z.optional(line(120)),
    }),
  )
  .check(z.maxLength(40));

/** Saved as you go: what is absent stays as it is. */
export const UpdateEvent = z.object({
  eventId: z.uuid(),
  edition: Edition,
  title: z.optional(plainLine(120, 1)),
  summary: z.optional(line(200)),
  description: z.optional(text(10_000)),
  visibility: z.optional(z.enum(['public', 'unlisted', 'private'])),
  category: z.optional(z.nullable(z.enum(EVENT_CATEGORIES))),
  startLocal: z.optional(z.nullable(LocalTime)),
  endLocal: z.optional(z.nullable(LocalTime)),
  doorsLocal: z.optional(z.nullable(LocalTime)),
  /** Answers LOCAL_TIME_DOUBLED. */
  which: z.optional(WhichTime),
  timeZone: z.optional(line(64, 1)),
  venue: z.optional(plainLine(160)),
  address: z.optional(line(240)),
  city: z.optional(plainLine(80)),
  onlineUrl: z.optional(z.nullable(z.url().check(z.regex(/^https?:\/\/[^\p{Cc}\p{Cs}]+$/u), z.maxLength(500)))),
  accessInfo: z.optional(text(2000)),
  lineUp: z.optional(LineUp),
  minAge: z.optional(z.nullable(z.int().check(z.minimum(0), z.maximum(99)))),
  refundPolicy: z.optional(z.nullable(z.enum(['none', 'until_1d', 'until_7d', 'until_start']))),
  refundKeepsFees: z.optional(z.boolean()),
  availabilityDisplay: z.optional(z.nullable(z.enum(['exact', 'low_only', 'hidden']))),
  maxPerPerson: z.optional(z.int().check(z.minimum(1), z.maximum(50))),
  currency: z.optional(z.enum(CURRENCIES as [string, ...string[]])),
  taxIncluded: z.optional(z.boolean()),
  resellRefunded: z.optional(z.boolean()),
  postsByVerified: z.optional(z.boolean()),
  waitingRoom: z.optional(z.enum(WAITING_ROOM_SWITCHES)),
  /** Owners only. */
  feeBps: z.optional(z.int().check(z.minimum(0), z.maximum(5000))),
  feeFixedCents: z.optional(z.int().check(z.minimum(0), z.maximum(100_000))),
  feeCapCents: z.optional(z.nullable(z.int().check(z.minimum(0), z.maximum(1_000_000)))),
  feePaidBy: z.optional(z.enum(['buyer', 'organizer'])),
});
export type UpdateEvent = z.infer<typeof UpdateEvent>;

export const ChangePoster = z.object({
  eventId: z.uuid(),
  /** Another one by itself … */
  shuffle: z.optional(z.boolean()),
  /** … or parts chosen by hand. */
  palette: z.optional(z.enum(PALETTE_NAMES)),
  motif: z.optional(z.enum(MOTIFS)),
  layout: z.optional(z.enum(LAYOUTS)),
  /** Back from an uploaded picture to the drawn poster. */
  dropCover: z.optional(z.boolean()),
});
export type ChangePoster = z.infer<typeof ChangePoster>;

const tierFields = {
  name: plainLine(80).check(z.minLength(1)),
  description: z.optional(text(500)),
  priceCents: z.int().check(z.minimum(0), z.maximum(MAXIMUM_CHARGE_CENTS)),
  quantity: z.int().check(z.minimum(0), z.maximum(200_000)),
  salesStartLocal: z.optional(z.nullable(LocalTime)),
  salesEndLocal: z.optional(z.nullable(LocalTime)),
  which: z.optional(WhichTime),
  minPerOrder: z.optional(z.int().check(z.minimum(1), z.maximum(50))),
  maxPerOrder: z.optional(z.int().check(z.minimum(1), z.maximum(50))),
  taxRateBps: z.optional(z.int().check(z.minimum(0), z.maximum(5000))),
};

export const CreateTier = z.object({ eventId: z.uuid(), ...tierFields });
export type CreateTier = z.infer<typeof CreateTier>;

export const UpdateTier = z.object({
  tierId: z.uuid(),
  edition: Edition,
  ...tierFields,
  name: z.optional(tierFields.name),
  priceCents: z.optional(tierFields.priceCents),
  quantity: z.optional(tierFields.quantity),
  /** Taken off sale by hand, or put back. */
  open: z.optional(z.boolean()),
});
export type UpdateTier = z.infer<typeof UpdateTier>;

export const TierRef = z.object({ tierId: z.uuid() });
export type TierRef = z.infer<typeof TierRef>;

export const ReorderTiers = z.object({
  eventId: z.uuid(),
  tierIds: z.array(z.uuid()).check(z.minLength(1), z.maxLength(60)),
});
export type ReorderTiers = z.infer<typeof ReorderTiers>;

/** Without a tier: the whole event. */
export const PauseSales = z.object({ eventId: z.uuid(), tierId: z.optional(z.uuid()) });
export type PauseSales = z.infer<typeof PauseSales>;

const query = z.optional(line(120));
const cursor = z.optional(Cursor);

export const ORDER_FILTERS = ['all', 'paid', 'pending', 'refunded', 'cancelled'] as const;
export const ListOrders = z.object({ eventId: z.uuid(), q: query, state: z.optional(z.enum(ORDER_FILTERS)), cursor });
export type ListOrders = z.infer<typeof ListOrders>;

export const OrderRef = z.object({ orderId: z.uuid() });
export type OrderRef = z.infer<typeof OrderRef>;

export const ListAttendees = z.object({ eventId: z.uuid(), q: query, cursor });
export type ListAttendees = z.infer<typeof ListAttendees>;

/** A whole order; why, from a short list, and in own words for the team. */
export const RefundOrder = z.pick(RequestRefund, { orderId: true, keepFees: true, note: true, reason: true });
export type RefundOrder = z.infer<typeof RefundOrder>;

export const Reconcile = z.object({ eventId: z.uuid(), dryRun: z.boolean() });
export type Reconcile = z.infer<typeof Reconcile>;

// ---- views

export type EventState = StaffSnapshot['status'];

export interface OrganizerEventLine {
  id: string;
  slug: string;
  title: string;
  status: EventState;
  paused: boolean;
  startAt: Date | null;
  timeZone: string;
  city: string | null;
  venue: string | null;
  currency: string;
  palette: PaletteName;
  posterVersion: string;
  organization: { id: string; name: string } | null;
  role: OrgRole;
  sold: number;
  inCheckout: number;
  capacity: number;
  /** Absent for roles that see no money. */
  grossCents?: number;
}

export interface OverviewView {
  events: OrganizerEventLine[];
  organizations: OrganizationSummary[];
}

export const READINESS_CHECKS = [
  'has_title',
  'has_description',
  'has_start',
  'has_end',
  'has_place',
  'has_city',
  'has_poster',
  'has_tier',
  'has_prices',
  'has_sales_window',
  'has_refund_policy',
] as const;
export type ReadinessCheck = (typeof READINESS_CHECKS)[number];
export interface ReadinessView {
  ready: boolean;
  passed: number;
  total: number;
  checks: { name: ReadinessCheck; passed: boolean }[];
}

export interface OrganizerTier {
  id: string;
  name: string;
  description: string;
  priceCents: number;
  /** What a buyer pays for one: face, fee and tax. */
  buyerCents: number;
  quantity: number;
  issued: number;
  reserved: number;
  /** `inactive` is set by people, the others by counters. */
  status: 'active' | 'inactive' | 'sold_out';
  paused: boolean;
  salesStartLocal: string | null;
  salesEndLocal: string | null;
  minPerOrder: number;
  maxPerOrder: number;
  taxRateBps: number;
  /** Whether anybody ever bought or held one: then it can be closed, not deleted. */
  used: boolean;
  edition: number;
}

export interface OrganizerEventView {
  id: string;
  slug: string;
  title: string;
  summary: string;
  description: string;
  status: EventState;
  visibility: 'public' | 'unlisted' | 'private';
  category: string | null;
  startLocal: string | null;
  endLocal: string | null;
  doorsLocal: string | null;
  startAt: Date | null;
  endAt: Date | null;
  doorsAt: Date | null;
  timeZone: string;
  venue: string | null;
  address: string | null;
  city: string | null;
  onlineUrl: string | null;
  accessInfo: string;
  lineUp: LineUpEntry[];
  minAge: number | null;
  refundPolicy: RefundPolicy | null;
  refundKeepsFees: boolean;
  availabilityDisplay: 'exact' | 'low_only' | 'hidden' | null;
  maxPerPerson: number;
  currency: string;
  taxIncluded: boolean;
  resellRefunded: boolean;
  postsByVerified: boolean;
  waitingRoom: WaitingRoomSwitch;
  fees: { feeBps: number; feeFixedCents: number; feeCapCents: number | null; feePaidBy: 'buyer' | 'organizer' };
  coverImageUrl: string | null;
  poster: PosterSpec;
  palette: PaletteName;
  posterVersion: string;
  paused: boolean;
  publishedAt: Date | null;
  organization: { id: string; name: string } | null;
  role: OrgRole;
  permissions: Permission[];
  tiers: OrganizerTier[];
  readiness: ReadinessView;
  /** Currency and draft state are fixed from the first order on. */
  hasOrders: boolean;
  edition: number;
}

/** `open`: the bank has taken the money and decides. `lost`: it stays with the buyer. */
export type DisputeState = 'open' | 'lost';
export type OrderStatus = 'pending' | 'paid' | 'cancelled' | 'refunded';

export interface OrganizerOrderLine {
  id: string;
  name: string;
  /** Code, address and amounts only with the permission `orders`. */
  code?: string;
  email?: string;
  totalCents?: number;
  refundedCents?: number;
  status: OrderStatus;
  /** A refund is on its way. */
  refunding: boolean;
  disputeState: DisputeState | null;
  /** A refund came back from the bank: the buyer is still to be paid. Its amount only with the permission `orders`. */
  owes: boolean;
  owedCents?: number;
  quantity: number;
  tiers: string;
  createdAt: Date;
}

export interface OrdersView {
  /** When it was read, by the database's clock. */
  readAt: Date;
  currency: string;
  timeZone: string;
  orders: OrganizerOrderLine[];
  nextCursor: string | null;
  /** Orders that match, at most 1,000. */
  count: number;
}

export type TimelineKind =
  | 'order_placed'
  | 'order_paid'
  | 'order_cancelled'
  | 'order_refunded'
  | 'ticket_issued'
  | 'ticket_moved'
  | 'ticket_transferred'
  | 'ticket_suspended'
  | 'ticket_unsuspended'
  | 'ticket_redeemed'
  | 'ticket_undone'
  | 'ticket_refunded'
  | 'refund_requested'
  | 'refund_succeeded'
  | 'refund_failed'
  | 'refund_outside'
  | 'refund_taken_back'
  | 'dispute_inquiry'
  | 'dispute_opened'
  | 'dispute_won'
  | 'dispute_lost'
  | 'dispute_closed'
  | 'confirmation_mailed';

export interface TimelineEntry {
  kind: TimelineKind;
  at: Date;
  /** How many tickets, for those about tickets. */
  count?: number;
  cents?: number;
  /** Who did it, when it was one of the team. */
  by?: string;
  /** Why, as a word: of a cancellation, a refund, a failure, a dispute. */
  note?: string;
  /** What the team wrote down for itself. */
  words?: string;
}

export interface OrganizerOrderView {
  id: string;
  code: string;
  event: { id: string; title: string; timeZone: string; currency: string };
  status: OrderStatus;
  refunding: boolean;
  name: string;
  email: string;
  cancelReason: string | null;
  late: boolean;
  paymentState: string;
  paymentError: PaymentProblem | null;
  paymentId: string | null;
  /** "Visa ending 4242"; null for a free order, or when the provider does not say. */
  paymentLabel: string | null;
  disputeState: DisputeState | null;
  disputedCents: number;
  /** Sent back, and returned by the bank: still to be paid. */
  owedCents: number;
  subtotalCents: number;
  feesCents: number;
  taxCents: number;
  discountCents: number;
  taxIncluded: boolean;
  totalCents: number;
  capturedCents: number | null;
  refundedCents: number;
  /** What a whole-order refund would send back now: with everything, and without the fees. */
  refundableCents: number;
  refundableWithoutFeesCents: number;
  /** The policy said before paying that fees are kept. */
  keepsFees: boolean;
  createdAt: Date;
  paidAt: Date | null;
  /** `unitCents` is the face price; fees, tax and discount are sums of the order. */
  items: { tierId: string; name: string; quantity: number; unitCents: number }[];
  tickets: AttendeeLine[];
  refunds: {
    id: string;
    amountCents: number;
    status: 'pending' | 'succeeded' | 'failed';
    reason: string;
    kind: string;
    note: string;
    createdAt: Date;
    settledAt: Date | null;
    /** When the bank sent it back after it had succeeded. */
    takenBackAt: Date | null;
    failure: string | null;
  }[];
  disputes: {
    id: string;
    amountCents: number;
    status: 'inquiry' | 'open' | 'won' | 'lost' | 'closed';
    reason: string;
    respondBy: Date | null;
    openedAt: Date;
    closedAt: Date | null;
  }[];
  timeline: TimelineEntry[];
}

export interface AttendeeLine {
  ticketId: string;
  sequenceNumber: number;
  name: string;
  tierName: string;
  status: 'issued' | 'transferred' | 'redeemed' | 'refunded';
  suspendedReason: 'refund' | 'dispute' | null;
  redeemedAt: Date | null;
  gate: string | null;
  /** With the permission `orders`. */
  email?: string;
  orderId?: string;
  orderCode?: string;
}

export interface AttendeesView {
  timeZone: string;
  attendees: AttendeeLine[];
  nextCursor: string | null;
  admitted: number;
  expected: number;
}

export const HEALTH_CHECKS = [
  'tiers_drifted',
  'broken_capacity',
  'lapsed_holds',
  'stale_pending_orders',
  'paid_orders_without_tickets',
  'tickets_without_paid_order',
  'stuck_refunds',
  'refunds_owed',
  'open_disputes',
  'like_drift',
  'comment_drift',
  'tier_status',
  'checkouts',
  'orders',
  'captured',
  'refunds',
  'suspended',
  'refunded_tickets',
  'numbers',
  'codes',
  'admissions',
  'totals',
  'history',
] as const;
export type HealthCheck = (typeof HEALTH_CHECKS)[number];

export interface HealthFinding {
  code: HealthCheck;
  count: number;
  sentence: string;
}

export interface HealthView {
  score: number;
  findings: HealthFinding[];
  checkedAt: Date;
  /** Checks in all. */
  checks: number;
}

export interface ReconcileRow {
  what: string;
  id: string;
  /** The tier, order or post by name. */
  name: string | null;
  before: string | null;
  after: string | null;
  done: boolean;
}
export interface ReconcileView {
  dryRun: boolean;
  rows: ReconcileRow[];
  health: HealthView;
}

/** What is counted by days, and what no room tells of: read again while the page is open. */
export interface DaysView {
  /** The same figures over the whole of yesterday in the event's zone; money only for roles that see it. */
  yesterday: { sold: number; grossCents?: number; netCents?: number };
  today: { sold: number; views: number };
  /** How many asked to be told when a place comes back. */
  wanted: number;
}

export interface DashboardView extends DaysView {
  event: {
    id: string;
    slug: string;
    title: string;
    currency: string;
    timeZone: string;
    startAt: Date | null;
    status: EventState;
    publishedAt: Date | null;
    onSaleAt: Date | null;
    palette: PaletteName;
    posterVersion: string;
  };
  role: OrgRole;
  permissions: Permission[];
  snapshot: { version: number; data: StaffSnapshot };
  /** Null for roles that may not see the event's inside. */
  health: HealthView | null;
}
