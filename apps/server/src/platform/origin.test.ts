import type { IncomingMessage } from 'node:http';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createTestApp, type TestApp } from '../testing/index.ts';
import { defineRoute } from './http-routes.ts';
import { addressOf, clientAddress, isOwnOrigin, mayChange } from './origin.ts';

const request = (headers: Record<string, string>, method = 'POST') =>
  ({ method, headers, socket: { remoteAddress: '10.0.0.9' } }) as unknown as IncomingMessage;
const real = { origin: 'https://liventix.example', demo: false };
const demo = { origin: 'http://localhost:4900', demo: true };

it('lets only our own pages change something', () => {
  expect(mayChange(request({ origin: 'https://liventix.example', cookie: 'a=b' }), real)).toBe(true);
  for (const origin of [
    'https://evil.example',
    'null',
    'https://liventix.example.evil.example',
    'http://liventix.example',
  ]) {
    expect(mayChange(request({ origin, host: 'liventix.example' }), real)).toBe(false);
  }
});

it('takes no cookie without an Origin, and lets a command line through', () => {
  expect(mayChange(request({ cookie: 'a=b' }), real)).toBe(false);
  expect(mayChange(request({}), real)).toBe(true);
  expect(mayChange(request({ 'sec-fetch-site': 'cross-site' }), real)).toBe(false);
  expect(mayChange(request({ 'sec-fetch-site': 'same-origin', cookie: 'a=b' }), real)).toBe(true);
  expect(mayChange(request({ origin: 'https://evil.example' }, 'GET'), real)).toBe(true);
});

it('takes a demo page by the name it was asked under', () => {
  expect(isOwnOrigin(request({ origin: 'http://127.0.0.1:4900', host: '127.0.0.1:4900' }), demo)).toBe(true);
  expect(isOwnOrigin(request({ origin: 'http://127.0.0.1:4900', host: '127.0.0.1:4900' }), real)).toBe(false);
  expect(isOwnOrigin(request({ origin: 'http://[::1]:4900', host: '[::1]:4900' }), demo)).toBe(true);
  expect(isOwnOrigin(request({ origin: 'http://evil.example', host: '127.0.0.1:4900' }), demo)).toBe(false);
});

it('takes no name for its own that a stranger pointed at this machine', () => {
  for (const host of ['evil.example', 'localhost.evil.example', '127.0.0.1.evil.example', 'evillocalhost']) {
    expect(isOwnOrigin(request({ origin: `http://${host}`, host }), demo)).toBe(false);
    expect(isOwnOrigin(request({ origin: `http://${host}`, 'x-forwarded-host': host }), demo)).toBe(false);
  }
});

it('believes forwarded addresses only as far as proxies are trusted', () => {
  const forwarded = request({ 'x-forwarded-for': '1.1.1.1, 2.2.2.2' });
  expect(addressOf(forwarded, 0)).toBe('10.0.0.9');
  expect(addressOf(forwarded, 1)).toBe('2.2.2.2');
  expect(addressOf(forwarded, 2)).toBe('1.1.1.1');
  expect(addressOf({ headers: {}, socket: {} } as IncomingMessage, 0)).toBe('gone');
});

it('believes an address that a rehearsal names only in demo mode and only from this machine', () => {
  const named = (remoteAddress: string) =>
    ({ headers: { 'x-forwarded-for': '10.1.2.3' }, socket: { remoteAddress } }) as unknown as IncomingMessage;
  const inDemo = { trustedProxies: 0, demo: true };
  const forReal = { trustedProxies: 0, demo: false };
  for (const here of ['127.0.0.1', '127.8.8.8', '::1', '::ffff:127.0.0.1']) {
    expect(clientAddress(named(here), inDemo)).toBe('10.1.2.3');
    expect(clientAddress(named(here), forReal)).toBe(here);
  }
  expect(clientAddress(named('192.168.0.7'), inDemo)).toBe('192.168.0.7');
  expect(clientAddress(named('12.127.0.1'), inDemo)).toBe('12.127.0.1');
  expect(clientAddress(named('192.168.0.7'), { trustedProxies: 1, demo: false })).toBe('10.1.2.3');
});

describe.each([
  { mode: 'in a demo', demo: true },
  { mode: 'outside a demo', demo: false },
])('an address that somebody on this machine names, $mode', ({ demo }) => {
  const NAMED = '10.9.8.7';
  let app: TestApp;
  beforeAll(async () => {
    const tell = defineRoute({
      method: 'get',
      path: '/address',
      handle: async (ctx, request, response) => void response.json([ctx.ip, request.ip]),
    });
    app = await createTestApp({
      simulators: false,
      feed: false,
      env: { DEMO: demo },
      routes: [tell],
      live: { limits: { socketsPerAddress: 1 } },
    });
    // Whoever comes from there has asked too much already.
    await app.services.limits.take({ name: 'trpc', points: 3000, perSeconds: 60 }, NAMED, 3001, NAMED);
  });
  afterAll(() => app?.close());

  const headers = { 'x-forwarded-for': NAMED, 'content-type': 'application/json' };
  const release = (path: string) =>
    app
      .visitor()
      .fetch(path, { method: 'POST', headers, body: '{"json":{}}' })
      .then(({ status }) => status);

  it(`is ${demo ? 'believed' : 'ignored'} by a route, the API and the hot path`, async () => {
    const told = await (await app.visitor().fetch('/address', { headers })).json();
    expect(told).toEqual(demo ? [NAMED, NAMED] : ['127.0.0.1', '127.0.0.1']);
    // The first is served by the hot path, the second by the stock adapter.
    expect(await release('/trpc/holds.release')).toBe(demo ? 429 : 401);
    expect(await release('/trpc/orders.create')).toBe(demo ? 429 : 401);
  });

  it(`is ${demo ? 'believed' : 'ignored'} by sockets`, async () => {
    const first = await app.visitor().socket({ from: NAMED });
    const second = app.visitor().socket({ from: '10.9.8.6' });
    if (demo) (await second).close();
    else await expect(second).rejects.toThrow('too_many_sockets');
    await expect(app.visitor().socket({ from: NAMED })).rejects.toThrow('too_many_sockets');
    first.close();
  });
});

it('keeps the limits on for a rehearsal, and a demo comfortable for whoever sits in front of it', async () => {
  const app = await createTestApp({ simulators: false, feed: false, env: { DEMO: true } });
  const ask = async (from?: string) =>
    (
      await app.visitor().fetch('/trpc/organizations.invitation', {
        headers: from ? { 'x-forwarded-for': from } : {},
      })
    ).status;
  try {
    // 30 tries in a minute from one address; without a token they are 400.
    for (let i = 0; i < 30; i++) expect([await ask('10.1.1.1'), await ask()]).toEqual([400, 400]);
    expect([await ask('10.1.1.1'), await ask('10.1.1.2'), await ask()]).toEqual([429, 400, 400]);
  } finally {
    await app.close();
  }
});
