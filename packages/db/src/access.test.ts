import crypto from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Claims, sqlState, type TxSql } from './client.ts';
import { type TestDatabase, testDatabase } from './testing.ts';

/**
 * Who may read and write what. The rules stand here; tables, columns and functions come from the catalogue, so a new one
 * without a rule fails. `-` before a name: every column except these. Nothing named: nothing allowed.
 */
interface Rule {
  anon?: string;
  person?: string;
  insert?: string;
  update?: string;
  delete?: true;
}
const ALL = '-';
const EVENT = '- created_by online_url updated_at edition';
const TIER =
  'id event_id name price_cents sales_start sales_end description position min_per_order max_per_order tax_rate_bps created_at deleted_at';
const WAITING_ROOM = 'id event_id state commitment drawn_at drawn served paused_at closed_at closed_because created_at';
const POST = '- client_id hidden_by updated_at';
const REACTION = '- client_id day';
const ORGANIZATION = 'id name description created_at slug city palette';

const RULES: Record<string, Rule> = {
  'analytics.event_metrics': { person: ALL },
  'analytics.page_views': {},
  'analytics.scan_logs': { person: ALL },
  'analytics.user_actions': {},
  'auth.accounts': {},
  'auth.passkey_challenges': {},
  'auth.passkeys': {},
  'auth.pending_moves': {},
  'auth.proof_tries': {},
  'auth.recovery_codes': {},
  'auth.sessions': {},
  'auth.two_factors': {},
  'auth.users': {},
  'auth.verifications': {},
  'events.event_alerts': { person: ALL },
  'events.events': { anon: EVENT, person: EVENT },
  'events.saved_events': { person: ALL, insert: 'user_id event_id', delete: true },
  'jobs.tasks': {},
  'jobs.workers': {},
  'organizations.org_invitations': { person: '- token_sha256 invited_by' },
  'organizations.org_memberships': { person: ALL },
  'organizations.organizations': { anon: ORGANIZATION, person: ORGANIZATION },
  'organizations.role_notices': {},
  'public.feed_beats': {},
  'public.profiles': { person: ALL, update: 'display_name photo_url settings' },
  'public.restores': {},
  'public.schema_migrations': {},
  'social.event_posts': { anon: POST, person: POST },
  'social.event_reactions': { anon: REACTION, person: REACTION },
  'social.feed_counters': {},
  'social.follows': { person: ALL, insert: 'user_id target_type target_id', delete: true },
  'social.post_reports': {},
  'social.uploads': {},
  'ticketing.disputes': { person: '- provider_dispute_id updated_at' },
  'ticketing.erased_mailboxes': {},
  'ticketing.event_changes': {},
  'ticketing.event_counters': {},
  'ticketing.event_health': {},
  'ticketing.event_readiness': {},
  'ticketing.event_sales': {},
  'ticketing.event_totals': {},
  'ticketing.event_violations': {},
  'ticketing.hold_lapses': {},
  'ticketing.hold_pressure': {},
  'ticketing.order_items': { person: ALL },
  'ticketing.order_links': {},
  'ticketing.orders': { person: ALL, insert: 'event_id user_id mailbox buyer_name' },
  'ticketing.refund_tickets': {},
  'ticketing.refunds': { person: 'id order_id amount_cents reason status created_at kind settled_at taken_back_at' },
  'ticketing.state_log': {},
  'ticketing.ticket_events': {},
  'ticketing.ticket_holds': { person: ALL },
  'ticketing.ticket_tiers': { anon: TIER, person: TIER },
  'ticketing.tickets': { person: '- qr_code redeemed_by status_before_redeem' },
  'ticketing.waiting_rooms': { anon: WAITING_ROOM, person: WAITING_ROOM },
  'ticketing.waiting_spots': { person: '- seen_at address_key' },
  'ticketing.webhook_events': {},
};

/** Functions that a visitor may run: they answer about herself, or compute from what she gives. */
const OPEN_FUNCTIONS = [
  'access.event_role',
  'access.has_ticket',
  'access.is_verified',
  'access.may',
  'access.may_post',
  'access.may_see_event',
  'access.newest_posts',
  'access.online_url',
  'access.org_role',
  'access.post_event',
  'access.role_allows',
  'auth.end_reset_links',
  'auth.keep_two_factor',
  'auth.role',
  'auth.uid',
  'events.derive_times',
  'events.over_at',
  'events.require_living_host',
  'public.normal_mailbox',
  'public.plain_text',
  'public.short_code',
  'public.touch_updated_at',
  'public.uuid_v7',
  'ticketing.closed_reason',
  'ticketing.qr_code_of',
  'ticketing.quote_of',
];

