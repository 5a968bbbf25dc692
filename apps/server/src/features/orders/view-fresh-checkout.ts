import type { HoldLine } from '@liventix/contracts/holds';
import type { CheckoutEvent, CheckoutLine, CheckoutView } from '@liventix/contracts/orders';
import type { PersonCtx } from '../../platform/trpc.ts';
import { perProcess } from '../inventory/per-process.ts';
import { type CheckoutFacts, checkoutEvent, checkoutView } from './orders.rules.ts';
import { readFacts, viewCheckout } from './view-checkout.ts';

/** A checkout of one line that was granted a moment ago, as the inventory answered it. */
export interface FreshCheckout {
  checkoutId: string;
  eventId: string;
  line: HoldLine;
  /** Epoch milliseconds of the database's clock. */
  grantedAt: number;
  expiresAt: number;
  /** The frozen quote of one ticket, minor units: face, fee, tax, total. */
  quote: readonly [number, number, number, number];
}

interface Surroundings {
  at: number;
  /** As a checkout granted just now finds it: not paused. */
  event: CheckoutFacts['event'];
  eventView: CheckoutEvent;
  line: CheckoutLine;
}

/** Names, dates and pictures may be this old; price, places and time come from the grant itself. */
const SURROUNDINGS_LIVE_MS = 2000;
const SURROUNDINGS_KEPT = 1000;
const surroundingsOf = perProcess(() => new Map<string, Surroundings>());

/**
 * The view of a checkout that was just made: in a rush it needs no reading, because a fresh hold has no order, no ticket
 * and no past. What stands around it (the event's title, the tier's name) is read by one of many.
 */
export async function viewFreshCheckout(ctx: PersonCtx, fresh: FreshCheckout): Promise<CheckoutView> {
  const { checkoutId, line, quote } = fresh;
  const { userId } = ctx.actor;
  const kept = surroundingsOf(ctx);
  const known = kept.get(line.tierId);
  if (!known || performance.now() - known.at > SURROUNDINGS_LIVE_MS) {
    const facts = await readFacts(ctx, { checkoutId, userId });
    const read = facts?.lines[0];
    if (!facts || !read) return viewCheckout(ctx, { checkoutId });
    if (kept.size >= SURROUNDINGS_KEPT) kept.clear();
    kept.set(line.tierId, {
      at: performance.now(),
      event: { ...facts.event, paused: false },
      eventView: checkoutEvent(facts.event),
      line: read,
    });
    return checkoutView(facts, null);
  }
  const [unitFaceCents, unitFeeCents, unitTaxCents, unitTotalCents] = quote;
  return checkoutView(
    {
      checkoutId,
      userId,
      now: fresh.grantedAt,
      version: 1,
      event: known.event,
      holds: {
        alive: true,
        active: true,
        ended: 'expired',
        endReason: null,
        expiresAt: fresh.expiresAt,
        paused: false,
        extendable: true,
      },
      lines: [{ ...known.line, quantity: line.quantity, unitFaceCents, unitFeeCents, unitTaxCents, unitTotalCents }],
      order: null,
      tickets: [],
      refundingCents: 0,
    },
    null,
    known.eventView,
  );
}
