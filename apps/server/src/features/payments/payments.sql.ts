import type { PaymentProblem } from '@liventix/contracts/payments';
import type postgres from 'postgres';
import { enqueue } from '../../platform/jobs.ts';
import { cancelIntentKind, processWebhookKind } from './payments.kinds.ts';

type Sql = postgres.ISql;

export interface BeginAnswer {
  outcome: 'ready' | 'too_late' | 'hold_expired' | 'paid' | 'closed' | 'unknown';
  expiresAt: number;
  totalCents: number;
  currency: string;
  paymentIntentId: string | null;
  code: string;
}

/** Before the provider is called: the hold must live on; late starters are extended, once. */
export async function beginPayment(sql: Sql, orderId: string, userId: string): Promise<BeginAnswer> {
  const [row] = await sql<{ answer: BeginAnswer }[]>`
    select ticketing.begin_payment(${orderId}::uuid, ${userId}::uuid) as answer`;
  return (row as { answer: BeginAnswer }).answer;
}

/**
 * Keeps the intent's id on its order. When the order lapsed while the provider was asked, nobody else knows of the
 * intent: it is cancelled by a job of this transaction. Another tab's id is never overwritten by an older one's.
 */
export async function keepIntent(sql: Sql, orderId: string, intentId: string, after: string | null): Promise<void> {
  const [row] = await sql<{ status: string }[]>`
    update ticketing.orders set stripe_payment_intent_id = ${intentId}
     where id = ${orderId} and (stripe_payment_intent_id is null or stripe_payment_intent_id = ${after}::text)
    returning status`;
  if (row?.status === 'cancelled') await enqueue(sql, cancelIntentKind, { orderId });
}

export interface PaymentRow {
  id: string;
  checkout_id: string;
  event_id: string;
  user_id: string;
  status: 'pending' | 'paid' | 'cancelled' | 'refunded';
  payment_state: 'none' | 'started' | 'processing' | 'failed' | 'succeeded';
  payment_error: string | null;
  currency: string;
  total_cents: number;
  intent_id: string | null;
  has_card: boolean;
  has_refunds: boolean;
  has_disputes: boolean;
}

const columns = (sql: Sql) =>
  sql`id, checkout_id, event_id, user_id, status, payment_state, payment_error, currency, total_cents, stripe_payment_intent_id as intent_id,
  card_last4 is not null as has_card, exists (select from ticketing.refunds r where r.order_id = o.id) as has_refunds,
  exists (select from ticketing.disputes d where d.order_id = o.id) as has_disputes`;

export async function readPayment(sql: Sql, orderId: string): Promise<PaymentRow | null> {
  const [row] = await sql<PaymentRow[]>`select ${columns(sql)} from ticketing.orders o where o.id = ${orderId}`;
  return row ?? null;
}

export async function findByIntent(sql: Sql, intentId: string): Promise<string | null> {
  const [row] = await sql<
    { id: string }[]
  >`select id from ticketing.orders where stripe_payment_intent_id = ${intentId}`;
  return row?.id ?? null;
}

/** Whether an order is the person's; row level security decides with her. */
export async function findOwnOrder(sql: Sql, userId: string, orderId: string): Promise<string | null> {
  const [row] = await sql<{ checkout_id: string }[]>`
    select checkout_id from ticketing.orders where id = ${orderId} and user_id = ${userId}`;
  return row?.checkout_id ?? null;
}

/** The card that paid, for the receipt; the first word stays. */
export async function noteCard(sql: Sql, orderId: string, card: { brand: string; last4: string }): Promise<void> {
  await sql`
    update ticketing.orders set card_brand = left(${card.brand}::text, 40), card_last4 = ${card.last4}::text
     where id = ${orderId} and card_last4 is null`;
}

/** News that is no money: the state and why the bank said no, on orders that wait for money. Answers whether anything changed. */
export async function noteState(
  sql: Sql,
  orderId: string,
  state: 'processing' | 'failed',
  problem: PaymentProblem | null,
): Promise<boolean> {
  const rows = await sql`
    update ticketing.orders set payment_state = ${state}, payment_error = ${problem}
     where id = ${orderId} and status = 'pending' and payment_state <> 'succeeded'
       and (payment_state, payment_error) is distinct from (${state}::text, ${problem}::text)
    returning id`;
  return rows.length > 0;
}

