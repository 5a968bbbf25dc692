import { randomUUID } from 'node:crypto';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import * as z from 'zod/mini';
import { createTestApp, type TestApp } from '../testing/index.ts';
import {
  asAnyJob,
  defineJob,
  enqueue,
  recoverCrashed,
  startTicker,
  startWorker,
  type Worker,
  type WorkerOptions,
} from './jobs.ts';

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
const heard = (word: string) => {
  done.push(word);
  for (const check of [...waiting]) check();
};
const say = defineJob({
  name: 'tests.say',
  urgency: 'upkeep',
  schema: z.object({ word: z.string() }),
  async handler(_ctx, { word }) {
    heard(word);
  },
});

const wait = defineJob({
  name: 'tests.wait',
  urgency: 'upkeep',
  schema: z.object({ word: z.string() }),
  async handler(_ctx, { word }) {
    heard(word);
    await gates.get(word);
    if (word.startsWith('fails-')) throw new Error('as asked');
  },
});
const mail = defineJob({ ...wait, name: 'tests.mail', urgency: 'mail' });
const webhook = defineJob({ ...say, name: 'tests.webhook', urgency: 'money' });
const own = [say, wait, mail, webhook].map(asAnyJob);

let app: TestApp;
beforeAll(async () => {
  app = await createTestApp({ feed: false, jobs: own });
});
afterAll(() => app?.close());
let workers: Worker[] = [];
afterEach(async () => {
  await Promise.all(workers.map((worker) => worker.stop()));
  workers = [];
});
async function start(options: Pick<WorkerOptions, 'beatMs' | 'slots'> = {}): Promise<Worker> {
  const engineUrl = app.database.urls.engine;
  const worker = await startWorker({ ctx: app.work(), jobs: own, engineUrl, schedules: false, ...options });
  workers.push(worker);
  return worker;
}

/** A job of this name waits until its word's gate is opened. */
const gates = new Map<string, Promise<void>>();
function shut(word: string): { open(): void } {
  let open = (): void => {};
  gates.set(word, new Promise((resolve) => (open = resolve)));
  return { open: () => open() };
}
const jobOf = async (word: string) => {
  const [row] = await app.admin`
    select locked_by, attempts, priority from graphile_worker._private_jobs where payload->>'word' = ${word}`;
  return row;
};
/** Waits until the worker has said so often that it lives. */
async function beats(times: number): Promise<void> {
  const read = async () => String((await app.admin`select max(beat_at)::text as at from jobs.workers`)[0]?.at);
  for (let n = 0; n < times; n++) {
    const before = await read();
    await expect.poll(read).not.toBe(before);
  }
}

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

  it('never loses what is asked for while a worker takes the job of the same key', async () => {
    const key = randomUUID();
    const { sql } = app.db.engine;
    await enqueue(sql, say, { word: 'first' }, { key });
    let asked: Promise<void> = Promise.resolve();
    await app.admin.begin(async (taking) => {
      await taking`update graphile_worker._private_jobs set locked_at = clock_timestamp(), locked_by = 'tests' where key = ${key}`;
      asked = enqueue(sql, say, { word: 'second' }, { key });
      await expect
        .poll(async () => {
          const waiting = await app.admin`
            select 1 from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock' and query like '%jobs.enqueue%'`;
          return waiting.length;
        })
        .toBe(1);
    });
    await asked;
    const rows = await app.admin`select payload from graphile_worker._private_jobs where key = ${key}`;
    expect(rows.map((row) => row.payload)).toEqual([{ word: 'second' }]);
    await app.admin`delete from graphile_worker._private_jobs where key = ${key} or locked_by = 'tests'`;
  });

  it('refuses a job that nobody knows', async () => {
    await expect(enqueue(app.db.engine.sql, { ...say, name: 'tests.unknown' }, { word: 'x' })).rejects.toThrow(
      /JOB_UNKNOWN/,
    );
  });

  it('frees the jobs of a worker whose heart stopped', async () => {
    const word = randomUUID();
    await enqueue(app.db.engine.sql, say, { word });
    await app.admin`
      update graphile_worker._private_jobs set locked_at = now() - interval '1 minute', attempts = 1, locked_by = 'killed'
       where payload->>'word' = ${word}`;
    await recoverCrashed(app.db.engine.sql);
    expect(await jobOf(word)).toMatchObject({ locked_by: null });
  });

  it('never runs a job beside itself while its worker lives, however long it takes', async () => {
    const word = randomUUID();
    const worker = await start({ beatMs: 20 });
    const gate = shut(word);
    await enqueue(app.db.engine.sql, wait, { word });
    await ran(word);
    // As if it had been at it for a minute, and every process had looked after crashed ones since.
    await app.admin`update graphile_worker._private_jobs set locked_at = now() - interval '1 minute' where payload->>'word' = ${word}`;
    await beats(3);
    await recoverCrashed(app.db.engine.sql);
    expect(await jobOf(word)).toMatchObject({ attempts: 1, locked_by: expect.stringMatching(/^pool-/) });
    gate.open();
    await expect.poll(() => jobOf(word)).toBeUndefined();
    await worker.stop();
    expect(done.filter((each) => each === word)).toHaveLength(1);
  });

  it('settles a job whose end was lost with its connection, once, and rejects nothing unheard', async () => {
    const rejected: unknown[] = [];
    const note = (reason: unknown) => rejected.push(reason);
    process.on('unhandledRejection', note);
    const worker = await start({ beatMs: 20 });
    for (const word of [randomUUID(), `fails-${randomUUID()}`]) {
      const gate = shut(word);
      await enqueue(app.db.engine.sql, wait, { word });
      await ran(word);
      await app.admin.begin(async (tx) => {
        await tx`select from graphile_worker._private_jobs where payload->>'word' = ${word} for update`;
        gate.open();
        // The statement that ends the job waits for the row; its session is killed there.
        await expect
          .poll(async () => {
            await tx`select pg_stat_clear_snapshot()`;
            const killed = await tx`
              select pg_terminate_backend(pid) from pg_stat_activity where pg_backend_pid() = any(pg_blocking_pids(pid)) and query ~ 'locked_by = null|delete from'`;
            return killed.length;
          })
          .toBe(1);
      });
      if (word.startsWith('fails-')) {
        await expect.poll(() => jobOf(word)).toMatchObject({ locked_by: null, attempts: 1 });
        await app.admin`delete from graphile_worker._private_jobs where payload->>'word' = ${word}`;
      } else await expect.poll(() => jobOf(word)).toBeUndefined();
      expect(done.filter((each) => each === word)).toHaveLength(1);
    }
    await worker.stop();
    process.off('unhandledRejection', note);
    expect(rejected).toEqual([]);
  });

  it('gives a job back whose giving was lost: locked by a living pool of which no worker has it', async () => {
    const word = randomUUID();
    await start({ beatMs: 20 });
    const [pool] = await app.admin`select worker_id from jobs.workers where worker_id like 'pool-%' limit 1`;
    await enqueue(app.db.engine.sql, say, { word }, { runAt: new Date(Date.now() + 3_600_000) });
    await app.admin`
      update graphile_worker._private_jobs set locked_at = now(), attempts = 1, locked_by = ${pool?.worker_id} where payload->>'word' = ${word}`;
    await expect.poll(() => jobOf(word)).toMatchObject({ locked_by: null });
  });

  it('leaves no heartbeat behind when it stops cleanly', async () => {
    const worker = await start();
    await worker.stop();
    expect(await app.admin`select 1 from jobs.workers `).toHaveLength(0);
  });
});

