import type { CheckoutState, OrderSnapshot } from '@liventix/contracts/live';
import type {
  CheckoutEvent,
  CheckoutLine,
  CheckoutOrder,
  CheckoutTicket,
  CheckoutView,
  OrderSummary,
} from '@liventix/contracts/orders';
import { type PaymentProblem, readProblem } from '@liventix/contracts/payments';

/** What `ticketing.read_checkouts` answers for one checkout. Times are epoch milliseconds. */
export interface CheckoutFacts {
  checkoutId: string;
  userId: string;
  now: number;
  version: number;
  event: Omit<CheckoutEvent, 'startAt' | 'endAt' | 'doorsAt'> & {
    startAt: number | null;
    endAt: number | null;
    doorsAt: number | null;
    taxIncluded: boolean;
    paused: boolean;
  };
  /** Null for orders that were loaded from elsewhere. */
  holds: {
    /** Every line active and in time. */
    alive: boolean;
    /** Some line not swept yet. */
    active: boolean;
    ended: 'converted' | 'released' | 'expired';
    endReason: string | null;
    expiresAt: number;
    paused: boolean;
    standsUntil: number | null;
    extendable: boolean;
  } | null;
  lines: CheckoutLine[];
  order:
    | (Omit<CheckoutOrder, 'createdAt' | 'paidAt' | 'paymentError'> & {
        /** Of an older version: the provider's own sentence. */
        paymentError: string | null;
        status: 'pending' | 'paid' | 'cancelled' | 'refunded';
        paymentState: 'none' | 'started' | 'processing' | 'failed' | 'succeeded';
        subtotalCents: number;
        feesCents: number;
        taxCents: number;
        taxIncluded: boolean;
        totalCents: number;
        currency: string;
        refundedCents: number;
        /** Its tickets are on hold for a dispute. */
        disputed: boolean;
        owedCents: number;
        createdAt: number;
        paidAt: number | null;
      })
    | null;
  tickets: CheckoutTicket[];
  refundingCents: number;
}

/**
 * Where a checkout stands, in the one word its screens follow (docs/domain.md, "Checkout and hold" and "Order").
 * A hold is dead the instant its time has passed, swept or not; a payment under way outlives it.
 */
export function stateOf(facts: CheckoutFacts): CheckoutState {
  const { order, holds, tickets } = facts;
  if (order?.status === 'refunded') return 'refunded';
  if (order?.status === 'paid' && order.disputed) return 'disputed';
  if (order?.status === 'paid') {
    const good = tickets.filter((ticket) => ticket.status !== 'refunded');
    return facts.refundingCents > 0 && good.length > 0 && good.every((ticket) => ticket.suspendedReason !== null)
      ? 'refunding'
      : 'paid';
  }
  if (order && order.capturedCents > 0) {
    if (order.refundedCents >= order.capturedCents) return 'refunded';
    // Its refund was refused, because the bank took the money back itself.
    if (order.disputed && facts.refundingCents === 0) return 'disputed';
    // Written down before it is settled; what goes back is marked as late, whatever became of its refund.
    return order.late || facts.refundingCents > 0 ? 'refunding' : 'processing';
  }
  if (order?.status === 'pending' && (order.paymentState === 'processing' || order.paymentState === 'succeeded'))
    return 'processing';
  if (order?.status === 'cancelled') {
    if (order.cancelReason === 'expired') return holds?.ended === 'released' ? 'released' : 'expired';
    return order.cancelReason === 'by_buyer' ? 'released' : 'cancelled';
  }
  if (holds?.alive) return order && order.paymentState !== 'none' ? 'paying' : 'holding';
  if (holds?.endReason === 'event_cancelled') return 'cancelled';
  return holds?.ended === 'released' && !holds.active ? 'released' : 'expired';
}

/** States in which places are kept and time runs. */
export function isRunning(state: CheckoutState): boolean {
  return state === 'holding' || state === 'paying';
}

const sum = (lines: readonly CheckoutLine[], of: (line: CheckoutLine) => number): number =>
  lines.reduce((all, line) => all + of(line) * line.quantity, 0);

const date = (ms: number | null): Date | null => (ms === null ? null : new Date(ms));

/** Orders of an older version keep the provider's sentence: that was a decline. */
export const problemIn = (text: string | null): PaymentProblem | null =>
  text ? (readProblem(text) ?? 'declined') : null;

