import { type Runner, run, type TaskList, Logger as WorkerLogger } from 'graphile-worker';
import type postgres from 'postgres';
import type { WorkCtx } from './context.ts';
import type { Logger } from './log.ts';
import { watchOwnJobs } from './own-jobs.ts';

/** Anything that parses: zod and zod/mini schemas both do. */
export interface Schema<P> {
  parse(input: unknown): P;
}

/**
 * What a job waits behind, as the catalogue keeps it; lower is sooner. `money`: webhooks, what completes, cancels or refunds.
 * `mail`: what people read. `upkeep`: everything else (docs/decisions/008-money-before-mail.md).
 */
export const PRIORITIES = { money: 0, mail: 10, upkeep: 20 } as const;
export type Urgency = keyof typeof PRIORITIES;

/** Name and payload of a job, without its handler, so that a verb can enqueue it without importing what it does. */
export interface JobKind<P> {
  /** `noun.verb`, e.g. `orders.mail-confirmation`. */
  name: string;
  urgency: Urgency;
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
  /** A job with the same key that has not started is replaced instead of doubled; beside one that runs there will be another. */
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

/** Many jobs of one kind by one statement; of each key there is one job, which stays as it is, also while it runs. */
export async function enqueueEach<P>(
  sql: postgres.ISql,
  kind: JobKind<P>,
  each: readonly { payload: P; key: string }[],
): Promise<void> {
  if (each.length === 0) return;
  await sql`
    select jobs.enqueue(${kind.name}::text, e.payload, null, e.key, true)
      from jsonb_to_recordset(${JSON.stringify(each)}::text::jsonb) e(payload jsonb, key text)`;
}

/** Writes the catalogue: names that `jobs.enqueue` takes, and how urgent they are. Names of older versions stay: their jobs may still wait. */
export async function syncCatalogue(sql: postgres.Sql, jobs: readonly AnyJob[]): Promise<void> {
  const names = jobs.map((job) => job.name);
  const twice = names.find((name, i) => names.indexOf(name) !== i);
  if (twice) throw new Error(`two jobs are called ${twice}`);
  const priorities = jobs.map((job) => PRIORITIES[job.urgency]);
  await sql`
    insert into jobs.tasks as t (name, priority) select n.name, n.priority from unnest(${names}::text[], ${priorities}::smallint[]) n(name, priority) order by n.name
    on conflict (name) do update set priority = excluded.priority where t.priority <> excluded.priority`;
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
  /** Jobs at once: of those about money alone, and of all, the most urgent first. Default 4 and 4. */
  slots?: Partial<Slots>;
  /** Whether schedules tick; tests that age rows call the handlers themselves. Default true. */
  schedules?: boolean;
  /** How often a process says that it lives. Default 5 s. */
  beatMs?: number;
}

interface Slots {
  /** Kept free for money: mails never fill them. */
  money: number;
  all: number;
}

const SLOTS: Slots = { money: 4, all: 4 };
const BEAT_MS = 5000;
/** How long nothing may be heard of a process before its jobs are given to others. */
const PATIENCE_MS = 15_000;
const MOST_ROUNDS = 100;

/** Runs the queue and the schedules in this process until `stop`. */
export async function startWorker(options: WorkerOptions): Promise<Worker> {
  const { ctx, jobs } = options;
  const log = ctx.log.child({ part: 'worker' });
  const sql = ctx.db.engine.sql;
  await syncCatalogue(sql, jobs);

  const own = watchOwnJobs();
  let beatenAt = Number.NEGATIVE_INFINITY;
  const beat = async () => {
    await sql`
      insert into jobs.workers (worker_id, beat_at) select id, clock_timestamp() from unnest(${own.poolIds()}::text[]) id
      on conflict (worker_id) do update set beat_at = excluded.beat_at`;
    // After an outage all were silent: who was silent itself judges nobody.
    const wasHeard = performance.now() - beatenAt < PATIENCE_MS;
    beatenAt = performance.now();
    await own.settleLost(sql);
    if (wasHeard) await recoverCrashed(sql);
  };

  const lanes: { jobs: readonly AnyJob[]; slots: number }[] = [
    { jobs: jobs.filter((job) => job.urgency === 'money'), slots: options.slots?.money ?? SLOTS.money },
    { jobs, slots: options.slots?.all ?? SLOTS.all },
  ];
  await recoverCrashed(sql);
  const runners: Runner[] = [];
  for (const lane of lanes) {
    if (lane.slots === 0 || lane.jobs.length === 0) continue;
    const started = run({
      connectionString: options.engineUrl,
      taskList: tasksOf(lane.jobs, ctx, log),
      concurrency: lane.slots,
      maxPoolSize: lane.slots + 2,
      pollInterval: 500,
      noHandleSignals: true,
      events: own.events as never,
      logger: quietLogger(log),
    });
    const runner = await started.catch(async (error: unknown) => {
      await Promise.allSettled(runners.map((other) => other.stop())); // a start that fails leaves nothing behind
      throw error;
    });
    runner.promise.catch((err) => log.error({ err }, 'job runner stopped'));
    runners.push(runner);
  }
  await beat();

  const heart = startTicker({ name: 'jobs.beat', everyMs: options.beatMs ?? BEAT_MS, log, tick: beat });
  const tickers: Ticker[] = [];
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
        const ids = own.poolIds();
        await Promise.all(tickers.map((ticker) => ticker.stop()));
        await Promise.all(
          runners.map((runner) => runner.stop().catch((err) => log.warn({ err }, 'job runner did not stop cleanly'))),
        );
        // The last to stop: jobs that take their time are still ours until they have ended.
        await heart.stop();
        await sql`delete from jobs.workers where worker_id = any(${ids}::text[])`.catch(() => {});
      })();
      return stopped;
    },
  };
}

/** The handlers as the library calls them. */
function tasksOf(jobs: readonly AnyJob[], ctx: WorkCtx, log: Logger): TaskList {
  return Object.fromEntries(
    jobs.map((job) => [
      job.name,
      async (payload: unknown) => {
        const started = performance.now();
        await job.handler(ctx, job.schema.parse(payload));
        log.debug({ job: job.name, ms: Math.round(performance.now() - started) }, 'job done');
      },
    ]),
  );
}

/**
 * Unlocks the jobs of pools without a heartbeat for 15 s (the library would wait 4 h), and forgets those pools.
 * Any process may call it at any time.
 */
export async function recoverCrashed(sql: postgres.Sql): Promise<void> {
  const patience = `${PATIENCE_MS} milliseconds`;
  await sql`
    select graphile_worker.force_unlock_workers(dead.ids)
      from (select array_agg(distinct j.locked_by) as ids
              from graphile_worker._private_jobs j
             where j.locked_by is not null
               and not exists (select from jobs.workers w
                                where w.worker_id = j.locked_by
                                  and w.beat_at > clock_timestamp() - ${patience}::interval)
               and j.locked_at < clock_timestamp() - ${patience}::interval) dead
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
