-- Puts work into the queue inside the caller's transaction: it happens if and only if that commits.
--
-- A definer function of the worker schema's owner, because the job library refuses any other role even with grants.
-- Only tasks of the catalogue (jobs.tasks, written by the server from its job files) are accepted: JOB_UNKNOWN otherwise.
-- A p_job_key that is queued already replaces that job's payload and time. Called by service_role only. One insert and a
-- notify each: hot paths enqueue once per batch.
create or replace function jobs.enqueue(
  p_task text, p_payload jsonb default '{}', p_run_at timestamptz default null, p_job_key text default null
) returns bigint
language plpgsql security definer set search_path = '' as $$
declare
  v_id bigint;
begin
  if not exists (select from jobs.tasks t where t.name = p_task) then
    raise exception 'JOB_UNKNOWN: % is not in the catalogue of jobs', p_task using errcode = 'P0001';
  end if;
  select j.id into v_id
  from graphile_worker.add_job(p_task, p_payload::json, run_at => p_run_at, job_key => p_job_key) j;
  return v_id;
end $$;
revoke all on function jobs.enqueue(text, jsonb, timestamptz, text) from public;
grant usage on schema jobs to service_role;
grant execute on function jobs.enqueue(text, jsonb, timestamptz, text) to service_role;

-- The function runs as the owner, for whom forced row level security counts too.
drop policy if exists tasks_owner on jobs.tasks;
create policy tasks_owner on jobs.tasks for select to liventix_owner using (true);
