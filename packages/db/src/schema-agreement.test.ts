import { is } from 'drizzle-orm';
import { getTableConfig, isPgEnum, PgTable } from 'drizzle-orm/pg-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import * as schema from './schema/index.ts';
import { type TestDatabase, testDatabase } from './testing.ts';

let test: TestDatabase;
beforeAll(async () => {
  test = await testDatabase();
});
afterAll(() => test.drop());

const tables = Object.values(schema as Record<string, unknown>).filter((value): value is PgTable => is(value, PgTable));
const enums = Object.values(schema as Record<string, unknown>).filter(isPgEnum);

describe('the Drizzle schema', () => {
  it('names every table that the database has, and no other', async () => {
    const rows = await test.admin<{ name: string }[]>`
      select n.nspname || '.' || c.relname as name from pg_class c join pg_namespace n on n.oid = c.relnamespace
      where c.relkind in ('r', 'p') and n.nspname not like 'pg\\_%'
        and n.nspname not in ('information_schema', 'graphile_worker') and c.relname <> 'schema_migrations' order by 1`;
    const described = tables.map((table) => nameOf(table)).sort();
    expect(described).toEqual(rows.map((row) => row.name));
  });

  it('agrees with the database on every column, its type, whether it may be empty and whether it has a default', async () => {
    const rows = await test.admin<{ line: string }[]>`
      select format('%s.%s.%s %s%s%s', n.nspname, c.relname, a.attname, format_type(a.atttypid, a.atttypmod),
        case when a.attnotnull then ' not null' else '' end,
        case when a.atthasdef or a.attidentity <> '' then ' default' else '' end) as line
      from pg_attribute a join pg_class c on c.oid = a.attrelid join pg_namespace n on n.oid = c.relnamespace
      where c.relkind in ('r', 'p') and a.attnum > 0 and not a.attisdropped and n.nspname not like 'pg\\_%'
        and n.nspname not in ('information_schema', 'graphile_worker') and c.relname <> 'schema_migrations'`;
    const described = tables.flatMap((table) =>
      getTableConfig(table).columns.map((column) => {
        const filled = column.hasDefault || column.generated !== undefined || column.generatedIdentity !== undefined;
        return `${nameOf(table)}.${column.name} ${catalogueType(column.getSQLType())}${column.notNull ? ' not null' : ''}${filled ? ' default' : ''}`;
      }),
    );
    expect(described.sort()).toEqual(rows.map((row) => row.line).sort());
  });

  it('agrees with the database on the values of every enum', async () => {
    const rows = await test.admin<{ name: string; labels: string[] }[]>`
      select n.nspname || '.' || t.typname as name, array_agg(e.enumlabel::text order by e.enumsortorder) as labels
      from pg_type t join pg_enum e on e.enumtypid = t.oid join pg_namespace n on n.oid = t.typnamespace
      where n.nspname <> 'graphile_worker' group by 1 order by 1`;
    const described = enums
      .map((value) => ({ name: `${value.schema ?? 'public'}.${value.enumName}`, labels: [...value.enumValues] }))
      .sort((a, b) => (a.name < b.name ? -1 : 1));
    expect(described).toEqual(rows.map(({ name, labels }) => ({ name, labels })));
  });
});

function nameOf(table: PgTable): string {
  const { schema: space, name } = getTableConfig(table);
  return `${space ?? 'public'}.${name}`;
}

/** Drizzle's spelling of a type, as the catalogue spells it (enums are in `public`, which is on the path). */
function catalogueType(type: string): string {
  const [, base = type, dimensions = ''] = type.match(/^(.*?)((?:\[\d*\])*)$/) ?? [];
  const names: Record<string, string> = {
    'timestamp with time zone': 'timestamp with time zone',
    timestamp: 'timestamp without time zone',
    serial: 'integer',
    bigserial: 'bigint',
    time: 'time without time zone',
    decimal: 'numeric',
  };
  const spelled = names[base] ?? base.replace(/^varchar/, 'character varying').replace(/^char\b/, 'character');
  return `${spelled}${dimensions.replaceAll(/\[\d*\]/g, '[]')}`;
}