let test: TestDatabase;
let columns: Map<string, string[]>;

const ids = {
  event: crypto.randomUUID(),
  draft: crypto.randomUUID(),
  secret: crypto.randomUUID(),
  hosted: crypto.randomUUID(),
  org: crypto.randomUUID(),
  tier: crypto.randomUUID(),
  order: crypto.randomUUID(),
  ticket: crypto.randomUUID(),
  post: crypto.randomUUID(),
  hidden: crypto.randomUUID(),
  room: crypto.randomUUID(),
};
const ROLES = ['owner', 'admin', 'editor', 'scanner', 'viewer'] as const;
const PEOPLE = ['buyer', 'stranger', ...ROLES] as const;
type Person = (typeof PEOPLE)[number];
const people = Object.fromEntries(PEOPLE.map((name) => [name, crypto.randomUUID()])) as Record<Person, string>;
const claims = (who: Person): Claims => ({ sub: people[who], role: 'authenticated' });

beforeAll(async () => {
  test = await testDatabase();
  const { admin } = test;
  await admin`insert into auth.users ${admin(PEOPLE.map((name) => ({ id: people[name], name, email: `${name}@example.org` })))}`;
  await admin`insert into public.profiles ${admin(PEOPLE.map((name) => ({ id: people[name], email: `${name}@example.org` })))}`;
  await admin`insert into organizations.organizations ${admin({ id: ids.org, name: 'Kantine Nord' })}`;
  await admin`insert into organizations.org_memberships ${admin(ROLES.map((role) => ({ org_id: ids.org, user_id: people[role], role })))}`;
  await admin`insert into organizations.org_invitations (org_id, email, role, token_sha256, invited_by) values (${ids.org}, 'new@example.org', 'editor', 'x', ${people.owner})`;
  const event = (id: string, status: string, visibility: string) => ({
    ...{
      id,
      title: 'Late Frequencies',
      status,
      visibility,
      start_at: new Date(Date.now() + 86_400_000),
      created_by: people.owner,
    },
    ...{ owner_context_type: 'organization', owner_context_id: ids.org, online_url: 'https://example.org/room' },
  });
  await admin`insert into events.events ${admin([
    event(ids.event, 'published', 'public'),
    event(ids.draft, 'draft', 'public'),
    event(ids.secret, 'published', 'private'),
    { ...event(ids.hosted, 'published', 'private'), owner_context_type: 'user', owner_context_id: people.stranger },
  ])}`;
  await admin`insert into ticketing.ticket_tiers ${admin({ id: ids.tier, event_id: ids.secret, name: 'Door', price_cents: 1000, quantity: 5, issued_quantity: 1, reserved_quantity: 1 })}`;
  await admin`insert into ticketing.ticket_holds ${admin({ user_id: people.buyer, tier_id: ids.tier, quantity: 1 })}`;
  await admin`insert into ticketing.orders ${admin({ id: ids.order, event_id: ids.secret, user_id: people.buyer, status: 'paid', total_cents: 1000, mailbox: 'buyer@example.org' })}`;
  await admin`insert into ticketing.order_items ${admin({ order_id: ids.order, tier_id: ids.tier, quantity: 1, price_cents: 1000 })}`;
  await admin`insert into ticketing.tickets ${admin({ id: ids.ticket, order_id: ids.order, event_id: ids.secret, tier_id: ids.tier, owner_user_id: people.buyer, qr_code: 'canary-code', sequence_number: 1 })}`;
  await admin`insert into ticketing.refunds ${admin({ order_id: ids.order, amount_cents: 10, status: 'failed' })}`;
  await admin`insert into ticketing.disputes ${admin({ order_id: ids.order, event_id: ids.secret, provider_dispute_id: 'dp_access', amount_cents: 10, status: 'inquiry', reason: 'general', opened_at: new Date() })}`;
  await admin`insert into social.event_posts ${admin([
    {
      id: ids.post,
      event_id: ids.secret,
      author_user_id: people.buyer,
      text: 'On my way',
      hidden_at: null,
      hidden_reason: null,
    },
    {
      id: ids.hidden,
      event_id: ids.secret,
      author_user_id: people.buyer,
      text: 'Spam',
      hidden_at: new Date(),
      hidden_reason: 'spam',
    },
  ])}`;
  await admin`insert into social.event_reactions (post_id, user_id, kind, text) values (${ids.post}, ${people.owner}, 'comment', 'Welcome'), (${ids.post}, ${people.buyer}, 'like', null)`;
  await admin`insert into events.saved_events (user_id, event_id) values (${people.buyer}, ${ids.event})`;
  await admin`insert into events.event_alerts (user_id, event_id, mailbox, kind) values (${people.buyer}, ${ids.event}, 'buyer@example.org', 'on_sale')`;
  await admin`insert into social.follows (user_id, target_type, target_id) values (${people.buyer}, 'organization', ${ids.org})`;
  await admin`insert into analytics.scan_logs (event_id, ticket_id, outcome, scanned_by) values (${ids.secret}, ${ids.ticket}, 'admitted', ${people.scanner})`;
  await admin`insert into ticketing.waiting_rooms ${admin({ id: ids.room, event_id: ids.event })}`;
  await admin`insert into ticketing.waiting_spots ${admin({ room_id: ids.room, user_id: people.buyer })}`;
  await admin`insert into analytics.event_metrics (event_id, hour) values (${ids.secret}, now())`;
  const rows = await admin<{ table: string; names: string[] }[]>`
    select n.nspname || '.' || c.relname as table, array_agg(a.attname::text order by a.attnum) as names
    from pg_attribute a join pg_class c on c.oid = a.attrelid join pg_namespace n on n.oid = c.relnamespace
    where c.relkind in ('r', 'p', 'v', 'm') and a.attnum > 0 and not a.attisdropped
      and n.nspname not in ('information_schema', 'graphile_worker') and n.nspname not like 'pg\\_%'
      and not exists (select from pg_depend d where d.objid = c.oid and d.deptype = 'e')
    group by 1 order by 1`;
  columns = new Map(rows.map((row) => [row.table, row.names]));
});
afterAll(() => test.drop());

