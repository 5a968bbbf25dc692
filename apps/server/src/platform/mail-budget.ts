import type { Ctx } from './context.ts';
import { fail } from './errors.ts';
import type { RateLimit } from './rate-limits.ts';

/**
 * What strangers may have mailed to one mailbox in an hour, over everything they can cause: links, codes, invitations,
 * alerts, look-ups of orders, confirmations of free tickets. Each alone would be few; together they were a mail bomb.
 */
export const MAILS_OF_STRANGERS: RateLimit = { name: 'mail.strangers', points: 10, perSeconds: 3600 };

/**
 * A mailbox as limits count it, like `public.normal_mailbox`: what follows a plus sign is the same mailbox at most providers,
 * and Gmail ignores dots. Never proof of who somebody is: that is the lower-cased address itself.
 */
export function limitMailbox(email: string): string {
  const [whole = '', domain = ''] = email.trim().toLowerCase().split('@', 2);
  const local = whole.split('+', 1)[0] || whole;
  return /^(gmail|googlemail)\.com$/.test(domain) && !whole.startsWith('+')
    ? `${local.replaceAll('.', '')}@gmail.com`
    : `${local}@${domain}`;
}

/** Counts a mail that this caller causes to a mailbox she has not proven; throws RATE_LIMITED beyond the budget. */
export async function countMail(ctx: Pick<Ctx, 'services' | 'ip'>, mailbox: string): Promise<void> {
  const wait = await ctx.services.limits.take(MAILS_OF_STRANGERS, limitMailbox(mailbox), 1, ctx.ip);
  if (wait !== null) fail('RATE_LIMITED', { retryAfterSeconds: wait });
}
