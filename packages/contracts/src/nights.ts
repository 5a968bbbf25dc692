/** Nights and days of an event, and until when its tickets may be returned. Pure. */
import type { RefundPolicy } from './events.ts';

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;

const dayOf = (ms: number, zone: string): string =>
  new Intl.DateTimeFormat('en-CA', { timeZone: zone, year: 'numeric', month: '2-digit', day: '2-digit' }).format(ms);

/**
 * Whether an event ends on another day than the one it starts on, so that its end needs a date: a night that ends in the
 * morning ("23:30–06:00") does not, a festival of three days does.
 */
export function spansDays(startMs: number, endMs: number, zone: string): boolean {
  return dayOf(endMs - 12 * HOUR_MS, zone) > dayOf(startMs, zone);
}

const RETURN_DAYS = { until_start: 0, until_1d: 1, until_7d: 7 } as const;

/** When the right to return a ticket ends; null where there is none. */
export function refundDeadline(policy: RefundPolicy, startMs: number): number | null {
  return policy === 'none' ? null : startMs - RETURN_DAYS[policy] * DAY_MS;
}
