/**
 * The whole database as one sorted text, from the catalogue: what a review sees of a migration's effect.
 * The same text on PostgreSQL 15 and 18: only what both say alike is asked for.
 */
import type postgres from 'postgres';

/** `-- what`, then its lines; sections without lines are left out. */
interface Section {
  title: string;
  lines: string[];
}

type Ask = (text: string) => Promise<string[]>;

// Extensions bring objects of their own into our schemas, the job library has its own schema: neither is ours to describe.
const OURS = `not in ('pg_catalog', 'information_schema', 'graphile_worker') and n.nspname not like 'pg\\_%'`;
const fromExtension = (catalogue: string, alias: string): string =>
  `exists (select from pg_depend x where x.classid = '${catalogue}'::regclass and x.objid = ${alias}.oid and x.deptype = 'e')`;

/** Describes the database that a connection leads to (any role that may read the catalogue). */
export async function describeDatabase(sql: postgres.Sql): Promise<string> {
  // Names are printed with their schema only when it is not on the path.
  const lines = await sql.begin(async (tx) => {
    await tx`select set_config('search_path', '', true)`;
    const ask: Ask = async (text) => (await tx.unsafe<{ line: string }[]>(text)).map((row) => row.line);
    const sections: Section[] = [];
    for (const describe of [schemas, types, tables, functions, views, triggers, policies, grants, publications])
      sections.push(...(await describe(ask)));
    return sections.filter((section) => section.lines.length > 0);
  });
  const text = lines.map(({ title, lines: body }) => `-- ${title}\n${body.join('\n')}\n`).join('\n');
  return `-- Written by "pnpm db:describe" from a freshly migrated database. Never edited, never run.\n\n${text}`;
}

async function schemas(ask: Ask): Promise<Section[]> {
  return [
    {
      title: 'schemas',
      lines: await ask(`
        select format('schema %s owner %s', n.nspname, n.nspowner::regrole) as line
        from pg_namespace n where n.nspname ${OURS} and n.nspname <> 'public' order by 1`),
    },
    {
      title: 'extensions',
      lines: await ask(`
        select format('extension %s in %s', e.extname, n.nspname) as line
        from pg_extension e join pg_namespace n on n.oid = e.extnamespace where e.extname <> 'plpgsql' order by 1`),
    },
  ];
}

async function types(ask: Ask): Promise<Section[]> {
  return [
    {
      title: 'enums and domains',
      lines: await ask(`
        select format('enum %s.%s: %s', n.nspname, t.typname,
          (select string_agg(e.enumlabel, ', ' order by e.enumsortorder) from pg_enum e where e.enumtypid = t.oid)) as line
        from pg_type t join pg_namespace n on n.oid = t.typnamespace
        where t.typtype = 'e' and n.nspname ${OURS} and not ${fromExtension('pg_type', 't')}
        union all
        select format('domain %s.%s: %s%s %s', n.nspname, t.typname, format_type(t.typbasetype, t.typtypmod),
          case when t.typnotnull then ' not null' else '' end,
          (select string_agg(pg_get_constraintdef(c.oid), ' ' order by c.conname) from pg_constraint c
            where c.contypid = t.oid and c.contype = 'c'))
        from pg_type t join pg_namespace n on n.oid = t.typnamespace
        where t.typtype = 'd' and n.nspname ${OURS} and not ${fromExtension('pg_type', 't')} order by 1`),
    },
  ];
}

async function tables(ask: Ask): Promise<Section[]> {
  const names = await ask(`
    select format('%I.%I', n.nspname, c.relname) as line from pg_class c join pg_namespace n on n.oid = c.relnamespace
    where c.relkind in ('r', 'p') and n.nspname ${OURS} and not ${fromExtension('pg_class', 'c')} order by 1`);
  const sections: Section[] = [];
  for (const name of names) sections.push({ title: `table ${name}`, lines: await table(ask, name) });
  return sections;
}

async function table(ask: Ask, name: string): Promise<string[]> {
  const oid = `'${name.replaceAll("'", "''")}'::regclass`;
  const head = await ask(`
    select format('owner %s%s%s', relowner::regrole, case when relrowsecurity then ', row level security' else '' end,
      case when relforcerowsecurity then ' forced' else '' end) as line from pg_class where oid = ${oid}`);
  const columns = await ask(`
    select format('  %s %s%s%s', a.attname, format_type(a.atttypid, a.atttypmod), case when a.attnotnull then ' not null' else '' end,
      case when a.attgenerated = 's' then ' generated as ' || pg_get_expr(d.adbin, d.adrelid)
        when a.attidentity <> '' then ' identity'
        when d.adbin is not null then ' default ' || pg_get_expr(d.adbin, d.adrelid) else '' end) as line
    from pg_attribute a left join pg_attrdef d on d.adrelid = a.attrelid and d.adnum = a.attnum
    where a.attrelid = ${oid} and a.attnum > 0 and not a.attisdropped order by a.attnum`);
  // PostgreSQL 18 lists each "not null" as a constraint too ('n'); the columns say it already.
  const constraints = await ask(`
    select format('  constraint %s %s', conname, pg_get_constraintdef(oid)) as line from pg_constraint
    where conrelid = ${oid} and contype <> 'n' order by contype <> 'p', conname`);
  const indexes = await ask(`
    select '  ' || pg_get_indexdef(i.indexrelid) as line from pg_index i join pg_class c on c.oid = i.indexrelid
    where i.indrelid = ${oid} and not exists (select from pg_constraint k where k.conindid = i.indexrelid) order by c.relname`);
  return [...head, ...columns, ...constraints, ...indexes];
}