/** The columns a rule names, of those there are. */
function allowed(table: string, rule: string | undefined): Set<string> {
  const all = columns.get(table) ?? [];
  if (rule === undefined) return new Set();
  const named = rule.split(' ').filter((name) => name !== '-');
  expect(named.filter((name) => !all.includes(name))).toEqual([]);
  return new Set(rule.startsWith('-') ? all.filter((name) => !named.includes(name)) : named);
}

/** Runs a statement for somebody and rolls it back: how many rows it touched, or the state of the refusal. */
async function attempt(who: Claims | null, text: string): Promise<number | string> {
  const undo = new Error('undo');
  let count: number | string = 0;
  try {
    await test.db.api.asPerson(who, async (_tx, sql) => {
      count = (await sql.unsafe(text)).count ?? 0;
      throw undo;
    });
  } catch (error) {
    if (error !== undo) count = sqlState(error) ?? String(error);
  }
  return count;
}

/** The same for all columns of a table in one transaction; each attempt in a savepoint of its own. */
async function eachColumn(
  who: Claims | null,
  table: string,
  statement: (column: string) => string,
): Promise<Map<string, string>> {
  const results = new Map<string, string>();
  const undo = new Error('undo');
  const inSavepoint = (sql: TxSql, text: string): Promise<string> =>
    sql
      .savepoint(async (inner) => {
        await inner.unsafe(text);
        throw undo;
      })
      .then(
        () => 'ok',
        (error: unknown) => (error === undo ? 'ok' : (sqlState(error) ?? String(error))),
      );
  await test.db.api
    .asPerson(who, async (_tx, sql) => {
      for (const column of columns.get(table) ?? []) results.set(column, await inSavepoint(sql, statement(column)));
      throw undo;
    })
    .catch((error: unknown) => {
      if (error !== undo) throw error;
    });
  return results;
}

const DENIED = '42501';
const wanted = (may: boolean): string[] => (may ? ['ok'] : [DENIED]);

