import type { TestDatabase } from '@liventix/db/testing';
import postgres from 'postgres';
import { completeOrder } from '../../../apps/server/src/features/orders/complete-orders.ts';
import { type Bench, expectSound, type Measured, type Round } from '../bench.ts';
import { CALLERS, productTake, wishesOf } from '../hot-tier.ts';
import { measureCalls } from '../measure-calls.ts';
import { type Sale, stageSale } from '../stage-sale.ts';
import { workContext } from '../work-context.ts';

const NAIVE_CALLERS = 64;
const PRICE_CENTS = 2000;

/** Paid orders a second into tickets: the product's verb against the transaction everybody writes. */
export async function run(bench: Bench): Promise<Measured> {
  const database = await bench.database();
  const pool = postgres(database.urls.engine, { max: 10, onnotice: () => {} });
  bench.atEnd(() => pool.end({ timeout: 5 }));
  const ctx = workContext(database);
  const ours = async (orderId: string): Promise<boolean> =>
    (await completeOrder(ctx, { orderId, paymentId: `pi_${orderId}`, capturedCents: PRICE_CENTS })) === 'completed';
  const rounds: Round[] = [];
  for (let round = 0; round < bench.rounds; round++) {
    const figures = [];
    for (const [take, callers, count] of [
      [naiveComplete(pool), NAIVE_CALLERS, bench.size(6000)],
      [ours, CALLERS, bench.size(30_000)],
    ] as const) {
      const { sale, orders } = await stageOrders(database, count);
      const sold = await measureCalls(take, orders, {
        callers,
        forMs: bench.quick ? 800 : 4000,
        warmUp: Math.min(callers * 2, count / 4),
      });
      if (sold.granted !== sold.answered + Math.floor(Math.min(callers * 2, count / 4)))
        throw new Error(`${sold.answered} orders were timed, ${sold.granted} completed in all`);
      await expectSound(database, { tierIds: sale.tierIds, places: count });
      await expectTickets(database, sale, sold.granted);
      await database.admin`update ticketing.orders set status = 'cancelled', cancel_reason = 'by_buyer' where event_id = ${sale.eventId} and status = 'pending'`;
      figures.push(sold.perSecond);
    }
    rounds.push({ value: figures[1] as number, peer: figures[0] as number });
  }
  return { '': rounds };
}

/** People who hold a place and are about to pay. */
async function stageOrders(database: TestDatabase, count: number): Promise<{ sale: Sale; orders: string[] }> {
  const sale = await stageSale(database, { quantity: count, people: count });
  const held = await measureCalls(productTake(database, sale), wishesOf(sale), { callers: CALLERS, forMs: 60_000 });
  if (held.granted !== count) throw new Error(`only ${held.granted} of ${count} places could be held`);
  const rows = await database.db.engine.sql<{ id: string }[]>`
    select ticketing.create_order(h.checkout_id, h.user_id, h.user_id || '@example.org', 'Ada') ->> 'orderId' as id
      from ticketing.ticket_holds h where h.event_id = ${sale.eventId}`;
  await database.admin`vacuum analyze ticketing.orders, ticketing.order_items, ticketing.ticket_holds, ticketing.ticket_tiers, ticketing.tickets`;
  return { sale, orders: rows.map((row) => row.id) };
}

async function expectTickets({ admin }: TestDatabase, { eventId }: Sale, count: number): Promise<void> {
  const [row] = await admin<
    { issued: number }[]
  >`select count(*)::int as issued from ticketing.tickets where event_id = ${eventId}`;
  if (row?.issued !== count) throw new Error(`${count} orders were completed, ${row?.issued} tickets exist`);
}

/** Lock the order, the tier and the hold; look; write each; the tickets by the product's own statement; enqueue; commit. */
function naiveComplete(sql: postgres.Sql) {
  return (orderId: string): Promise<boolean> =>
    sql.begin(async (tx) => {
      const [order] = await tx`select * from ticketing.orders where id = ${orderId} for update`;
      if (order?.status !== 'pending' || order.total_cents !== PRICE_CENTS) return false;
      const lines = await tx`
        select i.tier_id, i.quantity, e.status as event_status from ticketing.order_items i
          join ticketing.ticket_tiers t on t.id = i.tier_id join events.events e on e.id = t.event_id
         where i.order_id = ${orderId} order by t.id for no key update of t`;
      const holds = await tx`
        select id, tier_id, quantity, status = 'active' and expires_at > clock_timestamp() as alive from ticketing.ticket_holds
         where checkout_id = ${order.checkout_id} order by id for update`;
      if (
        lines.some((line) => line.event_status === 'cancelled') ||
        holds.length !== lines.length ||
        holds.some((hold) => !hold.alive)
      )
        return false;
      await tx`
        update ticketing.orders set status = 'paid', paid_at = clock_timestamp(), payment_state = 'succeeded', payment_error = null,
               stripe_payment_intent_id = ${`pi_${orderId}`}, captured_cents = ${PRICE_CENTS} where id = ${orderId}`;
      for (const line of lines) {
        await tx`
          update ticketing.ticket_tiers set reserved_quantity = reserved_quantity - ${line.quantity}, issued_quantity = issued_quantity + ${line.quantity}
           where id = ${line.tier_id}`;
      }
      await tx`
        update ticketing.ticket_holds set status = 'converted', ended_at = clock_timestamp(), end_reason = 'paid'
         where checkout_id = ${order.checkout_id} and status = 'active'`;
      await tx`select ticketing.issue_tickets(array[${orderId}::uuid])`;
      await tx`select jobs.enqueue('orders.after-payment', jsonb_build_object('orderIds', jsonb_build_array(${orderId}::text)))`;
      return true;
    });
}