async function functions(ask: Ask): Promise<Section[]> {
  const lines = await ask(`
    select format('-- owner %s%s%s', p.proowner::regrole, E'\\n', rtrim(pg_get_functiondef(p.oid), E'\\n')) as line
    from pg_proc p join pg_namespace n on n.oid = p.pronamespace
    where p.prokind in ('f', 'p') and n.nspname ${OURS} and not ${fromExtension('pg_proc', 'p')}
    order by n.nspname, p.proname, pg_get_function_identity_arguments(p.oid)`);
  return [{ title: 'functions', lines }];
}

/** A view's text is a file of drizzle/views, and 15 and 18 print it differently: here is what it offers, and as whom. */
async function views(ask: Ask): Promise<Section[]> {
  const lines = await ask(`
    select format('%s %s.%s owner %s with (%s)%s', case c.relkind when 'm' then 'materialized view' else 'view' end,
      n.nspname, c.relname, c.relowner::regrole, array_to_string(c.reloptions, ', '),
      (select string_agg(format(E'\\n  %s %s', a.attname, format_type(a.atttypid, a.atttypmod)), '' order by a.attnum)
        from pg_attribute a where a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped)) as line
    from pg_class c join pg_namespace n on n.oid = c.relnamespace
    where c.relkind in ('v', 'm') and n.nspname ${OURS} and not ${fromExtension('pg_class', 'c')}
    order by n.nspname, c.relname`);
  return [{ title: 'views', lines }];
}

async function triggers(ask: Ask): Promise<Section[]> {
  const lines = await ask(`
    select pg_get_triggerdef(t.oid) as line from pg_trigger t
    join pg_class c on c.oid = t.tgrelid join pg_namespace n on n.oid = c.relnamespace
    where not t.tgisinternal and n.nspname ${OURS} order by n.nspname, c.relname, t.tgname`);
  return [{ title: 'triggers', lines }];
}

async function policies(ask: Ask): Promise<Section[]> {
  const lines = await ask(`
    select format('%s.%s %s: %s%s to %s%s%s', n.nspname, c.relname, p.polname,
      case p.polcmd when 'r' then 'select' when 'a' then 'insert' when 'w' then 'update' when 'd' then 'delete' else 'all' end,
      case when p.polpermissive then '' else ' restrictive' end,
      case when p.polroles = '{0}' then 'public'
        else (select string_agg(r.rolname, ', ' order by r.rolname) from pg_roles r where r.oid = any (p.polroles)) end,
      coalesce(E'\\n  using ' || pg_get_expr(p.polqual, p.polrelid), ''),
      coalesce(E'\\n  check ' || pg_get_expr(p.polwithcheck, p.polrelid), '')) as line
    from pg_policy p join pg_class c on c.oid = p.polrelid join pg_namespace n on n.oid = c.relnamespace
    where n.nspname ${OURS} order by n.nspname, c.relname, p.polname`);
  return [{ title: 'policies', lines }];
}

// An owner's own rights are left out: they are always there. MAINTAIN exists from 17 on only, so it is left out too.
const RIGHTS = (acl: string, owner: string): string => `
  select case when a.grantee = 0 then 'public' else a.grantee::regrole::text end as who,
    string_agg(lower(a.privilege_type), ', ' order by a.privilege_type) as rights
  from aclexplode(${acl}) a where a.grantee <> ${owner} and a.privilege_type <> 'MAINTAIN' group by 1`;

async function grants(ask: Ask): Promise<Section[]> {
  const lines = [
    ...(await ask(`
      select format('schema %s: %s to %s', n.nspname, g.rights, g.who) as line
      from pg_namespace n cross join lateral (${RIGHTS('n.nspacl', 'n.nspowner')}) g
      where n.nspname ${OURS} order by 1`)),
    ...(await ask(`
      select format('%s.%s: %s to %s', n.nspname, c.relname, g.rights, g.who) as line
      from pg_class c join pg_namespace n on n.oid = c.relnamespace cross join lateral (${RIGHTS('c.relacl', 'c.relowner')}) g
      where c.relkind in ('r', 'p', 'v', 'm', 'S') and n.nspname ${OURS} and not ${fromExtension('pg_class', 'c')} order by 1`)),
    ...(await ask(`
      select format('%s.%s (%s): %s to %s', nspname, relname, string_agg(attname, ', ' order by attname), rights, who) as line
      from (
        select n.nspname, c.relname, a.attname, g.rights, g.who from pg_attribute a
        join pg_class c on c.oid = a.attrelid join pg_namespace n on n.oid = c.relnamespace
        cross join lateral (${RIGHTS('a.attacl', 'c.relowner')}) g
        where a.attacl is not null and n.nspname ${OURS}
      ) column_rights group by nspname, relname, rights, who order by 1`)),
    ...(await ask(`
      select format('%s.%s(%s): %s to %s', n.nspname, p.proname, pg_get_function_identity_arguments(p.oid), g.rights, g.who) as line
      from pg_proc p join pg_namespace n on n.oid = p.pronamespace
      cross join lateral (${RIGHTS("coalesce(p.proacl, acldefault('f', p.proowner))", 'p.proowner')}) g
      where n.nspname ${OURS} and not ${fromExtension('pg_proc', 'p')} order by 1`)),
  ];
  return [{ title: 'grants', lines }];
}

async function publications(ask: Ask): Promise<Section[]> {
  const lines = await ask(`
    select format('publication %s: %s.%s (%s)', t.pubname, t.schemaname, t.tablename, array_to_string(t.attnames, ', ')) as line
    from pg_publication_tables t order by 1`);
  return [{ title: 'publications', lines }];
}
