import type postgres from 'postgres';
import { enqueue } from '../../platform/jobs.ts';
import { mailDisputeKind } from './disputes.kinds.ts';
import type { DisputeStatus } from './disputes.rules.ts';

type Sql = postgres.ISql;

export interface KnownDispute {
  provider_dispute_id: string;
  status: DisputeStatus;
  amount_cents: number;
  respond_by: string | null;
}

/** What an order's disputes are known as. */
export async function listDisputes(sql: Sql, orderId: string): Promise<KnownDispute[]> {
  return await sql<KnownDispute[]>`
    select provider_dispute_id, status, amount_cents, respond_by from ticketing.disputes where order_id = ${orderId} order by id`;
}

export interface DisputeNews {
  orderId: string;
  providerId: string;
  status: DisputeStatus;
  amountCents: number;
  reason: string;
  openedAt: Date;
  respondBy: Date | null;
}

/** The provider's word on one dispute; see `ticketing.apply_dispute`. Answers whether it was news; the mail leaves with it. */
export async function applyDisputeRow(sql: Sql, news: DisputeNews): Promise<boolean> {
  const [row] = await sql<{ answer: { outcome: string; disputeId?: string } }[]>`
    select ticketing.apply_dispute(${news.orderId}::uuid, ${news.providerId}::text, ${news.status}::text, ${news.amountCents}::int,
      ${news.reason}::text, ${news.openedAt}::timestamptz, ${news.respondBy}::timestamptz) as answer`;
  const { outcome, disputeId } = row?.answer ?? { outcome: 'not_found' };
  if (disputeId && (outcome === 'opened' || outcome === 'moved')) {
    const { status } = news;
    await enqueue(sql, mailDisputeKind, { disputeId, status }, { key: `disputes.mail:${disputeId}:${status}` });
  }
  return outcome === 'opened' || outcome === 'moved' || outcome === 'changed';
}

export interface DisputeMailRow {
  event_id: string;
  order_id: string;
  code: string;
  buyer: string;
  currency: string;
  amount_cents: number;
  reason: string;
  respond_by: string | null;
  status: DisputeStatus;
  tickets: number;
  /** Whether they are on hold for a dispute. */
  on_hold: boolean;
}

/** What the mail about a dispute says. */
export async function readDisputeMail(sql: Sql, disputeId: string): Promise<DisputeMailRow | null> {
  const [row] = await sql<DisputeMailRow[]>`
    select o.event_id, o.id as order_id, o.code, o.buyer_name as buyer, trim(o.currency) as currency, d.amount_cents, d.reason, d.respond_by, d.status,
           (select count(*)::int from ticketing.tickets k where k.order_id = o.id and k.status <> 'refunded') as tickets,
           exists (select from ticketing.tickets k where k.order_id = o.id and k.suspended_reason = 'dispute') as on_hold
      from ticketing.disputes d join ticketing.orders o on o.id = d.order_id where d.id = ${disputeId}`;
  return row ?? null;
}