describe('urgency', () => {
  it("is the catalogue's, whoever enqueues", async () => {
    const words = [randomUUID(), randomUUID(), randomUUID()] as const;
    const runAt = new Date(Date.now() + 3_600_000);
    for (const [i, kind] of [webhook, mail, say].entries())
      await enqueue(app.db.engine.sql, kind, { word: words[i] as string }, { runAt });
    expect(await Promise.all(words.map(async (word) => (await jobOf(word))?.priority))).toEqual([0, 10, 20]);
    const rows = await app.admin`select name, priority from jobs.tasks where name not like 'tests.%' and priority < 20`;
    expect(Object.fromEntries(rows.map((row) => [row.name, row.priority]))).toMatchObject({
      'payments.process-webhook': 0,
      'payments.cancel-intent': 0,
      'refunds.send': 0,
      'orders.after-payment': 0,
      'refunds.mail': 10,
      'tickets.mail-again': 10,
    });
  });

  it('takes money before mail and mail before upkeep, whatever was there first', async () => {
    const words = ['upkeep', 'mail', 'money'].map((word) => `${word}-${randomUUID()}`);
    for (const [i, kind] of [say, mail, webhook].entries())
      await enqueue(app.db.engine.sql, kind, { word: words[i] as string });
    await start({ slots: { money: 0, all: 1 } });
    await Promise.all(words.map(ran));
    expect(done.filter((word) => words.includes(word))).toEqual(words.reverse());
  });

  it('has slots that mails never fill: with all of them stuck in mails, money is handled next', async () => {
    await start();
    const words: string[] = Array.from({ length: 12 }, () => randomUUID());
    const doors = words.map((each) => shut(each));
    for (const word of words) await enqueue(app.db.engine.sql, mail, { word });
    await ran(words[3] as string);
    const word = randomUUID();
    await enqueue(app.db.engine.sql, webhook, { word });
    await ran(word);
    expect(done.filter((each) => words.includes(each))).toHaveLength(4);
    for (const door of doors) door.open();
    await Promise.all(words.map(ran));
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