/** An intent that can be paid although its order has ended is cancelled by a job, a few seconds from now: a refusal may repeat. */
export async function endIntent(sql: Sql, orderId: string, now: number): Promise<void> {
  await enqueue(sql, cancelIntentKind, { orderId }, { key: `cancel-intent:${orderId}`, runAt: new Date(now + 5000) });
}

/** The provider has cancelled the intent of a lapsed order: nothing can come of it, so nobody asks again. */
export async function noteNothingComing(sql: Sql, orderId: string): Promise<void> {
  await sql`
    update ticketing.orders set payment_state = 'none'
     where id = ${orderId} and status = 'cancelled' and payment_state in ('started', 'processing', 'failed')`;
}

/**
 * Money in another currency is another amount, whatever its number: never fulfilled, all of it goes back. Locks the
 * order, then what `release_checkout` locks. Repeatable; an order that is settled already stays as it is.
 */
export async function refuseCapture(sql: Sql, row: PaymentRow, intentId: string, cents: number): Promise<boolean> {
  // The lock first: what a statement that waited for it reads beside is from before the wait.
  await sql`select from ticketing.orders where id = ${row.id} for update`;
  const [order] = await sql<{ status: string; settled: boolean }[]>`
    select o.status, exists (select from ticketing.refunds r where r.order_id = o.id and r.kind in ('late_payment', 'amount_mismatch')) as settled
      from ticketing.orders o where o.id = ${row.id}`;
  if (!order || order.settled || order.status === 'paid' || order.status === 'refunded') return false;
  await sql`select ticketing.release_checkout(${row.checkout_id}::uuid, null, 'payment_failed')`;
  await sql`
    update ticketing.orders set cancel_reason = 'payment_failed', payment_state = 'succeeded', captured_cents = ${cents},
           stripe_payment_intent_id = ${intentId}, late = true
     where id = ${row.id}`;
  await sql`
    with made as (
      insert into ticketing.refunds (order_id, amount_cents, reason, kind) values (${row.id}, ${cents}, 'amount_mismatch', 'amount_mismatch') returning id)
    select jobs.enqueue('refunds.send', jsonb_build_object('refundId', id)) from made`;
  return true;
}

/**
 * Writes down that the provider has captured an order's money, and when by its clock (bounded by ours and the order's own
 * time), in a transaction of its own before anything is made of it: whatever fails afterwards, the money is seen, and no
 * sweep takes places that were paid in time. An order that is settled stays as it is.
 */
export async function noteCapture(sql: Sql, orderId: string, capture: { cents: number; at: Date }): Promise<void> {
  await sql`
    update ticketing.orders
       set captured_cents = ${capture.cents}, captured_at = greatest(created_at, least(clock_timestamp(), ${capture.at.toISOString()}::timestamptz)),
           payment_state = 'succeeded', payment_error = null
     where id = ${orderId} and status in ('pending', 'cancelled') and captured_cents is null`;
}

/** What a webhook is about: all open ones of a subject are one job's. */
interface StoredWebhook {
  id: string;
  type: string;
  subject: string;
  payload: string;
}

/**
 * Stores a webhook under the provider's id and enqueues its work, both or neither. One job per subject: an event that comes
 * while it waits joins it; one that comes while it runs gets another. False: it was here before.
 */
export async function storeWebhook(sql: Sql, event: StoredWebhook): Promise<boolean> {
  const rows = await sql`
    insert into ticketing.webhook_events (id, type, subject, payload)
    values (${event.id}, ${event.type}, ${event.subject}, ${event.payload}::text::json)
    on conflict (id) do nothing returning id`;
  if (rows.length === 0) return false;
  await enqueue(sql, processWebhookKind, { eventId: event.id }, { key: `webhook:${event.subject}` });
  return true;
}

export interface WebhookRow {
  id: string;
  type: string;
  payload: { data: { object: { id: string; object: string; payment_intent?: string | null } } };
  /** Whether it has been tried for an hour. */
  is_old: boolean;
}

