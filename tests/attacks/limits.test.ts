import { randomBytes, randomUUID } from 'node:crypto';
import fs from 'node:fs';
import http from 'node:http';
import net from 'node:net';
import os from 'node:os';
import path from 'node:path';
import { createTestApp, type TestApp } from '@liventix/server/testing';
import { afterAll, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { makeEvent } from '../../apps/server/src/features/events/events.test-data.ts';

let app: TestApp;
let folder: string;
beforeAll(async () => {
  folder = fs.mkdtempSync(path.join(os.tmpdir(), 'liventix-limits-'));
  fs.mkdirSync(path.join(folder, 'client'), { recursive: true });
  fs.mkdirSync(path.join(folder, 'server'));
  for (const icon of ['favicon-48.png', 'icon-180.png']) fs.writeFileSync(path.join(folder, 'client', icon), 'png');
  // A page that tells how much of a form reached it.
  fs.writeFileSync(
    path.join(folder, 'server/index.js'),
    `export const entry = { module: { default: () => new Response('page') } };
     export const routes = { root: { id: 'root', path: '', module: { default: () => null } },
       form: { id: 'form', parentId: 'root', path: 'form', module: {
         loader: () => new Response('read'),
         action: async ({ request }) => new Response(String((await request.text()).length)) } },
       who: { id: 'who', parentId: 'root', path: 'who', module: {
         loader: ({ context }) => new Response(context.actor?.name ?? 'nobody') } },
       late: { id: 'late', parentId: 'root', path: 'late', module: { loader: () => globalThis.liventixTestPage() } },
       file: { id: 'file', parentId: 'root', path: 'settings/export.json', module: { loader: () => new Response('mine') } },
       link: { id: 'link', parentId: 'root', path: 'l/:token', module: { loader: () => new Response('link') } } };
     export const assets = { entry: { module: '', imports: [] }, routes: {}, url: '', version: '1' };
     export const future = { v3_singleFetch: true };
     export const basename = '/', publicPath = '/', assetsBuildDirectory = '', isSpaMode = false, mode = 'production';`,
  );
  fs.writeFileSync(path.join(folder, 'server/package.json'), '{"type":"module"}');
  app = await createTestApp({
    simulators: false,
    feed: false,
    web: 'build',
    slowReaders: { everyMs: 1_000, readsAtLeast: 30_000, unreadOfAnAddress: 32_000_000 },
    env: { DEMO: false, WEB_BUILD_DIR: folder },
  });
});
afterAll(async () => {
  await app?.close();
  fs.rmSync(folder, { recursive: true, force: true });
});

/** What comes back for raw bytes, until the server closes. */
const raw = (bytes: string): Promise<string> =>
  new Promise((resolve) => {
    const socket = net.connect(Number(new URL(app.url).port), '127.0.0.1', () => socket.write(bytes));
    let heard = '';
    socket.on('data', (chunk) => {
      heard += chunk.toString();
    });
    socket.on('error', () => {});
    socket.on('close', () => resolve(heard));
  });
const statusOf = (answer: string) => Number(answer.slice(9, 12));
const ask = (method: string, where: string, headers = '') =>
  raw(`${method} ${where} HTTP/1.1\r\nHost: x\r\nConnection: close\r\nAccept: application/json\r\n${headers}\r\n`);

describe('a request with an Upgrade header that is not for the sockets', () => {
  it.each(['h2c', 'x', 'websocket'])('is answered like any other, and closed: %s', async (upgrade) => {
    const answer = await raw(`GET /healthz HTTP/1.1\r\nHost: x\r\nConnection: Upgrade\r\nUpgrade: ${upgrade}\r\n\r\n`);
    expect(answer).toMatch(/^HTTP\/1\.1 200 .*\r\n\r\nok$/s);
  });

  it('does not stay open, three hundred at a time', async () => {
    const one = 'POST / HTTP/1.1\r\nHost: x\r\nConnection: Upgrade\r\nUpgrade: x\r\nContent-Length: 9\r\n\r\n';
    const answers = await Promise.all(Array.from({ length: 300 }, () => raw(one)));
    expect(new Set(answers.map(statusOf))).toEqual(new Set([400]));
    expect(
      statusOf(await raw('GET /socket.io/ HTTP/1.1\r\nHost: x\r\nConnection: Upgrade\r\nUpgrade: x\r\n\r\n')),
    ).toBe(400);
  });
});

describe('a page', () => {
  it.each(['PUT', 'DELETE', 'PATCH', 'OPTIONS', 'PROPFIND', 'TRACE'])(
    'says what it can be asked: not %s',
    async (method) => {
      const answer = await ask(method, '/form');
      expect(statusOf(answer)).toBe(405);
      expect(answer).toMatch(/^allow: GET, HEAD, POST\r$/im);
    },
  );

  it.each([
    ['without a boundary', 'multipart/form-data', 'a=b'],
    ['that breaks off', 'multipart/form-data; boundary=x', '--x\r\nContent-Disposition: form-data; name="a"\r\n\r\nb'],
    [
      'with a file',
      'multipart/form-data; boundary=x',
      '--x\r\nContent-Disposition: form-data; name="a"; filename="f"\r\n\r\nb\r\n--x--\r\n',
    ],
  ])('takes no form %s', async (_title, type, body) => {
    const answer = await fetch(`${app.url}/form`, {
      method: 'POST',
      headers: { 'content-type': type, origin: app.url, accept: 'application/json' },
      body,
    });
    expect(answer.status).toBe(400);
  });

  it('has a host that is one', async () => {
    const answer = await raw(
      'GET /form HTTP/1.1\r\nHost: evil.example:99999/x?\r\nConnection: close\r\nAccept: application/json\r\n\r\n',
    );
    expect(statusOf(answer)).toBe(400);
  });

  it('takes forms only', async () => {
    expect(statusOf(await ask('POST', '/form'))).toBe(415);
    expect(statusOf(await ask('POST', '/form', 'Content-Type: text/plain\r\nContent-Length: 0\r\n'))).toBe(415);
  });

  it('takes 64 KB, counted by the bytes that come, also without a length', async () => {
    const form = 'Content-Type: application/x-www-form-urlencoded\r\n';
    const chunk = (bytes: number) => `${bytes.toString(16)}\r\n${'a'.repeat(bytes)}\r\n`;
    const chunked = (bytes: number) =>
      raw(
        `POST /form HTTP/1.1\r\nHost: x\r\nConnection: close\r\n${form}Transfer-Encoding: chunked\r\n\r\n${chunk(bytes)}0\r\n\r\n`,
      );
    expect(await chunked(65_536)).toMatch(/^HTTP\/1\.1 200 .*65536/s);
    const more = await chunked(65_537);
    expect(statusOf(more)).toBe(413);
    expect(more).toContain('more than this form takes');
    expect(statusOf(await ask('POST', '/form', `${form}Content-Length: 120000000\r\n`))).toBe(413);
  });

  it('is not drawn for a file that nobody has, and icons are where every client asks for them', async () => {
    for (const where of ['/.well-known/nothing', '/.env', '/wp-login.php', '/robots.bak']) {
      const answer = await ask('GET', where);
      expect([where, statusOf(answer), answer.length < 4000]).toEqual([where, 404, true]);
    }
    for (const where of ['/favicon.ico', '/apple-touch-icon.png'])
      expect((await fetch(app.url + where)).headers.get('content-type')).toBe('image/png');
  });

  it.each(['/form.data', '/settings/export.json', '/l/Zm9vYmFy-_eDF', '/l/a.b.c_d-e'])(
    'is drawn where a page is only called like a file: %s',
    async (where) => expect((await fetch(app.url + where)).status).toBe(200),
  );

  it('is kept by nobody for a person who is signed in, and asked for again by others', async () => {
    expect((await fetch(`${app.url}/form`)).headers.get('cache-control')).toBe('private, no-cache');
    const mara = await app.signUp();
    expect((await mara.fetch('/form')).headers.get('cache-control')).toBe('private, no-store');
    expect((await mara.fetch('/trpc/accounts.me')).headers.get('cache-control')).toBe('private, no-store');
    // Who waits for her second factor is shown her account's address.
    const waiting = { headers: { cookie: 'lv.waiting=hers' } };
    expect((await fetch(`${app.url}/form`, waiting)).headers.get('cache-control')).toBe('private, no-store');
  });
});

describe('what is asked', () => {
  it('has an address of at most 8 KB and a batch of at most twenty calls', async () => {
    expect(statusOf(await ask('GET', `/${'x'.repeat(8200)}`))).toBe(414);
    const batch = (calls: number) => ask('GET', `/trpc/${Array(calls).fill('events.cities').join(',')}?batch=1`);
    expect(statusOf(await batch(20))).toBe(200);
    expect(statusOf(await batch(21))).toBe(400);
  });
});

describe('seventy buyers of one Wi-Fi', () => {
  const codeOf = (asked: Promise<unknown>) =>
    asked.then(
      () => 'yes',
      (refused: { code?: string }) => refused.code,
    );

  it('find their tickets, each at the same door', async () => {
    const asked = Array.from({ length: 70 }, (_, each) => {
      const { api } = app.visitor();
      return Promise.all([
        codeOf(api.tickets.findOrders({ email: `buyer-${each}@example.org` })),
        codeOf(api.tickets.claimLink({ token: randomBytes(32).toString('base64url') })),
      ]);
    });
    expect(new Set((await Promise.all(asked)).flat())).toEqual(new Set(['yes', 'LINK_EXPIRED']));
  });

  it('are told how long to wait when one of them asks on and on', async () => {
    const mara = await app.signUp();
    const ask = () => mara.api.tickets.findOrders({ email: 'mara@example.org' });
    for (let i = 0; i < 10; i++) await ask();
    await expect(ask()).rejects.toMatchObject({
      code: 'RATE_LIMITED',
      message: 'That was a lot of tries in a short time. Try again in 10 minutes.',
    });
  });
});

describe('an address', () => {
  beforeEach(() => app.services.limits.clear());

  /** A guest who holds a place. */
  const buyer = async () => {
    const guest = await app.guest();
    const { id, tierIds } = await makeEvent(app.admin, {});
    await app.admin`
      insert into ticketing.ticket_holds (user_id, tier_id, event_id, quantity, expires_at, checkout_id)
      values (${(await guest.actor())?.userId ?? ''}, ${tierIds[0] ?? ''}, ${id}, 1, now() + interval '15 minutes', ${randomUUID()})`;
    return guest;
  };

  it.each([
    ['guests', () => app.guest()],
    ['accounts that confirm nothing', () => app.signUp()],
  ])('has ten guests’ worth of calls, however many %s it makes', async (_whom, make) => {
    const guests = await Promise.all(Array.from({ length: 12 }, make));
    app.services.limits.clear();
    const answers = await Promise.all(
      guests.flatMap((guest) =>
        Array.from({ length: 30 }, () =>
          guest.api.waitingRoom.leave({ eventId: randomUUID() }).then(
            () => 'ok',
            (error: { code?: string }) => error.code,
          ),
        ),
      ),
    );
    expect(answers.filter((answer) => answer !== 'RATE_LIMITED')).toHaveLength(300);
    const mara = await buyer();
    expect(await mara.api.waitingRoom.leave({ eventId: randomUUID() }).catch((error) => error.code)).not.toBe(
      'RATE_LIMITED',
    );
  });

  it('has room for everybody who waits there to say so, twice a minute', async () => {
    const guests = await Promise.all(Array.from({ length: 62 }, () => app.guest()));
    app.services.limits.clear();
    const eventId = randomUUID();
    const answers = await Promise.allSettled(
      guests.flatMap(({ api }) => Array.from({ length: 10 }, () => api.waitingRoom.stay({ eventId }))),
    );
    expect(new Set(answers.map(({ status }) => status))).toEqual(new Set(['fulfilled']));
  });

  it('has twelve hundred pages a minute, those that nobody has included', async () => {
    const statuses: number[] = [];
    for (let n = 0; n < 1210; n++) statuses.push((await fetch(`${app.url}/form`)).status);
    expect(statuses.slice(0, 1200).every((status) => status === 200)).toBe(true);
    expect(new Set(statuses.slice(1200))).toEqual(new Set([429]));
    expect((await fetch(`${app.url}/nothing`)).status).toBe(429);
    // Who holds places there, or has an account, is let through; whoever has made a session alone is not.
    expect((await (await app.guest()).fetch('/form')).status).toBe(429);
    expect((await (await buyer()).fetch('/form')).status).toBe(200);
    expect((await (await app.signUp({ verified: true })).fetch('/form')).status).toBe(200);
    // What a page loads costs nothing to give: a hall full of buyers loads it all.
    expect((await fetch(`${app.url}/favicon.ico`)).status).toBe(200);
  });

  it('has sixty searches a minute, in one request or in many', async () => {
    const visitor = app.visitor();
    const search = (q: string) =>
      visitor.api.events.discover({ q }).then(
        () => 'ok',
        (error: { code?: string }) => error.code,
      );
    const answers = await Promise.all(Array.from({ length: 70 }, (_, n) => search(`words ${n}`)));
    expect(answers.filter((answer) => answer === 'ok')).toHaveLength(60);
    expect(await visitor.api.events.discover({})).toMatchObject({ events: expect.any(Array) });
  });
});

describe('a pile of requests of one address', () => {
  /** What is answered to a GET from an address of this machine. */
  const getFrom = (address: string, where: string): Promise<string> =>
    new Promise((resolve, reject) => {
      const request = http.get(`${app.url}${where}`, { localAddress: address, agent: false }, (response) => {
        let text = '';
        response.on('data', (chunk) => (text += chunk)).on('end', () => resolve(`${response.statusCode} ${text}`));
      });
      request.on('error', reject);
    });
  /** Asks, and comes back when the server has heard all of it. */
  const heard = async <T>(count: number, ask: (each: number) => Promise<T>): Promise<Promise<T>[]> => {
    const { server } = app.app;
    let left = count;
    const all = new Promise<void>((done) => {
      server.on('request', function one() {
        if (--left > 0) return;
        server.off('request', one);
        done();
      });
    });
    const asked = Array.from({ length: count }, (_, each) => ask(each));
    await all;
    await fetch(`${app.url}/healthz`);
    return asked;
  };
  let slug = '';
  beforeAll(async () => {
    slug = (await makeEvent(app.admin, {})).slug;
  });
  const call = (procedure: string, input?: object) =>
    `/trpc/${procedure}${input ? `?input=${encodeURIComponent(JSON.stringify({ json: input }))}` : ''}`;

  it.each([
    ['a list', 58, () => call('events.cities')],
    ['a file', 200, () => `/events/${slug}/calendar.ics`],
    ['a day', 58, (n: number) => call('events.discover', { date: `2030-01-${10 + (n % 20)}` })],
    ['words', 58, (n: number) => call('events.discover', { q: `word ${n}` })],
  ])('delays nobody at another address who asks for %s', async (_what, count, where) => {
    const answered: string[] = [];
    const askFrom = (address: string, first: number) => (n: number) =>
      getFrom(address, where(first + n)).then((answer) => answered.push(`${address} ${answer.slice(0, 3)}`));
    const asked: Promise<unknown>[] = [];
    await app.database.admin.begin(async (sql) => {
      await sql`lock table events.events in access exclusive mode`;
      asked.push(...(await heard(count, askFrom('127.0.0.2', 0))));
      asked.push(...(await heard(1, askFrom('127.0.0.3', 1000))));
    });
    await asked.at(-1);
    expect(answered.length).toBeLessThan(count / 2);
    await Promise.all(asked);
    expect(new Set(answered)).toEqual(new Set(['127.0.0.2 200', '127.0.0.3 200']));
  });

  it('that searches keeps nobody’s other questions waiting', async () => {
    const asked: Promise<string>[] = [];
    await app.database.admin.begin(async (sql) => {
      await sql`lock table events.events in access exclusive mode`;
      const where = (n: number) => call('events.discover', { q: `phrase ${n}` });
      asked.push(...(await heard(50, (n) => getFrom('127.0.0.4', where(n)))));
      expect(await getFrom('127.0.0.3', call('live.now'))).toMatch(/^200/);
    });
    expect((await Promise.all(asked)).every((answer) => answer.startsWith('200'))).toBe(true);
  });

  it('delays no page of another address; a page has its turn until its answer begins, and a second at most', async () => {
    const open: ((answer: Response) => void)[] = [];
    Object.assign(globalThis, { liventixTestPage: () => new Promise<Response>((resolve) => open.push(resolve)) });
    const pile = await heard(20, () => getFrom('127.0.0.2', '/late'));
    await vi.waitFor(() => expect(open.length).toBeGreaterThanOrEqual(8), { timeout: 20_000 });
    const [hers] = await heard(1, () => getFrom('127.0.0.3', '/form'));
    // Two answers begin, and are not read to their ends: the next of the pile has a turn, and she.
    const bodies = [new TransformStream(), new TransformStream()];
    for (const [n, { readable }] of bodies.entries()) open[n]?.(new Response(readable));
    expect(await hers).toBe('200 read');
    expect(open.length).toBeLessThan(20);
    for (const { writable } of bodies) void writable.close();
    // What waits for something else gives its turn on, so that the pile comes to its end with nobody answered.
    await vi.waitFor(() => expect(open).toHaveLength(20), { timeout: 60_000 });
    for (const answer of open) answer(new Response('late'));
    expect((await Promise.all(pile)).every((answer) => answer.startsWith('200'))).toBe(true);
  });
});

describe('a request that waits for its turn', () => {
  it('does nothing for a session that has ended meanwhile', async () => {
    const mara = await app.signUp({ name: 'Mara Lind' });
    expect(await (await mara.fetch('/who')).text()).toBe('Mara Lind');
    const open: ((answer: Response) => void)[] = [];
    Object.assign(globalThis, { liventixTestPage: () => new Promise<Response>((resolve) => open.push(resolve)) });
    const pile = Array.from({ length: 8 }, () => fetch(`${app.url}/late`));
    await vi.waitFor(() => expect(open).toHaveLength(8));
    const { server } = app.app;
    const heard = new Promise((resolve) => server.once('request', resolve));
    const hers = mara.fetch('/who');
    await heard;
    await fetch(`${app.url}/healthz`);
    await app.admin`delete from auth.sessions where user_id = ${mara.userId}`;
    expect(await (await hers).text()).toBe('nobody');
    for (const answer of open) answer(new Response('late'));
    await Promise.all(pile);
  });
});

describe('who asks and does not read', () => {
  /** As many requests as may be on one connection, which nobody reads. */
  const unread = async (bytes: string) => {
    const socket = net.connect(Number(new URL(app.url).port), '127.0.0.1').pause();
    socket.on('error', () => {});
    await new Promise((resolve) => socket.write(bytes, resolve));
    return socket;
  };
  const connections = () =>
    new Promise<number>((resolve) => app.app.server.getConnections((_error, count) => resolve(count)));
  const photo = `${'a'.repeat(64)}.webp`;
  beforeAll(() => {
    const media = path.join(app.env.DATA_DIR, 'media');
    fs.mkdirSync(media, { recursive: true });
    fs.writeFileSync(path.join(media, photo), Buffer.alloc(30_000_000));
  });

  it('gets two answers in a row on one connection, not hundreds', async () => {
    const answer = await raw('GET /healthz HTTP/1.1\r\nHost: x\r\n\r\n'.repeat(600));
    expect(answer.split('HTTP/1.1 200').length - 1).toBeLessThan(10);
    const few = 'GET /healthz HTTP/1.1\r\nHost: x\r\n\r\n'.repeat(2);
    expect(
      (await raw(`${few}GET /healthz HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n`)).split('200 OK').length - 1,
    ).toBe(3);
  });

  it('of a picture keeps none of it in memory, and loses the connection', async () => {
    expect(app.app.server.timeout).toBeGreaterThan(0);
    const before = process.memoryUsage();
    const sockets = await Promise.all(
      Array.from({ length: 20 }, () => unread(`GET /media/${photo} HTTP/1.1\r\nHost: x\r\n\r\n`)),
    );
    await expect.poll(connections).toBeGreaterThanOrEqual(20);
    const now = process.memoryUsage();
    expect(now.external + now.arrayBuffers - before.external - before.arrayBuffers).toBeLessThan(200_000_000);
    await expect.poll(connections, { timeout: 20_000 }).toBeLessThan(20);
    for (const socket of sockets) socket.destroy();
  });

  it('or reads a little now and then loses the connection too', async () => {
    const socket = await unread(`GET /media/${photo} HTTP/1.1\r\nHost: x\r\n\r\n`);
    const sip = setInterval(() => socket.read(1000), 50);
    // What the system holds for her is not ours; the rest of thirty megabytes never comes.
    await expect.poll(connections, { timeout: 20_000 }).toBe(0);
    clearInterval(sip);
    socket.destroy();
  });
});

describe('calls that are never sent to their end', () => {
  it('are seventeen of the largest of one address at most; small ones have room whatever they are beside', async () => {
    const head = (length: number) =>
      `POST /trpc/accounts.updateProfile HTTP/1.1\r\nHost: x\r\nConnection: close\r\nOrigin: ${app.url}\r\n` +
      `Content-Type: application/json\r\nContent-Length: ${length}\r\n\r\n`;
    const large = 'x'.repeat(262_000);
    const half = Array.from({ length: 17 }, () => net.connect(Number(new URL(app.url).port), '127.0.0.1'));
    for (const socket of half) socket.write(head(262_144) + large);
    const whole = async () => statusOf(await raw(head(262_000) + large));
    await expect.poll(whole, { timeout: 20_000 }).toBe(503);
    expect(statusOf(await raw(`${head(2)}{}`))).toBe(401);
    for (const socket of half) socket.destroy();
    await expect.poll(whole, { timeout: 20_000 }).not.toBe(503);
  });
});

describe('an upload', () => {
  const head = (cookie = '') =>
    `POST /uploads/photos HTTP/1.1\r\nHost: x\r\nConnection: close\r\nOrigin: ${app.url}\r\nAccept: application/json\r\n` +
    `Content-Type: image/jpeg\r\nContent-Length: 10000000\r\n${cookie ? `Cookie: ${cookie}\r\n` : ''}\r\n`;

  it('of a stranger is refused by its head: not a byte of it is kept', async () => {
    expect(statusOf(await raw(head()))).toBe(401);
    expect(statusOf(await raw(head((await app.guest()).jar.header)))).toBe(401);
  });

  it('has two beside it of the same person at most', async () => {
    app.services.limits.clear();
    const mara = await app.signUp({ verified: true });
    const port = Number(new URL(app.url).port);
    const slow = [net.connect(port, '127.0.0.1'), net.connect(port, '127.0.0.1')];
    for (const socket of slow) socket.write(`${head(mara.jar.header)}a`);
    const small = async (jar: { header: string }) =>
      statusOf(await raw(`${head(jar.header)}a`.replace('10000000', '1')));
    await expect.poll(() => small(mara.jar)).toBe(503);
    // Whoever sends a little takes no place of anybody else at her address.
    const neighbours = await Promise.all(Array.from({ length: 3 }, () => app.signUp({ verified: true })));
    for (const { jar } of neighbours)
      for (let each = 0; each < 2; each++) {
        const socket = net.connect(port, '127.0.0.1');
        socket.write(`${head(jar.header)}a`);
        slow.push(socket);
      }
    for (const { jar } of neighbours) await expect.poll(() => small(jar)).toBe(503);
    expect(await small((await app.signUp({ verified: true })).jar)).not.toBe(503);
    for (const socket of slow) socket.destroy();
  });
});
