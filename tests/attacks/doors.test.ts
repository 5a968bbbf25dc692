import { randomUUID } from 'node:crypto';
import { createTestApp, type TestApp, type Visitor } from '@liventix/server/testing';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { address, callersOf, PASSWORD, tokenIn } from './callers.ts';

/** What an attacker tries at the doors of /auth, over raw HTTP, with the limits of a real installation. */
let app: TestApp;
beforeAll(async () => {
  app = await createTestApp({ simulators: false, env: { DEMO: false } });
});
afterAll(() => app?.close());
beforeEach(() => app.services.limits.clear());

const { raw, mailOf } = callersOf(() => app);

const SIGN_IN = JSON.stringify({ email: 'vic@corp.test', password: 'wrong-password' });

describe('a door of /auth', () => {
  it.each([
    '/auth/x/../sign-in/email',
    '/auth/./sign-in/email',
    '/auth/%2e/sign-in/email',
    '/auth//sign-in/email',
    '//auth/sign-in/email',
    '/auth/sign-in/email/',
    '/auth/sign-in/email?x=1',
    '/auth/sign-in/email#x',
    '/auth/sign-in\\email',
    '/auth/sign-in%2femail',
    '/AUTH/sign-in/email',
    '/auth/sign-in/email;x',
  ])('has one address: %s is not one', async (path) => {
    expect((await raw('POST', path, SIGN_IN)).status).toBe(404);
  });

  it.each([
    'POST /auth/update-user',
    'GET /auth/list-sessions',
    'GET /auth/get-session',
    'GET /auth/list-accounts',
    'POST /auth/verify-password',
    'POST /auth/sign-in/anonymous',
    'POST /auth/forget-password/email-otp',
    'POST /auth/email-otp/verify-email',
    'GET /auth/magic-link/verify?token=x',
    'GET /auth/verify-email?token=x',
    'GET /auth/reset-password/x',
    'POST /auth/delete-user',
    'POST /auth/sign-in/social',
    'GET /auth/sign-in/email',
    'PUT /auth/sign-in/email',
    'GET /auth/ok',
    'GET /auth/error',
  ])('that no page uses does not exist: %s', async (what) => {
    const [method = '', path = ''] = what.split(' ');
    expect((await raw(method, path, method === 'GET' ? undefined : '{}')).status).toBe(404);
  });

  it.each([
    ['an extra mailbox field that is no text', { email: 'vic@corp.test', password: 'x', newEmail: 1 }],
    ['an extra mailbox', { email: 'vic@corp.test', password: 'x', newEmail: 'other@corp.test' }],
    ['a placeholder address', { email: 'temp-1@guest.invalid', password: 'long-enough-password' }],
    ['a list of mailboxes', { email: ['vic@corp.test'], password: 'x' }],
    ['a nested mailbox', { email: { email: 'vic@corp.test' }, password: 'x' }],
    ['no body', undefined],
    ['a number', 7],
  ])('takes exactly the body it names: %s is refused', async (_what, body) => {
    const answer = await raw('POST', '/auth/sign-in/email', body === undefined ? '' : JSON.stringify(body));
    expect([answer.status, answer.text]).toEqual([400, expect.stringContaining('Nothing was changed')]);
  });

  it('takes no form, and no more bytes than 16 KB, whatever the header says', async () => {
    const form = await raw('POST', '/auth/sign-in/email', 'email=vic@corp.test&password=x', {
      'content-type': 'application/x-www-form-urlencoded',
    });
    expect(form.status).toBe(400);
    const huge = JSON.stringify({ email: `${'a'.repeat(20_000)}@x.test` });
    expect(await raw('POST', '/auth/sign-in/magic-link', huge)).toMatchObject({
      status: 413,
      text: expect.stringContaining('more than this form takes'),
    });
    expect((await raw('POST', '/auth/sign-in/magic-link', huge, { 'transfer-encoding': 'chunked' })).status).toBe(413);
    const [row] = await app.admin`select count(*)::int as n from auth.verifications where length(value) > 4000`;
    expect(row?.n).toBe(0);
  });

  it('counts wrong passwords of a mailbox however it is spelt, and lets the owner’s own browser in all the while', async () => {
    const vic = await app.signUp({ email: address(), verified: true });
    await vic.post('/auth/sign-in/email', { email: vic.email, password: PASSWORD }); // this browser is known from now on
    app.services.limits.clear();
    const statuses: number[] = [];
    for (let n = 0; n < 14; n++) {
      const email = [vic.email, vic.email.toUpperCase(), ` ${vic.email} `, vic.email.replace('@', `+${n}@`)][n % 4];
      statuses.push((await app.visitor().post('/auth/sign-in/email', { email, password: `guess-${n}` })).status);
    }
    expect(statuses.slice(0, 10)).toEqual(Array(10).fill(401));
    expect(statuses.slice(10)).toEqual(Array(4).fill(429));
    expect((await app.visitor().post('/auth/sign-in/email', { email: vic.email, password: PASSWORD })).status).toBe(
      429,
    );
    expect((await vic.post('/auth/sign-in/email', { email: vic.email, password: PASSWORD })).status).toBe(200);
  });

  it('does not count right passwords, also where a password is changed', async () => {
    const vic = await app.signUp({ email: address() });
    for (let n = 0; n < 12; n++) {
      const [currentPassword, newPassword] = n % 2 ? ['another-good-one', PASSWORD] : [PASSWORD, 'another-good-one'];
      expect((await vic.post('/auth/change-password', { currentPassword, newPassword })).status).toBe(200);
    }
    for (let n = 0; n < 15; n++)
      expect((await app.visitor().post('/auth/sign-in/email', { email: vic.email, password: PASSWORD })).status).toBe(
        200,
      );
  });

  it('counts wrong codes of an account over all its codes', async () => {
    const { email } = await app.signUp({ email: address(), verified: true });
    let tried = 0;
    for (let codes = 0; codes < 10; codes++) {
      await app.visitor().post('/auth/email-otp/send-verification-otp', { email, type: 'sign-in' });
      for (let guess = 0; guess < 5; guess++) {
        const { status } = await app.visitor().post('/auth/sign-in/email-otp', { email, otp: '000000' });
        if (status !== 429) tried++;
      }
    }
    expect(tried).toBe(20);
  });

  it('mails one mailbox ten times an hour at most, from however many addresses and doors', async () => {
    const email = address();
    const statuses: number[] = [];
    for (let n = 0; n < 14; n++) {
      const [path, body] = (
        [
          ['/auth/sign-in/magic-link', { email }],
          ['/auth/email-otp/send-verification-otp', { email, type: 'sign-in' }],
        ] as const
      )[n % 2] as [string, unknown];
      statuses.push((await app.visitor().post(path, body)).status);
    }
    expect(statuses.filter((status) => status === 200)).toHaveLength(10);
    expect(statuses.slice(10)).toEqual(Array(4).fill(429));
  });
});

