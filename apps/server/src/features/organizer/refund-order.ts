import type { OrganizerOrderView, RefundOrder } from '@liventix/contracts/organizer';
import type { Ctx } from '../../platform/context.ts';
import { fail } from '../../platform/errors.ts';
import { requireFresh, requireSession } from '../../platform/standing.ts';
import { requireRole } from '../organizations/require-role.ts';
import { requestRefund } from '../refunds/request-refund.ts';
import { findOrderEvent } from './organizer.sql.ts';
import { readOrganizerOrder } from './read-orders.ts';

/** Sends a whole order's money back, by the team. Its tickets admit nobody from now on; the money goes to the original payment. */
export async function refundOrder(ctx: Ctx, input: RefundOrder): Promise<OrganizerOrderView> {
  const { orderId } = input;
  const eventId = await findOrderEvent(ctx.db.engine.sql, orderId);
  if (!eventId) fail('NOT_FOUND');
  const { actor } = await requireRole(ctx, eventId, 'refunds');
  await requireFresh(ctx, actor, { secondFactor: true });
  await requestRefund(ctx, input, (sql) => requireSession(sql, actor));
  return readOrganizerOrder(ctx, { orderId });
}
