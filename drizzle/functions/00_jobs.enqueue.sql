-- Puts work into the queue inside the caller's transaction: it happens if and only if that commits.
--
-- A definer function of the worker schema's owner, because the job library refuses any other role even with grants.
-- Only tasks of the catalogue (jobs.tasks, written by the server from its job files) are accepted: JOB_UNKNOWN otherwise.
-- Their priority is the catalogue's: money before mail before upkeep, whoever enqueues. A p_job_key that is queued already
-- replaces that job's payload and time; with p_once the job that is there stays, also while it runs. Called by service_role
-- only. One insert and a notify each: hot paths enqueue once per batch.
drop function if exists jobs.enqueue(text, jsonb, timestamptz, text); -- without p_once
create or replace function jobs.enqueue(
  p_task text, p_payload jsonb default '{}', p_run_at timestamptz default null, p_job_key text default null, p_once boolean default false
) returns bigint
language plpgsql security definer set search_path = '' as $$
declare
  v_id bigint;
  v_priority int;
begin
  select t.priority into v_priority from jobs.tasks t where t.name = p_task;
  if not found then
    raise exception 'JOB_UNKNOWN: % is not in the catalogue of jobs', p_task using errcode = 'P0001';
  end if;
  -- add_job puts nothing down and answers null when a worker takes the job of this key between its two statements: the second
  -- try finds that job taken, and puts its own beside it.
  loop
    select j.id into v_id
    from graphile_worker.add_job(p_task, p_payload::json, run_at => p_run_at, job_key => p_job_key, priority => v_priority,
      job_key_mode => case when p_once then 'unsafe_dedupe' else 'replace' end) j;
    exit when v_id is not null;
  end loop;
  return v_id;
end $$;
revoke all on function jobs.enqueue(text, jsonb, timestamptz, text, boolean) from public;
grant usage on schema jobs to service_role;
grant execute on function jobs.enqueue(text, jsonb, timestamptz, text, boolean) to service_role;

-- The function runs as the owner, for whom forced row level security counts too.
drop policy if exists tasks_owner on jobs.tasks;
create policy tasks_owner on jobs.tasks for select to liventix_owner using (true);
