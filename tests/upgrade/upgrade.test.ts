import crypto from 'node:crypto';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { ensureRolesAndDatabase, loginPasswords } from '@liventix/db/bootstrap';
import { checkInvariants } from '@liventix/db/invariants';
import { migrate, pendingMigrations, sqlFolder } from '@liventix/db/migrate';
import postgres from 'postgres';
import { describe, expect, inject, it } from 'vitest';
import { type BoxOffice, openBoxOffice } from '../races/box-office.ts';
import { dumpOf, loadDump } from './dump.ts';

/**
 * One dump per landed schema: `<version>.sql`, whose first line names the last migration of that version:
 * `-- through: 0006_jobs_and_feed.sql`. To write the next one: WRITE_DUMP=0.2 with this file's tests.
 */
const here = import.meta.dirname;
const dumps = fs.readdirSync(here).filter((file) => file.endsWith('.sql'));

/** The SQL sources as they were: migrations up to one, and none of the objects that are applied again anyway. */
function sourcesThrough(last: string): string {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'liventix-upgrade-'));
  fs.mkdirSync(path.join(folder, 'migrations'));
  for (const file of fs.readdirSync(path.join(sqlFolder(), 'migrations')))
    if (file <= last)
      fs.copyFileSync(path.join(sqlFolder(), 'migrations', file), path.join(folder, 'migrations', file));
  return folder;
}

describe('data of an earlier version', () => {
  it('is kept for at least one version', () => {
    expect(dumps).toContain('0.1.sql');
  });

  for (const dump of dumps) {
    it(`${dump} loads into its own schema, is migrated to now, keeps every row, and every invariant holds`, async () => {
      const server = inject('liventixTestServer');
      const text = fs.readFileSync(path.join(here, dump), 'utf8');
      const last = text.match(/^-- through: (\S+\.sql)/)?.[1] as string;
      const database = `liventix_test_${Date.now()}_${crypto.randomBytes(4).toString('hex')}`;
      const urls = await ensureRolesAndDatabase({
        adminUrl: server.adminUrl,
        database,
        passwords: loginPasswords(server.secret),
      });
      const address = new URL(server.adminUrl);
      address.pathname = `/${database}`;
      const admin = postgres(address.href, { max: 1, onnotice: () => {} });
      const engine = postgres(urls.engine, { max: 1, onnotice: () => {} });
      const folder = sourcesThrough(last);
      try {
        await migrate({ ownerUrl: urls.owner, folder });
        await loadDump(admin, text);
        const counts = () => admin`
          select (select count(*)::int from ticketing.tickets) as tickets, (select count(*)::int from ticketing.orders) as orders,
                 (select count(*)::int from auth.users) as people, (select count(*)::int from social.event_reactions) as reactions`;
        const before = await counts();
        expect(before[0]?.tickets).toBeGreaterThan(3);
        await migrate({ ownerUrl: urls.owner });
        expect(await pendingMigrations(urls.engine)).toEqual([]);
        expect(await counts()).toEqual(before);
        expect((await checkInvariants(engine)).filter((result) => result.violations > 0)).toEqual([]);
        const sick = await engine`select title, findings from ticketing.event_health where score < 100`;
        expect(sick).toHaveLength(0);
        // and it goes on selling
        const [tier] =
          await engine`select id from ticketing.ticket_tiers where quantity > issued_quantity + reserved_quantity limit 1`;
        const [person] =
          await engine`select u.id from auth.users u where not exists (select from ticketing.tickets k where k.owner_user_id = u.id) limit 1`;
        const [answer] = await engine`
          select outcome from ticketing.reserve_batch(array[public.uuid_v7()], array[${tier?.id}]::uuid[], array[${person?.id}]::uuid[], array[1])`;
        expect(answer?.outcome).toBe('held');
      } finally {
        fs.rmSync(folder, { recursive: true, force: true });
        await Promise.all([admin.end({ timeout: 5 }), engine.end({ timeout: 5 })]);
        const maintenance = postgres(server.adminUrl, { max: 1, onnotice: () => {} });
        await maintenance.unsafe(`drop database if exists "${database}" with (force)`);
        await maintenance.end({ timeout: 5 });
      }
    });
  }
});

