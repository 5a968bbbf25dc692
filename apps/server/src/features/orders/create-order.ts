import type { CheckoutView, CreateOrder } from '@liventix/contracts/orders';
import { fail } from '../../platform/errors.ts';
import { takeMail } from '../../platform/mail-budget.ts';
import { mailboxKeyOf } from '../../platform/mailbox-key.ts';
import type { PersonCtx } from '../../platform/trpc.ts';
import { completeOrder } from './complete-orders.ts';
import { createOrderRow, withholdMail } from './orders.sql.ts';
import { recordAction } from './record-action.ts';
import { viewCheckout } from './view-checkout.ts';

/**
 * Turns the caller's living checkout into a pending order, or brings the one it has up to date; a free order is complete
 * at once, tickets and all. Sent again after payment it answers the paid order. A free order whose mailbox was sent too much is taken
 * like any other, and not mailed.
 * @throws CHECKOUT_UNKNOWN, HOLD_EXPIRED, ORDER_NOT_PENDING, PERSON_LIMIT, ORDER_TOO_LARGE
 */
export async function createOrder(ctx: PersonCtx, input: CreateOrder): Promise<CheckoutView> {
  const { checkoutId } = input;
  const { userId } = ctx.actor;
  const mailboxKey = mailboxKeyOf(ctx.services.env, input.email);
  const answer = await ctx.write((_tx, sql) =>
    createOrderRow(sql, { ...input, userId, attendeeNames: input.attendeeNames ?? {}, mailboxKey }),
  );
  switch (answer.outcome) {
    case 'unknown':
      return fail('CHECKOUT_UNKNOWN');
    case 'hold_expired':
      return fail('HOLD_EXPIRED');
    case 'closed':
      return fail('ORDER_NOT_PENDING');
    case 'person_limit':
      return fail('PERSON_LIMIT', { details: { max: answer.max, have: answer.have } });
    case 'too_large':
      return fail('ORDER_TOO_LARGE', { details: { totalCents: answer.totalCents, maxCents: answer.maxCents } });
    case 'paid':
      return viewCheckout(ctx, { checkoutId });
    default:
  }
  if (answer.totalCents === 0 && answer.orderId) {
    // Its confirmation costs nobody anything, and goes to whatever address was typed.
    const { email, emailVerified } = ctx.actor;
    const isProven = emailVerified && email.toLowerCase() === input.email.toLowerCase();
    const mail = { purpose: 'tickets', mailbox: input.email, address: ctx.ip } as const;
    if (!isProven && (await takeMail(ctx.services, mail)) !== null)
      await withholdMail(ctx.db.engine.sql, answer.orderId);
    const outcome = await completeOrder(ctx, { orderId: answer.orderId, paymentId: null, capturedCents: null });
    if (outcome === 'no_places') fail('HOLD_EXPIRED');
  }
  ctx.live.touch('order', checkoutId);
  ctx.live.touch('user', userId);
  const view = await viewCheckout(ctx, { checkoutId });
  if (answer.outcome === 'created') {
    recordAction(ctx, {
      userId,
      kind: 'order',
      eventId: view.event.id,
      detail: { orderId: answer.orderId, totalCents: view.totalCents },
    });
  }
  return view;
}
