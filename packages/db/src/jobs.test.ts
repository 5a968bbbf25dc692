import { Logger, run as startRunner } from 'graphile-worker';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type TestDatabase, testDatabase } from './testing.ts';

let test: TestDatabase;
beforeAll(async () => {
  test = await testDatabase();
  await test.db.engine.sql`insert into jobs.tasks (name) values ('test.note') on conflict do nothing`;
});
afterAll(() => test.drop());

describe('jobs.enqueue', () => {
  it('happens if and only if the transaction around it commits, and the engine runs it', async () => {
    const seen: unknown[] = [];
    let arrived = (): void => {};
    const first = new Promise<void>((resolve) => {
      arrived = resolve;
    });
    const runner = await startRunner({
      connectionString: test.urls.engine,
      logger: new Logger(() => () => {}),
      noHandleSignals: true,
      pollInterval: 500,
      taskList: {
        'test.note': async (payload) => {
          seen.push(payload);
          arrived();
        },
      },
    });
    await expect(
      test.db.engine.transaction(async (_tx, sql) => {
        await sql`select jobs.enqueue('test.note', ${sql.json({ n: 1 })})`;
        throw new Error('rolled back');
      }),
    ).rejects.toThrow('rolled back');
    await test.db.engine.transaction((_tx, sql) => sql`select jobs.enqueue('test.note', ${sql.json({ n: 2 })})`);
    await first;
    await runner.stop();
    expect(seen).toEqual([{ n: 2 }]);
  });

  it('refuses a task that is not in the catalogue', async () => {
    await expect(test.db.engine.sql`select jobs.enqueue('test.unknown')`).rejects.toThrow('JOB_UNKNOWN');
  });

  it('is closed to people', async () => {
    await expect(test.db.api.asPerson(null, (_tx, sql) => sql`select jobs.enqueue('test.note')`)).rejects.toMatchObject(
      { code: '42501' },
    );
  });
});
