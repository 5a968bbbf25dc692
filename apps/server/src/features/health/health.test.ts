import { afterAll, beforeAll, expect, it } from 'vitest';
import { createTestApp, type TestApp } from '../../testing/index.ts';
import { breakEvent } from '../demo/demo.sql.ts';
import { buy, makeReadyEvent, makeTeam, type Team } from '../organizer/organizer.test-data.ts';

let app: TestApp;
let team: Team;
beforeAll(async () => {
  app = await createTestApp({ simulators: false, env: { DEMO: true } });
  team = await makeTeam(app);
}, 60_000);
afterAll(() => app?.close());

it('the incident is told in sentences, healed once, and then sells its 89 places and not one more', async () => {
  const { owner } = team;
  const { eventId, tierIds } = await makeReadyEvent(owner, {
    orgId: team.orgId,
    tiers: [{ name: 'General', priceCents: 2500, quantity: 100 }],
  });
  await owner.api.organizer.publish({ eventId });
  const tierId = tierIds[0] ?? '';
  for (let n = 0; n < 11; n++) await buy(app, eventId, [{ tierId, quantity: 1 }], `Buyer ${n}`);
  const crowd = await app.admin<{ id: string; email: string; name: string }[]>`
    insert into auth.users (name, email) select 'Crowd ' || n, 'crowd' || n || '@example.test' from generate_series(1, 140) n returning id, email, name`;
  app.services.switches.sweeping = false;
  await app.db.engine.transaction((_tx, sql) => breakEvent(sql, eventId, tierId, crowd));

  const sick = await owner.api.organizer.health({ eventId });
  expect(sick.findings.map(({ code, count }) => [code, count])).toEqual([
    ['lapsed_holds', 90],
    ['stale_pending_orders', 24],
    ['paid_orders_without_tickets', 1],
  ]);
  expect(sick.findings[0]?.sentence).toBe('90 places are kept by 90 checkouts whose time ran out.');
  expect(sick.score).toBeLessThan(50);

  const dry = await owner.api.organizer.reconcile({ eventId, dryRun: true });
  expect(dry.rows.every((row) => !row.done)).toBe(true);
  expect((await owner.api.organizer.health({ eventId })).findings).toEqual(sick.findings);
  expect(app.services.switches.sweeping).toBe(false);

  const healed = await owner.api.organizer.reconcile({ eventId, dryRun: false });
  expect(healed.rows.map(({ what, before, after }) => [what, before, after])).toEqual(
    dry.rows.map(({ what, before, after }) => [what, before, after]),
  );
  const of = (what: string) => healed.rows.filter((row) => row.what === what && row.done);
  expect(of('tier.lapsed_places_freed').map(({ before, after }) => [before, after])).toEqual([['90', '0']]);
  expect(of('order.tickets_issued')).toHaveLength(1);
  expect(of('order.status')).toHaveLength(24);
  expect(healed.health).toMatchObject({ score: 100, findings: [] });
  expect(app.services.switches.sweeping).toBe(true);
  expect((await owner.api.organizer.reconcile({ eventId, dryRun: false })).rows).toEqual([]);

  const { tiers } = await owner.api.organizer.event({ eventId });
  expect(tiers[0]).toMatchObject({ quantity: 100, issued: 11, reserved: 0 });
  for (let left = 89; left > 0; left -= 10) await buy(app, eventId, [{ tierId, quantity: Math.min(10, left) }]);
  await expect(buy(app, eventId, [{ tierId, quantity: 1 }])).rejects.toMatchObject({ code: 'TIER_SOLD_OUT' });
  expect((await owner.api.organizer.health({ eventId })).findings).toEqual([]);
}, 60_000);
