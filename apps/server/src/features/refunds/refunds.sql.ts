import type postgres from 'postgres';
import { enqueue } from '../../platform/jobs.ts';
import { mailFailedRefundKind, mailFreeEndedKind, mailRefundKind } from './refunds.kinds.ts';

type Sql = postgres.ISql;

export interface RequestAnswer {
  outcome: 'requested' | 'refunded' | 'pending' | 'disputed' | 'nothing_left' | 'not_paid' | 'not_found';
  refundId?: string;
  amountCents?: number;
}

export interface RefundWish {
  orderId: string;
  reason: string;
  actorId: string | null;
  keepFees: boolean;
  note: string;
}

/**
 * Money on its way: one pending row, its tickets suspended, the sending enqueued. Fees stay only if the order's terms say so. A free
 * order ends at once, and its mail is enqueued.
 */
export async function requestRefundRow(sql: Sql, wish: RefundWish): Promise<RequestAnswer> {
  const [row] = await sql<{ answer: RequestAnswer }[]>`
    select ticketing.request_refund(${wish.orderId}::uuid, ${wish.reason}::text, ${wish.actorId}::uuid,
      ${wish.keepFees}::boolean and coalesce((select o.refund_keeps_fees from ticketing.orders o where o.id = ${wish.orderId}::uuid), false), ${wish.note}::text) as answer`;
  const { answer } = row as { answer: RequestAnswer };
  if (answer.outcome === 'refunded') {
    const { orderId, note } = wish;
    await enqueue(sql, mailFreeEndedKind, { orderId, note }, { key: `refunds.mail-free-ended:${orderId}` });
  }
  return answer;
}

export interface RefundRow {
  id: string;
  order_id: string;
  amount_cents: number;
  status: 'pending' | 'succeeded' | 'failed';
  kind: 'order' | 'tickets' | 'goodwill' | 'late_payment' | 'amount_mismatch' | 'outside' | 'owed';
  note: string;
  failure: string | null;
  provider_refund_id: string | null;
  intent_id: string | null;
  /** Whether the provider may have forgotten its idempotency key. */
  is_old: boolean;
}

const columns = (sql: Sql) => sql`
  r.id, r.order_id, r.amount_cents, r.status, r.kind, r.note, r.failure, r.provider_refund_id, o.stripe_payment_intent_id as intent_id,
  r.created_at < clock_timestamp() - interval '12 hours' as is_old`;

export async function readRefund(sql: Sql, refundId: string): Promise<RefundRow | null> {
  const [row] = await sql<RefundRow[]>`
    select ${columns(sql)} from ticketing.refunds r join ticketing.orders o on o.id = r.order_id where r.id = ${refundId}`;
  return row ?? null;
}

/** Every refund of an order, as it is known, oldest first. */
export async function listRefunds(sql: Sql, orderId: string): Promise<RefundRow[]> {
  return await sql<RefundRow[]>`
    select ${columns(sql)} from ticketing.refunds r join ticketing.orders o on o.id = r.order_id where r.order_id = ${orderId} order by r.id`;
}

export interface OutsideRefund {
  orderId: string;
  providerId: string;
  amountCents: number;
  reason: string;
  at: Date;
}

/** A refund that was not asked for through us; see `ticketing.note_outside_refund`. Null: its order was never captured. */
export async function noteOutside(sql: Sql, refund: OutsideRefund): Promise<RefundRow | null> {
  await sql`
    select ticketing.note_outside_refund(${refund.orderId}::uuid, ${refund.providerId}::text, ${refund.amountCents}::int,
      ${refund.reason}::text, ${refund.at}::timestamptz)`;
  const [row] = await sql<RefundRow[]>`
    select ${columns(sql)} from ticketing.refunds r join ticketing.orders o on o.id = r.order_id
     where r.provider_refund_id = ${refund.providerId} and r.order_id = ${refund.orderId}`;
  return row ?? null;
}

/** The provider has taken it; its last word is still to come. */
export async function noteAccepted(sql: Sql, refundId: string, providerId: string): Promise<void> {
  await sql`
    update ticketing.refunds set provider_refund_id = ${providerId}
     where id = ${refundId} and status = 'pending' and provider_refund_id is distinct from ${providerId}`;
}

