import { afterAll, beforeAll, expect, it } from 'vitest';
import { ordersJobs } from '../../apps/server/src/features/orders/orders.jobs.ts';
import type { Job } from '../../apps/server/src/platform/jobs.ts';
import { headersOfMail } from '../../apps/server/src/platform/mailer.ts';
import { openTill, type Till } from './checkout-till.ts';

let till: Till;
beforeAll(async () => {
  till = await openTill();
});
afterAll(() => till.close());

const confirmationsTo = (email: string) => till.app.mails.filter((mail) => mail.to === email);
/** As a killed worker's job that runs again. */
const followAgain = async (orderIds: string[]) => {
  const follow = ordersJobs.find((job) => job.name === 'orders.after-payment');
  if (!follow) throw new Error('there is no such job');
  await (follow as unknown as Job<{ orderIds: string[] }>).handler(till.app.work(), { orderIds });
  await till.worked();
};

it('each confirmation is a job of its own: what follows a payment may run again, and only the mail in hand is repeated', async () => {
  const stage = await till.stage([{ quantity: 12 }]);
  const buyers = await Promise.all(Array.from({ length: 4 }, () => till.buyer()));
  const orderIds: string[] = [];
  for (const buyer of buyers) {
    const { orderId, intentId } = await till.pay(buyer, stage);
    till.sims.stripe.pay(intentId);
    orderIds.push(orderId);
  }
  await till.worked();
  await followAgain(orderIds);
  for (const { email } of buyers) expect(confirmationsTo(email)).toHaveLength(1);

  // Killed between sending the second one and writing that down.
  await till.app.admin`update ticketing.orders set confirmation_mailed_at = null where id = ${orderIds[1] ?? ''}`;
  await followAgain(orderIds);
  expect(buyers.map(({ email }) => confirmationsTo(email).length)).toEqual([1, 2, 1, 1]);
  expect(new Set(confirmationsTo(buyers[1]?.email ?? '').map((mail) => mail.about))).toEqual(
    new Set([`order-${orderIds[1]}`]),
  );
});

it('a mail has an id in the domain of its sender, and asks machines not to answer', () => {
  expect(headersOfMail('Liventix <tickets@liventix.example>', { about: 'order-1' })).toEqual({
    messageId: '<order-1@liventix.example>',
    headers: { 'Auto-Submitted': 'auto-generated' },
  });
  expect(headersOfMail('tickets@liventix.example', { about: 'order-1' }).messageId).toBe('<order-1@liventix.example>');
});
