import type { RequestRefund } from '@liventix/contracts/payments';
import type { TxSql } from '@liventix/db/client';
import type { Actor, WorkCtx } from '../../platform/context.ts';
import { fail } from '../../platform/errors.ts';
import { touchOrders } from '../orders/touch-orders.ts';
import { requestRefundRow } from './refunds.sql.ts';

/**
 * Sends a whole order's money back: its tickets are suspended at once and end when the provider has said yes. Free
 * orders end at once. The caller has checked that `ctx.actor` may refund; jobs have none.
 * @param last the transaction's last statement, which may refuse it
 * @returns the refund's id, or null for a free order
 * @throws NOT_FOUND, ORDER_NOT_PAID, ORDER_DISPUTED, REFUND_PENDING, REFUND_TOO_MUCH when nothing is left
 */
export async function requestRefund(
  ctx: WorkCtx & { actor?: Actor | null },
  input: Omit<RequestRefund, 'reason'> & { reason: string },
  last?: (sql: TxSql) => Promise<void>,
): Promise<{ refundId: string | null; amountCents: number }> {
  const answer = await ctx.db.engine.transaction(async (_tx, sql) => {
    const row = await requestRefundRow(sql, {
      orderId: input.orderId,
      reason: input.reason,
      actorId: ctx.actor?.userId ?? null,
      keepFees: input.keepFees ?? false,
      note: input.note ?? '',
    });
    await last?.(sql);
    return row;
  });
  switch (answer.outcome) {
    case 'not_found':
      return fail('NOT_FOUND');
    case 'not_paid':
      return fail('ORDER_NOT_PAID');
    case 'pending':
      return fail('REFUND_PENDING');
    case 'disputed':
      return fail('ORDER_DISPUTED');
    case 'nothing_left':
      return fail('REFUND_TOO_MUCH');
    default:
  }
  await touchOrders(ctx, [input.orderId]);
  return { refundId: answer.refundId ?? null, amountCents: answer.amountCents ?? 0 };
}
