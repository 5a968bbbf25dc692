import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest';
import { createTestApp, type TestApp, type Visitor } from '../../testing/index.ts';
import { makeReadyEvent, makeTeam, type Team } from '../organizer/organizer.test-data.ts';

let app: TestApp;
let team: Team;
let staff: Visitor;
beforeAll(async () => {
  app = await createTestApp({ simulators: false });
  team = await makeTeam(app);
  staff = await app.signUp({ name: 'Kim Aldous', verified: true, role: 'admin', secondFactor: true });
}, 60_000);
afterAll(() => app?.close());
beforeEach(() => app.services.limits.clear());

it('does not exist for anybody but the platform staff', async () => {
  for (const other of [app.visitor(), await app.guest(), team.owner, team.stranger])
    await expect(other.api.health.all()).rejects.toMatchObject({ code: 'NOT_FOUND' });
});

it('says that everything holds, then names the event that drifted first', async () => {
  const { orgId, owner } = team;
  const sick = await makeReadyEvent(owner, { orgId });
  await owner.api.organizer.publish({ eventId: sick.eventId });
  const well = await makeReadyEvent(owner, { orgId });
  expect(await staff.api.health.all()).toMatchObject({ count: 2, ailing: 0 });

  await app.admin`update ticketing.ticket_tiers set issued_quantity = issued_quantity + 1 where id = ${sick.tierIds[0] ?? ''}`;
  const { events, count, ailing } = await staff.api.health.all();
  expect([count, ailing]).toEqual([2, 1]);
  expect(events.map(({ eventId, score }) => [eventId, score])).toEqual([
    [sick.eventId, 80],
    [well.eventId, 100],
  ]);
  expect(events[0]).toMatchObject({
    host: expect.stringContaining('Nordlicht'),
    slug: expect.any(String),
    startAt: expect.any(Date),
    findings: [{ sentence: 'One ticket type counts differently from its tickets and holds.' }],
  });
  // A draft has no page that staff could open.
  expect(events[1]?.slug).toBeNull();
});

it('counts jobs and webhooks that wait and those that were given up', async () => {
  const before = await staff.api.health.all();
  await app.admin`insert into ticketing.webhook_events (id, type, payload, last_error) values ('evt_stuck', 'x', '{}', 'no such order'), ('evt_new', 'x', '{}', null)`;
  await app.admin`select graphile_worker.add_job('refunds.send', '{}', run_at => now() + interval '1 day', job_key => 'later')`;
  await app.admin`select graphile_worker.add_job('refunds.send', '{}', run_at => now() + interval '1 day', job_key => 'lost', max_attempts => 1)`;
  await app.admin`update graphile_worker._private_jobs set attempts = 1 where key = 'lost'`;
  const { webhooks, jobs } = await staff.api.health.all();
  expect(webhooks).toEqual({ waiting: before.webhooks.waiting + 2, failed: before.webhooks.failed + 1 });
  expect(jobs.failed).toBe(before.jobs.failed + 1);
});
