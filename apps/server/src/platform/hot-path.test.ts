import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import http from 'node:http';
import { afterAll, beforeAll, describe, expect, it, onTestFinished, vi } from 'vitest';
import { createTestApp, type TestApp, type Visitor } from '../testing/index.ts';

let hot: TestApp;
let stock: TestApp;
let eventId: string;
let tierId: string;

beforeAll(async () => {
  hot = await createTestApp({ simulators: false });
  stock = await createTestApp({
    simulators: false,
    feed: false,
    hotPath: false,
    database: hot.database,
    env: { LIVENTIX_SECRET: hot.env.LIVENTIX_SECRET },
  });
  const { userId } = await hot.signUp();
  const [event] = await hot.admin`
    insert into events.events (title, owner_context_id, created_by, status, start_at)
    values ('Late Frequencies', ${userId}, ${userId}, 'published', clock_timestamp() + interval '3 days') returning id`;
  eventId = event?.id;
  const [tier] = await hot.admin`
    insert into ticketing.ticket_tiers (event_id, name, price_cents, quantity) values (${eventId}, 'General Admission', 2000, 400) returning id`;
  tierId = tier?.id;
});
afterAll(async () => {
  await stock.close();
  await hot.close();
});

const wish = (more: object = {}) => ({ eventId, checkoutId: randomUUID(), lines: [{ tierId, quantity: 1 }], ...more });

interface Said {
  status: number;
  headers: Record<string, string>;
  body: string;
}

