import { createHash } from 'node:crypto';

/**
 * A short mark of an address, so that a mailed link can lead back to a page that knows whether the change is done,
 * without an address in any log.
 */
export function addressMark(email: string): string {
  return createHash('sha256').update(email.trim().toLowerCase()).digest('base64url').slice(0, 12);
}
