import postgres from 'postgres';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { createTestApp, type TestApp } from '../../testing/index.ts';
import { boundSearch, findBySpelling, findByWords } from './events.sql.ts';
import { giveTicket, makeEvent, makeOrganization, makeUser } from './events.test-data.ts';

let app: TestApp;
beforeAll(async () => {
  app = await createTestApp({ feed: false });
});
afterAll(() => app.close());
beforeEach(async () => {
  await app.admin`truncate events.events, organizations.organizations cascade`;
});

const titles = async (input: Parameters<ReturnType<TestApp['caller']>['events']['discover']>[0]) =>
  (await app.caller().events.discover(input)).events.map((event) => event.title);

describe('what the public list shows', () => {
  it('shows coming public events, and nothing that is a draft, unlisted, private, cancelled, over or deleted', async () => {
    await makeEvent(app.admin, { title: 'Open' });
    await makeEvent(app.admin, { title: 'Moved', status: 'postponed', startIn: '4 days' });
    await makeEvent(app.admin, { title: 'Draft', status: 'draft' });
    await makeEvent(app.admin, { title: 'Unlisted', visibility: 'unlisted' });
    await makeEvent(app.admin, { title: 'Private', visibility: 'private' });
    await makeEvent(app.admin, { title: 'Off', status: 'cancelled' });
    await makeEvent(app.admin, { title: 'Over', startIn: '-7 hours' });
    const gone = await makeEvent(app.admin, { title: 'Gone' });
    await app.admin`update events.events set deleted_at = clock_timestamp() where id = ${gone.id}`;
    expect(await titles({})).toEqual(['Open', 'Moved']);
  });

  it('goes through a long list page by page, each event once, equal starts included', async () => {
    const owner = await makeUser(app.admin);
    await app.admin`
      insert into events.events (title, status, owner_context_id, created_by, start_at)
      select 'Night ' || n, 'published', ${owner}, ${owner}, date_trunc('hour', clock_timestamp()) + interval '2 days' + (n / 10) * interval '1 hour' from generate_series(1, 55) n`;
    const seen: string[] = [];
    let cursor: string | undefined;
    do {
      const page = await app.caller().events.discover({ cursor });
      seen.push(...page.events.map((event) => event.id));
      cursor = page.nextCursor ?? undefined;
    } while (cursor);
    expect(seen).toHaveLength(55);
    expect(new Set(seen).size).toBe(55);
  });

  it('refuses a cursor that is none of ours', async () => {
    await expect(app.caller().events.discover({ cursor: 'bm9uZQ' })).rejects.toMatchObject({
      cause: { code: 'INPUT_INVALID' },
    });
  });

  it('prices a card at what is paid, fees and added tax in, of the tiers that are still to be had', async () => {
    await makeEvent(app.admin, { title: 'Priced', feeBps: 500, feeFixedCents: 30, taxIncluded: false }, [
      { name: 'Early', priceCents: 1000, quantity: 60, issued: 60 },
      { name: 'Night', priceCents: 1800, quantity: 260, taxRateBps: 1900 },
      { name: 'Late', priceCents: 2000, quantity: 260 },
      { name: 'Secret', priceCents: 100, status: 'inactive' },
    ]);
    const [card] = (await app.caller().events.discover({})).events;
    expect(card).toMatchObject({ fromCents: 2000 + 100 + 30, priceVaries: true, currency: 'EUR' });
  });
});

