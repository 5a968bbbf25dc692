import type { CheckoutView, ReadCheckout } from '@liventix/contracts/orders';
import { Combiner } from '../../platform/combine.ts';
import type { Ctx, WorkCtx } from '../../platform/context.ts';
import { fail } from '../../platform/errors.ts';
import { perProcess } from '../inventory/per-process.ts';
import { type CheckoutFacts, checkoutView, isRunning, stateOf } from './orders.rules.ts';
import { type CheckoutAsk, readCheckouts, readFreeNow } from './orders.sql.ts';

const readerOf = perProcess(
  ({ db }) =>
    new Combiner<CheckoutAsk, CheckoutFacts | null>({
      flush: (asks) => readCheckouts(db.engine.sql, asks),
      maxBatch: 128,
      maxInFlight: 2,
    }),
);

/**
 * One checkout's facts, read in one snapshot; in a rush many share a statement.
 * @param ask `userId` null only where access was decided already
 */
export function readFacts(ctx: WorkCtx, ask: CheckoutAsk): Promise<CheckoutFacts | null> {
  return readerOf(ctx).submit(ask);
}

/** Facts as a view; after a lapse with what could be taken again. */
export async function viewOf(ctx: WorkCtx, facts: CheckoutFacts): Promise<CheckoutView> {
  const state = stateOf(facts);
  const over =
    state === 'expired' ||
    state === 'released' ||
    state === 'cancelled' ||
    (facts.order?.status === 'cancelled' && !isRunning(state));
  const freeNow = over
    ? await readFreeNow(
        ctx.db.engine.sql,
        facts.event.id,
        facts.lines.map((line) => line.tierId),
      )
    : null;
  return checkoutView(facts, freeNow);
}

/**
 * The caller's own checkout. The statement names the person, because holds, order and event are one snapshot and a buyer
 * sees her order also when the event is no longer hers to see.
 * @throws CHECKOUT_UNKNOWN for missing and foreign ones alike
 */
export async function viewCheckout(ctx: Ctx, input: ReadCheckout): Promise<CheckoutView> {
  if (!ctx.actor) fail('CHECKOUT_UNKNOWN');
  const facts = await readFacts(ctx, { checkoutId: input.checkoutId, userId: ctx.actor.userId });
  if (!facts) fail('CHECKOUT_UNKNOWN');
  return viewOf(ctx, facts);
}