describe('every table and view', () => {
  it('has a rule here, and every rule a table', () => {
    expect(Object.keys(RULES).sort()).toEqual([...columns.keys()].sort());
  });

  for (const [table, rule] of Object.entries(RULES)) {
    // a view says that it takes no rows before it asks for rights
    const refused = /event_(health|readiness|violations)$/.test(table) ? '55000' : DENIED;

    it(`${table}: each column is read by those who may and nobody else`, async () => {
      for (const [who, granted] of [
        [null, allowed(table, rule.anon)],
        [claims('buyer'), allowed(table, rule.person)],
      ] as const) {
        const results = await eachColumn(who, table, (column) => `select "${column}" from ${table} limit 1`);
        for (const [column, result] of results)
          expect([column, result]).toEqual([column, ...wanted(granted.has(column))]);
      }
    });

    it(`${table}: each column is written by nobody, save what a person may write of her own`, async () => {
      for (const who of [null, claims('buyer'), claims('owner')]) {
        const update = who ? allowed(table, rule.update) : new Set<string>();
        const insert = who ? allowed(table, rule.insert) : new Set<string>();
        const updates = await eachColumn(who, table, (column) => `update ${table} set "${column}" = default`);
        for (const [column, result] of updates) {
          if (update.has(column)) expect([column, result]).not.toEqual([column, DENIED]);
          else expect([column, result]).toEqual([column, refused]);
        }
        const inserts = await eachColumn(
          who,
          table,
          (column) => `insert into ${table} ("${column}") select null where false`,
        );
        for (const [column, result] of inserts) {
          if (insert.has(column)) expect([column, result]).not.toEqual([column, DENIED]);
          else expect([column, [refused, '42804', '428C9'].includes(result)]).toEqual([column, true]);
          // a type or identity refusal comes before the rights are asked: ask the catalogue
          if (!insert.has(column)) {
            const [row] =
              await test.admin`select has_column_privilege(${who ? 'authenticated' : 'anon'}, ${table}, ${column}, 'INSERT') as may`;
            expect([column, row?.may]).toEqual([column, false]);
          }
        }
        const gone = await attempt(who, `delete from ${table}`);
        if (who && rule.delete) expect(gone).not.toBe(DENIED);
        else expect(gone).toBe(refused);
        expect(await attempt(who, `truncate ${table}`)).toBe(refused === DENIED ? DENIED : '42809');
      }
    });
  }
});

/** How many of the rows made above each one sees; `-` is no right at all. In the order of WHO. */
const WHO = ['visitor', 'nobody', 'stranger', 'buyer', 'owner', 'admin', 'editor', 'scanner', 'viewer'] as const;
const SEEN: Record<string, string> = {
  'public.profiles': '- 0 1 1 1 1 1 1 1',
  'organizations.organizations': '1 1 1 1 1 1 1 1 1',
  'organizations.org_memberships': '- 0 0 0 5 5 5 5 5',
  'organizations.org_invitations': '- 0 0 0 1 1 0 0 0',
  'events.events': '1 1 2 2 3 3 3 2 3',
  'ticketing.ticket_tiers': '0 0 0 1 1 1 1 1 1',
  'ticketing.ticket_holds': '- 0 0 1 0 0 0 0 0',
  'ticketing.orders': '- 0 0 1 1 1 0 0 0',
  'ticketing.order_items': '- 0 0 1 1 1 0 0 0',
  'ticketing.tickets': '- 0 0 1 1 1 0 0 0',
  'ticketing.refunds': '- 0 0 1 1 1 0 0 0',
  'ticketing.disputes': '- 0 0 0 1 1 0 0 0',
  'ticketing.waiting_rooms': '1 1 1 1 1 1 1 1 1',
  'ticketing.waiting_spots': '- 0 0 1 0 0 0 0 0',
  'social.event_posts': '0 0 0 2 2 2 2 1 1',
  'social.event_reactions': '0 0 0 2 1 1 1 1 1',
  'social.follows': '- 0 0 1 0 0 0 0 0',
  'events.saved_events': '- 0 0 1 0 0 0 0 0',
  'events.event_alerts': '- 0 0 1 0 0 0 0 0',
  'analytics.scan_logs': '- 0 0 0 1 1 1 1 0',
  'analytics.event_metrics': '- 0 0 0 1 1 0 0 1',
};

