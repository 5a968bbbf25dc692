import type { ReadinessCheck } from '@liventix/contracts/organizer';
import type postgres from 'postgres';
import { fail } from '../../platform/errors.ts';
import { lockEvent, readReadiness } from './organizer.sql.ts';

/** Which field of a form a launch condition is about. */
const FIELDS: Partial<Record<ReadinessCheck, string>> = {
  has_title: 'title',
  has_description: 'description',
  has_start: 'startLocal',
  has_end: 'endLocal',
  has_place: 'venue',
  has_city: 'city',
  has_refund_policy: 'refundPolicy',
  has_prices: 'priceCents',
  has_sales_window: 'salesEndLocal',
};

/**
 * Runs a change of an event inside the caller's transaction. What is on sale stays fit to be on sale: a published event
 * cannot lose a launch condition it met before (EVENT_NOT_READY, with the names in `missing`, and the `field` of the
 * first). Drafts may lose anything.
 */
export async function keepReady(sql: postgres.ISql, eventId: string, work: () => Promise<void>): Promise<void> {
  const event = await lockEvent(sql, eventId);
  if (!event) fail('NOT_FOUND');
  if (event.status === 'draft') return work();
  const before = await readReadiness(sql, eventId);
  await work();
  const after = await readReadiness(sql, eventId);
  const met = new Set(before?.checks.filter((check) => check.passed).map((check) => check.name));
  const missing = (after?.checks ?? [])
    .filter((check) => !check.passed && met.has(check.name))
    .map((check) => check.name);
  const [first] = missing;
  if (first) fail('EVENT_NOT_READY', { details: { missing, field: FIELDS[first] } });
}
