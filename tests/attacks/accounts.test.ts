import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import http from 'node:http';
import { createTestApp, type TestApp, type Visitor } from '@liventix/server/testing';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { makeReadyEvent } from '../../apps/server/src/features/organizer/organizer.test-data.ts';

/** What an attacker tries at the front door, over raw HTTP, with the limits of a real installation. */
let app: TestApp;
beforeAll(async () => {
  app = await createTestApp({ simulators: false, env: { DEMO: false } });
});
afterAll(() => app?.close());
beforeEach(() => app.services.limits.clear());

const PASSWORD = 'a-good-password';
const address = () => `${randomUUID()}@corp.test`;
const tokenIn = (text: string) =>
  new URL(/https?:\/\/\S+\?token=[\w.-]+/.exec(text)?.[0] ?? 'http://no').searchParams.get('token') ?? '';
const codeIn = (subject: string) => /\d{6}/.exec(subject)?.[0] ?? '';

interface Answer {
  status: number;
  text: string;
}

/** A request exactly as it is written here; `fetch` would tidy the address up first. */
function raw(method: string, path: string, body?: string, headers: Record<string, string> = {}): Promise<Answer> {
  const { port } = new URL(app.url);
  return new Promise((resolve, reject) => {
    const request = http.request(
      {
        host: '127.0.0.1',
        port,
        method,
        path,
        headers: { origin: app.url, 'content-type': 'application/json', ...headers },
      },
      (answer) => {
        const chunks: Buffer[] = [];
        answer.on('data', (chunk: Buffer) => chunks.push(chunk));
        answer.on('end', () => resolve({ status: answer.statusCode ?? 0, text: Buffer.concat(chunks).toString() }));
      },
    );
    request.once('error', reject);
    request.end(body);
  });
}

async function mailOf(to: string, about: RegExp): Promise<{ text: string; subject: string }> {
  await expect
    .poll(() => app.mails.some((mail) => mail.to === to && about.test(mail.subject)), { timeout: 5000 })
    .toBe(true);
  return app.mails.findLast((mail) => mail.to === to && about.test(mail.subject)) as { text: string; subject: string };
}

/** A guest who has bought a ticket with a mailbox. */
async function buyer(mailbox: string): Promise<Visitor & { userId: string; ticketId: string }> {
  const guest = await app.guest();
  const userId = (await guest.actor())?.userId ?? '';
  const host = await app.signUp();
  const [row] = await app.admin<{ ticket: string }[]>`
    with event as (
      insert into events.events (title, owner_context_id, created_by, status) values ('A night', ${host.userId}, ${host.userId}, 'published') returning id
    ), tier as (
      insert into ticketing.ticket_tiers (event_id, name, price_cents, quantity, issued_quantity) select id, 'General', 0, 10, 1 from event returning id, event_id
    ), ordered as (
      insert into ticketing.orders (event_id, user_id, status, total_cents, mailbox, buyer_name) select event_id, ${userId}, 'paid', 0, ${mailbox}, 'Vic' from tier returning id, event_id
    )
    insert into ticketing.tickets (order_id, event_id, tier_id, owner_user_id, qr_code, sequence_number)
    select o.id, o.event_id, t.id, ${userId}, ${randomUUID()}, 1 from ordered o, tier t returning id as ticket`;
  return { ...guest, userId, ticketId: row?.ticket ?? '' };
}
const ownerOf = async (ticketId: string) =>
  (await app.admin<{ owner: string }[]>`select owner_user_id as owner from ticketing.tickets where id = ${ticketId}`)[0]
    ?.owner;

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
          ['/auth/request-password-reset', { email }],
        ] as const
      )[n % 3] as [string, unknown];
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

