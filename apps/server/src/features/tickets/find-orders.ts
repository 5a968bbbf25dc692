import { createHash, randomBytes } from 'node:crypto';
import { type FindOrders, type FindOrdersView, ORDER_LINK_MINUTES } from '@liventix/contracts/tickets';
import type { Ctx } from '../../platform/context.ts';
import { limitMailbox, mailsAnyway, takeMail } from '../../platform/mail-budget.ts';
import { sendAccountMail } from '../accounts/send-account-mail.ts';
import { orderLinkMail } from '../documents/mails/order-mails.tsx';
import { findMailbox, insertLink } from './tickets.sql.ts';

/** What of a link is stored: its hash. */
export function hashOfToken(token: string): Buffer {
  return createHash('sha256').update(token).digest();
}

/** A mailbox gets at most this many links in the time, whoever asks; more are swallowed with the same answer. */
const PER_MAILBOX = { name: 'tickets.find-orders.mailbox', points: 4, perSeconds: 900 } as const;

/**
 * Lost tickets: mails a link to the mailbox of an address or an order's code. The answer is the same, and as quick,
 * whether there are orders or not: everything that could differ happens after it.
 */
export async function findOrders(ctx: Ctx, by: FindOrders): Promise<FindOrdersView> {
  void mailLink(ctx, by).catch((err: unknown) => ctx.log.error({ err }, 'a link to orders could not be made'));
  return { minutes: ORDER_LINK_MINUTES };
}

async function mailLink(ctx: Ctx, by: FindOrders): Promise<void> {
  const { sql } = ctx.db.engine;
  const mailbox = await findMailbox(sql, by);
  // Counted whether there are orders or not.
  const asked = 'email' in by ? by.email : mailbox;
  if (asked === null) return;
  if ((await ctx.services.limits.take(PER_MAILBOX, limitMailbox(asked))) !== null) return;
  const refusal = await takeMail(ctx.services, { purpose: 'orders', mailbox: asked, address: ctx.ip });
  if (refusal?.of === 'mailbox') return;
  if (refusal && !(mailbox && (await mailsAnyway(ctx.services, mailbox, ctx.ip))))
    return ctx.services.limits.giveBack(PER_MAILBOX, limitMailbox(asked));
  if (mailbox === null) return;
  const token = randomBytes(32).toString('base64url');
  await insertLink(sql, hashOfToken(token), mailbox);
  const mail = orderLinkMail({ url: `${ctx.origin}/l/${token}`, minutes: ORDER_LINK_MINUTES });
  sendAccountMail({ mailer: ctx.services.mailer, log: ctx.log }, mailbox, mail);
}
