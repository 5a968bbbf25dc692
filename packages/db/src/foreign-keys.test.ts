import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type TestDatabase, testDatabase } from './testing.ts';

let test: TestDatabase;
beforeAll(async () => {
  test = await testDatabase();
});
afterAll(() => test.drop());

/** A tier is never removed once places were taken (deleted_at), and its living holds have an index of their own. */
const WITHOUT = ['ticketing.ticket_holds (tier_id, event_id)'];

describe('every foreign key', () => {
  it('has an index that starts with it, so that removing a guest or a draft reads no table from end to end', async () => {
    const rows = await test.admin<{ key: string }[]>`
      select f.conrelid::regclass::text || ' (' || (select string_agg(a.attname, ', ' order by k.n)
               from unnest(f.conkey) with ordinality k(num, n) join pg_attribute a on a.attrelid = f.conrelid and a.attnum = k.num) || ')' as key
      from pg_constraint f join pg_namespace n on n.oid = f.connamespace
      where f.contype = 'f' and n.nspname <> 'graphile_worker'
        and not exists (select from pg_index i where i.indrelid = f.conrelid
          and (i.indpred is null or pg_get_expr(i.indpred, i.indrelid) ~ '^\\(\\w+ IS NOT NULL\\)$') and i.indkey[0] = f.conkey[1])
      order by 1`;
    expect(rows.map((row) => row.key)).toEqual(WITHOUT);
  });
});
