import { createIntent } from './create-intent.ts';
import { createRefund } from './create-refund.ts';
import { captureCharge, makeCharge } from './make-charge.ts';
import { makeTypedMethod } from './make-method.ts';
import type { StripeContext } from './stripe.context.ts';

/** A payment that was captured before the books were opened. */
export interface PastPayment {
  /** The intent's id. */
  id: string;
  orderId: string;
  /** Minor units. */
  amount: number;
  /** Lower case. */
  currency: string;
  /** How much of it went back since, minor units. */
  refunded: number;
  /** The id that the refund has had since; made up when it has none. */
  refundId?: string | undefined;
}

/** Writes past payments into the books so that they can be re-read and refunded; tells nobody. Returns how many were new. */
export function importPayments(ctx: StripeContext, payments: readonly PastPayment[]): number {
  const past: StripeContext = { ...ctx, quiet: true };
  const method = makeTypedMethod(past, { type: 'card', card: { number: '4242424242424242' } });
  let count = 0;
  for (const payment of payments) {
    if (ctx.books.find('intent', payment.id)) continue;
    const form = {
      amount: String(payment.amount),
      currency: payment.currency,
      metadata: { order_id: payment.orderId },
      allowed_payment_method_types: ['card'],
    };
    const intent = createIntent(past, form, payment.id);
    intent.payment_method = method.id;
    captureCharge(past, intent, makeCharge(past, intent, method, null), payment.amount);
    if (payment.refunded > 0) {
      createRefund(past, { payment_intent: intent.id, amount: String(payment.refunded) }, payment.refundId);
    }
    count += 1;
  }
  return count;
}
