import { randomUUID } from 'node:crypto';
import { type TestDatabase, testDatabase } from '@liventix/db/testing';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { Inventory } from './take-places.ts';

// No feed is running here: what a full tier answers is true without one.
let database: TestDatabase;
let stock: Inventory;
let other: Inventory;
let eventId: string;
let tierId: string;

beforeAll(async () => {
  database = await testDatabase();
  // Two processes: neither hears what the other did.
  stock = new Inventory(database.db.engine.sql, database.db.inventory);
  other = new Inventory(database.db.engine.sql, database.db.inventory);
});
afterAll(() => database.drop());

async function person(): Promise<string> {
  const [row] = await database.admin`
    insert into auth.users (name, email) values ('Ada', ${`${randomUUID()}@example.org`}) returning id`;
  return row?.id;
}

beforeEach(async () => {
  const owner = await person();
  const [event] = await database.admin`
    insert into events.events (title, owner_context_id, created_by, status, start_at)
    values ('Late Frequencies', ${owner}, ${owner}, 'published', clock_timestamp() + interval '3 days') returning id`;
  eventId = event?.id;
  const [tier] = await database.admin`
    insert into ticketing.ticket_tiers (event_id, name, price_cents, quantity) values (${eventId}, 'Floor', 2000, 2) returning id`;
  tierId = tier?.id;
});

const wishOf = (userId: string) => ({
  checkoutId: randomUUID(),
  userId,
  lines: [{ tierId, quantity: 2 }],
  replaces: null as string | null,
  addressKey: null,
});

/** Somebody holds everything, and somebody else was refused. */
async function fill() {
  const held = wishOf(await person());
  expect(await stock.take(eventId, held)).toMatchObject({ outcome: 'held' });
  const refused = await stock.take(eventId, wishOf(await person()));
  expect(refused).toMatchObject({ outcome: 'all_in_checkout', detail: { tierId, free: 0 } });
  return { held, refused };
}

/** While the tier is locked: `reserve_batch` would wait. */
async function whileLocked<T>(work: () => Promise<T>): Promise<T> {
  let answer: T | undefined;
  await database.admin.begin(async (sql) => {
    await sql`set local statement_timeout = '5s'`;
    await sql`select from ticketing.ticket_tiers where id = ${tierId} for update`;
    const late = new Promise<never>((_, reject) => setTimeout(() => reject(new Error('it waits for the lock')), 3000));
    answer = await Promise.race([work(), late]);
  });
  return answer as T;
}

describe('a tier that is full', () => {
  it('refuses newcomers without the lock, with the reason and the figures of the lock', async () => {
    const { refused } = await fill();
    const people = await Promise.all(Array.from({ length: 20 }, person));
    const answers = await whileLocked(() => Promise.all(people.map((userId) => stock.take(eventId, wishOf(userId)))));
    expect(answers).toEqual(people.map(() => refused));
  });

  it('lets the next one in when another process or plain SQL gave a place back, or enlarged it', async () => {
    const { held } = await fill();
    await database.admin`select ticketing.release_checkout(${held.checkoutId}, ${held.userId})`;
    const next = wishOf(await person());
    expect(await stock.take(eventId, next)).toMatchObject({ outcome: 'held' });
    expect(await other.take(eventId, wishOf(await person()))).toMatchObject({ outcome: 'all_in_checkout' });
    await database.admin`update ticketing.ticket_tiers set quantity = 4 where id = ${tierId}`;
    expect(await other.take(eventId, wishOf(await person()))).toMatchObject({ outcome: 'held' });
  });

  it('lets the next one in when a hold has lapsed, swept or not', async () => {
    const { held } = await fill();
    await database.admin`
      update ticketing.ticket_holds set created_at = created_at - interval '1 hour', expires_at = expires_at - interval '1 hour'
       where checkout_id = ${held.checkoutId}`;
    expect(await stock.take(eventId, wishOf(await person()))).toMatchObject({ outcome: 'held' });
  });

  it('says paused or closed, not full, once it is', async () => {
    await fill();
    await database.admin`update events.events set sales_paused_at = clock_timestamp() where id = ${eventId}`;
    expect(await stock.take(eventId, wishOf(await person()))).toMatchObject({ outcome: 'paused' });
  });

  it('gives a replayed checkout its own places, on every process', async () => {
    const { held } = await fill();
    await other.take(eventId, wishOf(await person()));
    for (const each of [stock, other])
      expect(await each.take(eventId, held)).toMatchObject({ outcome: 'held', detail: { replayed: true } });
  });

  it('answers nobody ahead of a batch under way: an earlier copy of her request may be in it', async () => {
    const { held } = await fill();
    const asked: Promise<{ outcome: string }>[] = [];
    await database.admin.begin(async (sql) => {
      await sql`select ticketing.release_checkout(${held.checkoutId}, ${held.userId})`;
      asked.push(stock.take(eventId, held)); // known, so it is decided under the lock
      while (stock.underWay === 0) await new Promise((resolve) => setTimeout(resolve, 5));
      const next = wishOf(await person());
      asked.push(stock.take(eventId, next), stock.take(eventId, next));
      while (stock.waiting < 2) await new Promise((resolve) => setTimeout(resolve, 5)); // behind it, not ahead
    });
    expect((await Promise.all(asked)).map((answer) => answer.outcome)).toEqual(['ended', 'held', 'held']);
  });

  it('tells a person who holds something of the event which checkout, and lets her replace it', async () => {
    const { held } = await fill();
    const again = wishOf(held.userId);
    expect(await stock.take(eventId, again)).toMatchObject({
      outcome: 'has_active',
      detail: { checkoutId: held.checkoutId },
    });
    expect(await stock.take(eventId, { ...again, replaces: held.checkoutId })).toMatchObject({ outcome: 'held' });
  });
});
