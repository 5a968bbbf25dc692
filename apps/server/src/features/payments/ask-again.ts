import type { WorkCtx } from '../../platform/context.ts';
import { enqueue } from '../../platform/jobs.ts';
import { syncPaymentKind } from './payments.kinds.ts';

/** Has an order's payment looked at again, soon: something said that the provider knows more than we do. */
export async function askAgain(ctx: WorkCtx, orderId: string): Promise<void> {
  await ctx.db.engine.transaction((_tx, sql) =>
    enqueue(sql, syncPaymentKind, { orderId }, { key: `payments.sync:${orderId}` }),
  );
}
