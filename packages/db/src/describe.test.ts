import fs from 'node:fs';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { describeDatabase } from './describe.ts';
import { sqlFolder } from './migrate.ts';
import { type TestDatabase, testDatabase } from './testing.ts';

let test: TestDatabase;
beforeAll(async () => {
  test = await testDatabase();
});
afterAll(() => test.drop());

describe('drizzle/schema.sql', () => {
  it('is what a freshly migrated database says of itself, on every supported PostgreSQL (pnpm db:describe)', async () => {
    const committed = fs.readFileSync(path.join(sqlFolder(), 'schema.sql'), 'utf8');
    expect(await describeDatabase(test.owner)).toBe(committed);
  });

  it('changes with a column, a policy, a column grant', async () => {
    const before = await describeDatabase(test.owner);
    await test.owner.unsafe(`
      create table events.probe (probe_id int primary key, word text);
      alter table events.probe enable row level security;
      alter table events.probe force row level security;
      create policy probe_select on events.probe for select to anon using (word = 'x');
      grant select (word) on events.probe to anon`);
    const added = (await describeDatabase(test.owner)).split('\n').filter((line) => !before.split('\n').includes(line));
    expect(added).toEqual([
      '-- table events.probe',
      '  probe_id integer not null',
      '  word text',
      '  constraint probe_pkey PRIMARY KEY (probe_id)',
      'events.probe probe_select: select to anon',
      "  using (word = 'x'::text)",
      'events.probe (word): select to anon',
    ]);
  });
});
