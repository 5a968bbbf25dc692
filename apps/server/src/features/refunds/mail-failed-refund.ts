import type { WorkCtx } from '../../platform/context.ts';
import { refundFailedMail } from '../documents/mails/organizer-mails.tsx';
import { mailOwners } from '../organizations/mail-owners.ts';
import { readMailEvent } from '../tickets/read-mail-event.ts';
import { readFailedRefund } from './refunds.sql.ts';

/** The provider never sent these: the money went another way, which has a mail and a line of its own. */
const WENT_ANOTHER_WAY = ['charge_already_refunded', 'charge_disputed'];

/** Tells the event's owners that a refund did not arrive, and whether the buyer is still owed. Throws when mail is refused. */
export async function mailFailedRefund(ctx: WorkCtx, { refundId }: { refundId: string }): Promise<void> {
  const row = await readFailedRefund(ctx.db.engine.sql, refundId);
  if (!row || WENT_ANOTHER_WAY.includes(row.failure ?? '')) return;
  const event = await readMailEvent(ctx, row.event_id);
  if (!event) return;
  const mail = await refundFailedMail({
    event,
    orderCode: row.code,
    orderUrl: `${ctx.services.env.PUBLIC_URL}/organizer/${row.event_id}/orders/${row.order_id}`,
    buyerName: row.buyer || null,
    amountCents: row.amount_cents,
    currency: row.currency,
    owedCents: row.owed_cents,
  });
  await mailOwners(ctx, row.event_id, mail, `refund-failed-${refundId}`);
}
