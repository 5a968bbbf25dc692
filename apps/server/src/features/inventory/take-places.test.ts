import { randomUUID } from 'node:crypto';
import { type TestDatabase, testDatabase } from '@liventix/db/testing';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { Inventory } from './take-places.ts';

const QUANTITY = 200;

let database: TestDatabase;
let stock: Inventory;
let people: string[];
let eventId: string;
let tierId: string;

beforeAll(async () => {
  database = await testDatabase();
  stock = new Inventory(database.db.engine.sql, database.db.inventory);
  const rows = await database.admin<{ id: string }[]>`
    insert into auth.users (name, email) select 'Ada', n || '@example.org' from generate_series(1, 60) n returning id`;
  people = rows.map((row) => row.id);
});
afterAll(() => database.drop());
beforeEach(async () => {
  const owner = people[0] as string;
  const [event] = await database.admin`
    insert into events.events (title, owner_context_id, created_by, status, start_at)
    values ('Late Frequencies', ${owner}, ${owner}, 'published', clock_timestamp() + interval '3 days') returning id`;
  eventId = event?.id;
  const [tier] = await database.admin`
    insert into ticketing.ticket_tiers (event_id, name, price_cents, quantity) values (${eventId}, 'Floor', 2000, ${QUANTITY}) returning id`;
  tierId = tier?.id;
});

const take = (userId: string) =>
  stock.take(eventId, {
    checkoutId: randomUUID(),
    userId,
    lines: [{ tierId, quantity: 1 }],
    replaces: null,
    addressKey: null,
  });

async function until(isSo: () => boolean | Promise<boolean>): Promise<void> {
  while (!(await isSo())) await new Promise((resolve) => setTimeout(resolve, 5));
}

/** What the tier counts and what is really held. */
async function counts() {
  const [row] = await database.admin`
    select t.reserved_quantity::int as counted, (select sum(h.quantity)::int from ticketing.ticket_holds h where h.tier_id = t.id and h.status = 'active') as held,
           (select count(distinct h.user_id)::int from ticketing.ticket_holds h where h.tier_id = t.id) as people
      from ticketing.ticket_tiers t where t.id = ${tierId}`;
  return { ...row };
}

/** Backends of ours that wait for the tier that a test has locked. */
async function waitingForTier(): Promise<number[]> {
  const rows = await database.admin<{ pid: number }[]>`
    select pid from pg_stat_activity
     where datname = current_database() and wait_event_type = 'Lock' and query like '%reserve_batch%'`;
  return rows.map((row) => row.pid);
}

describe('a batch on a real database', () => {
  it('lets a person who does not exist fail alone; all others of her batch are granted', async () => {
    const asked: Promise<unknown>[] = [];
    await database.admin.begin(async (sql) => {
      await sql`select from ticketing.ticket_tiers where id = ${tierId} for update`;
      // One batch waits for the tier, so that everybody else is the next.
      asked.push(take(people[0] as string));
      await until(() => stock.underWay === 1);
      const ghost = randomUUID();
      for (const userId of [...people.slice(1, 30), ghost, ...people.slice(30)]) asked.push(take(userId));
      expect(stock.waiting).toBe(60);
    });
    const answers = await Promise.allSettled(asked);
    const failed = answers.flatMap((answer, at) => (answer.status === 'rejected' ? [at] : []));
    expect(failed).toEqual([30]);
    expect(answers[30]).toMatchObject({ reason: { code: '23503' } });
    for (const answer of answers)
      if (answer.status === 'fulfilled') expect(answer.value).toMatchObject({ outcome: 'held' });
    expect(await counts()).toEqual({ counted: 60, held: 60, people: 60 });
  });

  it('is sent again with the same ids when its backend dies under it: everybody has one place, none twice', async () => {
    const asked: Promise<unknown>[] = [];
    await database.admin.begin(async (sql) => {
      await sql`select from ticketing.ticket_tiers where id = ${tierId} for update`;
      for (const userId of people) asked.push(take(userId));
      await until(async () => (await waitingForTier()).length > 0);
      const [pid] = await waitingForTier();
      await database.admin`select pg_terminate_backend(${pid as number})`;
      await until(async () => (await waitingForTier()).some((next) => next !== pid)); // the batch is back, on a new connection
    });
    for (const answer of await Promise.all(asked)) expect(answer).toMatchObject({ outcome: 'held' });
    expect(await counts()).toEqual({ counted: 60, held: 60, people: 60 });
  });
});