describe('rows', () => {
  it('of every readable table are in the matrix', () => {
    const readable = Object.entries(RULES).filter(([, rule]) => rule.anon ?? rule.person);
    expect(Object.keys(SEEN).sort()).toEqual(readable.map(([table]) => table).sort());
  });

  for (const [table, expected] of Object.entries(SEEN)) {
    it(`${table}: a stranger, a missing claim, another person, its owner and each role see exactly theirs`, async () => {
      const rule = RULES[table] as Rule;
      const column = [...allowed(table, rule.person)][0] as string;
      const seen: string[] = [];
      for (const who of WHO) {
        const text = `select "${column}" from ${table}`;
        const result =
          who === 'nobody'
            ? await test.db.api.sql.begin(async (sql) => {
                await sql`select set_config('role', 'authenticated', true)`;
                return (await sql.unsafe(text)).count;
              })
            : await attempt(who === 'visitor' ? null : claims(who), text);
        seen.push(result === DENIED ? '-' : String(result));
      }
      expect(Object.fromEntries(WHO.map((who, index) => [who, seen[index]]))).toEqual(
        Object.fromEntries(WHO.map((who, index) => [who, expected.split(' ')[index]])),
      );
    });
  }

  it('of her own profile take a name, a photo and settings; those of others take nothing', async () => {
    const rename = (id: string) =>
      `update public.profiles set display_name = 'Ada', photo_url = '/a.webp', settings = '{}' where id = '${id}'`;
    expect(await attempt(claims('buyer'), rename(people.buyer))).toBe(1);
    expect(await attempt(claims('buyer'), rename(people.owner))).toBe(0);
    expect(
      await attempt(claims('buyer'), `update public.profiles set role = 'admin' where id = '${people.buyer}'`),
    ).toBe(DENIED);
  });

  it('of orders are inserted for oneself, pending and without amounts, for events one may see', async () => {
    const insert = (user: string, event: string, more = '', value = '') =>
      `insert into ticketing.orders (event_id, user_id${more}) values ('${event}', '${user}'${value})`;
    expect(await attempt(claims('buyer'), insert(people.buyer, ids.event))).toBe(1);
    expect(await attempt(claims('buyer'), insert(people.owner, ids.event))).toBe(DENIED);
    expect(await attempt(claims('buyer'), insert(people.buyer, ids.draft))).toBe(DENIED);
    expect(await attempt(null, insert(people.buyer, ids.event))).toBe(DENIED);
    for (const [column, value] of [
      ['total_cents', '1'],
      ['status', "'paid'"],
      ['captured_cents', '5'],
      ['checkout_id', 'public.uuid_v7()'],
    ] as const)
      expect(await attempt(claims('buyer'), insert(people.buyer, ids.event, `, ${column}`, `, ${value}`))).toBe(DENIED);
    // the policy holds by itself, should a grant ever be wider
    await test.owner`grant insert (total_cents, status) on ticketing.orders to authenticated`;
    expect(await attempt(claims('buyer'), insert(people.buyer, ids.event, ', total_cents', ', 1'))).toBe(DENIED);
    expect(await attempt(claims('buyer'), insert(people.buyer, ids.event, ', status', ", 'paid'"))).toBe(DENIED);
    await test.owner`revoke insert (total_cents, status) on ticketing.orders from authenticated`;
    expect(
      await attempt(claims('buyer'), `update ticketing.orders set status = 'paid' where id = '${ids.order}'`),
    ).toBe(DENIED);
  });

  it('of saved events and follows are made and removed for oneself alone', async () => {
    for (const [mine, theirs, gone] of [
      [
        `insert into events.saved_events (user_id, event_id) values ('${people.stranger}', '${ids.event}')`,
        `insert into events.saved_events (user_id, event_id) values ('${people.owner}', '${ids.event}')`,
        'delete from events.saved_events',
      ],
      [
        `insert into social.follows (user_id, target_type, target_id) values ('${people.stranger}', 'organization', '${ids.org}')`,
        `insert into social.follows (user_id, target_type, target_id) values ('${people.owner}', 'organization', '${ids.org}')`,
        'delete from social.follows',
      ],
    ] as const) {
      expect(await attempt(claims('stranger'), mine)).toBe(1);
      expect(await attempt(claims('stranger'), theirs)).toBe(DENIED);
      expect(await attempt(claims('stranger'), gone)).toBe(0);
      expect(await attempt(claims('buyer'), gone)).toBe(1);
    }
    expect(
      await attempt(
        claims('buyer'),
        `insert into events.saved_events (user_id, event_id) values ('${people.buyer}', '${ids.draft}')`,
      ),
    ).toBe(DENIED);
  });

  it('written under somebody else’s claims stay theirs: broken claims are nobody', async () => {
    for (const text of ['', '{}', '{"sub":""}', '{"role":"authenticated"}']) {
      const count = await test.db.api.sql.begin(async (sql) => {
        await sql`select set_config('role', 'authenticated', true), set_config('request.jwt.claims', ${text}, true)`;
        return (await sql`select id from ticketing.orders`).count;
      });
      expect(count).toBe(0);
    }
  });

  it('with the link of an online event are for ticket holders and its staff', async () => {
    const link = (who: Claims | null, event: string) =>
      test.db.api.asPerson(who, async (_tx, sql) => (await sql`select access.online_url(${event}) as url`)[0]?.url);
    expect(await link(claims('buyer'), ids.secret)).toBe('https://example.org/room');
    expect(await link(claims('buyer'), ids.event)).toBeNull();
    expect(await link(claims('editor'), ids.event)).toBe('https://example.org/room');
    for (const who of [null, claims('stranger'), claims('scanner'), claims('viewer')])
      expect(await link(who, ids.event)).toBeNull();
  });
});

