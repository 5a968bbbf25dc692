import { setImmediate as nextTurn } from 'node:timers/promises';
import { freePort } from '@liventix/db/embedded';
import { afterAll, beforeAll, describe, expect, it, onTestFinished, vi } from 'vitest';
import { createTestApp, type TestApp } from '../testing/index.ts';
import { createRateLimits } from './rate-limits.ts';

const TRIES = { name: 'tries', points: 3, perSeconds: 60 };

it('counts each key for itself, and says how long to wait', async () => {
  const limits = createRateLimits();
  for (let i = 0; i < 3; i++) expect(await limits.take(TRIES, 'mara')).toBeNull();
  expect(await limits.take(TRIES, 'mara')).toBeGreaterThan(50);
  expect(await limits.take(TRIES, 'ines')).toBeNull();
  expect(await limits.take({ ...TRIES, name: 'others' }, 'mara')).toBeNull();
});

it('counts anew when the window of a key is over, which begins with its first try', async () => {
  vi.useFakeTimers({ toFake: ['performance'] });
  onTestFinished(() => void vi.useRealTimers());
  const limits = createRateLimits();
  for (let i = 0; i < 3; i++) expect(await limits.take(TRIES, 'mara')).toBeNull();
  vi.advanceTimersByTime(30_000);
  expect(await limits.take(TRIES, 'mara')).toBe(30);
  expect(await limits.take(TRIES, 'ines')).toBeNull();
  vi.advanceTimersByTime(30_001);
  for (let i = 0; i < 3; i++) expect(await limits.take(TRIES, 'mara')).toBeNull();
  expect(await limits.take(TRIES, 'ines', 2)).toBeNull();
  expect(await limits.take(TRIES, 'ines')).toBe(30);
  vi.advanceTimersByTime(40_000);
  expect(await limits.take(TRIES, 'ines', 3)).toBeNull();
});

it('counts one key as one, however long it is', async () => {
  const limits = createRateLimits();
  const long = 'x'.repeat(14_000);
  for (let i = 0; i < 3; i++) expect(await limits.take(TRIES, `${long}a`)).toBeNull();
  expect(await limits.take(TRIES, `${long}a`)).toBeGreaterThan(0);
  expect(await limits.take(TRIES, `${long}b`)).toBeNull();
});

describe('a server whose Redis nobody answers for', () => {
  let app: TestApp;
  beforeAll(async () => {
    app = await createTestApp({ simulators: false, env: { REDIS_URL: `redis://127.0.0.1:${await freePort()}` } });
  });
  afterAll(() => app?.close());

  it('is ready, and says that it is degraded', async () => {
    const response = await app.visitor().fetch('/readyz');
    expect([response.status, await response.json()]).toEqual([200, { ready: true, degraded: ['redis'] }]);
  });

  it('keeps its limits by itself', async () => {
    for (let i = 0; i < 3; i++) expect(await app.services.limits.take(TRIES, 'mara')).toBeNull();
    expect(await app.services.limits.take(TRIES, 'mara')).toBeGreaterThan(0);
  });

  it('ends without a rejection that nobody handles', async () => {
    const unhandled: unknown[] = [];
    const hear = (reason: unknown) => void unhandled.push(reason);
    process.on('unhandledRejection', hear);
    onTestFinished(() => void process.off('unhandledRejection', hear));
    await app.close();
    for (let turn = 0; turn < 3; turn++) await nextTurn();
    expect(unhandled).toEqual([]);
  });
});
