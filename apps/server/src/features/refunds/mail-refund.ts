import type { WorkCtx } from '../../platform/context.ts';
import {
  freeTicketsEndedMail,
  type LatePaymentRefundedMailData,
  latePaymentRefundedMail,
  refundSentMail,
} from '../documents/mails/order-mails.tsx';
import { tellWhenPlaceBack } from '../events/tell-person.ts';
import { readMailEvent } from '../tickets/read-mail-event.ts';
import { type RefundMailRow, readFreeEnded, readRefundMail } from './refunds.sql.ts';

/**
 * Tells the buyer that her money is on its way back, and why. A refund that the bank has sent back meanwhile is not told.
 * Throws when the mail server refuses: the job comes again.
 */
export async function mailRefund(ctx: WorkCtx, { refundId }: { refundId: string }): Promise<void> {
  const row = await readRefundMail(ctx.db.engine.sql, refundId);
  if (!row?.mailbox || row.status !== 'succeeded') return;
  const event = await readMailEvent(ctx, row.event_id);
  if (!event) return;
  const origin = ctx.services.env.PUBLIC_URL;
  const money = { orderCode: row.code, amountCents: row.amount_cents, currency: row.currency.trim() };
  const isLate = row.kind === 'late_payment' || row.kind === 'amount_mismatch';
  const cause = causeOf(row);
  // The first places that come back are hers to hear of.
  const offersPlacesBack = isLate && cause === 'places_gone';
  if (offersPlacesBack) {
    await tellWhenPlaceBack(ctx, { eventId: row.event_id, userId: row.user_id, mailbox: row.mailbox });
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
  await ctx.services.mailer.send({ to: row.mailbox, replyTo: event.replyTo, ...mail, about: `refund-${refundId}` });
}

/** Tells the holder of a free order that the host has taken its tickets back. Throws when the mail server refuses. */
export async function mailFreeEnded(ctx: WorkCtx, { orderId, note }: { orderId: string; note: string }): Promise<void> {
  const row = await readFreeEnded(ctx.db.engine.sql, orderId);
  const event = row && (await readMailEvent(ctx, row.event_id));
  if (!row || !event) return;
  const mail = await freeTicketsEndedMail({ event, orderCode: row.code, tickets: row.tickets, note: note || null });
  await ctx.services.mailer.send({ to: row.mailbox, replyTo: event.replyTo, ...mail, about: `free-ended-${orderId}` });
}

function causeOf(row: RefundMailRow): LatePaymentRefundedMailData['cause'] {
  if (row.kind === 'amount_mismatch') return 'amount_mismatch';
  if (row.event_status === 'cancelled') return 'event_cancelled';
  if (row.given_back) return 'given_back';
  return row.event_status === 'over' ? 'event_over' : 'places_gone';
}
