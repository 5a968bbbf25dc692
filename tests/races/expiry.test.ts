import crypto from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type BoxOffice, openBoxOffice, type Stage, stock } from './box-office.ts';

let office: BoxOffice;
beforeAll(async () => {
  office = await openBoxOffice(16);
});
afterAll(() => office.close());

async function hold(stage: Stage, quantity: number, buyer?: string) {
  const userId = buyer ?? ((await office.people(1))[0] as string);
  const tierId = stage.tierIds[0] as string;
  const checkoutId = crypto.randomUUID();
  const [answer] = await office.reserve([{ checkoutId, userId, lines: [{ tierId, quantity }] }]);
  return { userId, tierId, checkoutId, answer };
}
const extend = async (checkoutId: string, userId: string) => {
  const [row] = await office.sql`select ticketing.extend_checkout(${checkoutId}, ${userId}) as answer`;
  return row?.answer;
};
const holds = (checkoutId: string) => office.test.admin`
  select status, expires_at = created_at + interval '20 minutes' as at_its_end, paused_seconds from ticketing.ticket_holds where checkout_id = ${checkoutId}`;

describe('expiry', () => {
  it('frees each place exactly once with eight workers, in bounded batches', async () => {
    const stages = await Promise.all(Array.from({ length: 6 }, () => office.stage([{ quantity: 30 }])));
    for (const stage of stages) {
      const buyers = await office.people(10);
      await office.reserve(
        buyers.map((userId) => ({
          checkoutId: crypto.randomUUID(),
          userId,
          lines: [{ tierId: stage.tierIds[0] as string, quantity: 3 }],
        })),
      );
    }
    await office.test
      .admin`update ticketing.ticket_holds set expires_at = clock_timestamp() - interval '1 second' where status = 'active'`;
    let freed = 0;
    for (let idle = false; !idle; ) {
      const rows = (
        await Promise.all(
          Array.from(
            { length: 8 },
            () => office.sql`select before - after as n from public.cleanup_expired_ticket_holds(null, false, 12)`,
          ),
        )
      ).flat();
      for (const row of rows) freed += row.n;
      idle = rows.length === 0;
    }
    expect(freed).toBe(180);
    for (const stage of stages)
      expect(await stock(office.sql, stage.tierIds[0] as string)).toMatchObject({ free: 30, reserved: 0 });
    await office.expectSound();
  });

  it('and payment of the same hold: one of them has it, never both', async () => {
    for (let round = 0; round < 25; round++) {
      const stage = await office.stage([{ quantity: 2 }]);
      const { checkoutId, userId, tierId } = await hold(stage, 2);
      const { orderId, totalCents } = await office.order(checkoutId, userId);
      await office.lapse(checkoutId);
      const sweep = () => office.sql`select * from public.cleanup_expired_ticket_holds(${stage.eventId})`;
      const pay = () => office.complete(orderId, totalCents);
      const [paid] = round % 2 ? await Promise.all([pay(), sweep()]) : (await Promise.all([sweep(), pay()])).reverse();
      expect(paid).toMatchObject({ outcome: 'reacquired' });
      expect(await stock(office.sql, tierId)).toMatchObject({ free: 0, reserved: 0, issued: 2 });
    }
    await office.expectSound();
  });

  it('is the instant: a hold whose time passed cannot be paid, extended, replaced or ordered, though nothing swept it', async () => {
    const stage = await office.stage([{ quantity: 5 }]);
    const { checkoutId, userId, tierId } = await hold(stage, 1);
    const { orderId } = await office.order(checkoutId, userId);
    await office.lapse(checkoutId);
    expect((await extend(checkoutId, userId)).outcome).toBe('ended');
    const [begun] = await office.sql`select ticketing.begin_payment(${orderId}, ${userId}) as answer`;
    expect(begun?.answer.outcome).toBe('hold_expired');
    expect((await office.order(checkoutId, userId)).outcome).toBe('hold_expired');
    const [replaced] = await office.reserve([
      { checkoutId: crypto.randomUUID(), userId, lines: [{ tierId, quantity: 2 }], replaces: checkoutId },
    ]);
    expect(replaced?.outcome).toBe('replaced_ended');
    const [again] = await office.reserve([{ checkoutId, userId, lines: [{ tierId, quantity: 1 }] }]);
    expect(again).toMatchObject({ outcome: 'ended' });
    expect((await holds(checkoutId))[0]?.status).toBe('active');
  });

  it('never makes a false "sold out": a full tier frees its lapsed holds before it refuses', async () => {
    const stage = await office.stage([{ quantity: 2 }]);
    const lost = await hold(stage, 2);
    expect((await hold(stage, 1)).answer).toMatchObject({ outcome: 'all_in_checkout' });
    await office.lapse(lost.checkoutId);
    expect((await hold(stage, 2)).answer).toMatchObject({ outcome: 'held' });
    expect((await holds(lost.checkoutId))[0]?.status).toBe('expired');
    await office.expectSound();
  });

  it('twice on one event makes the third checkout wait two minutes, three times ten', async () => {
    const stage = await office.stage([{ quantity: 5 }]);
    const [userId] = (await office.people(1)) as [string];
    const lose = async () => {
      const { checkoutId, answer } = await hold(stage, 1, userId);
      expect(answer).toMatchObject({ outcome: 'held' });
      await office.lapse(checkoutId);
      await office.sql`select * from public.cleanup_expired_ticket_holds(${stage.eventId})`;
    };
    const waits = async () => {
      const [row] = await office.test.admin`select extract(epoch from clock_timestamp()) * 1000 as now`;
      const { answer } = await hold(stage, 1, userId);
      return answer?.outcome === 'cooling_down'
        ? Math.round((Number(answer.detail.until) - Number(row?.now)) / 1000)
        : answer?.outcome;
    };
    const age = (seconds: number) => office.test.admin`
      update ticketing.hold_lapses set created_at = created_at - make_interval(secs => ${seconds}) where user_id = ${userId}`;
    await lose();
    await lose();
    expect(await waits()).toBe(120);
    await age(121);
    await lose();
    expect(await waits()).toBe(600);
    await age(601);
    expect(await waits()).toBe('held');
  });

  it('is put off once, by five minutes, and never past twenty', async () => {
    const stage = await office.stage([{ quantity: 5 }]);
    const { checkoutId, userId } = await hold(stage, 1);
    const answers = await Promise.all(Array.from({ length: 8 }, () => extend(checkoutId, userId)));
    expect(answers.map((answer) => answer.outcome).sort()).toEqual([...Array(7).fill('already'), 'extended']);
    expect((await holds(checkoutId))[0]?.at_its_end).toBe(true);
    await expect(
      office.sql`update ticketing.ticket_holds set expires_at = expires_at + interval '1 second' where checkout_id = ${checkoutId}`,
    ).rejects.toThrow('hold_length');
    expect((await extend(checkoutId, (await office.people(1))[0] as string)).outcome).toBe('unknown');
  });

  it('is put off by itself when payment starts with less than five minutes left, and payment does not start in the last ten seconds', async () => {
    const stage = await office.stage([{ quantity: 5 }]);
    const begin = async (leftSeconds: number) => {
      const { checkoutId, userId } = await hold(stage, 1);
      const { orderId } = await office.order(checkoutId, userId);
      await office.test.admin`update ticketing.ticket_holds
        set created_at = clock_timestamp() - interval '15 minutes' + make_interval(secs => ${leftSeconds}), expires_at = clock_timestamp() + make_interval(secs => ${leftSeconds})
        where checkout_id = ${checkoutId}`;
      const [row] =
        await office.sql`select ticketing.begin_payment(${orderId}, ${userId}) as answer, extract(epoch from clock_timestamp()) * 1000 as now`;
      const left = Math.round((Number(row?.answer.expiresAt) - Number(row?.now)) / 1000);
      return [row?.answer.outcome, Number.isNaN(left) ? null : left];
    };
    expect(await begin(600)).toEqual(['ready', 600]);
    expect(await begin(120)).toEqual(['ready', 420]);
    expect(await begin(8)).toEqual(['too_late', null]);
  });

  describe('of a hold whose sale is paused', () => {
    interface Paused {
      stage: Stage;
      checkoutId: string;
      userId: string;
      tierId: string;
      /** Pauses or resumes the tier, or the whole event. */
      pause(paused: boolean, of?: 'tier' | 'event'): Promise<boolean>;
      /** Lets time pass for the hold and its pauses. */
      pass(minutes: number): Promise<void>;
      /** Minutes until it lapses. */
      left(): Promise<number>;
      /** By how many minutes it was put off. */
      stretch(): Promise<number>;
    }

    async function begin(): Promise<Paused> {
      const stage = await office.stage([{ quantity: 5 }, { quantity: 5 }]);
      const { checkoutId, userId, tierId } = await hold(stage, 1);
      const read = async () => {
        const [row] = await office.test.admin`
          select round(extract(epoch from expires_at - clock_timestamp()) / 60)::int as left,
                 round(extract(epoch from expires_at - created_at) / 60)::int - 15 as stretch, paused_seconds / 60.0 as told
          from ticketing.ticket_holds where checkout_id = ${checkoutId}`;
        return row as { left: number; stretch: number; told: string };
      };
      return {
        stage,
        checkoutId,
        userId,
        tierId,
        pause: async (paused, of = 'tier') => {
          const [row] = await office.sql`
            select ticketing.pause_sales(${stage.eventId}, ${of === 'tier' ? tierId : null}, ${paused}) as changed`;
          return row?.changed;
        },
        pass: async (minutes) => {
          await office.test.admin`
            update ticketing.ticket_tiers set paused_at = paused_at - make_interval(mins => ${minutes}) where id = ${tierId}`;
          await office.test.admin`
            update events.events set sales_paused_at = sales_paused_at - make_interval(mins => ${minutes}) where id = ${stage.eventId}`;
          await office.test.admin`
            update ticketing.ticket_holds set created_at = created_at - make_interval(mins => ${minutes}),
                   expires_at = expires_at - make_interval(mins => ${minutes}), paused_since = paused_since - make_interval(mins => ${minutes})
            where checkout_id = ${checkoutId}`;
        },
        left: async () => (await read()).left,
        stretch: async () => {
          const { stretch, told } = await read();
          expect(Math.round(Number(told))).toBe(stretch);
          return stretch;
        },
      };
    }

    it('waits as long, and what was not used of the thirty minutes is given back', async () => {
      const { stage, pause, pass, left, userId, checkoutId, tierId } = await begin();
      await pause(true);
      expect((await hold(stage, 1)).answer).toMatchObject({ outcome: 'paused' });
      expect(await left()).toBe(45);
      await pass(7);
      await pause(false);
      expect(await left()).toBe(15);
      // a replaced checkout keeps its time, the pause's length included
      const [replaced] = await office.reserve([
        { checkoutId: crypto.randomUUID(), userId, lines: [{ tierId, quantity: 2 }], replaces: checkoutId },
      ]);
      expect(replaced?.outcome).toBe('held');
      await office.expectSound();
    });

    it('is put off by all its pauses together, a second one takes nothing of the first back', async () => {
      const { pause, pass, left, stretch } = await begin();
      for (const [minutes, all] of [
        [7, 7],
        [5, 12],
        [0, 12],
        [10, 22],
      ] as const) {
        await pause(true);
        expect(await stretch()).toBe(30);
        await pass(minutes);
        await pause(false);
        expect(await stretch()).toBe(all);
        expect(await left()).toBe(15);
      }
      await pause(true);
      await pass(20);
      await pause(false);
      expect(await stretch()).toBe(30);
      expect(await left()).toBe(3);
      await pause(true);
      expect(await left()).toBe(3);
      await office.expectSound();
    });

    it('is put off once where the pause of the tier and the pause of the event overlap', async () => {
      const { pause, pass, left, stretch } = await begin();
      expect(await pause(true, 'tier')).toBe(true);
      await pass(4);
      expect(await pause(true, 'event')).toBe(true);
      await pass(3);
      expect(await pause(false, 'tier')).toBe(true);
      expect(await stretch()).toBe(30); // the event is still paused
      await pass(2);
      expect(await pause(false, 'event')).toBe(true);
      expect(await stretch()).toBe(9);
      expect(await left()).toBe(15);
      await pause(true, 'event');
      await pause(true, 'tier');
      await pass(1);
      await pause(false, 'event');
      expect(await stretch()).toBe(30); // the tier is still paused
      await pass(1);
      await pause(false, 'tier');
      expect(await stretch()).toBe(11);
      await office.expectSound();
    });

    it('has one clock over all its tiers: it stands while any of them is paused, and lapses as a whole', async () => {
      const { stage, pause } = await begin();
      const [paused, other] = stage.tierIds as [string, string];
      const [userId] = await office.people(1);
      const checkoutId = crypto.randomUUID();
      const lines = [
        { tierId: paused, quantity: 1 },
        { tierId: other, quantity: 1 },
      ];
      await office.reserve([{ checkoutId, userId: userId as string, lines }]);
      const clocks = async (): Promise<number[]> => {
        const rows = await office.test.admin<{ left: number }[]>`
          select distinct round(extract(epoch from expires_at - clock_timestamp()) / 60)::int as left
            from ticketing.ticket_holds where checkout_id = ${checkoutId} and status = 'active'`;
        return rows.map((row) => row.left);
      };
      await pause(true);
      expect(await clocks()).toEqual([45]);
      await office.sql`select ticketing.pause_sales(${stage.eventId}, ${other}, true)`;
      await office.test.admin`
        update ticketing.ticket_holds set created_at = created_at - interval '7 minutes', expires_at = expires_at - interval '7 minutes',
               paused_since = paused_since - interval '7 minutes' where checkout_id = ${checkoutId}`;
      await pause(false);
      expect(await clocks()).toEqual([38]); // the other tier is still paused
      await office.sql`select ticketing.pause_sales(${stage.eventId}, ${other}, false)`;
      expect(await clocks()).toEqual([15]);
      await office.expectSound();
    });

    it('takes the pause so far along, and no more, to another tier', async () => {
      const { stage, pause, pass, userId, checkoutId } = await begin();
      await pause(true);
      await pass(6);
      const other = crypto.randomUUID();
      const [replaced] = await office.reserve([
        {
          checkoutId: other,
          userId,
          lines: [{ tierId: stage.tierIds[1] as string, quantity: 1 }],
          replaces: checkoutId,
        },
      ]);
      expect(replaced?.outcome).toBe('held');
      const [moved] = await office.test.admin`
        select round(extract(epoch from expires_at - clock_timestamp()) / 60)::int as left, round(paused_seconds / 60.0)::int as paused, paused_since
        from ticketing.ticket_holds where checkout_id = ${other}`;
      expect(moved).toEqual({ left: 15, paused: 6, paused_since: null });
      await office.expectSound();
    });
  });

  it('of one tier whose counter is wrong does not stop the others, and is an alarm', async () => {
    const broken = await office.stage([{ quantity: 5 }]);
    const fine = await office.stage([{ quantity: 5 }]);
    const lost = await hold(broken, 2);
    const other = await hold(fine, 2);
    await office.lapse(lost.checkoutId);
    await office.lapse(other.checkoutId);
    await office.test.admin`update ticketing.ticket_tiers set reserved_quantity = 1 where id = ${lost.tierId}`;
    await office.sql`select * from public.cleanup_expired_ticket_holds()`;
    expect(await stock(office.sql, other.tierId)).toMatchObject({ reserved: 0 });
    expect((await holds(lost.checkoutId))[0]?.status).toBe('active');
    const [health] =
      await office.sql`select tiers_drifted from ticketing.event_health where event_id = ${broken.eventId}`;
    expect(health?.tiers_drifted).toBe(1);
    await office.sql`select * from ticketing.reconcile_event_tickets(${broken.eventId}, false)`;
    expect(await stock(office.sql, lost.tierId)).toMatchObject({ free: 5, reserved: 0 });
    await office.expectSound();
  });

  it('closes the order of a lapsed checkout in a transaction of its own, and asks the provider to forget the payment', async () => {
    const stage = await office.stage([{ quantity: 5 }]);
    const { checkoutId, userId } = await hold(stage, 1);
    const { orderId } = await office.order(checkoutId, userId);
    await office.test.admin`update ticketing.orders set stripe_payment_intent_id = 'pi_open' where id = ${orderId}`;
    expect(await office.sql`select * from ticketing.cancel_lapsed_orders(${stage.eventId})`).toHaveLength(0);
    await office.lapse(checkoutId);
    await office.sql`select * from public.cleanup_expired_ticket_holds()`;
    const closed = await Promise.all(
      Array.from(
        { length: 4 },
        () => office.sql`select c as id from ticketing.cancel_lapsed_orders(${stage.eventId}) c`,
      ),
    );
    expect(closed.flat().map((row) => row.id)).toEqual([orderId]);
    expect(await office.jobs('payments.cancel-intent')).toEqual([{ orderId }]);
    await office.expectSound();
  });
});
