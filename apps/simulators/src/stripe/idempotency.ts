import { createHash } from 'node:crypto';
import type { Books } from './books.ts';
import type { KeptAnswer } from './books.types.ts';
import { StripeRefusal } from './stripe-refusal.ts';

/** What was asked, so that one key cannot be used for two different things. */
export function fingerprintOf(path: string, body: string): string {
  return createHash('sha256').update(`${path}\n${body}`).digest('hex');
}

/**
 * Looks an idempotency key up. Returns the remembered answer, or undefined for a new key.
 * Refuses another request under the same key (400), and the same one while it is still running (409).
 */
export function findAnswer(
  books: Books,
  running: Map<string, string>,
  key: string,
  fingerprint: string,
): KeptAnswer | undefined {
  const known = books.find('answer', key);
  const runningFingerprint = running.get(key);
  if ((known?.fingerprint ?? runningFingerprint ?? fingerprint) !== fingerprint) {
    const message = `Keys for idempotent requests can only be used with the same parameters they were first used with. Try using a key other than '${key}' if you meant to execute a different request.`;
    throw new StripeRefusal(400, { type: 'idempotency_error', message }, false);
  }
  if (runningFingerprint !== undefined) {
    const message = `There is currently another in-progress request using this Idempotent Key (that probably means you submitted twice, and the other request is still going through): ${key}. Please try again later.`;
    throw new StripeRefusal(409, { type: 'idempotency_error', code: 'idempotency_key_in_use', message }, false);
  }
  return known;
}
