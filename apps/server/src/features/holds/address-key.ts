import { createHmac } from 'node:crypto';
import type { Ctx } from '../../platform/context.ts';
import { isTrusted, limitKeyOf, networkOf } from '../../platform/limit-key.ts';

/**
 * What the database counts a network address by, for one event: 64 bits of an HMAC, as a signed integer in text. The address
 * itself is never stored, and the keys of two events cannot be compared. Null for addresses that the operator trusts.
 * @param group people of the address who are counted apart from the rest of it
 */
export function addressKeyOf(
  { services: { env }, ip }: Pick<Ctx, 'services' | 'ip'>,
  eventId: string,
  group: '' | ' confirmed' = '',
): string | null {
  const counted = networkOf(limitKeyOf(ip));
  if (counted === '') return null; // a caller of this process
  if (isTrusted(env.TRUSTED_ADDRESSES, ip)) return null;
  const mac = createHmac('sha256', env.LIVENTIX_SECRET).update(`places ${eventId.toLowerCase()} ${counted}${group}`);
  return mac.digest().readBigInt64BE().toString();
}