describe('what a later version adds', () => {
  it('gets its rights from policies that did not change: a new table is forced, a new function is the engine’s', async () => {
    const { test, close } = await openBoxOffice(1);
    const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'liventix-upgrade-'));
    fs.cpSync(sqlFolder(), folder, { recursive: true });
    fs.writeFileSync(
      path.join(folder, 'migrations/9001_probe.sql'),
      '-- why: to see\ncreate table ticketing.probes (id int primary key);',
    );
    fs.writeFileSync(
      path.join(folder, 'functions/99_ticketing.probe.sql'),
      "create function ticketing.probe() returns int language sql as 'select 1';",
    );
    expect((await migrate({ ownerUrl: test.urls.owner, folder })).applied).toEqual([
      'migrations/9001_probe.sql',
      'functions/99_ticketing.probe.sql',
    ]);
    const [row] = await test.admin`
      select c.relforcerowsecurity as forced, has_table_privilege('service_role', 'ticketing.probes', 'INSERT') as engine,
             has_function_privilege('anon', 'ticketing.probe()', 'EXECUTE') as visitor, has_function_privilege('service_role', 'ticketing.probe()', 'EXECUTE') as runs
      from pg_class c where c.oid = 'ticketing.probes'::regclass`;
    expect({ ...row }).toEqual({ forced: true, engine: true, visitor: false, runs: true });
    fs.rmSync(folder, { recursive: true, force: true });
    await close();
  });
});

/** A little of everything that ends: nothing in it depends on the hour at which it is loaded. */
async function tellStory(office: BoxOffice): Promise<void> {
  const { admin } = office.test;
  const { eventId, organizerId, tierIds } = await office.stage([{ quantity: 20 }, { quantity: 5, priceCents: 0 }], {
    slug: 'late-frequencies-hamburg',
    city: 'Hamburg',
    venue: 'Kantine Nord',
    start_at: '2099-06-05T20:00:00Z',
    end_at: '2099-06-06T04:00:00Z',
  });
  const [org] =
    await admin`insert into organizations.organizations (name, slug) values ('Kantine Nord', 'kantine-nord') returning id`;
  await admin`insert into organizations.org_memberships (org_id, user_id, role) values (${org?.id}, ${organizerId}, 'owner')`;
  await admin`update events.events set owner_context_type = 'organization', owner_context_id = ${org?.id} where id = ${eventId}`;
  await admin`insert into public.profiles (id, email, display_name) select id, email, name from auth.users on conflict (id) do nothing`;
  const [a, b, c, d] = (await office.people(4)) as [string, string, string, string];
  const buy = async (userId: string, tier: number, quantity: number) => {
    const checkoutId = crypto.randomUUID();
    await office.reserve([{ checkoutId, userId, lines: [{ tierId: tierIds[tier] as string, quantity }] }]);
    return { checkoutId, ...(await office.order(checkoutId, userId)) };
  };
  const paid = await buy(a, 0, 3);
  await office.complete(paid.orderId, paid.totalCents);
  const free = await buy(b, 1, 2);
  await office.complete(free.orderId, null);
  const returned = await buy(c, 0, 1);
  await office.complete(returned.orderId, returned.totalCents);
  const [refund] =
    await office.sql`select ticketing.request_refund(${returned.orderId}, 'requested', ${organizerId}) as answer`;
  await office.sql`select ticketing.settle_refund(${refund?.answer.refundId}, true, 're_1')`;
  const released = await buy(d, 0, 2);
  await office.sql`select ticketing.release_checkout(${released.checkoutId}, ${d})`;
  const lapsed = await buy(d, 0, 2);
  await office.lapse(lapsed.checkoutId);
  await office.sql`select * from public.cleanup_expired_ticket_holds()`;
  await office.sql`select * from ticketing.cancel_lapsed_orders()`;
  const [post] =
    await admin`insert into social.event_posts (event_id, author_user_id, text) values (${eventId}, ${a}, 'On my way') returning id`;
  await admin`insert into social.event_reactions (post_id, user_id, kind, text) values (${post?.id}, ${b}, 'like', null), (${post?.id}, ${c}, 'comment', 'See you there')`;
  await admin`insert into events.saved_events (user_id, event_id) values (${d}, ${eventId})`;
  await admin`insert into social.follows (user_id, target_type, target_id) values (${d}, 'organization', ${org?.id})`;
}

describe('a dump', () => {
  it('written today loads into today’s schema and says the same', async () => {
    const office = await openBoxOffice(2);
    const copy = await openBoxOffice(2);
    await tellStory(office);
    const text = await dumpOf(office.test.admin);
    if (process.env.WRITE_DUMP) {
      const last = fs.readdirSync(path.join(sqlFolder(), 'migrations')).sort().at(-1);
      fs.writeFileSync(path.join(here, `${process.env.WRITE_DUMP}.sql`), `-- through: ${last}\n${text}`);
    }
    await loadDump(copy.test.admin, text);
    expect(await dumpOf(copy.test.admin)).toBe(text);
    await copy.expectSound();
    await Promise.all([office.close(), copy.close()]);
  });
});
