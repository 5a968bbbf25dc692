import { startTestServer } from '@liventix/db/testing';
import type { TestProject } from 'vitest/node';

/**
 * One PostgreSQL for the whole run, whichever projects ask for it: our own, thrown away at the end, or the one that
 * TEST_DATABASE_URL names (an administrator's address; CI gives Debian's PostgreSQL 15).
 */
export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  // Each project loads this file for itself: what they share hangs on the process.
  const shared = process as typeof process & { [RUN]?: Run };
  shared[RUN] ??= { users: 0, started: startTestServer(process.env.TEST_DATABASE_URL || undefined) };
  const run = shared[RUN];
  run.users++;
  const { server, stop } = await run.started;
  project.provide('liventixTestServer', server);
  return async () => {
    if (--run.users > 0) return;
    delete shared[RUN];
    await stop();
  };
}

const RUN = Symbol.for('liventix.test-run');

interface Run {
  users: number;
  started: ReturnType<typeof startTestServer>;
}
