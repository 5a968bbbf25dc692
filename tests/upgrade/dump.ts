/** A database's rows as a file of insert statements, and back: how tests/upgrade keeps the data of each landed schema. */
import type postgres from 'postgres';

const SCHEMAS = ['auth', 'public', 'organizations', 'events', 'ticketing', 'social', 'analytics'];

/** One insert per table that has rows, one row per line, sorted: a dump of the same rows is the same text. */
export async function dumpOf(admin: postgres.Sql): Promise<string> {
  const tables = await admin<{ name: string; columns: string[]; order: string[] }[]>`
    select n.nspname || '.' || c.relname as name,
           array_agg(quote_ident(a.attname) order by a.attnum) filter (where a.attgenerated = '') as columns,
           (select array_agg(quote_ident(k.attname)) from pg_index i join pg_attribute k on k.attrelid = i.indrelid and k.attnum = any (i.indkey)
             where i.indrelid = c.oid and i.indisprimary) as order
    from pg_class c join pg_namespace n on n.oid = c.relnamespace join pg_attribute a on a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped
    where c.relkind = 'r' and n.nspname = any (${SCHEMAS}) and c.relname not in ('schema_migrations', 'feed_beats')
    group by c.oid, n.nspname, c.relname order by array_position(${SCHEMAS}, n.nspname::text), 1`;
  const blocks: string[] = [];
  for (const { name, columns, order } of tables) {
    const list = columns.join(', ');
    const rows = await admin.unsafe<{ row: string }[]>(
      `select row_to_json(r)::text as row from (select ${list} from ${name}) r order by ${order.join(', ')}`,
    );
    if (rows.length === 0) continue;
    const lines = rows.map(({ row }) => row).join(',\n');
    blocks.push(
      `insert into ${name} (${list}) overriding system value\nselect ${list} from json_populate_recordset(null::${name}, $dump$[\n${lines}\n]$dump$);`,
    );
  }
  return `${blocks.join('\n\n')}\n`;
}

/**
 * Loads a dump as it is: no trigger counts, numbers or logs again. Numbering of the log goes on after its last line.
 * @param admin a superuser of the database that gets it
 */
export async function loadDump(admin: postgres.Sql, text: string): Promise<void> {
  await admin.begin(async (sql) => {
    await sql.unsafe("set local session_replication_role = 'replica'");
    await sql.unsafe(text);
    await sql.unsafe(
      `select setval(pg_get_serial_sequence('ticketing.state_log', 'id'), (select coalesce(max(id), 1) from ticketing.state_log))`,
    );
  });
}