/** One call as the browser makes it, with what differs from call to call taken out. */
async function say(
  app: TestApp,
  who: Visitor | null,
  path: string,
  body: string,
  more: Record<string, string> = {},
): Promise<Said> {
  const headers: Record<string, string> = { origin: app.url, 'content-type': 'application/json', ...more };
  if (who?.jar.header) headers.cookie = who.jar.header;
  const response = await fetch(new URL(path, app.url), { method: 'POST', headers, body });
  const told = Object.fromEntries(response.headers);
  for (const name of ['date', 'x-request-id', 'transfer-encoding', 'content-length', 'connection', 'keep-alive'])
    delete told[name];
  if (told['content-security-policy'])
    told['content-security-policy'] = told['content-security-policy']
      .replace(/nonce-[^']+/, 'nonce')
      .replace(/ws:\/\/[^ ;]+/, 'ws');
  if (told['set-cookie']) told['set-cookie'] = told['set-cookie'].replace(/token=[^;]+/, 'token');
  const said = await response.text();
  if (response.status === 429 || response.status === 503) {
    expect(said).toContain(`"retryAfterSeconds":${told['retry-after']}`);
    expect(Number(told['retry-after'])).toBeGreaterThanOrEqual(1);
    told['retry-after'] = 'seconds'; // counts down between two calls
  }
  const text = said
    .replace(/"retryAfterSeconds":\d+/, '"retryAfterSeconds":0')
    .replace(/"serverNow":"[^"]+"/, '"serverNow":""')
    .replace(/"reference":"[^"]+"/g, '"reference":""')
    .replace(/[A-Z0-9]{4}-[A-Z0-9]{4}/g, 'REFERENCE');
  return { status: response.status, headers: told, body: text };
}

describe('the hot path', () => {
  it('answers as the stock adapter does, byte for byte: what is held, every kind of refusal, every header', async () => {
    const mara = await hot.guest();
    const hasty = await hot.guest();
    await hot.admin`
      insert into ticketing.hold_lapses (user_id, event_id, checkout_id)
      select ${(await hasty.actor())?.userId as string}, ${eventId}, gen_random_uuid() from generate_series(1, 2)`;
    // A server out of connections, for whoever wants three places.
    await hot.admin.unsafe(`
      create function ticketing.run_out() returns trigger language plpgsql as $$ begin raise 'too many' using errcode = '53300'; end $$;
      create trigger run_out before insert on ticketing.ticket_holds for each row when (new.quantity = 3) execute function ticketing.run_out()`);
    const first = wish();
    const place = (input: unknown) => ['/trpc/holds.place', JSON.stringify({ json: input })] as const;
    const calls: [string, number, readonly [string, string], Visitor | null, Record<string, string>?][] = [
      ['held', 200, place(first), mara],
      ['replayed', 200, place(first), mara],
      ['another wish under the same id', 409, place({ ...first, lines: [{ tierId, quantity: 2 }] }), mara],
      ['a second checkout', 409, place(wish()), mara],
      ['more than allowed', 400, place(wish({ lines: [{ tierId, quantity: 49 }] })), await hot.guest()],
      ['an unknown event', 404, place(wish({ eventId: randomUUID() })), mara],
      ['an unknown tier', 404, place(wish({ lines: [{ tierId: randomUUID(), quantity: 1 }] })), mara],
      ['no uuid', 400, place(wish({ checkoutId: 'x' })), mara],
      ['no input', 400, ['/trpc/holds.place', ''], mara],
      ['no JSON', 400, ['/trpc/holds.place', '{"json":'], mara],
      ['JSON of another shape', 400, ['/trpc/holds.place', '[1]'], mara],
      [
        'nobody releases',
        401,
        ['/trpc/holds.release', JSON.stringify({ json: { checkoutId: first.checkoutId } })],
        null,
      ],
      [
        'a stranger releases',
        404,
        ['/trpc/holds.release', JSON.stringify({ json: { checkoutId: first.checkoutId } })],
        await hot.guest(),
      ],
      ['a foreign page', 403, place(wish()), mara, { origin: 'https://elsewhere.example' }],
      [
        'a batch',
        207,
        ['/trpc/holds.place,holds.release?batch=1', JSON.stringify({ 0: { json: first }, 1: { json: {} } })],
        mara,
      ],
      ['busy', 503, place(wish({ lines: [{ tierId, quantity: 3 }] })), await hot.guest()],
      ['a limit', 429, place(wish()), hasty],
      ['text', 400, ['/trpc/holds.place', '{}'], mara, { 'content-type': 'text/plain' }],
      ['released', 200, ['/trpc/holds.release', JSON.stringify({ json: { checkoutId: first.checkoutId } })], mara],
    ];
    for (const [what, status, [path, body], who, more] of calls) {
      const given = await say(hot, who, path, body, more);
      const wanted = await say(stock, who, path, body, more);
      expect([what, given]).toEqual([what, { ...wanted, headers: expect.objectContaining(wanted.headers) }]);
      expect([what, given.status]).toEqual([what, status]);
    }
  });

  it('signs a visitor in silently, with her cookie on the answer', async () => {
    const visitor = hot.visitor();
    const { checkoutId } = await visitor.api.holds.place(wish());
    expect((await visitor.actor())?.isAnonymous).toBe(true);
    expect((await visitor.api.holds.release({ checkoutId })).state).toBe('released');
  });

  it('refuses a body of a megabyte, announced or not, and goes on', async () => {
    const large = JSON.stringify({ json: wish({ more: 'x'.repeat(1_000_000) }) });
    for (const path of ['/trpc/holds.place', '/trpc/holds.place?batch=1']) {
      const refused = await say(hot, null, path, large);
      expect([refused.status, JSON.parse(refused.body)]).toMatchObject([
        413,
        { error: { json: { data: { code: 'BODY_TOO_LARGE' } } } },
      ]);
    }
    const request = http.request(new URL('/trpc/holds.place', hot.url), {
      method: 'POST',
      headers: { origin: hot.url, 'content-type': 'application/json', 'transfer-encoding': 'chunked' },
    });
    const answered = once(request, 'response');
    request.on('error', () => {}); // the server may close while the rest is still being sent
    for (let sent = 0; sent < 1_000_000; sent += 50_000) request.write('x'.repeat(50_000));
    request.end();
    const [response] = (await answered) as [http.IncomingMessage];
    expect(response.statusCode).toBe(413);
    response.resume();
    await hot.visitor().api.holds.place(wish());
  });
});

it('who goes away is no fault to be logged, and a fault is logged though its caller went away', async () => {
  const written: unknown[] = [];
  const log = vi.spyOn(hot.services.log, 'child').mockReturnValue({
    error: (facts: unknown) => void written.push(facts),
    warn: () => {},
  } as never);
  onTestFinished(() => log.mockRestore());
  const who = await hot.guest();
  const send = (more: object) => {
    const body = JSON.stringify({ json: wish(more) });
    const request = http.request(new URL('/trpc/holds.place', hot.url), {
      method: 'POST',
      headers: { origin: hot.url, cookie: who.jar.header, 'content-type': 'application/json' },
    });
    request.on('error', () => {});
    request.end(body);
    return request;
  };
  await hot.admin.unsafe(`
    create function ticketing.break() returns trigger language plpgsql as $$ begin raise 'broken' using errcode = 'XX000'; end $$;
    create trigger break before insert on ticketing.ticket_holds for each row when (new.quantity = 4) execute function ticketing.break()`);
  await hot.admin.begin(async (sql) => {
    await sql`select from ticketing.ticket_tiers where id = ${tierId} for update`;
    const requests = [send({ lines: [{ tierId, quantity: 4 }] })];
    for (let waiting = 0; waiting === 0; )
      waiting = (
        await sql`select from pg_stat_activity where wait_event_type = 'Lock' and query like '%reserve_batch%'`
      ).length;
    requests.push(send({})); // waits in the queue behind it
    await fetch(new URL('/healthz', hot.url)); // read after both
    for (const request of requests) request.destroy();
  });
  await expect.poll(() => written).toHaveLength(1);
  expect(written[0]).toMatchObject({ path: 'holds.place', reference: expect.any(String) });
  await hot.admin.unsafe('drop function ticketing.break() cascade');
});

describe('a session that the hot path keeps for seconds', () => {
  const ask = (who: Visitor) => who.api.holds.release({ checkoutId: randomUUID() });
  const known = { code: 'CHECKOUT_UNKNOWN' };
  const unknown = { code: 'SIGN_IN_REQUIRED' };

  it('is not read again: she is answered while nobody can read sessions', async () => {
    const mara = await hot.guest();
    await expect(ask(mara)).rejects.toMatchObject(known);
    await hot.admin.begin(async (sql) => {
      await sql`lock table auth.sessions in access exclusive mode`;
      await expect(ask(mara)).rejects.toMatchObject(known);
    });
  });

  it('ends at once when she signs out', async () => {
    const mara = await hot.signUp();
    await expect(ask(mara)).rejects.toMatchObject(known);
    const cookie = mara.jar.header;
    await mara.post('/auth/sign-out', {});
    const { status } = await fetch(new URL('/trpc/holds.release', hot.url), {
      method: 'POST',
      headers: { origin: hot.url, cookie, 'content-type': 'application/json' },
      body: JSON.stringify({ json: { checkoutId: randomUUID() } }),
    });
    expect(status).toBe(401);
  });

  it('ends when another process removes it', async () => {
    const mara = await hot.signUp();
    await expect(ask(mara)).rejects.toMatchObject(known);
    await hot.admin`delete from auth.sessions where user_id = ${mara.userId}`;
    // well before its five seconds are over
    const deadline = performance.now() + 4000;
    for (;;) {
      const error = await ask(mara).catch((thrown: unknown) => thrown);
      if ((error as { code: string }).code === unknown.code) break;
      expect(performance.now()).toBeLessThan(deadline);
    }
  });
});