describe('finding', () => {
  it('finds a word within a line of a script that puts no spaces between words, and under an article', async () => {
    const written: [string, string[]][] = [
      ['家族で楽しむ夏の花火大会', ['花火', '花火大会', '夏の']],
      ['เทศกาลดนตรีกลางคืน', ['ดนตรี']],
      ['여름불꽃축제', ['축제', '불꽃']],
      ['ليلة الموسيقى', ['موسيقى']],
      ['מופע לילה לבן', ['לבן']],
    ];
    for (const [title] of written) await makeEvent(app.admin, { title });
    await makeEvent(app.admin, { title: 'Dark half', description: '冬の音楽' });
    for (const [title, words] of written) for (const q of words) expect([q, await titles({ q })]).toEqual([q, [title]]);
    expect(await titles({ q: '音楽' })).toEqual(['Dark half']);
    expect(await titles({ q: '花火 冬' })).toEqual([]);
  });

  it('finds by words of title, place and text, titles first, accents and endings aside', async () => {
    await makeEvent(app.admin, {
      title: 'Moth Season',
      city: 'Leeds',
      description: 'Songs and jazz for the dark half',
      startIn: '1 day',
    });
    await makeEvent(app.admin, { title: 'Jazz in the Yard', city: 'London', startIn: '5 days' });
    await makeEvent(app.admin, { title: 'Low Tide Radio', venue: 'Armazém 9', city: 'Lisbon' });
    expect(await titles({ q: 'jazz' })).toEqual(['Jazz in the Yard', 'Moth Season']);
    expect(await titles({ q: 'armazem' })).toEqual(['Low Tide Radio']);
    expect(await titles({ q: 'low tid' })).toEqual(['Low Tide Radio']);
    expect(await titles({ q: 'jazz', city: 'leeds' })).toEqual(['Moth Season']);
    expect(await titles({ q: "'); drop table & | !" })).toEqual([]);
  });

  it('finds a title that is spelt nearly so', async () => {
    await makeEvent(app.admin, { title: 'Velvet Static' });
    await makeEvent(app.admin, { title: 'Rust & Reverb' });
    expect(await titles({ q: 'velvt static' })).toEqual(['Velvet Static']);
  });

  it('looks for a misspelt title only where no event has the words', async () => {
    await makeEvent(app.admin, { title: 'Velvet Static' });
    await makeEvent(app.admin, { title: 'Quiet', description: 'after velvet statc' });
    expect(await titles({ q: 'velvet statc' })).toEqual(['Quiet']);
    expect(await titles({ q: 'velvet statik' })).toEqual(['Velvet Static']);
  });

  it('reads no catalogue: words and spellings are found by their indexes', async () => {
    const owner = await makeUser(app.admin);
    await app.admin`
      insert into events.events (title, status, owner_context_id, created_by, start_at)
      select md5(n::text) || ' ' || md5((n + 7)::text), 'published', ${owner}, ${owner}, clock_timestamp() + n * interval '1 hour' from generate_series(1, 3000) n`;
    await app.admin`analyze events.events`;
    const sent: { query: string; params: never[] }[] = [];
    const engine = postgres(app.database.urls.engine, {
      max: 1,
      debug: (_connection, query, params) => void sent.push({ query, params: params as never[] }),
    });
    const plans = await engine.begin(async (sql) => {
      await boundSearch(sql);
      for (const find of [findByWords, findBySpelling]) await find(sql, 'velvt static', { city: 'Berlin' }, null, 25);
      const searches = sent.filter(
        ({ query }) => query.includes('from events.events') || query.includes('join events.events'),
      );
      return Promise.all(
        searches.map(async ({ query, params }) => JSON.stringify(await sql.unsafe(`explain ${query}`, params))),
      );
    });
    await engine.end();
    expect(plans).toHaveLength(2);
    expect(plans[0]).toContain('Bitmap Index Scan on events_search');
    expect(plans[1]).toContain('Bitmap Index Scan on events_title_trigram');
    expect(plans.join()).not.toContain('Seq Scan on events');
  });

  it('takes two connections at most, and one for all who ask the same', async () => {
    await makeEvent(app.admin, { title: 'Velvet Static' });
    const atOnce = async () => {
      const [row] = await app.admin<{ count: number }[]>`
        select count(*)::int as count from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'`;
      return row?.count;
    };
    /** While nobody is answered, ten questions keep so many connections busy, and no more. */
    const expectBusy = async (connections: number, words: (at: number) => string) => {
      const door = await app.admin.reserve();
      await door`begin`;
      await door`lock table events.events in access exclusive mode`;
      const answers = Promise.allSettled(
        Array.from({ length: 10 }, (_none, at) => app.caller().events.discover({ q: words(at) })),
      );
      try {
        await expect.poll(atOnce).toBe(connections);
        for (let look = 0; look < 12; look++) await app.db.engine.sql`select 1`;
        expect(await atOnce()).toBe(connections);
      } finally {
        await door`rollback`;
        door.release();
        await answers;
      }
    };
    await expectBusy(1, () => 'the same words');
    await expectBusy(2, (at) => `velvet ${at}`);
  });

  it('offers the nearest word when nothing is found, with how many there are and where', async () => {
    for (let n = 0; n < 3; n++) await makeEvent(app.admin, { title: `Evening ${n}`, city: 'London', category: 'jazz' });
    await makeEvent(app.admin, { title: 'Morning', city: 'Lisbon', category: 'jazz' });
    await makeEvent(app.admin, { title: 'Comedy', city: 'Leeds', category: 'comedy' });
    const found = await app.caller().events.discover({ q: 'jaz', city: 'Leeds' });
    expect(found).toMatchObject({ events: [], suggestion: { q: 'jazz', count: 3, city: 'London' } });
    expect((await app.caller().events.discover({ q: 'xylophone' })).suggestion).toBeNull();
  });

  it('filters by category and by day, a day lasting until 05:00 of the next', async () => {
    await makeEvent(app.admin, { title: 'Evening', category: 'club', startLocal: '2030-05-03 21:00' });
    await makeEvent(app.admin, { title: 'After midnight', category: 'concert', startLocal: '2030-05-04 03:30' });
    await makeEvent(app.admin, { title: 'Next day', category: 'club', startLocal: '2030-05-04 05:30' });
    expect(await titles({ date: '2030-05-03' })).toEqual(['Evening', 'After midnight']);
    expect(await titles({ date: '2030-05-04' })).toEqual(['Next day']);
    expect(await titles({ category: 'club' })).toEqual(['Evening', 'Next day']);
  });

  it('takes tonight to last until 05:00 where the event is', async () => {
    // The night that is now, in a zone where it is 22:00 or so at the moment: whatever the hour of the test.
    const [zone] = await app.admin<{ name: string }[]>`
      select name from pg_timezone_names where name like 'Etc/GMT%' and extract(hour from clock_timestamp() at time zone name) = 21 limit 1`;
    const [local] = await app.admin<
      { at: string }[]
    >`select (clock_timestamp() at time zone ${zone!.name})::date::text as at`;
    const [next] = await app.admin<{ at: string }[]>`select (${local!.at}::date + 1)::text as at`;
    await makeEvent(app.admin, { title: 'Late show', timeZone: zone!.name, startLocal: `${local!.at} 23:00` });
    await makeEvent(app.admin, { title: 'Small hours', timeZone: zone!.name, startLocal: `${next!.at} 04:30` });
    await makeEvent(app.admin, { title: 'Breakfast', timeZone: zone!.name, startLocal: `${next!.at} 09:00` });
    await makeEvent(app.admin, { title: 'Tomorrow', timeZone: zone!.name, startLocal: `${next!.at} 21:00` });
    expect(await titles({ when: 'tonight' })).toEqual(['Late show', 'Small hours']);
  });

  it('counts cities and categories of coming public events only', async () => {
    await makeEvent(app.admin, { city: 'Berlin', category: 'club' });
    await makeEvent(app.admin, { city: 'Berlin', category: 'comedy' });
    await makeEvent(app.admin, { city: 'Leeds', category: 'club' });
    await makeEvent(app.admin, { city: 'Secret Town', visibility: 'unlisted' });
    expect(await app.caller().events.cities()).toEqual([
      { city: 'Berlin', events: 2 },
      { city: 'Leeds', events: 1 },
    ]);
    expect(await app.caller().events.categories({ city: 'Leeds' })).toEqual([{ category: 'club', events: 1 }]);
  });
});

