/** One popular tier, and four ways to take its places under the same rules: ours, the usual one, one statement, COPY. */
import { randomBytes } from 'node:crypto';
import type { TestDatabase } from '@liventix/db/testing';
import postgres from 'postgres';
import { inventory } from '../../apps/server/src/features/inventory/take-places.ts';
import type { WorkCtx } from '../../apps/server/src/platform/context.ts';
import { type Bench, expectSound } from './bench.ts';
import { type CallFigures, measureCalls } from './measure-calls.ts';
import { emptySale, type Sale, stageSale } from './stage-sale.ts';

export const CALLERS = 512;
const NAIVE_CALLERS = 64;
const NAIVE_POOL = 10;

export interface Wish {
  userId: string;
  checkoutId: string;
}

/** Checkout ids as browsers make them: uuid v7, ordered by time. */
export function uuidV7(): string {
  const bytes = randomBytes(16);
  bytes.writeUIntBE(Date.now(), 0, 6);
  bytes[6] = ((bytes[6] as number) & 0x0f) | 0x70;
  bytes[8] = ((bytes[8] as number) & 0x3f) | 0x80;
  const hex = bytes.toString('hex');
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-${hex.slice(12, 16)}-${hex.slice(16, 20)}-${hex.slice(20)}`;
}

export const wishesOf = (sale: Sale): Wish[] => sale.people.map((userId) => ({ userId, checkoutId: uuidV7() }));

/** The inventory as a server's process has it: its queues, its pool. */
export function productTake({ db }: Pick<TestDatabase, 'db'>, sale: Pick<Sale, 'eventId' | 'tierIds'>) {
  const stock = inventory({ services: { db } } as unknown as Pick<WorkCtx, 'services'>);
  let turn = 0;
  return async ({ userId, checkoutId }: Wish): Promise<boolean> => {
    const tierId = sale.tierIds[turn++ % sale.tierIds.length] as string;
    // An address of each buyer's own, as in a rush.
    const addressKey = BigInt.asIntN(64, BigInt(`0x${userId.replaceAll('-', '').slice(16)}`)).toString();
    const request = { checkoutId, userId, lines: [{ tierId, quantity: 1 }], replaces: null, addressKey };
    const answer = await stock.take(sale.eventId, request);
    return answer.outcome === 'held' && !answer.detail.replayed;
  };
}

interface Seen {
  have: number;
  kept: number;
  lapses: number;
  lapsed_at: string | null;
  replayed: boolean;
}

/**
 * What ticketing systems do: lock the row, look, write, commit, each a prepared statement, on a pool of ten. The same rules
 * as ours but one, in its favour: no lock for a limit that spans tiers.
 */
export function naiveTake(sql: postgres.Sql, { tierIds }: Sale) {
  const tierId = tierIds[0] as string;
  return ({ userId, checkoutId }: Wish): Promise<boolean> =>
    sql.begin(async (tx) => {
      const [tier] = await tx`
        select t.event_id, t.quantity - t.issued_quantity - t.reserved_quantity as free, t.min_per_order, t.max_per_order, e.max_per_person,
               ticketing.closed_reason(t, e, clock_timestamp()) as closed, q.*
          from ticketing.ticket_tiers t join events.events e on e.id = t.event_id,
               lateral ticketing.quote_of(t.price_cents, e.fee_bps, e.fee_fixed_cents, e.fee_cap_cents, e.fee_paid_by, t.tax_rate_bps, e.tax_included) q
         where t.id = ${tierId} for no key update of t`;
      if (!tier || tier.closed || tier.min_per_order > 1 || tier.max_per_order < 1 || tier.free < 1) return false;
      const [seen] = await tx<Seen[]>`
        select (select coalesce(sum(h.quantity), 0)::int from ticketing.ticket_holds h
                 where h.user_id = ${userId} and h.event_id = ${tier.event_id} and h.status = 'active' and h.expires_at > clock_timestamp()) as have,
               (select count(*)::int from ticketing.tickets k
                 where k.owner_user_id = ${userId} and k.event_id = ${tier.event_id} and k.status in ('issued', 'redeemed')) as kept,
               l.lapses, l.lapsed_at,
               exists (select from ticketing.ticket_holds h where h.checkout_id = ${checkoutId}) as replayed
          from (select count(distinct checkout_id)::int as lapses, max(created_at) as lapsed_at from ticketing.hold_lapses
                 where user_id = ${userId} and event_id = ${tier.event_id} and created_at > clock_timestamp() - interval '1 day') l`;
      if (!seen || seen.replayed || seen.have > 0 || seen.kept + 1 > tier.max_per_person || seen.lapses > 1)
        return false;
      await tx`
        insert into ticketing.ticket_holds (user_id, tier_id, quantity, event_id, checkout_id, unit_face_cents, unit_fee_cents, unit_tax_cents, unit_total_cents)
        values (${userId}, ${tierId}, 1, ${tier.event_id}, ${checkoutId}, ${tier.face_cents}, ${tier.fee_cents}, ${tier.tax_cents}, ${tier.total_cents})`;
      await tx`update ticketing.ticket_tiers set reserved_quantity = reserved_quantity + 1 where id = ${tierId}`;
      return true;
    });
}

/** The database's own best for one hot row: everything in one prepared statement, the row locked for the shortest time. */
export function statementTake(sql: postgres.Sql, { tierIds }: Sale) {
  const tierId = tierIds[0] as string;
  return async ({ userId, checkoutId }: Wish): Promise<boolean> => {
    const rows = await sql`
      with tier as (
        select t.id, t.event_id, e.max_per_person, q.*
          from ticketing.ticket_tiers t join events.events e on e.id = t.event_id,
               lateral ticketing.quote_of(t.price_cents, e.fee_bps, e.fee_fixed_cents, e.fee_cap_cents, e.fee_paid_by, t.tax_rate_bps, e.tax_included) q
         where t.id = ${tierId} and 1 between t.min_per_order and t.max_per_order and ticketing.closed_reason(t, e, clock_timestamp()) is null
      ), person as (
        select from tier
         where not exists (select from ticketing.ticket_holds h where h.checkout_id = ${checkoutId})
           and not exists (select from ticketing.ticket_holds h
                            where h.user_id = ${userId} and h.event_id = tier.event_id and h.status = 'active' and h.expires_at > clock_timestamp())
           and 1 + (select count(*) from ticketing.tickets k
                     where k.owner_user_id = ${userId} and k.event_id = tier.event_id and k.status in ('issued', 'redeemed')) <= tier.max_per_person
           and (select count(distinct l.checkout_id) from ticketing.hold_lapses l
                 where l.user_id = ${userId} and l.event_id = tier.event_id and l.created_at > clock_timestamp() - interval '1 day') < 2
      ), taken as (
        update ticketing.ticket_tiers t set reserved_quantity = t.reserved_quantity + 1 from tier, person
         where t.id = tier.id and t.issued_quantity + t.reserved_quantity < t.quantity
        returning tier.*
      )
      insert into ticketing.ticket_holds (user_id, tier_id, quantity, event_id, checkout_id, unit_face_cents, unit_fee_cents, unit_tax_cents, unit_total_cents)
      select ${userId}, id, 1, event_id, ${checkoutId}, face_cents, fee_cents, tax_cents, total_cents from taken
      returning id`;
    return rows.length === 1;
  };
}

export interface HotTier {
  database: TestDatabase;
  sale: Sale;
  /** Each leaves the sale as it found it, with the books checked. */
  ours(callers?: number): Promise<CallFigures>;
  naive(): Promise<CallFigures>;
  /** The best of one pipelined connection, 8 and 32 connections. */
  statement(): Promise<CallFigures & { pool: number }>;
  /** Rows per second of one COPY, the physical bound. */
  copy(): Promise<number>;
}

export async function openHotTier(bench: Bench): Promise<HotTier> {
  const database = await bench.database();
  const people = bench.size(120_000);
  const sale = await stageSale(database, { quantity: people * 2, people });
  const forMs = bench.quick ? 800 : 4000;
  const pools = new Map<number, postgres.Sql>();
  const poolOf = (max: number): postgres.Sql => {
    const known = pools.get(max);
    if (known) return known;
    const pool = postgres(database.urls.engine, { max, onnotice: () => {} });
    pools.set(max, pool);
    bench.atEnd(() => pool.end({ timeout: 5 }));
    return pool;
  };
  const round = async (
    take: (wish: Wish) => Promise<boolean>,
    callers: number,
    milliseconds: number,
  ): Promise<CallFigures> => {
    const figures = await measureCalls(take, wishesOf(sale), {
      callers,
      forMs: milliseconds,
      warmUp: Math.min(callers * 4, people / 4),
    });
    await expectSound(database, { tierIds: sale.tierIds, places: figures.granted });
    await emptySale(database, sale);
    return figures;
  };
  const take = productTake(database, sale);

  return {
    database,
    sale,
    ours: (callers = CALLERS) => round(take, callers, forMs),
    naive: () => round(naiveTake(poolOf(NAIVE_POOL), sale), NAIVE_CALLERS, forMs),
    async statement() {
      let best: (CallFigures & { pool: number }) | null = null;
      for (const pool of [1, 8, 32]) {
        const figures = await round(statementTake(poolOf(pool), sale), NAIVE_CALLERS, forMs / 2);
        if (!best || figures.perSecond > best.perSecond) best = { ...figures, pool };
      }
      return best as CallFigures & { pool: number };
    },
    async copy() {
      const wishes = wishesOf(sale);
      const now = Date.now();
      const created = new Date(now).toISOString();
      const until = new Date(now + 900_000).toISOString();
      const text = wishes
        .map(
          (wish) =>
            `${wish.userId}\t${sale.tierIds[0]}\t1\t${until}\t${created}\t${sale.eventId}\t${wish.checkoutId}\t2000\t0\t0\t2000\n`,
        )
        .join('');
      const since = performance.now();
      // The administrator: COPY into a table with row level security is refused to everybody else.
      await database.admin.begin(async (tx) => {
        const into = await tx`
          copy ticketing.ticket_holds (user_id, tier_id, quantity, expires_at, created_at, event_id, checkout_id, unit_face_cents, unit_fee_cents, unit_tax_cents, unit_total_cents) from stdin`.writable();
        await new Promise<void>((resolve, reject) => {
          into.once('error', reject);
          into.once('finish', resolve);
          into.end(text);
        });
        await tx`update ticketing.ticket_tiers set reserved_quantity = reserved_quantity + ${wishes.length} where id = ${sale.tierIds[0] as string}`;
      });
      const perSecond = (wishes.length / (performance.now() - since)) * 1000;
      await expectSound(database, { tierIds: sale.tierIds, places: wishes.length });
      await emptySale(database, sale);
      return perSecond;
    },
  };
}
