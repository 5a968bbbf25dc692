import { createHmac } from 'node:crypto';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ensurePerson } from './features/accounts/ensure-person.ts';
import { fail } from './platform/errors.ts';
import { defineRoute } from './platform/http-routes.ts';
import { createTestApp, type TestApp } from './testing/index.ts';

let app: TestApp;
beforeAll(async () => {
  app = await createTestApp({
    feed: false,
    routes: [
      defineRoute({
        method: 'post',
        path: '/tests/hook',
        body: 'raw',
        limitBytes: 1000,
        fromAnywhere: true,
        async handle(_ctx, request, response) {
          response.send(
            createHmac('sha256', 'k')
              .update(request.body as Buffer)
              .digest('hex'),
          );
        },
      }),
      defineRoute({
        method: 'post',
        path: '/tests/hold',
        async handle(ctx, _request, response) {
          response.send((await ensurePerson(ctx)).actor.userId);
        },
      }),
      defineRoute({
        method: 'get',
        path: '/tests/fails',
        async handle() {
          throw new Error('the secret of the house');
        },
      }),
      defineRoute({ method: 'get', path: '/tests/gone', handle: async () => fail('GONE') }),
      defineRoute({
        method: 'get',
        path: '/tests/slow',
        limit: { name: 'tests.slow', points: 2, perSeconds: 60, by: 'address' },
        async handle(_ctx, _request, response) {
          response.send('ok');
        },
      }),
    ],
  });
});
afterAll(() => app?.close());

describe('health', () => {
  it('says alive always, and ready only when the database answers', async () => {
    expect(await (await fetch(`${app.url}/healthz`)).text()).toBe('ok');
    expect((await fetch(`${app.url}/readyz`)).status).toBe(200);
  });
});

describe('headers', () => {
  it('carry a content policy with a nonce of their own, and no fingerprint', async () => {
    const [one, two] = await Promise.all([fetch(`${app.url}/nowhere`), fetch(`${app.url}/nowhere`)]);
    const nonce = /'nonce-([^']+)'/.exec(one.headers.get('content-security-policy') ?? '')?.[1];
    expect(nonce).toBeTruthy();
    expect(two.headers.get('content-security-policy')).not.toContain(nonce);
    expect(one.headers.get('content-security-policy')).not.toContain('stripe.com');
    expect(one.headers.get('x-content-type-options')).toBe('nosniff');
    expect(one.headers.get('permissions-policy')).toMatch(/camera=\(\), geolocation=\(\).* microphone=\(\)/);
    expect(one.headers.get('x-powered-by')).toBeNull();
    expect(one.headers.get('x-request-id')).toMatch(/^[\w-]{36}$/);
    expect(one.status).toBe(404);
  });

  it('let no browser show, frame or run what the API answers', async () => {
    const answer = await fetch(`${app.url}/trpc/nothing.there`);
    expect(answer.headers.get('content-security-policy')).toBe("default-src 'none';frame-ancestors 'none'");
    expect(answer.headers.get('x-content-type-options')).toBe('nosniff');
    expect(answer.headers.get('x-frame-options')).toBe('DENY');
  });
});

describe('pages', () => {
  let folder: string;
  beforeAll(() => {
    folder = fs.mkdtempSync(path.join(os.tmpdir(), 'liventix-pages-'));
    fs.mkdirSync(path.join(folder, 'client/assets'), { recursive: true });
    fs.mkdirSync(path.join(folder, 'server'));
    fs.writeFileSync(path.join(folder, 'client/assets/x-1234.js'), 'export {}');
    // The least that is a build of the web app: one route with a loader.
    fs.writeFileSync(
      path.join(folder, 'server/index.mjs'),
      `export const entry = { module: { default: () => new Response('page') } };
       export const routes = {
         root: { id: 'root', path: '', module: { default: () => null } },
         probe: { id: 'probe', parentId: 'root', path: 'probe', module: { loader: async ({ context }) =>
           Response.json({ me: await context.api.accounts.me(), nonce: context.cspNonce, demo: context.demo, origin: context.origin }) } },
       };
       export const assets = { entry: { module: '', imports: [] }, routes: {}, url: '', version: '1' };
       export const future = { v3_singleFetch: true };
       export const basename = '/', publicPath = '/', assetsBuildDirectory = '', isSpaMode = false, mode = 'production';`,
    );
    fs.writeFileSync(path.join(folder, 'server/index.js'), `export * from './index.mjs';`);
    fs.writeFileSync(path.join(folder, 'server/package.json'), '{"type":"module"}');
  });
  afterAll(() => fs.rmSync(folder, { recursive: true, force: true }));

  it('get the API in process, as the person who asks, and the nonce of their own headers', async () => {
    const own = await createTestApp({
      database: app.database,
      feed: false,
      simulators: false,
      web: 'build',
      env: { WEB_BUILD_DIR: folder },
    });
    const mara = await own.signUp({ name: 'Mara' });
    const response = await mara.fetch('/probe');
    const seen = (await response.json()) as { nonce: string };
    expect(seen).toMatchObject({ me: { displayName: 'Mara' }, demo: false, origin: own.url });
    expect(response.headers.get('content-security-policy')).toContain(`'nonce-${seen.nonce}'`);
    expect((await fetch(`${own.url}/assets/x-1234.js`)).headers.get('cache-control')).toContain('immutable');
    await own.close();
  });
});