describe('the one thing a card says', () => {
  const statusOf = async (...[seed, tiers]: Parameters<typeof makeEvent> extends [unknown, ...infer R] ? R : never) => {
    await makeEvent(app.admin, seed, tiers);
    return (await app.caller().events.discover({})).events[0]?.status;
  };
  it('says how many are left when they are few', async () => {
    expect(await statusOf({}, [{ quantity: 80, issued: 73 }])).toEqual({ kind: 'left', count: 7 });
  });
  it('says selling fast when at most a fifth is left', async () => {
    expect(
      await statusOf({}, [
        { quantity: 60, issued: 60 },
        { quantity: 260, issued: 231 },
      ]),
    ).toEqual({ kind: 'fast' });
  });
  it('says nothing while there are plenty', async () => {
    expect(await statusOf({}, [{ quantity: 140, issued: 70 }])).toBeNull();
  });
  it('tells "all in checkout" from "sold out"', async () => {
    expect(await statusOf({}, [{ quantity: 150, issued: 148, reserved: 2 }])).toEqual({ kind: 'all_in_checkout' });
    await app.admin`truncate events.events cascade`;
    expect(await statusOf({}, [{ quantity: 150, issued: 150 }])).toEqual({ kind: 'sold_out' });
  });
  it('says when sales open, and that it is free', async () => {
    expect(await statusOf({}, [{ salesStartIn: '1 day' }])).toMatchObject({
      kind: 'on_sale',
      opensAt: expect.any(Number),
    });
    await app.admin`truncate events.events cascade`;
    expect(await statusOf({}, [{ priceCents: 0, quantity: 500, issued: 100 }])).toEqual({ kind: 'free' });
  });
  it('gives no figure away where they are hidden: not even "selling fast"', async () => {
    expect(await statusOf({ display: 'hidden' }, [{ quantity: 100, issued: 97 }])).toBeNull();
  });
});

