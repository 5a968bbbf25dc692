import { Logger, runMigrations } from 'graphile-worker';
import type postgres from 'postgres';

/** The job library's own migrations, as the owner, who then owns its schema. */
export async function migrateJobs(ownerUrl: string): Promise<void> {
  await runMigrations({ connectionString: ownerUrl, logger: new Logger(() => () => {}) });
}

/**
 * Lets the engine, and nobody else, work with the job library's tables. The library enables row level security on them
 * and adds no policy: with grants alone a runner starts without an error and never finds a job. Its migrations make new
 * tables, so this is applied at every migrate.
 */
export async function grantJobs(owner: postgres.Sql): Promise<void> {
  await owner.unsafe(`
    begin;
    grant usage on schema graphile_worker to service_role;
    grant select, insert, update, delete on all tables in schema graphile_worker to service_role;
    grant usage on all sequences in schema graphile_worker to service_role;
    revoke all on all functions in schema graphile_worker from public;
    grant execute on all functions in schema graphile_worker to service_role;
    do $$ declare name text; begin
      for name in
        select c.relname from pg_class c join pg_namespace n on n.oid = c.relnamespace
        where n.nspname = 'graphile_worker' and c.relkind = 'r' and c.relrowsecurity
          and not exists (select from pg_policy p where p.polrelid = c.oid and p.polname = 'engine_all')
      loop
        execute format('create policy engine_all on graphile_worker.%I to service_role using (true) with check (true)', name);
      end loop;
    end $$;
    commit;`);
}
