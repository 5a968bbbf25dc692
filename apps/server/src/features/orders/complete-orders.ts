import { Combiner } from '../../platform/combine.ts';
import type { WorkCtx } from '../../platform/context.ts';
import { perProcess } from '../inventory/per-process.ts';
import { type Capture, type CompleteOutcome, completeOrdersBatch } from './orders.sql.ts';
import { touchOrders } from './touch-orders.ts';

export type { CompleteOutcome } from './orders.sql.ts';

const completerOf = perProcess(
  ({ db, live }) =>
    new Combiner<Capture, CompleteOutcome>({
      async flush(captures) {
        const outcomes = await completeOrdersBatch(db.engine.sql, captures);
        const orderIds = captures.map((capture) => capture.orderId);
        await touchOrders({ db, live }, orderIds);
        return outcomes;
      },
      maxBatch: 256,
      maxInFlight: 2,
      keyOf: (capture) => capture.orderId,
      isSame: (a, b) => a.paymentId === b.paymentId && a.capturedCents === b.capturedCents,
    }),
);

/**
 * Turns a pending order into a paid one with its tickets, or finds that it is. Called for free orders and for every
 * captured payment, by whoever hears of it first; repeatable. Tells the rooms after the commit.
 */
export function completeOrder(ctx: Pick<WorkCtx, 'services'>, capture: Capture): Promise<CompleteOutcome> {
  return completerOf(ctx).submit(capture);
}