function expiryOf(facts: CheckoutFacts, state: CheckoutState): number | null {
  return isRunning(state) ? (facts.holds?.expiresAt ?? null) : null;
}

/** The event as it stands in a checkout's view. */
export function checkoutEvent({
  taxIncluded,
  paused,
  startAt,
  endAt,
  doorsAt,
  ...event
}: CheckoutFacts['event']): CheckoutEvent {
  return { ...event, startAt: date(startAt), endAt: date(endAt), doorsAt: date(doorsAt) };
}

/**
 * A checkout as its buyer's screens get it.
 * @param freeNow is read apart, after a lapse only
 */
export function checkoutView(facts: CheckoutFacts, freeNow: number | null): CheckoutView {
  const { order, lines } = facts;
  const state = stateOf(facts);
  const expiresAt = expiryOf(facts, state);
  return {
    checkoutId: facts.checkoutId,
    event: checkoutEvent(facts.event),
    state,
    expiresAt: date(expiresAt),
    serverNow: new Date(facts.now),
    extendable: expiresAt !== null && (facts.holds?.extendable ?? false),
    paused: expiresAt !== null && (facts.event.paused || (facts.holds?.paused ?? false)),
    standsUntil: expiresAt === null ? null : (facts.holds?.standsUntil ?? null),
    lines,
    subtotalCents: order?.subtotalCents ?? sum(lines, (line) => line.unitFaceCents),
    feesCents: order?.feesCents ?? sum(lines, (line) => line.unitFeeCents),
    taxCents: order?.taxCents ?? sum(lines, (line) => line.unitTaxCents),
    taxIncluded: order?.taxIncluded ?? facts.event.taxIncluded,
    totalCents: order?.totalCents ?? sum(lines, (line) => line.unitTotalCents),
    order: order && {
      id: order.id,
      code: order.code,
      email: order.email ?? '',
      name: order.name,
      showFirstName: order.showFirstName,
      attendeeNames: order.attendeeNames,
      paymentError: problemIn(order.paymentError),
      cancelReason: order.cancelReason,
      late: order.late,
      capturedCents: order.capturedCents,
      mailWithheld: order.mailWithheld,
      createdAt: new Date(order.createdAt),
      paidAt: date(order.paidAt),
    },
    tickets: facts.tickets,
    refundedCents: order?.refundedCents ?? 0,
    refundingCents: facts.refundingCents,
    owedCents: order?.owedCents ?? 0,
    freeNow,
    snapshotVersion: facts.version,
  };
}

/** What the checkout's room carries. */
export function orderSnapshot(facts: CheckoutFacts): OrderSnapshot {
  const state = stateOf(facts);
  const expiresAt = expiryOf(facts, state);
  return {
    checkoutId: facts.checkoutId,
    eventId: facts.event.id,
    orderId: facts.order?.id ?? null,
    orderCode: facts.order?.code ?? null,
    state,
    expiresAt,
    extendable: expiresAt !== null && (facts.holds?.extendable ?? false),
    paused: expiresAt !== null && (facts.event.paused || (facts.holds?.paused ?? false)),
    standsUntil: expiresAt === null ? null : (facts.holds?.standsUntil ?? null),
    lines: facts.lines.map(({ tierId, quantity }) => ({ tierId, quantity })),
    ticketCount: facts.tickets.filter((ticket) => ticket.status !== 'refunded').length,
    refundedCents: facts.order?.refundedCents ?? 0,
    owedCents: facts.order?.owedCents ?? 0,
    paymentError: problemIn(facts.order?.paymentError ?? null),
  };
}

/** A row of "my orders". */
export function orderSummary(view: CheckoutView): OrderSummary | null {
  if (!view.order) return null;
  const { id, slug, title, startAt, endAt, timeZone, venue, city, coverImageUrl, poster, status } = view.event;
  return {
    id: view.order.id,
    checkoutId: view.checkoutId,
    code: view.order.code,
    state: view.state,
    event: { id, slug, title, startAt, endAt, timeZone, venue, city, coverImageUrl, poster, status },
    ticketCount: view.tickets.length,
    totalCents: view.totalCents,
    refundedCents: view.refundedCents,
    currency: view.event.currency,
    createdAt: view.order.createdAt,
  };
}
