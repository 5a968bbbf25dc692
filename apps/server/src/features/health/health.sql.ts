import type { HealthCheck, ReconcileRow } from '@liventix/contracts/organizer';
import type postgres from 'postgres';

type Sql = postgres.ISql;

export interface HealthRow {
  score: number;
  findings: { code: HealthCheck; count: number; sentence: string }[];
  checkedAt: Date;
}

/** What disagrees about one event. The view computes one row, by the event's indexes. */
export async function readHealth(sql: Sql, eventId: string): Promise<HealthRow | null> {
  const [row] = await sql<HealthRow[]>`
    select h.score, h.findings, h.checked_at as "checkedAt" from ticketing.event_health h where h.event_id = ${eventId}`;
  return row ? { ...row, checkedAt: new Date(row.checkedAt) } : null;
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
