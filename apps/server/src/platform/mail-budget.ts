import type { Ctx, Services } from './context.ts';
import { fail } from './errors.ts';
import { isTrusted, limitKeyOf } from './limit-key.ts';
import type { RateLimit } from './rate-limits.ts';
import { isKnownMailbox } from './standing.ts';

/**
 * What may be mailed to one mailbox in an hour because of people who have not proven it. Each purpose has a budget of its own:
 * a stranger who fills one leaves the others open. Together they are few enough to be no mail bomb.
 */
export const MAIL_BUDGETS = {
  /** What its owner asks for, or somebody in her name: links and codes to sign in. */
  owner: { name: 'mail.owner', points: 10, perSeconds: 3600 },
  /** Resets. Where there is no account they mail nothing, are counted alike, and keep nothing else from its owner. */
  resets: { name: 'mail.resets', points: 10, perSeconds: 3600 },
  /** Links to its orders, for whoever has lost her tickets. */
  orders: { name: 'mail.orders', points: 10, perSeconds: 3600 },
  /** What is answered as if it were mailed, though it was before. */
  nothing: { name: 'mail.nothing', points: 10, perSeconds: 3600 },
  /** Tickets: confirmations of free orders, tickets mailed again. */
  tickets: { name: 'mail.tickets', points: 8, perSeconds: 3600 },
  /** What others want of its owner: invitations, alerts to confirm, new accounts and addresses. */
  others: { name: 'mail.others', points: 8, perSeconds: 3600 },
} as const satisfies Record<string, RateLimit>;

export type MailPurpose = keyof typeof MAIL_BUDGETS;

/** All that one address has mailed to mailboxes that nobody there has proven: a hall full of buyers, not a machine. */
const FROM_AN_ADDRESS: RateLimit = { name: 'mail.from-here', points: 600, perSeconds: 3600, by: 'address' };
/** Beyond that, to mailboxes that we know: anybody makes up six hundred others, and their owners are not shut out by it. */
const KNOWN_FROM_AN_ADDRESS: RateLimit = { ...FROM_AN_ADDRESS, name: 'mail.known-from-here' };
/** What such a mailbox gets of those. Apart from its budgets: whoever looks at them learns nothing. */
const ANYWAY: RateLimit = { name: 'mail.anyway', points: 10, perSeconds: 3600 };

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

/** A mail to a mailbox that its cause has not proven. */
export interface StrangersMail {
  purpose: MailPurpose;
  mailbox: string;
  /** Where it was asked for; none for what nobody asked for just now. */
  address?: string;
}

/** Seconds until there is room for a mail, and what is used up: the mailbox's budget, or all that the address may cause. */
export interface MailRefusal {
  wait: number;
  of: 'mailbox' | 'address';
}

/**
 * Counts a mail to a mailbox that its cause has not proven, and answers null, or what refuses it. One address has half of each
 * budget of a mailbox, so no single one takes it away from everybody else. Counts the same whoever has the mailbox: what is left
 * of a budget tells nobody who is known.
 */
export async function takeMail(
  { env, limits }: Pick<Services, 'env' | 'limits'>,
  { purpose, mailbox, address }: StrangersMail,
): Promise<MailRefusal | null> {
  const budget = MAIL_BUDGETS[purpose];
  const key = limitMailbox(mailbox);
  const from = address && !isTrusted(env.TRUSTED_ADDRESSES, address) ? limitKeyOf(address) : null;
  const half: RateLimit = { ...budget, name: `${budget.name}.from-here`, points: budget.points / 2 };
  const halfGone = from === null ? null : await limits.take(half, `${from} ${key}`, 1, from);
  const ofMailbox = halfGone ?? (await limits.take(budget, key, 1, address));
  if (ofMailbox !== null) return { wait: ofMailbox, of: 'mailbox' };
  const ofAddress = from === null ? null : await limits.take(FROM_AN_ADDRESS, from, 1, from);
  if (ofAddress === null) return null;
  // Nothing is mailed, so nothing of the mailbox's is used up: its owner asks from elsewhere.
  await limits.giveBack(budget, key, 1, address);
  return { wait: ofAddress, of: 'address' };
}

/**
 * Whether a mailbox is mailed although its address has used up what it may cause (`takeMail`), because we know it: it has an account
 * or a paid order. Decided beside the answer, which must neither say so nor take longer.
 */
export async function mailsAnyway(
  { db, limits }: Pick<Services, 'db' | 'limits'>,
  mailbox: string,
  address: string,
): Promise<boolean> {
  if (!(await isKnownMailbox(db.engine.sql, mailbox))) return false;
  if ((await limits.take(ANYWAY, limitMailbox(mailbox), 1, address)) !== null) return false;
  return (await limits.take(KNOWN_FROM_AN_ADDRESS, address, 1, address)) === null;
}

/** Counts a mail that this caller causes to a mailbox she has not proven; throws RATE_LIMITED beyond the budget. See `takeMail`. */
export async function countMail(
  ctx: Pick<Ctx, 'services'> & Partial<Pick<Ctx, 'ip'>>,
  purpose: MailPurpose,
  mailbox: string,
): Promise<void> {
  const refusal = await takeMail(ctx.services, {
    purpose,
    mailbox,
    ...(ctx.ip === undefined ? {} : { address: ctx.ip }),
  });
  if (refusal) fail('RATE_LIMITED', { retryAfterSeconds: refusal.wait });
}
