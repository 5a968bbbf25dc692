import { EventEmitter } from 'node:events';
import { type Runner, run, type TaskList, Logger as WorkerLogger } from 'graphile-worker';
import type postgres from 'postgres';
import type { WorkCtx } from './context.ts';
import type { Logger } from './log.ts';

/** Anything that parses: zod and zod/mini schemas both do. */
export interface Schema<P> {
  parse(input: unknown): P;
}

/** Name and payload of a job, without its handler, so that a verb can enqueue it without importing what it does. */
export interface JobKind<P> {
  /** `noun.verb`, e.g. `orders.mail-confirmation`. */
  name: string;
  schema: Schema<P>;
}

export interface Job<P> extends JobKind<P> {
  /**
   * Does the work; must be repeatable, for it runs at least once. A throw is retried with growing pauses.
   * On a schedule: one bounded batch; answering `true` means "there is more", and it is called again at once.
   */
  handler(ctx: WorkCtx, payload: P): Promise<unknown>;
  /** Called with `schema.parse({})` in every worker process, never twice at once in one of them. */
  schedule?: { everyMs: number };
}

/** Types a job kind where it is written. */
export function defineJobKind<P>(kind: JobKind<P>): JobKind<P> {
  return kind;
}

/** Types a job where it is written: `export const holdsJobs = [defineJob({ name: 'holds.expire', ... })]`. */
export function defineJob<P>(job: Job<P>): Job<P> {
  return job;
}

// A list of jobs holds different payloads; each is parsed by its own schema before its own handler sees it.
export type AnyJob = Job<never>;
export const asAnyJob = <P>(job: Job<P>): AnyJob => job as unknown as AnyJob;

export interface EnqueueOptions {
  runAt?: Date;
  /** A job with the same key that has not started is replaced instead of doubled. */
  key?: string;
}

/**
 * Puts a job into the caller's transaction: it exists if and only if the transaction commits.
 * `sql` must be the engine's. A batch enqueues one job, not one per row (each enqueue notifies).
 */
export async function enqueue<P>(
  sql: postgres.ISql,
  kind: JobKind<P>,
  payload: P,
  options: EnqueueOptions = {},
): Promise<void> {
  const runAt = options.runAt?.toISOString() ?? null;
  await sql`select jobs.enqueue(${kind.name}::text, ${JSON.stringify(payload)}::text::jsonb, ${runAt}::timestamptz, ${options.key ?? null}::text)`;
}

/** Writes the catalogue that `jobs.enqueue` checks names against. Names of older versions stay: their jobs may still wait. */
export async function syncCatalogue(sql: postgres.Sql, jobs: readonly AnyJob[]): Promise<void> {
  const names = jobs.map((job) => job.name);
  const twice = names.find((name, i) => names.indexOf(name) !== i);
  if (twice) throw new Error(`two jobs are called ${twice}`);
  await sql`insert into jobs.tasks (name) select unnest(${names}::text[]) on conflict (name) do nothing`;
}

export interface Worker {
  /** Stops taking jobs and waits for those under way. */
  stop(): Promise<void>;
}

export interface WorkerOptions {
  ctx: WorkCtx;
  jobs: readonly AnyJob[];
  /** Connection string of liventix_engine. */
  engineUrl: string;
  concurrency?: number;
  /** Whether schedules tick; tests that age rows call the handlers themselves. Default true. */
  schedules?: boolean;
}

const BEAT_MS = 5000;
const MOST_ROUNDS = 100;

