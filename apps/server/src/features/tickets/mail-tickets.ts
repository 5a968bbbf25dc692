import { randomUUID } from 'node:crypto';
import type { OrderTickets } from '@liventix/contracts/tickets';
import type { Sql } from '@liventix/db/client';
import type { WorkCtx } from '../../platform/context.ts';
import { fail } from '../../platform/errors.ts';
import { enqueue } from '../../platform/jobs.ts';
import { countMail } from '../../platform/mail-budget.ts';
import type { PersonCtx } from '../../platform/trpc.ts';
import { confirmationMail } from '../documents/mails/order-mails.tsx';
import { printTickets } from './print-tickets.ts';
import { readMailEvent } from './read-mail-event.ts';
import { mailTicketsAgain } from './tickets.kinds.ts';
import {
  listIdsOfOrder,
  maySeeOrder,
  noteMailed,
  readOrderFacts,
  readTicketEvents,
  readTickets,
} from './tickets.sql.ts';
import { writeReceipt } from './write-receipt.ts';

/**
 * Mails an order's tickets again, to the mailbox it was bought with: for its buyer and the event's order desk. That mailbox
 * may be anybody's: only for whom it is proven to be hers it is no mail of a stranger.
 * @throws TICKET_REFUNDED when none of them is good
 */
export async function resendTickets(ctx: PersonCtx, { orderId }: OrderTickets): Promise<{ queued: true }> {
  if (!(await ctx.read((_tx, sql) => maySeeOrder(sql, orderId)))) fail('NOT_FOUND');
  const order = await readOrderFacts(ctx.db.engine.sql, orderId);
  if ((await livingTickets(ctx.db.engine.sql, orderId)).length === 0) fail('TICKET_REFUNDED');
  const { email, emailVerified } = ctx.actor;
  if (order?.mailbox && !(emailVerified && order.mailbox.toLowerCase() === email.toLowerCase()))
    // Who paid is no machine: her neighbours' mails are not held against her.
    await countMail(order.totalCents > 0 ? { services: ctx.services } : ctx, 'tickets', order.mailbox);
  // One key per order: asking twice in a row is one mail.
  await ctx.write((_tx, sql) =>
    enqueue(sql, mailTicketsAgain, { orderId, ask: randomUUID() }, { key: `tickets.mail-again:${orderId}` }),
  );
  return { queued: true };
}

/**
 * The mail with an order's tickets: the PDF hangs on it, the codes are never in its words. Answers false for an order that
 * is not complete or refunded, has no mailbox, or whose event has lost its date. Throws when the mail server refuses.
 * @param about what is mailed: sent again by a retried job it has the same id
 * @returns whether it was sent
 */
export async function mailTickets(ctx: WorkCtx, { orderId }: OrderTickets, about: string): Promise<boolean> {
  const { sql } = ctx.db.engine;
  const order = await readOrderFacts(sql, orderId);
  const event = order && (await readTicketEvents(sql, [order.eventId])).get(order.eventId);
  const named = event && (await readMailEvent(ctx, event.id));
  if (!order?.mailbox || !event || !named) return false;
  const tickets = await livingTickets(sql, orderId);
  if (tickets.length === 0) return false;
  // Free tickets go to any mailbox that is typed: to its owner the names on them may be a stranger's words.
  const names = order.totalCents > 0 || order.mailboxProven;
  const nameOf = (name: string) => (names && name) || null;
  const pdf = await printTickets(
    ctx,
    tickets.map(({ id }) => id),
    { names },
  );
  const origin = ctx.services.env.PUBLIC_URL;
  const mail = await confirmationMail({
    event: named,
    buyerName: nameOf(order.buyerName),
    orderCode: order.code,
    orderUrl: `${origin}/tickets?order=${order.code}`,
    calendarUrl: `${origin}/events/${event.slug}/calendar.ics`,
    tickets: tickets.map(({ tierName, holderName, sequenceNumber }) => ({
      tierName,
      holderName: nameOf(holderName),
      sequenceNumber,
    })),
    receipt: writeReceipt(order, event),
    pdfAttached: pdf !== null,
    onHold: tickets.every(({ suspendedReason }) => suspendedReason !== null),
  });
  await ctx.services.mailer.send({
    to: order.mailbox,
    replyTo: named.replyTo,
    ...mail,
    about,
    ...(pdf
      ? { attachments: [{ filename: `tickets-${order.code}.pdf`, content: pdf, contentType: 'application/pdf' }] }
      : {}),
  });
  await noteMailed(sql, orderId);
  return true;
}

/** Tickets that have not ended. */
const livingTickets = async (sql: Sql, orderId: string) =>
  (await readTickets(sql, await listIdsOfOrder(sql, orderId))).filter(({ status }) => status !== 'refunded');
