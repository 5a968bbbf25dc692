import { createHmac } from 'node:crypto';
import type { Env } from '../env.ts';
import { limitMailbox } from './mail-budget.ts';

/**
 * What the database marks a mailbox by that it may no longer keep: an HMAC, which says nothing without the server's secret. It is
 * hashed once more with the event, so that the marks of two events cannot be compared (`ticketing.create_order`).
 */
export function mailboxKeyOf({ LIVENTIX_SECRET }: Pick<Env, 'LIVENTIX_SECRET'>, mailbox: string): string {
  return createHmac('sha256', LIVENTIX_SECRET)
    .update(`mailbox ${limitMailbox(mailbox)}`)
    .digest('hex');
}