/** A call whose head is with the server; its body goes when the returned function is called. */
async function late(who: Visitor, path: string, body: unknown): Promise<() => Promise<Answer>> {
  const text = JSON.stringify(body);
  const call = http.request({
    host: '127.0.0.1',
    port: new URL(app.url).port,
    method: 'POST',
    path,
    headers: {
      origin: app.url,
      'content-type': 'application/json',
      'content-length': Buffer.byteLength(text),
      cookie: who.jar.header ?? '',
      expect: '100-continue',
    },
  });
  const answered = once(call, 'response').then(async ([answer]: http.IncomingMessage[]) => ({
    status: answer?.statusCode ?? 0,
    text: Buffer.concat((await answer?.toArray()) ?? []).toString(),
  }));
  const taken = once(call, 'continue');
  call.flushHeaders();
  await taken;
  call.write(text.slice(0, 1));
  return () => {
    call.end(text.slice(1));
    return answered;
  };
}

describe('a call whose body comes late', () => {
  it('does nothing for a session that a new password has ended', async () => {
    const vic = await app.signUp({ email: address(), verified: true });
    const thief = app.visitor();
    await thief.post('/auth/sign-in/email', { email: vic.email, password: PASSWORD });
    const calls = [
      await late(thief, '/trpc/accounts.updateProfile', { displayName: 'The thief was here' }),
      await late(thief, '/trpc/organizations.create', { name: 'The thief and sons' }),
      await late(thief, '/trpc/holds.extend', { checkoutId: randomUUID() }),
    ];
    await app.visitor().post('/auth/request-password-reset', { email: vic.email });
    const token = tokenIn((await mailOf(vic.email, /new password/i)).text);
    await app.visitor().post('/auth/reset-password', { token, newPassword: 'another-good-one' });
    const answers = await Promise.all(calls.map((finish) => finish()));
    expect(answers.map(({ status }) => status)).toEqual([401, 401, 401]);
  });

  it('gives an account to nobody whose session the first proof has ended', async () => {
    const [email, evil] = [address(), address()];
    const squatter = await app.signUp({ email });
    await squatter.post('/auth/change-email', { newEmail: evil });
    const token = tokenIn((await mailOf(evil, /address/i)).text);
    const finish = await late(squatter, '/trpc/accounts.openAddressLink', { token });
    const owner = app.visitor();
    await owner.post('/auth/sign-in/magic-link', { email });
    await owner.api.accounts.openSignInLink({ token: tokenIn((await mailOf(email, /link/i)).text), bring: true });
    expect((await finish()).status).toBe(401);
    expect(await owner.actor()).toMatchObject({ email, emailVerified: true });
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

describe('a sign-in that is under way', () => {
  const KEY = 20_261_127;
  /** Sign-ins wait where their session is written, until the returned function is called. */
  async function holdSessions(): Promise<() => Promise<void>> {
    await app.admin.unsafe(`
      create function public.test_wait() returns trigger language plpgsql as $$ begin perform pg_advisory_xact_lock_shared(${KEY}); return new; end $$;
      create trigger test_wait before insert on auth.sessions for each row execute function public.test_wait();`);
    const held = await app.admin.reserve();
    await held`select pg_advisory_lock(${KEY})`;
    return async () => {
      await held`select pg_advisory_unlock(${KEY})`;
      held.release();
    };
  }
  afterEach(async () => {
    await app.admin.unsafe('drop trigger test_wait on auth.sessions; drop function public.test_wait()');
  });
  const waits = async () =>
    (await app.admin`select 1 from pg_locks where locktype = 'advisory' and objid = ${KEY} and not granted`).length;

  it('by the former password ends with a reset', async () => {
    const vic = await app.signUp({ email: address(), verified: true });
    await app.visitor().post('/auth/request-password-reset', { email: vic.email });
    const token = tokenIn((await mailOf(vic.email, /new password/i)).text);
    const release = await holdSessions();
    const thief = app.visitor();
    const signIn = thief.post('/auth/sign-in/email', { email: vic.email, password: PASSWORD });
    await expect.poll(waits).toBe(1);
    const reset = await app.visitor().post('/auth/reset-password', { token, newPassword: 'another-good-one' });
    expect(reset.status).toBe(200);
    await release();
    expect((await signIn).status).toBe(401);
    expect(await thief.actor()).toBeNull();
    expect(await app.admin`select 1 from auth.sessions where user_id = ${vic.userId}`).toHaveLength(0);
  });

  it('as a registration ends with the owner’s proof', async () => {
    const email = address();
    const release = await holdSessions();
    const squatter = app.visitor();
    const signUp = squatter.post('/auth/sign-up/email', { email, name: 'Squatter', password: PASSWORD });
    await expect.poll(waits).toBe(1);
    const owner = app.visitor();
    await owner.post('/auth/sign-in/magic-link', { email });
    const proof = owner.api.accounts.openSignInLink({
      token: tokenIn((await mailOf(email, /sign-in link/i)).text),
      bring: true,
    });
    await expect.poll(waits).toBe(2);
    await release();
    await proof;
    expect((await signUp).status).toBe(422);
    expect(await squatter.actor()).toBeNull();
    expect(await owner.actor()).toMatchObject({ email, emailVerified: true });
  });

  it('by the password of somebody who had not proven the mailbox ends with the proof', async () => {
    const email = address();
    const squatter = await app.signUp({ email });
    const owner = app.visitor();
    await owner.post('/auth/sign-in/magic-link', { email });
    const token = tokenIn((await mailOf(email, /link/i)).text);
    const release = await holdSessions();
    const thief = app.visitor();
    const signIn = thief.post('/auth/sign-in/email', { email, password: PASSWORD });
    await expect.poll(waits).toBe(1);
    const proof = owner.api.accounts.openSignInLink({ token, bring: true });
    await expect.poll(waits).toBe(2); // the proof is done, and its own session waits too
    await release();
    await proof;
    expect((await signIn).status).toBe(401);
    expect(await thief.actor()).toBeNull();
    expect(await squatter.actor()).toBeNull();
    expect(await owner.actor()).toMatchObject({ email, emailVerified: true });
  });
});

describe('a mailed link', () => {
  it('moves nothing of a guest who opens somebody else’s, unless she says so', async () => {
    const victim = await buyer(address());
    const attacker = address();
    await app.visitor().post('/auth/sign-in/magic-link', { email: attacker });
    const token = tokenIn((await mailOf(attacker, /link/i)).text);
    expect(await victim.api.accounts.signInLink({ token })).toEqual({ email: attacker, asked: false });
    expect((await victim.actor())?.userId).toBe(victim.userId);
    await victim.api.accounts.openSignInLink({ token, bring: false });
    expect(await ownerOf(victim.ticketId)).toBe(victim.userId);
    const session = await app.admin`select 1 from auth.sessions where user_id = ${victim.userId}`;
    expect(session).toHaveLength(1);
  });

  it('knows the browser that asked for it', async () => {
    const email = address();
    const asking = app.visitor();
    await asking.post('/auth/sign-in/magic-link', { email });
    const token = tokenIn((await mailOf(email, /link/i)).text);
    expect(await asking.api.accounts.signInLink({ token })).toEqual({ email, asked: true });
  });

  it('is not burnt by a mail filter that opens it, however often', async () => {
    const email = address();
    const visitor = app.visitor();
    await visitor.post('/auth/sign-in/magic-link', { email });
    const token = tokenIn((await mailOf(email, /link/i)).text);
    for (const method of ['GET', 'HEAD']) await raw(method, `/auth/magic-link/verify?token=${token}`);
    for (let n = 0; n < 3; n++) expect(await app.visitor().api.accounts.signInLink({ token })).not.toBeNull();
    await visitor.api.accounts.openSignInLink({ token, bring: true });
    expect((await visitor.actor())?.email).toBe(email);
  });

  it('proves a mailbox for a session of that very account alone', async () => {
    const email = address();
    const order = await buyer(email);
    const attacker = await app.signUp({ email });
    const token = tokenIn((await mailOf(email, /your address/i)).text);
    // The mail filter, a stranger and another account look; nothing is proven.
    await raw('GET', `/auth/verify-email?token=${token}`);
    const other = await app.signUp();
    expect(await other.api.accounts.addressLink({ token })).toMatchObject({ email, mine: false });
    await expect(other.api.accounts.openAddressLink({ token })).rejects.toMatchObject({ code: 'LINK_FOREIGN' });
    await expect(app.visitor().api.accounts.openAddressLink({ token })).rejects.toMatchObject({
      code: 'SIGN_IN_REQUIRED',
    });
    expect(await ownerOf(order.ticketId)).toBe(order.userId);
    expect((await attacker.actor())?.emailVerified).toBe(false);
  });

  it('changes an address for a session of that very account alone', async () => {
    const victim = address();
    const order = await buyer(victim);
    const attacker = await app.signUp({ email: address(), verified: true });
    await attacker.post('/auth/change-email', { newEmail: victim });
    await attacker.api.accounts.openAddressLink({ token: tokenIn((await mailOf(attacker.email, /change/i)).text) });
    const token = tokenIn((await mailOf(victim, /address/i)).text);
    await raw('GET', `/auth/verify-email?token=${token}`);
    await expect(app.visitor().api.accounts.openAddressLink({ token })).rejects.toMatchObject({
      code: 'SIGN_IN_REQUIRED',
    });
    expect((await attacker.actor())?.email).toBe(attacker.email);
    expect(await ownerOf(order.ticketId)).toBe(order.userId);
  });

  it('that changes an address ends the other sessions, and says so when another account has the address by now', async () => {
    const mara = await app.signUp({ email: address(), verified: true });
    const elsewhere = app.visitor();
    await elsewhere.post('/auth/sign-in/email', { email: mara.email, password: PASSWORD });
    const next = address();
    const ask = async (newEmail: string) => {
      await mara.post('/auth/change-email', { newEmail });
      await mara.api.accounts.openAddressLink({ token: tokenIn((await mailOf(mara.email, /change/i)).text) });
      return tokenIn((await mailOf(newEmail, /address/i)).text);
    };
    const taken = address();
    const late = await ask(taken);
    await app.signUp({ email: taken });
    await expect(mara.api.accounts.openAddressLink({ token: late })).rejects.toMatchObject({ code: 'ADDRESS_TAKEN' });
    app.mails.length = 0;
    await mara.api.accounts.openAddressLink({ token: await ask(next) });
    expect((await mara.actor())?.email).toBe(next);
    expect(await elsewhere.actor()).toBeNull();
  });

  it.each(['the address', 'the password, by another link,', 'the account'] as const)(
    'to choose a new password is void once %s has changed',
    async (what) => {
      const mara = await app.signUp({ email: address(), verified: true });
      await app.visitor().post('/auth/request-password-reset', { email: mara.email });
      const token = tokenIn((await mailOf(mara.email, /new password/i)).text);
      if (what === 'the account') await mara.api.accounts.delete({ confirmEmail: mara.email });
      else if (what !== 'the address') {
        app.mails.length = 0;
        await app.visitor().post('/auth/request-password-reset', { email: mara.email });
        const other = tokenIn((await mailOf(mara.email, /new password/i)).text);
        const body = { token: other, newPassword: 'another-good-one' };
        expect((await app.visitor().post('/auth/reset-password', body)).status).toBe(200);
      } else {
        const next = address();
        await mara.post('/auth/change-email', { newEmail: next });
        await mara.api.accounts.openAddressLink({ token: tokenIn((await mailOf(mara.email, /change/i)).text) });
        await mara.api.accounts.openAddressLink({ token: tokenIn((await mailOf(next, /address/i)).text) });
      }
      const answer = await app.visitor().post('/auth/reset-password', { token, newPassword: 'a-thief-chose-this' });
      expect(answer.status).toBe(400);
    },
  );

  it('to a mailbox with a plus sign gives no orders of the mailbox without it, nor the other way round', async () => {
    const bob = address();
    const order = await buyer(bob);
    const evil = bob.replace('@', '+evil@');
    const visitor = app.visitor();
    await visitor.post('/auth/sign-in/magic-link', { email: evil });
    await visitor.api.accounts.openSignInLink({ token: tokenIn((await mailOf(evil, /link/i)).text), bring: true });
    expect(await ownerOf(order.ticketId)).toBe(order.userId);
    // A newer order under another spelling does not take her lost-tickets mail away.
    await buyer(evil);
    await app.visitor().api.tickets.findOrders({ email: bob.toUpperCase() });
    await mailOf(bob, /tickets/i);
    expect(app.mails.some(({ to, subject }) => to === evil && /your tickets/i.test(subject))).toBe(false);
    const [row] =
      await app.admin`select public.normal_mailbox('+a@x.test') <> public.normal_mailbox('+b@x.test') as apart`;
    expect(row?.apart).toBe(true);
  });

  it('ends the sessions from before the first proof, but for the one that proves', async () => {
    const email = address();
    const first = await app.signUp({ email });
    const second = app.visitor();
    await second.post('/auth/sign-in/email', { email, password: PASSWORD });
    await second.api.accounts.openAddressLink({ token: tokenIn((await mailOf(email, /your address/i)).text) });
    expect(await first.actor()).toBeNull();
    expect(await second.actor()).toMatchObject({ email, emailVerified: true });
  });
});

describe('every way in, for every account', () => {
  const WAYS = ['password', 'link', 'code', 'reset'] as const;
  const STATES = ['none', 'unproven with a password', 'proven', 'a guest’s browser'] as const;

  it.each(STATES.flatMap((state) => WAYS.map((way) => [way, state] as const)))('%s, %s', async (way, state) => {
    const email = address();
    const squatter =
      state === 'none' || state === 'a guest’s browser'
        ? null
        : await app.signUp({ email, verified: state === 'proven' });
    const visitor: Visitor = state === 'a guest’s browser' ? await app.guest() : app.visitor();
    const known = squatter !== null;
    if (way === 'password') {
      const { status } = await visitor.post('/auth/sign-in/email', { email, password: PASSWORD });
      expect(status).toBe(known ? 200 : 401);
      return;
    }
    if (way === 'reset') {
      expect((await visitor.post('/auth/request-password-reset', { email })).status).toBe(200);
      if (!known) return;
      const token = tokenIn((await mailOf(email, /new password/i)).text);
      expect((await visitor.post('/auth/reset-password', { token, newPassword: 'another-good-one' })).status).toBe(200);
      expect(await squatter.actor()).toBeNull();
      expect((await app.visitor().post('/auth/sign-in/email', { email, password: PASSWORD })).status).toBe(401);
      return;
    }
    if (way === 'link') {
      await visitor.post('/auth/sign-in/magic-link', { email });
      await visitor.api.accounts.openSignInLink({ token: tokenIn((await mailOf(email, /link/i)).text), bring: true });
    } else {
      await visitor.post('/auth/email-otp/send-verification-otp', { email, type: 'sign-in' });
      const otp = codeIn((await mailOf(email, /\d{6}/)).subject);
      expect((await visitor.post('/auth/sign-in/email-otp', { email, otp })).status).toBe(200);
    }
    expect(await visitor.actor()).toMatchObject({ email, emailVerified: true, isAnonymous: false });
    if (state !== 'unproven with a password') return;
    // What was there before the proof is somebody else's: its session and its password are gone.
    expect(await squatter?.actor()).toBeNull();
    expect((await app.visitor().post('/auth/sign-in/email', { email, password: PASSWORD })).status).toBe(401);
  });
});

/** How many statements about this wait for a lock. */
const waiting = async (about: string) =>
  (
    await app.admin`select 1 from pg_stat_activity where wait_event_type = 'Lock' and query like ${`%${about}%`} and pid <> pg_backend_pid()`
  ).length;

describe('a mailbox that gets its account in the same moment', () => {
  const TAKEN = 'USER_ALREADY_EXISTS_USE_ANOTHER_EMAIL';
  /** Runs the call while a transaction that makes an account for the mailbox is about to commit. */
  async function meanwhile<T>(email: string, call: () => Promise<T>): Promise<T> {
    let answer: Promise<T> | undefined;
    await app.admin.begin(async (sql) => {
      await sql`insert into auth.users (name, email) values ('The other one', ${email})`;
      answer = call();
      answer.catch(() => {}); // looked at below
      await expect.poll(() => waiting('into "auth"."users"')).toBe(1);
    });
    return answer as Promise<T>;
  }

  it('is no failure to its mailed link, which is spent', async () => {
    const email = address();
    const visitor = app.visitor();
    await visitor.post('/auth/sign-in/magic-link', { email });
    const token = tokenIn((await mailOf(email, /link/i)).text);
    const opened = meanwhile(email, () => visitor.api.accounts.openSignInLink({ token, bring: false }));
    await expect(opened).rejects.toMatchObject({ code: 'LINK_EXPIRED' });
  });

  it('is told to its mailed code', async () => {
    const email = address();
    const visitor = app.visitor();
    await visitor.post('/auth/email-otp/send-verification-otp', { email, type: 'sign-in' });
    const otp = codeIn((await mailOf(email, /\d{6}/)).subject);
    const answer = await meanwhile(email, () => visitor.post('/auth/sign-in/email-otp', { email, otp }));
    expect([answer.status, (await answer.json()) as unknown]).toMatchObject([422, { code: TAKEN }]);
  });

  it('is told to its registration', async () => {
    const email = address();
    const answer = await meanwhile(email, () =>
      app.visitor().post('/auth/sign-up/email', { name: 'Vic', email, password: PASSWORD }),
    );
    expect([answer.status, (await answer.json()) as unknown]).toMatchObject([422, { code: TAKEN }]);
  });

  it('is told to whoever moves to it', async () => {
    const mara = await app.signUp({ email: address(), verified: true });
    const email = address();
    await mara.post('/auth/change-email', { newEmail: email });
    await mara.api.accounts.openAddressLink({ token: tokenIn((await mailOf(mara.email, /change/i)).text) });
    const token = tokenIn((await mailOf(email, /address/i)).text);
    let answer: Promise<unknown> | undefined;
    await app.admin.begin(async (sql) => {
      await sql`insert into auth.users (name, email) values ('The other one', ${email})`;
      answer = mara.api.accounts.openAddressLink({ token });
      answer.catch(() => {}); // looked at below
      await expect.poll(() => waiting('update "auth"."users"')).toBe(1);
    });
    await expect(answer).rejects.toMatchObject({ code: 'ADDRESS_TAKEN' });
  });
});

describe('an account that is deleted', () => {
  it('leaves the links of other people alone, however alike their mailboxes', async () => {
    const part = randomUUID();
    const other = app.visitor();
    await other.post('/auth/sign-in/magic-link', { email: `maria.${part}@corp.test` });
    const token = tokenIn((await mailOf(`maria.${part}@corp.test`, /link/i)).text);
    const leaver = await app.signUp({ email: `${part}@corp.test`, verified: true });
    await leaver.api.accounts.delete({ confirmEmail: leaver.email });
    expect(await other.api.accounts.openSignInLink({ token, bring: true })).toBeTruthy();
  });

  it('orders nothing more in the same moment: no name and no mailbox stays', async () => {
    const host = await app.signUp({ verified: true });
    const { eventId, tierIds } = await makeReadyEvent(host, { tiers: [{ name: 'Free', priceCents: 0, quantity: 9 }] });
    await host.api.organizer.publish({ eventId });
    const mara = await app.signUp({ email: address(), verified: true });
    const checkoutId = randomUUID();
    await mara.api.holds.place({ eventId, checkoutId, lines: [{ tierId: tierIds[0] ?? '', quantity: 1 }] });
    const order = () =>
      mara.api.orders.create({ checkoutId, email: mara.email, name: 'Mara', showFirstName: false }).then(
        () => 'ok',
        (error: { code?: string }) => error.code,
      );
    let answer: Promise<string | undefined> = Promise.resolve('none');
    await app.admin.begin(async (sql) => {
      await sql`select 1 from public.profiles where id = ${mara.userId} for update`;
      answer = order();
      await expect.poll(() => waiting('create_order')).toBe(1);
      await sql`update public.profiles set deleted_at = now() where id = ${mara.userId}`;
    });
    expect(await answer).toBe('CHECKOUT_UNKNOWN');
    expect(await app.admin`select 1 from ticketing.orders where user_id = ${mara.userId}`).toHaveLength(0);
  });
});

describe('a role that was lost a moment ago', () => {
  it('gives no role any more', async () => {
    const [first, second, third] = [
      await app.signUp({ verified: true, secondFactor: true }),
      await app.signUp({ verified: true, secondFactor: true }),
      await app.signUp({ verified: true }),
    ];
    const { id: orgId } = await first.api.organizations.create({ name: 'Night Works' });
    await app.admin`insert into organizations.org_memberships ${app.admin([
      { org_id: orgId, user_id: second.userId, role: 'owner' },
      { org_id: orgId, user_id: third.userId, role: 'viewer' },
    ])}`;
    let answer: Promise<string | undefined> = Promise.resolve('none');
    await app.admin.begin(async (sql) => {
      await sql`select 1 from organizations.org_memberships where org_id = ${orgId} and role = 'owner' order by id for update`;
      answer = second.api.organizations.setRole({ orgId, userId: third.userId, role: 'owner' }).then(
        () => 'ok',
        (error: { code?: string }) => error.code,
      );
      await expect.poll(() => waiting('org_memberships')).toBe(1);
      await sql`update organizations.org_memberships set role = 'viewer' where org_id = ${orgId} and user_id = ${second.userId}`;
    });
    expect(await answer).toBe('ROLE_REQUIRED');
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

describe('a change of address', () => {
  it('is not for guests, who have none', async () => {
    const guest = await app.guest();
    expect((await guest.post('/auth/change-email', { newEmail: address() })).status).toBe(401);
  });

  it('mails the present address ten times an hour at most, whatever new ones are asked for', async () => {
    const mara = await app.signUp({ email: address(), verified: true });
    const statuses: number[] = [];
    for (let n = 0; n < 12; n++) statuses.push((await mara.post('/auth/change-email', { newEmail: address() })).status);
    expect(statuses.filter((status) => status === 200)).toHaveLength(10);
  });
});

describe('an erased person', () => {
  it('is nobody, whatever session was written for her in the same moment', async () => {
    const mara = await app.signUp({ email: address(), verified: true });
    await app.admin`update auth.users set deleted_at = clock_timestamp() where id = ${mara.userId}`;
    expect(await mara.actor()).toBeNull();
  });
});

describe('a thief who knows the password', () => {
  it('does not void the owner’s reset by changing it to the same again', async () => {
    const vic = await app.signUp({ email: address(), verified: true });
    await app.visitor().post('/auth/request-password-reset', { email: vic.email });
    const token = tokenIn((await mailOf(vic.email, /new password/i)).text);
    const thief = app.visitor();
    await thief.post('/auth/sign-in/email', { email: vic.email, password: PASSWORD });
    const same = { currentPassword: PASSWORD, newPassword: PASSWORD };
    expect((await thief.post('/auth/change-password', same)).status).toBe(200);
    const reset = await app.visitor().post('/auth/reset-password', { token, newPassword: 'another-good-one' });
    expect(reset.status).toBe(200);
    expect(await thief.actor()).toBeNull();
  });

  it('has no say over a checkout before the second factor', async () => {
    const vic = await app.signUp({ email: address(), verified: true, secondFactor: true });
    const host = await app.signUp({ verified: true });
    const { eventId, tierIds } = await makeReadyEvent(host);
    await host.api.organizer.publish({ eventId });
    const lines = [{ tierId: tierIds[0] ?? '', quantity: 1 }];
    const checkoutId = randomUUID();
    await vic.api.holds.place({ eventId, checkoutId, lines });
    const thief = await app.guest();
    await thief.api.holds.place({ eventId, checkoutId: randomUUID(), lines });
    await thief.post('/auth/sign-in/email', { email: vic.email, password: PASSWORD });
    expect(await thief.actor()).toBeNull();
    expect(await vic.api.orders.checkout({ checkoutId })).toMatchObject({ state: 'holding' });
  });
});
