import type { TestDatabase } from '@liventix/db/testing';
import postgres from 'postgres';
import { expireHolds } from '../../../apps/server/src/features/holds/expire-holds.ts';
import { type Bench, expectSound, type Measured, type Round } from '../bench.ts';
import { type Sale, stageSale } from '../stage-sale.ts';
import { workContext } from '../work-context.ts';

const TIERS = 10;

/**
 * An evening's lapsed holds freed at once: the product's sweep against a loop that frees row by row, whose list is read
 * before its time begins.
 */
export async function run(bench: Bench): Promise<Measured> {
  const database = await bench.database();
  const count = bench.size(100_000);
  const sale = await stageSale(database, { tiers: TIERS, quantity: count, people: 5000 });
  const pool = postgres(database.urls.engine, { max: 1, onnotice: () => {} });
  bench.atEnd(() => pool.end({ timeout: 5 }));
  const ctx = workContext(database);
  const rounds: Round[] = [];
  for (let round = 0; round < bench.rounds; round++) {
    await lapse(database, sale, count);
    const list = await listLapsed(pool, sale);
    const before = performance.now();
    const alone = await freeRowByRow(pool, list, bench.quick ? 800 : 3000);
    const peer = (alone / (performance.now() - before)) * 1000;
    const since = performance.now();
    while (await expireHolds(ctx));
    const value = ((count - alone) / (performance.now() - since)) * 1000;
    const [left] = await database.admin<{ count: number }[]>`
      select count(*)::int as count from ticketing.ticket_holds where status = 'active'`;
    if (left?.count !== 0) throw new Error(`${left?.count} lapsed holds were left`);
    await expectSound(database, { tierIds: sale.tierIds, places: 0 });
    await database.admin`truncate ticketing.ticket_holds, ticketing.hold_lapses`;
    rounds.push({ value, peer });
  }
  return { '': rounds };
}

/** Holds that ran out a moment ago, over all tiers. */
async function lapse({ admin }: TestDatabase, { eventId, tierIds, people }: Sale, count: number): Promise<void> {
  await admin`
    insert into ticketing.ticket_holds (user_id, tier_id, event_id, quantity, created_at, expires_at)
    select (${people}::uuid[])[1 + g % ${people.length}::int], (${tierIds}::uuid[])[1 + g % ${tierIds.length}::int], ${eventId}, 1,
           clock_timestamp() - interval '15 minutes 2 seconds', clock_timestamp() - interval '2 seconds'
      from generate_series(1, ${count}::int) g`;
  await admin`
    update ticketing.ticket_tiers t set reserved_quantity = (select count(*) from ticketing.ticket_holds h where h.tier_id = t.id and h.status = 'active')
     where event_id = ${eventId}`;
  await admin`vacuum analyze ticketing.ticket_holds, ticketing.ticket_tiers`;
}

interface Lapsed {
  id: string;
  tier_id: string;
}

/** More than the loop frees in its time. */
const listLapsed = (sql: postgres.Sql, { eventId }: Sale): Promise<Lapsed[]> =>
  sql<Lapsed[]>`
    select id, tier_id from ticketing.ticket_holds
     where event_id = ${eventId} and status = 'active' and expires_at <= clock_timestamp() order by id limit 20000`;

/** One transaction a hold: lock its tier, end it if it still runs, note the lapse, give its places back. */
async function freeRowByRow(sql: postgres.Sql, lapsed: readonly Lapsed[], forMs: number): Promise<number> {
  const deadline = performance.now() + forMs;
  let freed = 0;
  for (const { id, tier_id } of lapsed) {
    if (performance.now() > deadline) break;
    await sql.begin(async (tx) => {
      await tx`select 1 from ticketing.ticket_tiers where id = ${tier_id} for no key update`;
      const [ended] = await tx`
        update ticketing.ticket_holds set status = 'expired', ended_at = clock_timestamp(), end_reason = 'expired'
         where id = ${id} and status = 'active' and expires_at <= clock_timestamp() returning quantity, user_id, event_id, checkout_id`;
      if (!ended) return;
      await tx`insert into ticketing.hold_lapses (event_id, user_id, checkout_id) values (${ended.event_id}, ${ended.user_id}, ${ended.checkout_id})`;
      await tx`update ticketing.ticket_tiers set reserved_quantity = reserved_quantity - ${ended.quantity} where id = ${tier_id}`;
      freed++;
    });
  }
  return freed;
}