describe('a browser that an account knows', () => {
  it('has links, codes and resets of its own when strangers have used up those of the mailbox', async () => {
    const vic = await app.signUp({ email: address(), verified: true });
    await vic.post('/auth/sign-in/email', { email: vic.email, password: PASSWORD });
    app.services.limits.clear();
    const link = async (from: Visitor) => (await from.post('/auth/sign-in/magic-link', { email: vic.email })).status;
    for (let n = 0; n < 11; n++) await link(app.visitor());
    expect(await link(app.visitor())).toBe(429);
    expect(await link(vic)).toBe(200);
    expect((await vic.post('/auth/request-password-reset', { email: vic.email })).status).toBe(200);
  });

  it('is none where nobody has proven the mailbox: whoever registers another’s has no more mails and guesses there', async () => {
    const email = address();
    await app.signUp({ email });
    app.services.limits.clear();
    const browsers = Array.from({ length: 3 }, () => app.visitor());
    for (const browser of browsers) await browser.post('/auth/sign-in/email', { email, password: PASSWORD });
    let mailed = 0;
    let judged = 0;
    for (const browser of browsers)
      for (let n = 0; n < 11; n++) {
        if ((await browser.post('/auth/sign-in/magic-link', { email })).status !== 429) mailed++;
        const code = { email, otp: '000000' };
        if ((await browser.post('/auth/sign-in/email-otp', code)).status !== 429) judged++;
      }
    expect({ mailed, judged }).toEqual({ mailed: 10, judged: 20 });
  });

  it('shares a count with all others that the account knows: each sign-in makes one', async () => {
    const vic = await app.signUp({ email: address(), verified: true });
    app.services.limits.clear();
    let mailed = 0;
    for (let browsers = 0; browsers < 6; browsers++) {
      const browser = app.visitor();
      await browser.post('/auth/sign-in/email', { email: vic.email, password: PASSWORD });
      for (let n = 0; n < 10; n++)
        if ((await browser.post('/auth/sign-in/magic-link', { email: vic.email })).status !== 429) mailed++;
    }
    expect(mailed).toBe(40);
  });

  it('is known no more once somebody else has proven the mailbox', async () => {
    const email = address();
    const squatter = await app.signUp({ email });
    const browsers = Array.from({ length: 3 }, () => app.visitor());
    for (const browser of browsers) await browser.post('/auth/sign-in/email', { email, password: PASSWORD });
    const owner = app.visitor();
    await owner.post('/auth/sign-in/magic-link', { email });
    await owner.api.accounts.openSignInLink({ token: tokenIn((await mailOf(email, /link/i)).text), bring: true });
    app.services.limits.clear();
    let judged = 0;
    for (const browser of [squatter, ...browsers])
      for (let n = 0; n < 6; n++)
        if ((await browser.post('/auth/sign-in/email', { email, password: `guess-${n}` })).status !== 429) judged++;
    expect(judged).toBe(10);
  });
});