/** Runs the queue and the schedules in this process until `stop`. */
export async function startWorker(options: WorkerOptions): Promise<Worker> {
  const { ctx, jobs } = options;
  const log = ctx.log.child({ part: 'worker' });
  const sql = ctx.db.engine.sql;
  await syncCatalogue(sql, jobs);

  const workerIds = new Set<string>();
  const events = new EventEmitter();
  events.on('worker:create', ({ worker }: { worker: { workerId: string } }) => workerIds.add(worker.workerId));
  events.on('worker:release', ({ worker }: { worker: { workerId: string } }) => workerIds.delete(worker.workerId));

  const beat = async () => {
    const ids = [...workerIds];
    await sql`
      insert into jobs.workers (worker_id, beat_at) select id, clock_timestamp() from unnest(${ids}::text[]) id
      on conflict (worker_id) do update set beat_at = excluded.beat_at`;
    await recoverCrashed(sql);
  };

  const taskList: TaskList = Object.fromEntries(
    jobs.map((job) => [
      job.name,
      async (payload: unknown) => {
        const started = performance.now();
        await job.handler(ctx, job.schema.parse(payload));
        log.debug({ job: job.name, ms: Math.round(performance.now() - started) }, 'job done');
      },
    ]),
  );
  await recoverCrashed(sql);
  const runner: Runner = await run({
    connectionString: options.engineUrl,
    taskList,
    concurrency: options.concurrency ?? 4,
    maxPoolSize: (options.concurrency ?? 4) + 2,
    pollInterval: 500,
    noHandleSignals: true,
    events: events as never,
    logger: quietLogger(log),
  });
  runner.promise.catch((err) => log.error({ err }, 'job runner stopped'));
  await beat();

  const tickers = [startTicker({ name: 'jobs.beat', everyMs: BEAT_MS, log, tick: beat })];
  if (options.schedules !== false) {
    for (const job of jobs) {
      if (!job.schedule) continue;
      tickers.push(
        startTicker({
          name: job.name,
          everyMs: job.schedule.everyMs,
          log,
          tick: () => job.handler(ctx, job.schema.parse({})),
        }),
      );
    }
  }

  let stopped: Promise<void> | null = null;
  return {
    stop() {
      stopped ??= (async () => {
        const ids = [...workerIds];
        await Promise.all(tickers.map((ticker) => ticker.stop()));
        await runner.stop().catch((err) => log.warn({ err }, 'job runner did not stop cleanly'));
        await sql`delete from jobs.workers where worker_id = any(${ids}::text[])`.catch(() => {});
      })();
      return stopped;
    },
  };
}

/**
 * Unlocks the jobs of workers without a heartbeat for 15 s (the library would wait 4 h), and forgets those workers.
 * Any process may call it at any time.
 */
export async function recoverCrashed(sql: postgres.Sql): Promise<void> {
  await sql`
    select graphile_worker.force_unlock_workers(dead.ids)
      from (select array_agg(distinct j.locked_by) as ids
              from graphile_worker._private_jobs j
             where j.locked_by is not null
               and not exists (select from jobs.workers w
                                where w.worker_id = j.locked_by
                                  and w.beat_at > clock_timestamp() - interval '15 seconds')
               and j.locked_at < clock_timestamp() - interval '15 seconds') dead
     where dead.ids is not null`;
  await sql`delete from jobs.workers where beat_at < clock_timestamp() - interval '1 hour'`;
}

interface Ticker {
  stop(): Promise<void>;
}

/** Calls `tick` every so often, never twice at once; at once again while it answers true. Errors are logged, then the beat goes on. */
export function startTicker(options: {
  name: string;
  everyMs: number;
  log: Logger;
  tick: () => Promise<unknown>;
}): Ticker {
  let stopped = false;
  let wake: (() => void) | undefined;
  const loop = (async () => {
    while (!stopped) {
      try {
        for (let round = 0; round < MOST_ROUNDS && !stopped; round++) {
          if ((await options.tick()) !== true) break;
        }
      } catch (err) {
        options.log.error({ err, ticker: options.name }, 'scheduled work failed');
      }
      if (stopped) break;
      await new Promise<void>((resolve) => {
        const timer = setTimeout(resolve, options.everyMs);
        wake = () => {
          clearTimeout(timer);
          resolve();
        };
      });
    }
  })();
  return {
    async stop() {
      stopped = true;
      wake?.();
      await loop;
    },
  };
}

function quietLogger(log: Logger): WorkerLogger {
  return new WorkerLogger(() => (level, message, meta) => {
    if (level === 'error') log.error({ meta: meta?.error ? { err: String(meta.error) } : undefined }, message);
    else if (level === 'warning') log.warn(message);
  });
}
