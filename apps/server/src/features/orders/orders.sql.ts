import type postgres from 'postgres';
import type { CheckoutFacts } from './orders.rules.ts';

type Sql = postgres.ISql;

export interface CheckoutAsk {
  checkoutId: string;
  /** Whose it must be; null asks for nobody in particular (the live layer has checked). */
  userId: string | null;
}

/** Whole checkouts, each in one snapshot; null where there is none (or another person's). At most 256. */
export async function readCheckouts(sql: Sql, asks: readonly CheckoutAsk[]): Promise<(CheckoutFacts | null)[]> {
  const ids = `{${asks.map((ask) => ask.checkoutId).join(',')}}`;
  const users = `{${asks.map((ask) => ask.userId ?? 'NULL').join(',')}}`;
  const rows = await sql<{ ord: number; facts: CheckoutFacts }[]>`
    select r.ord, r.facts from ticketing.read_checkouts(${ids}::text::uuid[], ${users}::text::uuid[]) r`;
  const found: (CheckoutFacts | null)[] = asks.map(() => null);
  for (const row of rows) found[row.ord - 1] = row.facts;
  return found;
}

/**
 * How many more whole sets of these lines could be taken, as the public may know it: places free of the scarcest tier.
 * Null when the organizer does not show figures.
 */
export async function readFreeNow(sql: Sql, eventId: string, tierIds: readonly string[]): Promise<number | null> {
  const rows = await sql<{ state: string; free: number | null }[]>`
    select a.state, a.free from ticketing.public_availability(array[${eventId}::uuid]) a where a.tier_id = any(${tierIds}::uuid[])`;
  if (rows.length < tierIds.length) return 0;
  const free = rows.map((row) => (row.state === 'on_sale' ? row.free : 0));
  return free.includes(0) ? 0 : free.some((each) => each === null) ? null : Math.min(...(free as number[]));
}

export interface CreateOutcome {
  outcome: 'created' | 'existing' | 'hold_expired' | 'unknown' | 'person_limit' | 'too_large' | 'paid' | 'closed';
  orderId?: string;
  totalCents?: number;
  max?: number;
  have?: number;
  maxCents?: number;
}

export interface NewOrder {
  checkoutId: string;
  userId: string;
  email: string;
  name: string;
  attendeeNames: Record<string, string[]>;
  showFirstName: boolean;
  /** `mailboxKeyOf` its address. */
  mailboxKey: string;
}

/** The pending order of a living checkout, made or found. */
export async function createOrderRow(sql: Sql, order: NewOrder): Promise<CreateOutcome> {
  const [row] = await sql<{ answer: CreateOutcome }[]>`
    select ticketing.create_order(${order.checkoutId}::uuid, ${order.userId}::uuid, ${order.email}::text, ${order.name}::text,
      ${JSON.stringify(order.attendeeNames)}::text::jsonb, ${order.showFirstName}::boolean, decode(${order.mailboxKey}::text, 'hex')) as answer`;
  return (row as { answer: CreateOutcome }).answer;
}

export type CompleteOutcome =
  | 'completed'
  | 'reacquired'
  | 'already_paid'
  | 'no_places'
  | 'amount_mismatch'
  | 'not_captured'
  | 'not_found';

export interface Capture {
  orderId: string;
  paymentId: string | null;
  /** Minor units that reached us; null for free orders. */
  capturedCents: number | null;
}

/** Pending orders and their holds become paid orders and their tickets, in one transaction; answers in the order asked. */
export async function completeOrdersBatch(sql: postgres.Sql, captures: readonly Capture[]): Promise<CompleteOutcome[]> {
  const ids = captures.map((capture) => capture.orderId);
  const payments = captures.map((capture) => capture.paymentId);
  const cents = `{${captures.map((capture) => capture.capturedCents ?? 'NULL').join(',')}}`;
  const rows = await sql<{ order_id: string; outcome: CompleteOutcome }[]>`
    select b.order_id, b.outcome from ticketing.complete_orders_batch(${ids}::uuid[], ${payments}::text[], ${cents}::text::bigint[]) b`;
  if (rows.length !== captures.length)
    throw new Error(`complete_orders_batch answered ${rows.length} of ${captures.length} orders`);
  return rows.map((row) => row.outcome);
}

export interface OrderRooms {
  order_id: string;
  checkout_id: string;
  event_id: string;
  user_id: string;
}

/** Who wants to hear about these orders. */
export async function findRooms(sql: Sql, orderIds: readonly string[]): Promise<OrderRooms[]> {
  return await sql<OrderRooms[]>`
    select id as order_id, checkout_id, event_id, user_id from ticketing.orders where id = any(${orderIds}::uuid[])`;
}

/** The person's own checkouts that became orders, newest first; row level security decides. */
export async function listOwnCheckouts(sql: Sql, userId: string): Promise<string[]> {
  const rows = await sql<{ checkout_id: string }[]>`
    select checkout_id from ticketing.orders
     where user_id = ${userId} and deleted_at is null and (status <> 'cancelled' or captured_cents > 0 or created_at > now() - interval '30 days')
     order by created_at desc limit 100`;
  return rows.map((row) => row.checkout_id);
}

/** The checkout behind one of the person's own order codes; row level security decides. */
export async function findOwnByCode(sql: Sql, userId: string, code: string): Promise<string | null> {
  const [row] = await sql<{ checkout_id: string }[]>`
    select checkout_id from ticketing.orders where user_id = ${userId} and code = ${code} and deleted_at is null`;
  return row?.checkout_id ?? null;
}

export interface PaidOrder {
  id: string;
  event_id: string;
  user_id: string;
  quantity: number;
  total_cents: number;
  mailed: boolean;
  /** Its mailbox was sent too much when it was made. */
  withheld: boolean;
}

/** The paid ones among these orders. */
export async function readPaid(sql: Sql, orderIds: readonly string[]): Promise<PaidOrder[]> {
  return await sql<PaidOrder[]>`
    select o.id, o.event_id, o.user_id, o.total_cents, o.confirmation_mailed_at is not null as mailed, o.mail_withheld as withheld,
           (select coalesce(sum(i.quantity), 0)::int from ticketing.order_items i where i.order_id = o.id) as quantity
      from ticketing.orders o
     where o.id = any(${orderIds}::uuid[]) and o.status in ('paid', 'refunded')`;
}

/** The confirmation of this order will not be mailed by itself; its tickets are shown, and mailed when their owner asks. */
export async function withholdMail(sql: Sql, orderId: string): Promise<void> {
  await sql`update ticketing.orders set mail_withheld = true where id = ${orderId} and status = 'pending' and not mail_withheld`;
}

/** The confirmation has left: this order is never mailed by itself again. */
export async function markConfirmed(sql: Sql, orderId: string): Promise<void> {
  await sql`
    update ticketing.orders set confirmation_mailed_at = clock_timestamp() where id = ${orderId} and confirmation_mailed_at is null`;
}

export interface Action {
  userId: string;
  kind: 'order' | 'paid';
  /** The event it happened to. */
  eventId: string;
  detail: Record<string, unknown>;
}

/** What people did, for the organizer's figures. */
export async function writeActions(sql: Sql, actions: readonly Action[]): Promise<void> {
  const rows = actions.map((action) => ({ u: action.userId, k: action.kind, e: action.eventId, d: action.detail }));
  await sql`
    insert into analytics.user_actions (user_id, kind, entity_id, detail)
    select r.u, r.k, r.e, r.d from jsonb_to_recordset(${JSON.stringify(rows)}::text::jsonb) r(u uuid, k text, e uuid, d jsonb)
     where exists (select from auth.users a where a.id = r.u)`;
}
