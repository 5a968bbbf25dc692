import { toLiventixError } from './errors.ts';
import type { Logger } from './log.ts';

/**
 * Tells the log what broke while a page was made. What a procedure threw was told there already, and what names no page is
 * an answer, no fault.
 */
export function reportPage(log: Logger, thrown: unknown): void {
  const { status } = (thrown ?? {}) as { status?: unknown };
  if (typeof status === 'number' && status < 500) return;
  const error = toLiventixError(thrown);
  if (error.cause === thrown) log.error({ reference: error.reference, err: thrown }, 'page failed');
}