/** The provider's last word. Answers whether it was news. The mail leaves with the transaction. */
export async function settleRow(
  sql: Sql,
  end: { refundId: string; succeeded: boolean; providerId: string | null; failure: string | null },
): Promise<boolean> {
  const [row] = await sql<{ answer: { outcome: string } }[]>`
    select ticketing.settle_refund(${end.refundId}::uuid, ${end.succeeded}::boolean, ${end.providerId}::text, ${end.failure}::text) as answer`;
  const outcome = row?.answer.outcome;
  if (outcome === 'succeeded')
    await enqueue(sql, mailRefundKind, { refundId: end.refundId }, { key: `refunds.mail:${end.refundId}` });
  if (outcome === 'failed' || outcome === 'taken_back')
    await enqueue(
      sql,
      mailFailedRefundKind,
      { refundId: end.refundId },
      { key: `refunds.mail-failed:${end.refundId}` },
    );
  return outcome === 'succeeded' || outcome === 'failed' || outcome === 'taken_back';
}

/** Refunds that have waited for the provider's word for a while, oldest first. */
export async function findWaiting(sql: Sql, quietSeconds: number, limit: number): Promise<string[]> {
  const rows = await sql<{ id: string }[]>`
    select id from ticketing.refunds
     where status = 'pending' and updated_at < clock_timestamp() - make_interval(secs => ${quietSeconds})
     order by updated_at limit ${limit}`;
  return rows.map((row) => row.id);
}

/** Puts it behind the others that wait. */
export async function noteAsked(sql: Sql, refundId: string): Promise<void> {
  await sql`update ticketing.refunds set updated_at = clock_timestamp() where id = ${refundId} and status = 'pending'`;
}

export interface RefundMailRow {
  event_id: string;
  user_id: string;
  code: string;
  mailbox: string | null;
  currency: string;
  amount_cents: number;
  kind: RefundRow['kind'];
  status: RefundRow['status'];
  note: string;
  event_status: string;
  /** What of the order's money stays, by the rule it was bought under. */
  fees_kept_cents: number;
  /** She had given her places back herself. */
  given_back: boolean;
  tickets: { tierName: string; holderName: string | null; sequenceNumber: number }[];
}

/** What the mail about a refund says. */
export async function readRefundMail(sql: Sql, refundId: string): Promise<RefundMailRow | null> {
  const [row] = await sql<RefundMailRow[]>`
    select o.event_id, o.user_id, o.code, o.mailbox, o.currency, r.amount_cents, r.kind, r.status, r.note,
           case when e.status = 'cancelled' then 'cancelled' when events.over_at(e.start_at, e.end_at) <= r.created_at then 'over' else 'on' end as event_status,
           case when r.kind = 'order' and o.refund_keeps_fees then greatest(0, coalesce(o.captured_cents, o.total_cents) - o.refunded_cents) else 0 end as fees_kept_cents,
           coalesce(o.cancel_reason = 'by_buyer', false) as given_back,
           (select coalesce(jsonb_agg(jsonb_build_object('tierName', t.name, 'holderName', nullif(k.holder_name, ''), 'sequenceNumber', k.sequence_number) order by k.sequence_number), '[]')
              from ticketing.refund_tickets x join ticketing.tickets k on k.id = x.ticket_id join ticketing.ticket_tiers t on t.id = k.tier_id where x.refund_id = r.id) as tickets
      from ticketing.refunds r join ticketing.orders o on o.id = r.order_id join events.events e on e.id = o.event_id
     where r.id = ${refundId}`;
  return row ?? null;
}

/** What the mail about a free order that was taken back says; null when it has no mailbox. */
export async function readFreeEnded(
  sql: Sql,
  orderId: string,
): Promise<(Pick<RefundMailRow, 'event_id' | 'code' | 'tickets'> & { mailbox: string }) | null> {
  const [row] = await sql<(Pick<RefundMailRow, 'event_id' | 'code' | 'tickets'> & { mailbox: string })[]>`
    select o.event_id, o.code, o.mailbox,
           (select coalesce(jsonb_agg(jsonb_build_object('tierName', t.name, 'holderName', nullif(k.holder_name, ''), 'sequenceNumber', k.sequence_number) order by k.sequence_number), '[]')
              from ticketing.tickets k join ticketing.ticket_tiers t on t.id = k.tier_id where k.order_id = o.id) as tickets
      from ticketing.orders o where o.id = ${orderId} and o.mailbox is not null`;
  return row ?? null;
}

export interface FailedRefundRow {
  event_id: string;
  order_id: string;
  code: string;
  buyer: string;
  currency: string;
  amount_cents: number;
  owed_cents: number;
  failure: string | null;
}

/** What the mail about a refund that did not arrive says; null while it has not failed. */
export async function readFailedRefund(sql: Sql, refundId: string): Promise<FailedRefundRow | null> {
  const [row] = await sql<FailedRefundRow[]>`
    select o.event_id, o.id as order_id, o.code, o.buyer_name as buyer, trim(o.currency) as currency, r.amount_cents, o.owed_cents, r.failure
      from ticketing.refunds r join ticketing.orders o on o.id = r.order_id where r.id = ${refundId} and r.status = 'failed'`;
  return row ?? null;
}
