import type { ErrorCode } from '@liventix/contracts/errors';
import type { HoldAnswer, HoldOutcome } from '../inventory/take-places.ts';

export interface Refusal {
  code: ErrorCode;
  details: Record<string, unknown>;
  retryAfterSeconds?: number;
}

const NEIGHBOURS_PAY_SECONDS = 20;

const CODES: Record<Exclude<HoldOutcome, 'held' | 'ended'>, ErrorCode> = {
  mismatch: 'CHECKOUT_MISMATCH',
  tier_unknown: 'TIER_UNKNOWN',
  event_cancelled: 'EVENT_CANCELLED',
  event_ended: 'EVENT_ENDED',
  closed: 'TIER_CLOSED',
  not_yet: 'TIER_NOT_YET',
  paused: 'SALES_PAUSED',
  quantity_invalid: 'QUANTITY_INVALID',
  replaced_ended: 'HOLD_ENDED',
  has_active: 'CHECKOUT_ELSEWHERE',
  person_limit: 'PERSON_LIMIT',
  cooling_down: 'HOLD_COOLING_DOWN',
  sold_out: 'TIER_SOLD_OUT',
  all_in_checkout: 'TIER_ALL_IN_CHECKOUT',
  not_enough: 'TIER_NOT_ENOUGH',
  address_limit: 'NETWORK_LIMIT',
  order_too_large: 'ORDER_TOO_LARGE',
  price_changed: 'PRICE_CHANGED',
};

/** What may be said about how many are left: the number only where the page shows it too (docs/domain.md, "Access"). */
export interface Shows {
  display: 'exact' | 'low_only' | 'hidden';
  /** Quantity of the tier in question. */
  quantity: number;
}

/** The refusal for what `reserve_batch` answered; null when the places are held. */
export function refusalOf(answer: HoldAnswer, shows: Shows, nowMs: number): Refusal | null {
  const { outcome, detail } = answer;
  if (outcome === 'held') return null;
  if (outcome === 'ended') {
    const code =
      detail.status === 'converted' ? 'ORDER_PAID' : detail.status === 'released' ? 'HOLD_ENDED' : 'HOLD_EXPIRED';
    return { code, details: {} };
  }
  const refusal: Refusal = { code: CODES[outcome], details: { ...detail } };
  if (outcome === 'not_enough' || outcome === 'sold_out' || outcome === 'all_in_checkout') {
    const free = Number(detail.free);
    const isShown =
      shows.display === 'exact' || (shows.display === 'low_only' && free <= Math.max(10, shows.quantity * 0.2));
    delete refusal.details.free;
    // The sentence reads "Only {free} left": words where the figure is not public.
    if (outcome === 'not_enough') refusal.details.free = isShown ? free : 'a few';
  }
  if (outcome === 'cooling_down' || outcome === 'address_limit') {
    const seconds = Math.max(1, Math.ceil((Number(detail.until) - nowMs) / 1000));
    refusal.details.minutes = Math.ceil(seconds / 60);
    // Neighbours pay within seconds: the end of their time is only the latest.
    refusal.retryAfterSeconds = outcome === 'address_limit' ? Math.min(seconds, NEIGHBOURS_PAY_SECONDS) : seconds;
  }
  return refusal;
}