/** A stored webhook that waits, and all others of its subject; counts the try. None when they are done. */
export async function openWebhooks(sql: Sql, id: string): Promise<WebhookRow[]> {
  return await sql<WebhookRow[]>`
    with open as (
      select o.id from ticketing.webhook_events o
       where o.processed_at is null and (o.id = ${id} or o.subject = (select s.subject from ticketing.webhook_events s where s.id = ${id}))
       order by o.id for update)
    update ticketing.webhook_events w set attempts = w.attempts + 1 from open where w.id = open.id
    returning w.id, w.type, w.payload, w.received_at < clock_timestamp() - interval '1 hour' as is_old`;
}

// By id: two jobs of one subject may run beside each other.
const stillOpen = (sql: Sql, ids: readonly string[]) =>
  sql`open as (select o.id from ticketing.webhook_events o where o.id = any(${ids}::text[]) and o.processed_at is null order by o.id for update)`;

/** @param note why nothing was to be done, if nothing was */
export async function closeWebhooks(sql: Sql, ids: readonly string[], note: string | null): Promise<void> {
  await sql`
    with ${stillOpen(sql, ids)}
    update ticketing.webhook_events w set processed_at = clock_timestamp(), failed_at = null, last_error = ${note} from open where w.id = open.id`;
}

/** @param final nobody tries again: it stays for people */
export async function parkWebhooks(sql: Sql, ids: readonly string[], error: string, final: boolean): Promise<void> {
  await sql`
    with ${stillOpen(sql, ids)}
    update ticketing.webhook_events w set last_error = left(${error}::text, 500), failed_at = case when ${final}::boolean then clock_timestamp() end
      from open where w.id = open.id`;
}

/**
 * Orders whose payment may have news that no webhook brought, by id after `after`: pending ones of two days, and
 * those of ninety that have ended while the provider has not ended their payment: it could still be paid. Captured money is
 * looked after without an end, but for what is on its way back (late). Each is due the more rarely the longer it is quiet: at each walk
 * for two minutes, then every three, after ten every ten. Who begins payments and leaves them costs the provider little.
 */
export async function findUnsettled(
  sql: Sql,
  after: string | null,
  quietSeconds: number,
  limit: number,
): Promise<string[]> {
  const rows = await sql<{ id: string }[]>`
    select id from ticketing.orders
     cross join lateral (select extract(epoch from clock_timestamp() - updated_at) as seconds) quiet
     where stripe_payment_intent_id is not null and id > coalesce(${after}::uuid, '00000000-0000-0000-0000-000000000000')
       and (captured_cents > 0 or created_at > clock_timestamp() - case status when 'pending' then interval '2 days' else interval '90 days' end)
       and quiet.seconds > ${quietSeconds}
       and case when quiet.seconds < 120 then true
                when quiet.seconds < 600 then mod(quiet.seconds, 180) < 45
                else mod(quiet.seconds, 600) < 60 end
       and (status = 'pending' or status = 'cancelled' and not late and payment_state <> 'none')
     order by id limit ${limit}`;
  return rows.map((row) => row.id);
}

/** What the provider lists: a refund or dispute, its payment, and where it stands in our word. */
export interface Listed {
  id: string;
  intentId: string;
  status: string;
}

/** Orders of ours whose refunds or disputes stand elsewhere than the provider lists them. Of what is nobody's: none. */
export async function findDiffering(
  sql: Sql,
  table: 'refunds' | 'disputes',
  listed: readonly Listed[],
): Promise<string[]> {
  const known =
    table === 'refunds'
      ? sql`select from ticketing.refunds k where k.provider_refund_id = l.id and k.order_id = o.id and k.status::text = l.status`
      : sql`select from ticketing.disputes k where k.provider_dispute_id = l.id and k.order_id = o.id and k.status = l.status`;
  const rows = await sql<{ id: string }[]>`
    select distinct o.id from jsonb_to_recordset(${JSON.stringify(listed)}::text::jsonb) l(id text, "intentId" text, status text)
      join ticketing.orders o on o.stripe_payment_intent_id = l."intentId"
     where not exists (${known})`;
  return rows.map((row) => row.id);
}
