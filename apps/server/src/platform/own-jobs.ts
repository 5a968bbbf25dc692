import { EventEmitter } from 'node:events';
import type postgres from 'postgres';

/** The library's runners of this process, and the jobs they have in hand. */
export interface OwnJobs {
  /** For the library: it tells here what its pools and workers do. */
  events: EventEmitter;
  /** Ids that the library writes into `locked_by`: a pool's, whichever of its workers has the job. */
  poolIds(): string[];
  /**
   * Settles jobs that are locked by a pool of this process while none of its workers is at them: the answer that gave the job,
   * or the statement that ended it, was lost with its connection. What had succeeded is done; anything else becomes free.
   */
  settleLost(sql: postgres.Sql): Promise<void>;
}

interface JobEvent {
  job: { id: string };
}

export function watchOwnJobs(): OwnJobs {
  const pools = new Set<string>();
  const atWork = new Set<string>();
  const succeeded = new Set<string>();
  let suspects = new Set<string>();

  const events = new EventEmitter();
  events.on('pool:create', ({ workerPool }: { workerPool: { id: string } }) => pools.add(workerPool.id));
  events.on('pool:release', ({ workerPool }: { workerPool: { id: string } }) => pools.delete(workerPool.id));
  events.on('job:start', ({ job }: JobEvent) => {
    atWork.add(job.id);
    succeeded.delete(job.id);
  });
  events.on('job:success', ({ job }: JobEvent) => succeeded.add(job.id));
  events.on('job:complete', ({ job }: JobEvent) => atWork.delete(job.id));

  return {
    events,
    poolIds: () => [...pools],
    async settleLost(sql) {
      const own = [...pools];
      const ended = [...succeeded];
      const rows = await sql<{ id: string; taking: string }[]>`
        select id::text, id || ' ' || locked_at as taking from graphile_worker._private_jobs where locked_by = any(${own}::text[])`;
      const locked = new Set(rows.map((row) => row.id));
      for (const id of ended) if (!locked.has(id)) succeeded.delete(id);
      // Seen idle twice: between two looks the answer that is under way arrives, and so does the end of a job just done.
      const idle = rows.filter((row) => !atWork.has(row.id));
      const lost = idle.filter((row) => suspects.has(row.taking)).map((row) => row.id);
      suspects = new Set(idle.map((row) => row.taking));
      if (lost.length === 0) return;
      const done = lost.filter((id) => succeeded.has(id));
      await sql`
        with done as (
          delete from graphile_worker._private_jobs where id = any(${done}::bigint[]) and locked_by = any(${own}::text[])
        )
        update graphile_worker._private_jobs set locked_by = null, locked_at = null, run_at = greatest(now(), run_at) + exp(least(attempts, 10)) * interval '1 second'
         where id = any(${lost}::bigint[]) and id <> all(${done}::bigint[]) and locked_by = any(${own}::text[])`;
    },
  };
}
