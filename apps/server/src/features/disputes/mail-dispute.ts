import type { WorkCtx } from '../../platform/context.ts';
import { disputeMail } from '../documents/mails/organizer-mails.tsx';
import { mailOwners } from '../organizations/mail-owners.ts';
import { readMailEvent } from '../tickets/read-mail-event.ts';
import { type DisputeStatus, reasonWords } from './disputes.rules.ts';
import { readDisputeMail } from './disputes.sql.ts';

/**
 * Tells the event's owners that a payment is disputed, or how it ended. A step that another has overtaken meanwhile is not
 * told. Throws when the mail server refuses: the job comes again, and the repeat has the same Message-ID.
 */
export async function mailDispute(
  ctx: WorkCtx,
  { disputeId, status }: { disputeId: string; status: DisputeStatus },
): Promise<void> {
  const row = await readDisputeMail(ctx.db.engine.sql, disputeId);
  if (!row || row.status !== status) return;
  const event = await readMailEvent(ctx, row.event_id);
  if (!event) return;
  const mail = await disputeMail({
    event,
    status,
    orderCode: row.code,
    orderUrl: `${ctx.services.env.PUBLIC_URL}/organizer/${row.event_id}/orders/${row.order_id}`,
    buyerName: row.buyer || null,
    amountCents: row.amount_cents,
    currency: row.currency,
    reason: reasonWords(row.reason),
    respondBy: row.respond_by ? new Date(row.respond_by) : null,
    tickets: row.tickets,
    onHold: row.on_hold,
  });
  await mailOwners(ctx, row.event_id, mail, `dispute-${disputeId}-${status}`);
}
