import type { WorkCtx } from '../../platform/context.ts';
import { latePaymentRefundedMail, refundSentMail } from '../documents/mails/order-mails.tsx';
import { upsertAlert } from '../events/events.sql.ts';
import { readTicketEvents } from '../tickets/tickets.sql.ts';
import { type RefundMailRow, readRefundMail } from './refunds.sql.ts';

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
  const cause = causeOf(row);
  // The first places that come back are hers to hear of.
  const offersPlacesBack = isLate && cause === 'places_gone';
  if (offersPlacesBack) {
    await upsertAlert(sql, { eventId: row.event_id, userId: row.user_id, kind: 'place_back', mailbox: row.mailbox });
  }
  const mail = isLate
    ? await latePaymentRefundedMail({ ...money, event, cause, offersPlacesBack })
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

function causeOf(row: RefundMailRow): 'places_gone' | 'amount_mismatch' | 'event_over' | 'event_cancelled' {
  if (row.kind === 'amount_mismatch') return 'amount_mismatch';
  if (row.event_status === 'cancelled') return 'event_cancelled';
  return row.event_status === 'over' ? 'event_over' : 'places_gone';
}