describe('functions, logins and what is hidden', () => {
  it('are executable by visitors and people only where they stand in the list', async () => {
    const rows = await test.admin<{ name: string }[]>`
      select distinct n.nspname || '.' || p.proname as name from pg_proc p join pg_namespace n on n.oid = p.pronamespace
      where n.nspname not in ('pg_catalog', 'information_schema') and not exists (select from pg_depend d where d.objid = p.oid and d.deptype = 'e')
        and (has_function_privilege('anon', p.oid, 'EXECUTE') or has_function_privilege('authenticated', p.oid, 'EXECUTE')) order by 1`;
    expect(rows.map((row) => row.name)).toEqual(OPEN_FUNCTIONS);
    for (const who of [null, claims('owner')])
      expect(await attempt(who, `select ticketing.complete_order_atomic('${ids.order}')`)).toBe(DENIED);
  });

  it('keep the sign-in library’s login out of everything else, and everybody else out of its tables', async () => {
    for (const table of columns.keys()) {
      const [row] = await test.admin`
        select has_any_column_privilege('liventix_auth', ${table}, 'SELECT') as auth, has_any_column_privilege('liventix_api', ${table}, 'SELECT') as api,
               has_any_column_privilege('anon', ${table}, 'SELECT') or has_any_column_privilege('authenticated', ${table}, 'SELECT') as people`;
      expect([table, row?.auth]).toEqual([table, table.startsWith('auth.')]);
      expect([table, row?.api]).toEqual([table, false]); // it becomes somebody first
      if (table.startsWith('auth.')) expect([table, row?.people]).toEqual([table, false]);
    }
    const [secret] =
      await test.admin`select has_any_column_privilege('service_role', 'auth.accounts', 'SELECT') as accounts, has_column_privilege('service_role', 'auth.users', 'name', 'UPDATE') as rename`;
    expect({ ...secret }).toEqual({ accounts: false, rename: false });
    for (const table of ['two_factors', 'passkeys', 'passkey_challenges', 'recovery_codes', 'proof_tries']) {
      const [row] =
        await test.admin`select has_any_column_privilege('service_role', ${`auth.${table}`}, 'SELECT') as reads`;
      expect([table, row?.reads]).toEqual([table, false]);
    }
  });

  it('tell the public what the organizer shows of the stock, and no more', async () => {
    await test.admin`update ticketing.ticket_tiers set quantity = 100 where id = ${ids.tier}`;
    const figures = async (display: string) => {
      await test.admin`update events.events set availability_display = ${display}::public.availability_display where id = ${ids.secret}`;
      const [row] = await test.db.engine
        .sql`select state, free, in_checkout, quantity from ticketing.public_availability(${[ids.secret]}::uuid[])`;
      return { ...row };
    };
    expect(await figures('exact')).toEqual({ state: 'on_sale', free: 98, in_checkout: 1, quantity: 100 });
    expect(await figures('low_only')).toEqual({ state: 'on_sale', free: null, in_checkout: null, quantity: null });
    expect(await figures('hidden')).toEqual({ state: 'on_sale', free: null, in_checkout: null, quantity: null });
    await test.admin`update ticketing.ticket_tiers set quantity = 10 where id = ${ids.tier}`;
    expect(await figures('low_only')).toEqual({ state: 'on_sale', free: 8, in_checkout: null, quantity: null });
    expect(await figures('hidden')).toEqual({ state: 'on_sale', free: null, in_checkout: null, quantity: null });
    for (const column of ['quantity', 'issued_quantity', 'reserved_quantity', 'status', 'version'])
      for (const who of [null, claims('buyer'), claims('owner')])
        expect(await attempt(who, `select id from ticketing.ticket_tiers where ${column}::text <> ''`)).toBe(DENIED);
  });
});
