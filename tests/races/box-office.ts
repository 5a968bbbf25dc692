/** What the races are run on: an event with tiers, people, and the verbs of the checkout as plain SQL calls. */
import { openDatabase } from '@liventix/db/client';
import { checkInvariants } from '@liventix/db/invariants';
import { type TestDatabase, testDatabase } from '@liventix/db/testing';
import type postgres from 'postgres';
import { expect } from 'vitest';

export interface Stage {
  eventId: string;
  organizerId: string;
  tierIds: string[];
}

export interface TierPlan {
  quantity: number;
  priceCents?: number;
}

export interface Line {
  tierId: string;
  quantity: number;
}

export interface Checkout {
  checkoutId: string;
  userId: string;
  lines: Line[];
  replaces?: string;
  /** The network address it is asked from; absent is not counted. */
  addressKey?: string;
}

export interface Answer {
  checkout_id: string;
  outcome: string;
  expires_at: Date | null;
  detail: Record<string, unknown>;
}

export interface BoxOffice {
  test: TestDatabase;
  /** Many sessions of the engine's login: each query of a `Promise.all` has its own. */
  sql: postgres.Sql;
  people(count: number): Promise<string[]>;
  stage(tiers: TierPlan[], event?: Record<string, unknown>): Promise<Stage>;
  reserve(checkouts: Checkout[]): Promise<Answer[]>;
  order(
    checkoutId: string,
    userId: string,
    mailbox?: string,
  ): Promise<{ outcome: string; orderId: string; totalCents: number }>;
  complete(
    orderId: string,
    capturedCents: number | null,
    paymentId?: string,
  ): Promise<{ outcome: string; tickets: unknown[] }>;
  /** Makes a checkout's time pass, under the locks of the domain. */
  lapse(checkoutId: string): Promise<void>;
  jobs(task: string): Promise<Record<string, unknown>[]>;
  expectSound(): Promise<void>;
  close(): Promise<void>;
}

export async function openBoxOffice(connections = 8): Promise<BoxOffice> {
  const test = await testDatabase();
  const { sql } = openDatabase(test.urls.engine, {
    max: connections,
    applicationName: 'races',
    lockTimeoutMs: 20_000,
  });

  const people = async (count: number): Promise<string[]> => {
    const rows = await test.admin<{ id: string }[]>`
      with made as (
        insert into auth.users (name, email) select 'Person ' || g, public.uuid_v7() || '@example.org' from generate_series(1, ${count}::int) g
        returning id, name, email)
      insert into public.profiles (id, email, display_name) select id, email, name from made returning id`;
    return rows.map((row) => row.id);
  };

  const stage: BoxOffice['stage'] = async (tiers, event = {}) => {
    const [organizerId] = await people(1);
    const row = {
      title: 'Late Frequencies',
      owner_context_id: organizerId as string,
      created_by: organizerId as string,
      start_at: new Date(Date.now() + 7 * 86_400_000).toISOString(),
      status: 'published',
      ...event,
    };
    const [made] = await test.admin<{ id: string }[]>`insert into events.events ${test.admin(row)} returning id`;
    const eventId = (made as { id: string }).id;
    const tierIds: string[] = [];
    for (const { quantity, priceCents = 2000 } of tiers) {
      const [tier] = await test.admin<{ id: string }[]>`
        insert into ticketing.ticket_tiers (event_id, name, price_cents, quantity, position)
        values (${eventId}, 'General Admission', ${priceCents}, ${quantity}, ${tierIds.length}) returning id`;
      tierIds.push((tier as { id: string }).id);
    }
    return { eventId, organizerId: organizerId as string, tierIds };
  };

  return {
    test,
    sql,
    people,
    stage,
    reserve: (checkouts) => reserve(sql, checkouts),
    order: async (checkoutId, userId, mailbox = `${userId}@example.org`) => {
      const [row] = await sql`select ticketing.create_order(${checkoutId}, ${userId}, ${mailbox}, 'Ada') as answer`;
      return row?.answer;
    },
    complete: async (orderId, capturedCents, paymentId = `pi_${orderId}`) => {
      const [row] =
        await sql`select ticketing.complete_order_atomic(${orderId}, ${paymentId}, ${capturedCents}) as answer`;
      return row?.answer;
    },
    lapse: async (checkoutId) => {
      await sql.begin(async (tx) => {
        await tx`select from ticketing.ticket_tiers where id in (select tier_id from ticketing.ticket_holds where checkout_id = ${checkoutId})
          order by id for no key update`;
        await tx`update ticketing.ticket_holds set expires_at = clock_timestamp() - interval '1 second'
          where checkout_id = ${checkoutId} and status = 'active'`;
      });
    },
    jobs: (task) =>
      test.admin`
      select j.payload from graphile_worker._private_jobs j join graphile_worker._private_tasks t on t.id = j.task_id
      where t.identifier = ${task} order by j.id`.then((rows) =>
        rows.map((row) => row.payload as Record<string, unknown>),
      ),
    expectSound: async () => {
      expect((await checkInvariants(sql)).filter((result) => result.violations > 0)).toEqual([]);
    },
    close: async () => {
      await sql.end({ timeout: 5 });
      await test.drop();
    },
  };
}

/** One call of reserve_batch: whole checkouts, their lines side by side. */
export async function reserve(sql: postgres.Sql | postgres.TransactionSql, checkouts: Checkout[]): Promise<Answer[]> {
  const lines = checkouts.flatMap(({ checkoutId, userId, lines, replaces = null, addressKey = null }) =>
    lines.map((line) => ({ checkoutId, userId, replaces, addressKey, ...line })),
  );
  return sql<Answer[]>`
    select * from ticketing.reserve_batch(
      ${lines.map((line) => line.checkoutId)}::uuid[], ${lines.map((line) => line.tierId)}::uuid[],
      ${lines.map((line) => line.userId)}::uuid[], ${lines.map((line) => line.quantity)}::int[],
      ${lines.some((line) => line.replaces) ? lines.map((line) => line.replaces) : null}::uuid[],
      ${lines.some((line) => line.addressKey) ? lines.map((line) => line.addressKey) : null}::bigint[])`;
}

/** Free, reserved and issued places of a tier. */
export async function stock(
  sql: postgres.Sql,
  tierId: string,
): Promise<{ free: number; reserved: number; issued: number; status: string }> {
  const [row] = await sql<{ free: number; reserved: number; issued: number; status: string }[]>`
    select quantity - issued_quantity - reserved_quantity as free, reserved_quantity as reserved, issued_quantity as issued, status
    from ticketing.ticket_tiers where id = ${tierId}`;
  return row as { free: number; reserved: number; issued: number; status: string };
}
