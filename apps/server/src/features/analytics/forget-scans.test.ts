import { afterAll, beforeAll, expect, it } from 'vitest';
import { createTestApp, type TestApp } from '../../testing/index.ts';
import { makeEvent, makeUser } from '../events/events.test-data.ts';
import { forgetScans } from './forget-scans.ts';

let app: TestApp;
beforeAll(async () => {
  app = await createTestApp({ simulators: false });
}, 60_000);
afterAll(() => app?.close());

it('scans at the door are forgotten a year after the event, and no sooner', async () => {
  const scanner = await makeUser(app.admin);
  const old = await makeEvent(app.admin, { startIn: '-367 days' });
  const recent = await makeEvent(app.admin, { startIn: '-364 days' });
  for (const { id } of [old, recent])
    await app.admin`insert into analytics.scan_logs (event_id, outcome, scanned_by) values (${id}, 'forged', ${scanner})`;
  expect(await forgetScans(app.work())).toBe(false);
  const kept = await app.admin<{ id: string }[]>`select event_id as id from analytics.scan_logs`;
  expect(kept.map((row) => row.id)).toEqual([recent.id]);
});
