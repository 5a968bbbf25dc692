import crypto from 'node:crypto';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { type BoxOffice, openBoxOffice, type Stage, stock } from './box-office.ts';

let office: BoxOffice;
beforeAll(async () => {
  office = await openBoxOffice(16);
});
afterAll(() => office.close());
afterEach(() => office.expectSound());

async function hold(stage: Stage, quantity = 1, tier = 0) {
  const [userId] = (await office.people(1)) as [string];
  const checkoutId = crypto.randomUUID();
  const lines = [{ tierId: stage.tierIds[tier] as string, quantity }];
  const [answer] = await office.reserve([{ checkoutId, userId, lines }]);
  return { userId, checkoutId, answer };
}

/** Leaves a checkout this many seconds. */
const leave = (checkoutId: string, seconds: number) => office.test.admin`
  update ticketing.ticket_holds set expires_at = clock_timestamp() + make_interval(secs => ${seconds})
   where checkout_id = ${checkoutId} and status = 'active'`;

const statusOf = async (checkoutId: string) => {
  const [row] = await office.test.admin<
    { status: string }[]
  >`select status from ticketing.ticket_holds where checkout_id = ${checkoutId}`;
  return row?.status;
};

async function pays({ checkoutId, userId }: { checkoutId: string; userId: string }): Promise<string> {
  const { orderId, totalCents } = await office.order(checkoutId, userId);
  return (await office.complete(orderId, totalCents)).outcome;
}

describe('a living hold with seconds left', () => {
  it('is spared by every sweep and by a request that finds its tier full', async () => {
    const stage = await office.stage([{ quantity: 3 }]);
    const tierId = stage.tierIds[0] as string;
    const living = await hold(stage, 1);
    const lapsed = await hold(stage, 2);
    await leave(living.checkoutId, 20);
    await office.lapse(lapsed.checkoutId);
    // The request frees what has lapsed and nothing else: two places, not three.
    expect((await hold(stage, 3)).answer).toMatchObject({ outcome: 'not_enough', detail: { free: 2 } });
    await office.sql`select * from public.cleanup_expired_ticket_holds(${stage.eventId})`;
    await office.sql`select * from public.cleanup_expired_ticket_holds()`;
    expect(await stock(office.sql, tierId)).toMatchObject({ free: 2, reserved: 1 });
    expect(await statusOf(living.checkoutId)).toBe('active');
    expect(await statusOf(lapsed.checkoutId)).toBe('expired');
    expect((await hold(stage, 2)).answer).toMatchObject({ outcome: 'held' });
    expect((await hold(stage, 1)).answer).toMatchObject({ outcome: 'all_in_checkout' });
    expect(await pays(living)).toBe('completed');
  });

  it('is spared by healing, whatever is wrong around it, and pays afterwards', async () => {
    const stage = await office.stage([{ quantity: 10 }]);
    const tierId = stage.tierIds[0] as string;
    const brief = await hold(stage, 1);
    const fresh = await hold(stage, 2);
    const lapsed = await hold(stage, 3);
    await leave(brief.checkoutId, 20);
    await office.lapse(lapsed.checkoutId);
    await office.test.admin`update ticketing.ticket_tiers set reserved_quantity = 9 where id = ${tierId}`;
    await office.sql`select * from ticketing.reconcile_event_tickets(${stage.eventId}, false)`;
    await office.sql`select * from ticketing.reconcile_issued_quantity(${stage.eventId}, false)`;
    expect(await Promise.all([brief, fresh, lapsed].map(({ checkoutId }) => statusOf(checkoutId)))).toEqual([
      'active',
      'active',
      'expired',
    ]);
    expect(await stock(office.sql, tierId)).toMatchObject({ free: 7, reserved: 3 });
    expect(await pays(brief)).toBe('completed');
    expect(await pays(fresh)).toBe('completed');
  });
});

describe('orders of different tiers of one event', () => {
  it('complete at once: each has its tickets, and the numbers are the event’s, without a gap', async () => {
    for (let round = 0; round < 6; round++) {
      const stage = await office.stage(Array.from({ length: 8 }, () => ({ quantity: 10 })));
      const orders = await Promise.all(
        stage.tierIds.map(async (_tierId, tier) => {
          const { checkoutId, userId } = await hold(stage, 3, tier);
          return office.order(checkoutId, userId);
        }),
      );
      const answers = await Promise.all(orders.map(({ orderId, totalCents }) => office.complete(orderId, totalCents)));
      expect(answers.map(({ outcome }) => outcome)).toEqual(orders.map(() => 'completed'));
      const numbers = await office.test.admin<{ n: number }[]>`
        select sequence_number as n from ticketing.tickets where event_id = ${stage.eventId} order by 1`;
      expect(numbers.map(({ n }) => n)).toEqual(Array.from({ length: 24 }, (_, index) => index + 1));
    }
  });
});