describe('the session cookie', () => {
  const odd: [string, (name: string, value: string) => string][] = [
    ['in quotes', (name, value) => `${name}="${value}"`],
    ['in encoded quotes', (name, value) => `${name}=%22${value}%22`],
    ['behind an empty one', (name, value) => `${name}=; ${name}=${value}`],
    ['behind a made-up one', (name, value) => `${name}=a.b; ${name}=${value}`],
    ['behind a space', (name, value) => `${name}= ${value}`],
    ['behind a tab', (name, value) => `\t${name}=${value}`],
    ['with spaces at its name', (name, value) => `${name} =${value}`],
  ];
  it.each(odd)('%s is no way around the second factor or a fresh sign-in', async (_title, write) => {
    const vic = await app.signUp({ email: address(), verified: true, secondFactor: true });
    const thief = app.visitor();
    await thief.post('/auth/sign-in/email', { email: vic.email, password: PASSWORD });
    const pair = (thief.jar.header ?? '').split('; ').find((each) => each.includes('session_token=')) ?? '';
    const [name = '', value = ''] = pair.split(/=(.*)/s, 2);
    const cookie = write(name, value);
    const passwords = JSON.stringify({ currentPassword: PASSWORD, newPassword: 'the-thief-has-it' });
    expect((await raw('POST', '/auth/change-password', passwords, { cookie })).status).toBe(401);
    const to = JSON.stringify({ newEmail: address() });
    expect((await raw('POST', '/auth/change-email', to, { cookie })).status).toBe(401);

    const old = await app.signUp({ email: address(), verified: true });
    await app.admin`
      update auth.sessions set created_at = created_at - interval '59 days', confirmed_at = confirmed_at - interval '59 days' where user_id = ${old.userId}`;
    const [, ofOld = ''] = (
      (old.jar.header ?? '').split('; ').find((each) => each.includes('session_token=')) ?? ''
    ).split(/=(.*)/s, 2);
    const answer = await raw('POST', '/auth/change-password', passwords, { cookie: write(name, ofOld) });
    expect([401, 403]).toContain(answer.status);
  });
});

describe('an address of the demo', () => {
  it('gets no account in a real installation, which would not start again', async () => {
    const email = `${randomUUID()}@liventix.test`;
    const body = JSON.stringify({ email, name: 'Anybody', password: PASSWORD });
    expect((await raw('POST', '/auth/sign-up/email', body)).status).toBe(400);
    expect((await raw('POST', '/auth/sign-in/magic-link', JSON.stringify({ email }))).status).toBe(400);
    const mara = await app.signUp({ verified: true });
    expect((await mara.post('/auth/change-email', { newEmail: email })).status).toBe(400);
    expect(await app.admin`select from auth.users where email = ${email}`).toHaveLength(0);
  });
});
