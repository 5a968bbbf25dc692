import { afterAll, beforeAll, expect, it } from 'vitest';
import { createTestApp, type TestApp } from '../../testing/index.ts';
import { buy, makeReadyEvent, makeTeam } from '../organizer/organizer.test-data.ts';
import { rollUpHours } from './roll-up-hours.ts';

let app: TestApp;
beforeAll(async () => {
  app = await createTestApp({ simulators: false });
}, 60_000);
afterAll(() => app?.close());

const untilDone = async () => {
  let rounds = 1;
  while (await rollUpHours(app.work())) rounds++;
  return rounds;
};

it('hours hold exactly what the orders say, however often they are written', async () => {
  expect(await rollUpHours(app.work())).toBe(false);
  const team = await makeTeam(app);
  const { eventId, tierIds } = await makeReadyEvent(team.owner, {
    tiers: [{ name: 'A', priceCents: 1850, quantity: 50 }],
  });
  await team.owner.api.organizer.publish({ eventId });
  const bought = [];
  for (let n = 1; n <= 4; n++) bought.push(await buy(app, eventId, [{ tierId: tierIds[0] ?? '', quantity: n }]));
  await app.admin`insert into analytics.page_views (event_id, path) select ${eventId}, '/e/x' from generate_series(1, 7)`;
  // Two of them were three weeks ago: the roll-up catches up week by week.
  const old = bought.slice(0, 2).map((order) => order.orderId);
  await app.admin`update ticketing.orders set paid_at = clock_timestamp() - interval '21 days', created_at = clock_timestamp() - interval '21 days' where id = any (${old}::uuid[])`;
  const fresh = await createTestApp({ simulators: false, database: app.database });
  try {
    let rounds = 1;
    while (await rollUpHours(fresh.work())) rounds++;
    expect(rounds).toBeGreaterThan(2);
    await untilDone();
    const [sum] = await app.admin<Record<string, number>[]>`
      select sum(m.views)::int as views, sum(m.orders)::int as orders, sum(m.tickets)::int as tickets, sum(m.gross_cents)::int as gross, count(*)::int as hours
        from analytics.event_metrics m where m.event_id = ${eventId}`;
    expect(sum).toMatchObject({
      views: 7,
      orders: 4,
      tickets: 10,
      gross: bought.reduce((cents, order) => cents + order.totalCents, 0),
    });
    expect((await team.owner.api.organizer.dashboard({ eventId })).today.views).toBe(7);
  } finally {
    await fresh.close();
  }
}, 60_000);
