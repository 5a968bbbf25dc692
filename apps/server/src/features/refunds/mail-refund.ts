import type { WorkCtx } from '../../platform/context.ts';
import { latePaymentRefundedMail, refundSentMail } from '../documents/mails/order-mails.tsx';
import { readTicketEvents } from '../tickets/tickets.sql.ts';
import { readRefundMail } from './refunds.sql.ts';

/** Tells the buyer that her money is on its way back, and why. Throws when the mail server refuses: the job comes again. */
export async function mailRefund(ctx: WorkCtx, { refundId }: { refundId: string }): Promise<void> {
  const { sql } = ctx.db.engine;
  const row = await readRefundMail(sql, refundId);
  if (!row?.mailbox) return;
  const facts = (await readTicketEvents(sql, [row.event_id])).get(row.event_id);
  if (!facts?.startAt) return;
  const origin = ctx.services.env.PUBLIC_URL;
  const event = {
    title: facts.title,
    url: `${origin}/e/${facts.slug}`,
    startsAt: facts.startAt,
    timeZone: facts.timeZone,
    venue: facts.venue ?? '',
    city: facts.city ?? '',
    hostName: facts.hostName,
    posterUrl: `${origin}/posters/${facts.id}.png?w=540`,
  };
  const money = { orderCode: row.code, amountCents: row.amount_cents, currency: row.currency.trim() };
  const isLate = row.kind === 'late_payment' || row.kind === 'amount_mismatch';
  const mail = isLate
    ? await latePaymentRefundedMail({
        ...money,
        event,
        cause:
          row.kind === 'amount_mismatch'
            ? 'amount_mismatch'
            : row.event_status === 'cancelled'
              ? 'event_cancelled'
              : row.event_status === 'over'
                ? 'event_over'
                : 'places_gone',
        offersPlacesBack: false,
      })
    : await refundSentMail({
        ...money,
        event,
        orderUrl: `${origin}/tickets?order=${row.code}`,
        feesKeptCents: row.fees_kept_cents,
        tickets: row.tickets,
        note: row.note || null,
      });
  await ctx.services.mailer.send({ to: row.mailbox, ...mail, messageId: `<refund-${refundId}@liventix>` });
}
