import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { checkInvariants } from './invariants.ts';
import { type TestDatabase, testDatabase } from './testing.ts';

let test: TestDatabase;
let eventId: string;
let tierId: string;
let buyer: string;
beforeAll(async () => {
  test = await testDatabase();
  const { admin } = test;
  [{ id: buyer = '' } = { id: '' }] = await admin<
    { id: string }[]
  >`insert into auth.users (name, email) values ('Ada', 'ada@example.org') returning id`;
  [{ id: eventId = '' } = { id: '' }] = await admin<{ id: string }[]>`
    insert into events.events (title, owner_context_id, created_by, start_at, time_zone) values ('Kept', ${buyer}, ${buyer}, now() + interval '9 days', 'Europe/Berlin') returning id`;
  [{ id: tierId = '' } = { id: '' }] = await admin<{ id: string }[]>`
    insert into ticketing.ticket_tiers (event_id, name, price_cents, quantity) values (${eventId}, 'Floor', 1000, 1000) returning id`;
});
afterAll(() => test.drop());

let number = 0;
/** A paid order of two tickets, so many hours ago. */
async function sell(hoursAgo: number): Promise<string> {
  const [order] = await test.admin<{ id: string }[]>`
    insert into ticketing.orders (event_id, user_id, status, subtotal_cents, fees_cents, total_cents, captured_cents, paid_at)
    values (${eventId}, ${buyer}, 'paid', 2000, 100, 2100, 2100, clock_timestamp() - make_interval(hours => ${hoursAgo})) returning id`;
  const id = order?.id ?? '';
  await test.admin`insert into ticketing.order_items (order_id, tier_id, quantity, price_cents) values (${id}, ${tierId}, 2, 1000)`;
  for (let n = 0; n < 2; n++) {
    number++;
    await test.admin`insert into ticketing.tickets (order_id, event_id, tier_id, owner_user_id, qr_code, sequence_number)
      values (${id}, ${eventId}, ${tierId}, ${buyer}, ${`kept-${number}`}, ${number})`;
  }
  return id;
}
const KEPT = /^(kept totals|the kept curve)/;
const wrong = async () =>
  (await checkInvariants(test.admin)).filter((each) => KEPT.test(each.name) && each.violations > 0);
const fold = async () => {
  const [row] = await test.db.engine.sql<{ n: number }[]>`select ticketing.fold_event_totals() as n`;
  return row?.n ?? 0;
};
const read = async () => {
  const [row] = await test.admin<{ gross: number; paid: number; version: number }[]>`
    select sum(gross_cents)::int as gross, sum(paid_orders)::int as paid, sum(version)::int as version from (
      select gross_cents, paid_orders, version from ticketing.event_totals where event_id = ${eventId}
      union all select gross_cents, paid_orders, version from ticketing.event_changes where event_id = ${eventId}) x`;
  return row;
};

describe('the kept totals of an event', () => {
  it('are true before and after they are folded, however rows are written, moved in time, sent back or removed', async () => {
    const orders = [await sell(0), await sell(5), await sell(400)];
    expect(await wrong()).toEqual([]);
    expect(await read()).toMatchObject({ gross: 6300, paid: 3 });
    const before = await read();
    expect(await fold()).toBeGreaterThan(0);
    expect(await fold()).toBe(0);
    expect(await read()).toEqual(before);
    expect(await wrong()).toEqual([]);

    const steps: string[] = [
      `update ticketing.orders set paid_at = paid_at - interval '3 days' where id = '${orders[0]}'`,
      `update ticketing.tickets set status = 'redeemed' where sequence_number = 3`,
      `update ticketing.tickets set status = 'refunded' where sequence_number = 5`,
      `update ticketing.tickets set refunded_at = now() - interval '2 days' where sequence_number = 5`,
      `update ticketing.tickets set refunded_at = now() where sequence_number = 5`,
      `update ticketing.orders set refunded_cents = 1050 where id = '${orders[2]}'`,
      `update ticketing.tickets set status = 'refunded' where sequence_number = 6; update ticketing.orders set refunded_cents = 2100, status = 'refunded' where id = '${orders[2]}'`,
      `delete from ticketing.tickets where order_id = '${orders[1]}'`,
      `delete from ticketing.orders where id = '${orders[1]}'`,
      `update events.events set time_zone = 'Asia/Kathmandu' where id = '${eventId}'`,
    ];
    let version = before?.version ?? 0;
    for (const [index, step] of steps.entries()) {
      await test.admin.unsafe(step);
      if (index % 2) await fold();
      const now = await read();
      expect(now?.version, step).toBeGreaterThan(version);
      version = now?.version ?? 0;
      expect(await wrong(), step).toEqual([]);
    }
    expect(await read()).toMatchObject({ gross: 4200, paid: 2 });
  });

  it('keep the past: a refunded ticket is taken out of the hour it was refunded in, not out of the hour it was sold in', async () => {
    const curve = async () => {
      while (await fold());
      return test.admin<{ at: number; n: number }[]>`
        select extract(epoch from s.at)::int as at, s.tickets::int as n from ticketing.event_sales s
         where s.event_id = ${eventId} and s.width = 'minutes' and s.tickets <> 0 order by s.at`;
    };
    const id = await sell(50);
    const before = await curve();
    await test.admin`update ticketing.tickets set status = 'refunded', refunded_at = clock_timestamp() - interval '30 minutes' where order_id = ${id}`;
    const known = new Set(before.map(({ at }) => at));
    const after = await curve();
    expect(after.filter(({ at }) => known.has(at))).toEqual(before);
    expect(after.filter(({ at }) => !known.has(at)).map(({ n }) => n)).toEqual([-2]);
    expect(await wrong()).toEqual([]);
  });

  it('are written anew from the rows when they were wrong, and the version does not fall', async () => {
    await test.admin`update ticketing.event_totals set gross_cents = 1, admitted = 77, version = version + 50 where event_id = ${eventId}`;
    await test.admin`update ticketing.event_sales set tickets = tickets + 1 where event_id = ${eventId}`;
    expect((await wrong()).length).toBe(2);
    const before = await read();
    await test.db.engine.sql`select ticketing.rebuild_event_totals(${eventId})`;
    expect(await wrong()).toEqual([]);
    expect((await read())?.version).toBeGreaterThan(before?.version ?? 0);
  });
});
