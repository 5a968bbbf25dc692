import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import * as z from 'zod/mini';
import { createTestApp, type TestApp } from '../testing/index.ts';
import { asAnyJob, defineJob, enqueue, recoverCrashed, startTicker, startWorker } from './jobs.ts';

const done: string[] = [];
const waiting = new Set<() => void>();
const ran = (word: string) =>
  new Promise<void>((resolve) => {
    const check = () => {
      if (!done.includes(word)) return;
      waiting.delete(check);
      resolve();
    };
    waiting.add(check);
    check();
  });
const say = defineJob({
  name: 'tests.say',
  schema: z.object({ word: z.string() }),
  async handler(_ctx, { word }) {
    done.push(word);
    for (const check of [...waiting]) check();
  },
});

let app: TestApp;
beforeAll(async () => {
  app = await createTestApp({ feed: false, jobs: [asAnyJob(say)] });
});
afterAll(() => app?.close());
const start = () =>
  startWorker({ ctx: app.work(), jobs: [asAnyJob(say)], engineUrl: app.database.urls.engine, schedules: false });

describe('the queue', () => {
  it('runs a job if and only if its transaction committed', async () => {
    const [kept, lost] = [randomUUID(), randomUUID()];
    await app.db.engine.transaction((_tx, sql) => enqueue(sql, say, { word: kept }));
    await app.db.engine
      .transaction(async (_tx, sql) => {
        await enqueue(sql, say, { word: lost });
        throw new Error('rolled back');
      })
      .catch(() => {});
    const worker = await start();
    await ran(kept);
    await worker.stop();
    expect(done).not.toContain(lost);
  });

  it('keeps one job per key', async () => {
    const key = randomUUID();
    const runAt = new Date(Date.now() + 3_600_000);
    for (const word of ['a', 'b']) await enqueue(app.db.engine.sql, say, { word }, { key, runAt });
    const rows = await app.admin`select payload from graphile_worker._private_jobs where key = ${key}`;
    expect(rows.map((row) => row.payload)).toEqual([{ word: 'b' }]);
  });

  it('refuses a job that nobody knows', async () => {
    await expect(enqueue(app.db.engine.sql, { ...say, name: 'tests.unknown' }, { word: 'x' })).rejects.toThrow(
      /JOB_UNKNOWN/,
    );
  });

  it('frees the jobs of a worker whose heart stopped, and not those of a living one', async () => {
    const words = [randomUUID(), randomUUID()];
    for (const word of words) await enqueue(app.db.engine.sql, say, { word });
    await app.admin`insert into jobs.workers (worker_id) values ('living')`;
    await app.admin`
      update graphile_worker._private_jobs set locked_at = now() - interval '1 minute', attempts = 1,
             locked_by = case when payload->>'word' = ${words[0] as string} then 'killed' else 'living' end
       where payload->>'word' = any(${words})`;
    await recoverCrashed(app.db.engine.sql);
    const rows = await app.admin`
      select payload->>'word' as word, locked_by from graphile_worker._private_jobs where payload->>'word' = any(${words})`;
    expect(Object.fromEntries(rows.map((row) => [row.word, row.locked_by]))).toEqual({
      [words[0] as string]: null,
      [words[1] as string]: 'living',
    });
  });

  it('leaves no heartbeat behind when it stops cleanly', async () => {
    const worker = await start();
    await worker.stop();
    expect(await app.admin`select 1 from jobs.workers where worker_id <> 'living'`).toHaveLength(0);
  });
});

describe('a schedule', () => {
  it('goes on at once while there is more, survives a throw, and never runs twice at once', async () => {
    let calls = 0;
    let running = 0;
    let most = 0;
    await new Promise<void>((resolve) => {
      const ticker = startTicker({
        name: 'tests.tick',
        everyMs: 5,
        log: app.services.log,
        async tick() {
          most = Math.max(most, ++running);
          await Promise.resolve();
          running--;
          calls++;
          if (calls === 3) throw new Error('once');
          if (calls === 10) void ticker.stop().then(resolve);
          return calls < 3;
        },
      });
    });
    expect(calls).toBe(10);
    expect(most).toBe(1);
  });
});