describe('a guest made on the way', () => {
  it('gets her cookie with whatever answer comes', async () => {
    const visitor = app.visitor();
    const response = await visitor.fetch('/tests/hold', { method: 'POST' });
    expect(await visitor.actor()).toMatchObject({ userId: await response.text(), isAnonymous: true });
    const again = await visitor.fetch('/tests/hold', { method: 'POST' });
    expect(again.headers.getSetCookie()).toEqual([]);
  });
});

describe('origin', () => {
  it('refuses every change that comes from another site, on every route', async () => {
    for (const path of ['/trpc/accounts.updateProfile', '/auth/sign-out', '/nowhere']) {
      const response = await fetch(`${app.url}${path}`, {
        method: 'POST',
        headers: { origin: 'https://evil.example', 'content-type': 'application/json', accept: 'application/json' },
        body: '{}',
      });
      expect([path, response.status]).toEqual([path, 403]);
      const refusal = { code: 'ORIGIN_REFUSED' };
      // Under /trpc as its clients read it.
      const expected = path.startsWith('/trpc') ? { error: { json: { data: refusal } } } : refusal;
      expect(await response.json()).toMatchObject(expected);
    }
  });

  it('lets webhooks in from anywhere, byte for byte, up to their size', async () => {
    const body = Buffer.from([0, 255, 10, 13, 200]);
    const send = (bytes: Buffer) =>
      fetch(`${app.url}/tests/hook`, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: new Uint8Array(bytes),
      });
    expect(await (await send(body)).text()).toBe(createHmac('sha256', 'k').update(body).digest('hex'));
    expect((await send(Buffer.alloc(1001))).status).toBe(413);
  });
});

describe('refusals', () => {
  it('answer with status and words; what nobody foresaw gives a reference and nothing else', async () => {
    const gone = await fetch(`${app.url}/tests/gone`, { headers: { accept: 'application/json' } });
    expect(gone.status).toBe(410);
    const failed = await fetch(`${app.url}/tests/fails`, { headers: { accept: 'application/json' } });
    const text = await failed.text();
    expect(failed.status).toBe(500);
    expect(JSON.parse(text)).toMatchObject({ code: 'INTERNAL', reference: expect.stringMatching(/^.{4}-.{4}$/) });
    expect(text).not.toContain('secret of the house');
  });

  it('travel over tRPC as code, details and words, never a stack', async () => {
    const visitor = app.visitor();
    await expect(visitor.api.accounts.updateProfile({ displayName: 'x' })).rejects.toMatchObject({
      status: 401,
      code: 'SIGN_IN_REQUIRED',
    });
    const mara = await app.signUp();
    const refused = await mara.api.accounts
      .updateProfile({ displayName: 'x'.repeat(81) })
      .catch((error: unknown) => error);
    expect(refused).toMatchObject({
      status: 400,
      code: 'INPUT_INVALID',
      data: { details: { issues: [{ path: ['displayName'] }] } },
    });
    const unknown = await fetch(`${app.url}/trpc/no.such`);
    expect(unknown.status).toBe(404);
    expect(await unknown.text()).not.toMatch(/stack|node_modules/);
  });

  it('say when to come back after too many tries', async () => {
    const answers = [];
    for (let i = 0; i < 3; i++) answers.push(await fetch(`${app.url}/tests/slow`));
    expect(answers.map((answer) => answer.status)).toEqual([200, 200, 429]);
    expect(Number(answers[2]?.headers.get('retry-after'))).toBeGreaterThan(0);
  });
});

describe('draining', () => {
  it('finishes what is under way, closes sockets, and accepts nothing new', async () => {
    let release: () => void = () => {};
    const held = new Promise<void>((resolve) => {
      release = resolve;
    });
    let entered: () => void = () => {};
    const inside = new Promise<void>((resolve) => {
      entered = resolve;
    });
    const own = await createTestApp({
      database: app.database,
      feed: false,
      routes: [
        defineRoute({
          method: 'get',
          path: '/tests/held',
          async handle(_ctx, _request, response) {
            entered();
            await held;
            response.send('finished');
          },
        }),
      ],
    });
    const socket = await own.visitor().socket();
    const answer = fetch(`${own.url}/tests/held`).then((response) => response.text());
    await inside;
    const drained = own.app.drain();
    await socket.until('disconnect');
    release();
    expect(await answer).toBe('finished');
    await drained;
    await expect(fetch(`${own.url}/healthz`)).rejects.toThrow();
  });
});
