import { defineConfig } from 'vitest/config';

// Nothing is timed here: a limit only ends what hangs, also on a machine that does three other things.
const slow = { testTimeout: 120_000, hookTimeout: 180_000 };

/**
 * Four kinds of tests, chosen with `--project`:
 * - database: packages/db, the server, and what crosses the system (races, chaos, attacks, start, upgrade), on a real PostgreSQL
 * - nodes: several servers, Redis, a proxy, and the files of deploy/; says so when redis-server or nginx is not there
 * - web: everything that needs no database
 * - browser: tests/e2e, in the Chromium that npm ships
 */
export default defineConfig({
  test: {
    maxWorkers: 2,
    projects: [
      {
        test: {
          name: 'database',
          include: [
            'packages/db/src/**/*.test.ts',
            'apps/server/src/**/*.test.{ts,tsx}',
            'tests/{races,chaos,load,start,upgrade,attacks}/**/*.test.ts',
          ],
          globalSetup: ['tests/global-setup.ts'],
          pool: 'forks',
          ...slow,
        },
      },
      {
        test: {
          name: 'nodes',
          include: ['tests/nodes/**/*.test.ts'],
          globalSetup: ['tests/global-setup.ts'],
          pool: 'forks',
          ...slow,
        },
      },
      {
        resolve: { alias: { '~': new URL('./apps/web/app', import.meta.url).pathname } },
        test: {
          name: 'web',
          include: [
            'apps/web/app/**/*.test.{ts,tsx}',
            'apps/simulators/src/**/*.test.ts',
            'packages/contracts/src/**/*.test.ts',
          ],
          testTimeout: 60_000,
        },
      },
      {
        test: {
          name: 'browser',
          include: ['tests/e2e/**/*.test.ts'],
          globalSetup: ['tests/e2e/global-setup.ts'],
          pool: 'forks',
          fileParallelism: false,
          testTimeout: 120_000,
          hookTimeout: 180_000,
        },
      },
    ],
  },
});