describe('moving now', () => {
  it('shows what sells, and the newest sale with a first name only if the buyer allows it', async () => {
    const buyer = await makeUser(app.admin, 'Ada Okafor');
    const quiet = await makeEvent(app.admin, { title: 'Quiet', startIn: '1 day' });
    const busy = await makeEvent(app.admin, { title: 'Busy', startIn: '6 days' });
    await giveTicket(app.admin, busy.id, busy.tierIds[0]!, buyer);
    const first = await app.caller().events.movingNow({});
    expect(first.events.map((event) => event.id)).toEqual([busy.id, quiet.id]);
    expect(first.latest).toMatchObject({ who: null, quantity: 2, eventTitle: 'Busy' });
    await giveTicket(app.admin, busy.id, busy.tierIds[0]!, buyer, true);
    expect((await app.caller().events.movingNow({})).latest).toMatchObject({ who: 'Ada' });
  });

  it('tells no sale of an event whose numbers are hidden', async () => {
    const buyer = await makeUser(app.admin);
    const hidden = await makeEvent(app.admin, { display: 'hidden' });
    await giveTicket(app.admin, hidden.id, hidden.tierIds[0]!, buyer, true);
    expect((await app.caller().events.movingNow({})).latest).toBeNull();
  });
});

describe('the page of a host', () => {
  it('lists coming and past public events of an organization, and knows its followers', async () => {
    const org = await makeOrganization(app.admin, 'nordlicht', 'Nordlicht Kollektiv');
    await makeEvent(app.admin, { title: 'Coming', organization: org });
    await makeEvent(app.admin, { title: 'Past', organization: org, startIn: '-3 days' });
    await makeEvent(app.admin, { title: 'Hidden', organization: org, visibility: 'unlisted' });
    const fan = await app.signUp();
    await app.admin`insert into social.follows (user_id, target_type, target_id) values (${fan.userId}, 'organization', ${org})`;
    const page = await fan.api.events.host({ slug: 'nordlicht' });
    expect(page).toMatchObject({ host: { name: 'Nordlicht Kollektiv', followers: 1, following: true } });
    expect(page.upcoming.map((event) => event.title)).toEqual(['Coming']);
    expect(page.past.map((event) => event.title)).toEqual(['Past']);
  });

  it('shows a person only once she has hosted something public', async () => {
    const person = await makeUser(app.admin, 'Ines Carvalho');
    await expect(app.caller().events.host({ slug: person })).rejects.toMatchObject({ cause: { code: 'NOT_FOUND' } });
    await makeEvent(app.admin, { owner: person });
    expect((await app.caller().events.host({ slug: person })).host.name).toBe('Ines Carvalho');
  });
});
