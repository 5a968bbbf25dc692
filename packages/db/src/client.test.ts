import { eq, inArray, sql as text } from 'drizzle-orm';
import { pgSchema, text as textColumn, uuid } from 'drizzle-orm/pg-core';
import postgres from 'postgres';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Claims, constraintOf, sqlState, type Tx } from './client.ts';
import { type TestDatabase, testDatabase } from './testing.ts';

const mara: Claims = { sub: '00000000-0000-7000-8000-000000000001', role: 'authenticated', sid: 'a' };
// Only what these tests read; the real table is the schema's business.
const notes = pgSchema('client_test').table('notes', { id: uuid().primaryKey(), body: textColumn() });
const readNotes = (tx: Tx) => tx.select().from(notes).where(eq(notes.body, 'x')).limit(5);
/** A role the API login may not become, as a caller could only say it by breaking the type. */
const forbidden = { ...mara, role: 'service_role' } as unknown as Claims;

let test: TestDatabase;
beforeAll(async () => {
  test = await testDatabase({ max: { api: 1, engine: 1 } });
  await test.owner.unsafe(`
    create schema client_test;
    create table client_test.notes (id uuid primary key, body text);
    grant usage on schema client_test to anon, authenticated, service_role;
    grant select on client_test.notes to anon, authenticated;
    grant select, insert on client_test.notes to service_role`);
});
afterAll(() => test.drop());

describe('asPerson', () => {
  it('speaks for the person and nobody else, for one transaction', async () => {
    const said = await test.db.api.asPerson(mara, async (_tx, sql) => {
      const [row] = await sql`select current_user as role, current_setting('request.jwt.claims') as claims`;
      return { role: row?.role, claims: JSON.parse(row?.claims) };
    });
    expect(said).toEqual({ role: 'authenticated', claims: mara });
    const visitor = await test.db.api.asPerson(null, async (_tx, sql) => {
      const [row] = await sql`select current_user as role, current_setting('request.jwt.claims') as claims`;
      return row;
    });
    expect(visitor).toEqual({ role: 'anon', claims: '{"role":"anon"}' });
  });

  it('leaves neither role nor claims on the connection, whatever happened in it', async () => {
    const endings = [
      () => test.db.api.asPerson(mara, readNotes),
      () => test.db.api.asPerson(mara, () => Promise.reject(new Error('mine'))),
      () => test.db.api.asPerson(mara, (tx) => tx.execute(text`select 1/0`)),
      () => test.db.api.asPerson(forbidden, readNotes),
    ];
    for (const ending of endings) {
      await ending().catch(() => {});
      const [row] = await test.db.api.sql`
        select current_user as role, coalesce(current_setting('request.jwt.claims', true), '') as claims`;
      expect(row).toEqual({ role: 'liventix_api', claims: '' });
    }
  });

  it('reports the refused role itself, not the aborted transaction behind it', async () => {
    const error = await test.db.api.asPerson(forbidden, readNotes).catch((e: unknown) => e);
    expect(sqlState(error)).toBe('42501');
    expect(String(error)).toContain('permission denied to set role');
  });

  it('fails even when the work swallowed its own error, or sent nothing', async () => {
    const swallowing = test.db.api.asPerson(forbidden, async (tx) => {
      await readNotes(tx).catch(() => {});
      return 'swallowed';
    });
    await expect(swallowing).rejects.toMatchObject({ code: '42501' });
    await expect(test.db.api.asPerson(forbidden, async () => 'nothing')).rejects.toMatchObject({ code: '42501' });
  });

  it('gives the error of the work as it was thrown', async () => {
    const mine = new Error('mine');
    await expect(
      test.db.api.asPerson(mara, async () => {
        throw mine;
      }),
    ).rejects.toBe(mine);
  });

  it('keeps a nested transaction to a savepoint: its failure undoes only itself', async () => {
    const count = await test.db.api.asPerson(mara, async (tx) => {
      await tx.transaction((inner) => readNotes(inner));
      await tx.transaction((inner) => inner.execute(text`select 1/0`)).catch(() => {});
      return (await readNotes(tx)).length;
    });
    expect(count).toBe(0);
  });

  it('fails when its backend is killed, and the pool goes on', async () => {
    const killed = test.db.api.asPerson(mara, async (tx, sql) => {
      const [row] = await sql`select pg_backend_pid() as pid`;
      await test.admin`select pg_terminate_backend(${row?.pid}, 5000)`;
      return readNotes(tx);
    });
    await expect(killed).rejects.toThrow();
    await expect(test.db.api.asPerson(mara, readNotes)).resolves.toEqual([]);
  });
});

