import { randomUUID } from 'node:crypto';
import { type Databases, openDatabases } from '@liventix/db/client';
import { freePort } from '@liventix/db/embedded';
import { type TestDatabase, testDatabase } from '@liventix/db/testing';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { makeEvent } from '../features/events/events.test-data.ts';
import { createTestApp, type TestApp, type Visitor } from '../testing/index.ts';
import { createLog } from './log.ts';
import { createReadPublic } from './read-public.ts';

/** The copy stands still where the two began; the primary has gone on. */
let primary: TestDatabase;
let copy: TestDatabase;
let db: Databases;
let app: TestApp;
let mara: Visitor;
let event: { id: string; slug: string; tierIds: string[] };
let post: string;

beforeAll(async () => {
  const seed = await testDatabase();
  event = await makeEvent(seed.admin, { title: 'As it was', city: 'Bremen' }, [{ quantity: 100 }]);
  post = await say(seed, 'First');
  await Promise.all([seed.db.end(), seed.admin.end(), seed.owner.end()]); // a database in use can't be copied
  const server = { ...inject('liventixTestServer'), template: seed.name };
  primary = await testDatabase({ server });
  copy = await testDatabase({ server });
  await seed.drop();
  db = openDatabases({ ...primary.urls, replica: copy.urls.api });
  app = await createTestApp({ database: { ...primary, db }, simulators: false });
  mara = await app.signUp();
  await primary.admin`update events.events set title = 'As it is', city = 'Kiel' where id = ${event.id}`;
  await primary.admin`update ticketing.ticket_tiers set issued_quantity = 60 where id = ${event.tierIds[0] as string}`;
});
afterAll(async () => {
  await app?.close();
  await db?.end();
  await Promise.all([primary?.drop(), copy?.drop()]);
});

async function say(where: TestDatabase, text: string): Promise<string> {
  const [row] = await where.admin`
    insert into social.event_posts (event_id, author_user_id, text)
    select id, created_by, ${text} from events.events where id = ${event.id} returning id`;
  return row?.id as string;
}
const titles = async (who: Visitor) => [
  (await who.api.feed.posts({ eventId: event.id })).posts[0]?.event.title,
  (await who.api.feed.home({})).posts[0]?.event.title,
  (await who.api.events.discover({})).events[0]?.title,
  (await who.api.events.cities())[0]?.city,
];
const OLD = ['As it was', 'As it was', 'As it was', 'Bremen'];
const NEW = ['As it is', 'As it is', 'As it is', 'Kiel'];

describe('a copy of the database that is behind', () => {
  it('is what a visitor reads, and nobody who is signed in', async () => {
    expect(await titles(app.visitor())).toEqual(OLD);
    expect(await titles(mara)).toEqual(NEW);
    expect(await titles(await app.guest())).toEqual(NEW);
  });

  it('has no say in places: cards, pages, rooms and holds of a visitor are of the primary', async () => {
    const visitor = app.visitor();
    const free = { tiers: [{ free: 40 }] };
    expect((await visitor.api.events.discover({})).events[0]?.snapshot.data).toMatchObject(free);
    expect((await visitor.api.events.bySlug({ slug: event.slug })).snapshot.data).toMatchObject(free);
    const socket = await visitor.socket();
    expect(await socket.join('event', event.id)).toMatchObject({ ok: true, snapshot: { data: free } });
    socket.close();
    const lines = [{ tierId: event.tierIds[0] as string, quantity: 2 }];
    await visitor.api.holds.place({ eventId: event.id, checkoutId: randomUUID(), lines });
    const reserved = (where: TestDatabase) => where.admin`select reserved_quantity as n from ticketing.ticket_tiers`;
    expect([...(await reserved(primary)), ...(await reserved(copy))]).toEqual([{ n: 2 }, { n: 0 }]);
  });

  it('never hides a post that the live room names as known, nor shows one that is gone', async () => {
    const visitor = app.visitor();
    const said = async () => [
      (await visitor.api.feed.posts({ eventId: event.id })).posts.map(({ id }) => id),
      (await visitor.api.feed.home({})).posts.map(({ id }) => id),
    ];
    const second = await say(primary, 'Second');
    expect(await said()).toEqual([
      [second, post],
      [second, post],
    ]);
    await primary.admin`update social.event_posts set deleted_at = clock_timestamp() where id = ${second}`;
    expect(await said()).toEqual([[post], [post]]);
    await primary.admin`update social.event_posts set deleted_at = clock_timestamp() where id = ${post}`;
    expect(await said()).toEqual([[], []]);
    await primary.admin`update social.event_posts set deleted_at = null where id = ${post}`;
  });

  it('takes nothing that writes', async () => {
    await expect(
      db.replica?.asPerson(null, (_tx, sql) => sql`insert into social.follows default values`),
    ).rejects.toMatchObject({ code: '25006' });
  });
});

describe('a copy that is away', () => {
  const count: Parameters<Databases['api']['asPerson']>[1] = async (_tx, sql) =>
    (await sql`select title from events.events`)[0]?.title;

  async function reading(replica: string, work = count, patienceMs?: number) {
    const lines: string[] = [];
    const log = createLog({ level: 'info', destination: { write: (line: string) => lines.push(line) } as never });
    const pools = openDatabases({ ...primary.urls, replica });
    const readPublic = createReadPublic({ db: pools, log, restMs: 0, ...(patienceMs ? { patienceMs } : {}) });
    try {
      return {
        answers: [await readPublic(null, work), await readPublic(null, work)],
        said: lines.map((line) => JSON.parse(line).msg as string),
      };
    } finally {
      await pools.end();
    }
  }
  const elsewhere = (change: (url: URL) => void) => {
    const url = new URL(copy.urls.api);
    change(url);
    return url.href;
  };
  const warned = ['the read replica does not answer: pages are read from the primary'];

  it('changes nothing but one line of the log, whether it is unreachable, refuses the login, or hangs', async () => {
    const nobody = elsewhere((url) => Object.assign(url, { port: '1' }));
    const port = await freePort();
    for (const url of [
      nobody,
      elsewhere((url) => Object.assign(url, { port: String(port) })),
      elsewhere((url) => Object.assign(url, { password: 'wrong' })),
    ])
      expect(await reading(url)).toEqual({ answers: ['As it is', 'As it is'], said: warned });
    await copy.admin.begin(async (sql) => {
      await sql`lock table events.events in access exclusive mode`;
      const { answers, said } = await reading(copy.urls.api, count, 200);
      expect({ answers, said }).toEqual({ answers: ['As it is', 'As it is'], said: warned });
    });
  });

  it('is not blamed for a question that nobody can answer', async () => {
    const lines: string[] = [];
    const log = createLog({ level: 'info', destination: { write: (line: string) => lines.push(line) } as never });
    const readPublic = createReadPublic({ db, log });
    await expect(readPublic(null, (_tx, sql) => sql`select 'x'::uuid`)).rejects.toMatchObject({ code: '22P02' });
    expect(lines).toEqual([]);
    expect(await readPublic(null, count)).toBe('As it was');
  });
});
