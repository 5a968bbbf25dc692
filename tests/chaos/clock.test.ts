import { createTestApp, type TestApp } from '@liventix/server/testing';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';

const HOUR_MS = 3_600_000;
let app: TestApp;
beforeAll(async () => {
  app = await createTestApp({ feed: false, simulators: false, now: () => Date.now() + HOUR_MS });
});
afterAll(() => app?.close());

describe('a machine whose clock is an hour ahead', () => {
  it('tells people the time that holds expire by, and says that its own is off', async () => {
    const readyz = async () => (await fetch(`${app.url}/readyz`)).json();
    await vi.waitFor(async () => expect(await readyz()).toEqual({ ready: true, degraded: ['clock'] }), 20_000);
    const [row] = await app.admin<{ at: number }[]>`select extract(epoch from clock_timestamp())::float8 * 1000 as at`;
    const visitor = app.visitor();
    const socket = await visitor.socket();
    const told = [await socket.io.timeout(20_000).emitWithAck('clock:ask'), await visitor.api.live.now()];
    for (const now of told) expect(Math.abs(now - (row?.at ?? 0))).toBeLessThan(HOUR_MS / 4);
    socket.close();
  }, 60_000);
});