describe('every pool', () => {
  it('has no statement compiled: for ours that takes seconds and saves milliseconds', async () => {
    const { api, engine, auth, inventory } = test.db;
    for (const sql of [api.sql, engine.sql, auth.sql, ...inventory])
      expect(await sql`show jit`).toEqual([{ jit: 'off' }]);
  });
});

describe('the engine', () => {
  it('is service_role from its first statement, in and out of a transaction', async () => {
    const [outside] = await test.db.engine.sql`select current_user as role`;
    const inside = await test.db.engine.transaction(async (_tx, sql) => (await sql`select current_user as role`)[0]);
    expect([outside, inside]).toEqual([{ role: 'service_role' }, { role: 'service_role' }]);
  });

  it('rolls back what a failed transaction did', async () => {
    const failing = test.db.engine.transaction(async (tx) => {
      await tx.insert(notes).values({ id: mara.sub, body: 'gone' });
      throw new Error('no');
    });
    await expect(failing).rejects.toThrow('no');
    expect(await test.admin`select from client_test.notes where body = 'gone'`).toHaveLength(0);
  });

  it('gives a transaction its connection for itself, also when it is the last that fits into a full pipeline', async () => {
    const sql = postgres(test.urls.engine, { max: 2, onnotice: () => {} });
    try {
      await Promise.all([sql`select 1`, sql`select 1`]);
      for (let before = 190; before < 215; before++) {
        const plain = Array.from({ length: before }, () => sql`select 1`.execute());
        expect(await sql.begin((tx) => tx`select ${before}::int as n`)).toEqual([{ n: before }]);
        await Promise.all(plain);
      }
    } finally {
      await sql.end();
    }
  });

  it('sends Drizzle statements prepared, so that each is one round trip', async () => {
    await test.db.engine.transaction((tx) => tx.insert(notes).values({ id: crypto.randomUUID(), body: 'once' }));
    const rows = await test.db.engine.sql`
      select statement from pg_prepared_statements where statement like 'insert into "client_test"."notes"%'`;
    expect(rows).toHaveLength(1);
  });
});

describe('what statements may carry', () => {
  it('takes arrays, JSON and dates in Drizzle and in plain statements alike', async () => {
    const moment = new Date('2026-11-22T20:00:00.000Z');
    const [plain] = await test.db.engine.sql`
      select ${moment}::timestamptz = ${moment.toISOString()}::timestamptz as same,
        ${test.db.engine.sql.json({ a: [1] })}::jsonb as json, ${JSON.stringify({ b: 2 })}::jsonb as ready,
        ${[mara.sub]}::uuid[] as ids`;
    expect(plain).toEqual({ same: true, json: { a: [1] }, ready: { b: 2 }, ids: [mara.sub] });
    const found = await test.db.api.asPerson(null, (tx) =>
      tx
        .select()
        .from(notes)
        .where(inArray(notes.id, [mara.sub])),
    );
    expect(found).toEqual([]);
  });
});

describe('sqlState', () => {
  it("finds the server's answer behind Drizzle's wrapper", async () => {
    const row = { id: '00000000-0000-7000-8000-00000000000a', body: 'twice' };
    const error = await test.db.engine
      .transaction(async (tx) => {
        await tx.insert(notes).values(row);
        await tx.insert(notes).values(row);
      })
      .catch((e: unknown) => e);
    expect((error as { code?: string }).code).toBeUndefined();
    expect(sqlState(error)).toBe('23505');
    expect(constraintOf(error)).toBe('notes_pkey');
  });

  it('is null when no server answered', () => {
    expect([sqlState(new Error('x')), sqlState(null), sqlState({ code: 'CONNECTION_CLOSED' })]).toEqual([
      null,
      null,
      null,
    ]);
  });
});
