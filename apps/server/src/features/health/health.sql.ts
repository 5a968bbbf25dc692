import type { AllHealthView, EventHealthLine } from '@liventix/contracts/health';
import type { HealthFinding, ReconcileRow } from '@liventix/contracts/organizer';
import type postgres from 'postgres';

type Sql = postgres.ISql;

export interface HealthRow {
  score: number;
  findings: HealthFinding[];
  checkedAt: Date;
}

/** What disagrees about one event. The view computes one row, by the event's indexes. */
export async function readHealth(sql: Sql, eventId: string): Promise<HealthRow | null> {
  const [row] = await sql<HealthRow[]>`
    select h.score, h.findings, h.checked_at as "checkedAt" from ticketing.event_health h where h.event_id = ${eventId}`;
  return row ? { ...row, checkedAt: new Date(row.checkedAt) } : null;
}

/**
 * Engine, for the platform's staff: every event, the worst first. The view reads each event's rows once, so this takes as
 * long as there is; it is asked for by hand, never on a timer.
 */
export async function listHealth(
  sql: Sql,
  most: number,
): Promise<{ events: EventHealthLine[]; count: number; ailing: number }> {
  const rows = await sql<(EventHealthLine & { count: number; ailing: number })[]>`
    with each as materialized (select h.event_id, h.score, h.findings from ticketing.event_health h)
    select e.id as "eventId", e.title, coalesce(o.name, p.display_name, '') as host, e.start_at as "startAt", e.time_zone as "timeZone",
           case when e.status <> 'draft' and e.visibility <> 'private' then e.slug end as slug, h.score, h.findings,
           count(*) over ()::int as count, (count(*) filter (where h.score < 100) over ())::int as ailing
      from each h join events.events e on e.id = h.event_id
      left join organizations.organizations o on e.owner_context_type = 'organization' and o.id = e.owner_context_id
      left join public.profiles p on e.owner_context_type = 'user' and p.id = e.owner_context_id
     order by h.score, e.start_at desc nulls last, e.id limit ${most}`;
  return {
    events: rows.map(({ count: _count, ailing: _ailing, ...row }) => ({
      ...row,
      startAt: row.startAt && new Date(row.startAt),
    })),
    count: rows[0]?.count ?? 0,
    ailing: rows[0]?.ailing ?? 0,
  };
}

/** Engine, for the platform's staff: work that is due and work that was given up, as counts. */
export async function countWork(sql: Sql): Promise<Pick<AllHealthView, 'jobs' | 'webhooks' | 'checkedAt'>> {
  const [row] = await sql<Pick<AllHealthView, 'jobs' | 'webhooks' | 'checkedAt'>[]>`
    select (select jsonb_build_object(
              'waiting', count(*) filter (where j.attempts < j.max_attempts and j.run_at <= clock_timestamp()),
              'failed', count(*) filter (where j.attempts >= j.max_attempts and j.locked_at is null)) from graphile_worker._private_jobs j) as jobs,
           (select jsonb_build_object('waiting', count(*), 'failed', count(w.last_error))
              from ticketing.webhook_events w where w.processed_at is null) as webhooks,
           clock_timestamp() as "checkedAt"`;
  const none = { waiting: 0, failed: 0 };
  return row ? { ...row, checkedAt: new Date(row.checkedAt) } : { jobs: none, webhooks: none, checkedAt: new Date() };
}

/** Heals an event, or says what healing would do. Takes checkout's locks in checkout's order: safe while it sells. */
export async function reconcile(sql: Sql, eventId: string, dryRun: boolean): Promise<ReconcileRow[]> {
  const rows = await sql<ReconcileRow[]>`
    select r.what, r.id, r.before, r.after, r.done, coalesce(t.name, o.code) as name
      from ticketing.reconcile_event_tickets(${eventId}, ${dryRun}) r
      left join ticketing.ticket_tiers t on t.id = r.id and r.what like 'tier.%'
      left join ticketing.orders o on o.id = r.id and r.what like 'order.%'`;
  return [...rows];
}

/** Frees what lapsed meanwhile: one bounded batch that skips tiers in use. */
export async function freeLapsed(sql: Sql, eventId: string): Promise<ReconcileRow[]> {
  const rows = await sql<ReconcileRow[]>`
    select 'tier.lapsed_places_freed' as what, c.id, c.before::text, c.after::text, c.done, t.name
      from public.cleanup_expired_ticket_holds(${eventId}, false) c left join ticketing.ticket_tiers t on t.id = c.id`;
  return [...rows];
}
