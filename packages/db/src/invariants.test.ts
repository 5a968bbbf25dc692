import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { checkInvariants, readInvariants } from './invariants.ts';
import { type TestDatabase, testDatabase } from './testing.ts';

let test: TestDatabase;
beforeAll(async () => {
  test = await testDatabase();
});
afterAll(() => test.drop());

describe('invariants', () => {
  it('all hold in an empty database, and the engine may run each of them', async () => {
    const results = await checkInvariants(test.db.engine.sql);
    expect(results.length).toBeGreaterThan(15);
    expect(results.filter((result) => result.violations > 0)).toEqual([]);
  });

  it('have names of their own', () => {
    const names = readInvariants().map((invariant) => invariant.name);
    expect(new Set(names).size).toBe(names.length);
  });

  it('count what is broken and show some of it', async () => {
    const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'liventix-invariants-'));
    const file = path.join(folder, 'some.sql');
    fs.writeFileSync(
      file,
      '-- what these are\n-- name: seven is six\n-- why so\nselect n from generate_series(1, 7) n;\n\n-- name: fine\nselect 1 where false;\n',
    );
    const results = await checkInvariants(test.db.engine.sql, readInvariants(file));
    expect(results.map(({ name, violations, examples }) => [name, violations, examples.length])).toEqual([
      ['seven is six', 7, 5],
      ['fine', 0, 0],
    ]);
    fs.writeFileSync(file, '-- name: nothing\n-- only a comment\n');
    expect(() => readInvariants(file)).toThrow('has no query');
    fs.rmSync(folder, { recursive: true });
  });
});
