import type { Api } from '@liventix/server/router';
import { appCode, createTestApp, softPasskey, type TestApp, type Visitor } from '@liventix/server/testing';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import {
  buy,
  makeReadyEvent,
  makeTeam,
  type Team,
} from '../../apps/server/src/features/organizer/organizer.test-data.ts';
import { address, callersOf, codeIn, PASSWORD, tokenIn } from './callers.ts';

/** What a stolen password, mailbox or cookie is worth once the account has a second factor: in production mode, over HTTP. */
let app: TestApp;
beforeAll(async () => {
  app = await createTestApp({ simulators: false, worker: true });
}, 60_000);
afterAll(() => app?.close());
beforeEach(() => app.services.limits.clear());

const { buyer, mailOf, ownerOf, waiting } = callersOf(() => app);
const code = (promise: Promise<unknown>) =>
  promise.then(
    () => 'ok',
    (err: { code?: string }) => err.code ?? String(err),
  );
type Account = Awaited<ReturnType<TestApp['signUp']>>;

/** Sets an authenticator app up as a person does. */
async function setUpApp({ api }: { api: Api }): Promise<{ key: string; codes: string[] }> {
  const { key } = await api.security.startApp();
  const { codes } = await api.security.finishApp({ code: await appCode(key) });
  return { key, codes: codes ?? [] };
}

/** As if the session had been signed in long ago. */
const age = (userId: string) =>
  app.admin`update auth.sessions set confirmed_at = confirmed_at - interval '59 days', created_at = created_at - interval '59 days'
             where user_id = ${userId}`;
/** As if the last code had been used, and the last wrong one typed, long ago. */
const forget = async (userId: string) => {
  await app.admin`delete from auth.proof_tries where user_id = ${userId}`;
  await app.admin`update auth.two_factors set last_step = null where user_id = ${userId}`;
};

async function signIn(email: string): Promise<Visitor> {
  const browser = app.visitor();
  expect((await browser.post('/auth/sign-in/email', { email, password: PASSWORD })).status).toBe(200);
  return browser;
}

describe('an account that is changed', () => {
  it('tells its mailbox, whoever did it: password, factors, recovery codes, and its end', async () => {
    const mara = await app.signUp({ verified: true });
    const told = async (subject: RegExp) => {
      const mails = () => app.mails.filter((mail) => mail.to === mara.email && subject.test(mail.subject));
      await expect.poll(() => mails().length, { timeout: 10_000 }).toBeGreaterThan(0);
      return mails().at(-1)?.text;
    };
    const { codes } = await setUpApp(mara);
    expect(await told(/second factor was added/)).toMatch(/choose a new password/i);
    await mara.api.security.prove({ by: 'recovery', code: codes[0] ?? '' });
    await told(/recovery code .* was used/);
    await mara.api.security.renewCodes();
    expect(await told(/new recovery codes/)).toMatch(/make recovery\s+codes again/i);
    app.services.limits.clear();
    expect(
      (await mara.post('/auth/change-password', { currentPassword: PASSWORD, newPassword: 'another-password' })).status,
    ).toBe(200);
    await told(/password was changed/);
    await mara.api.security.removeApp();
    await told(/second factor was removed/);
    await app.admin`delete from auth.accounts where user_id = ${mara.userId}`;
    await app.admin`update auth.users set created_at = created_at - interval '2 hours' where id = ${mara.userId}`;
    expect(await reset(mara.email, 'a-first-password')).toBe(200);
    await told(/has a password now/);
    await mara.post('/auth/sign-in/email', { email: mara.email, password: 'a-first-password' });
    await app.admin`update auth.sessions set by_mailbox = true where user_id = ${mara.userId}`;
    await mara.api.accounts.delete({ confirmEmail: mara.email });
    await told(/account was deleted/);
    expect(app.mails.filter((mail) => mail.to === mara.email && /new recovery codes/.test(mail.subject))).toHaveLength(
      1,
    );
  });

  it('tells both mailboxes when it moves from one to the other', async () => {
    const mara = await app.signUp({ email: address(), verified: true });
    const next = address();
    await mara.post('/auth/change-email', { newEmail: next });
    await mara.api.accounts.openAddressLink({ token: tokenIn((await mailOf(mara.email, /wants to change/)).text) });
    await mara.api.accounts.openAddressLink({ token: tokenIn((await mailOf(next, /is this your address/i)).text) });
    expect((await mailOf(mara.email, /another address now/)).text).toMatch(/people who run this site/);
    await mailOf(next, /the address of your account now/);
  });
});

/** Chooses a new password by a mailed link. */
async function reset(email: string, newPassword: string): Promise<number> {
  const tokens = () =>
    app.mails.flatMap((mail) => (mail.to === email && /\/reset\?token=([\w-]+)/.exec(mail.text)?.[1]) || []);
  const before = tokens().length;
  await app.visitor().post('/auth/request-password-reset', { email });
  await expect.poll(() => tokens().length).toBe(before + 1);
  return (await app.visitor().post('/auth/reset-password', { token: tokens().at(-1), newPassword })).status;
}

describe('a thief who knows the password, where there is no second factor', () => {
  it('sets none up, so what wants one stays closed to him, and deletes nothing; a session that the mailbox signed in sets one up', async () => {
    const mara = await app.signUp({ verified: true });
    const { id: orgId } = await mara.api.organizations.create({ name: 'Night Works' });
    const thief = await signIn(mara.email);
    const { security, organizations } = thief.api;
    expect(await security.read()).toMatchObject({ mayAdd: false });
    for (const attempt of [
      () => security.startApp(),
      () => security.startPasskey(),
      () => thief.api.accounts.delete({ confirmEmail: mara.email }),
    ])
      expect(await code(attempt())).toBe('MAILBOX_REQUIRED');
    expect(await code(organizations.invite({ orgId, email: 'thief@example.test', role: 'owner' }))).toBe(
      'SECOND_FACTOR_REQUIRED',
    );
    const owner = app.visitor();
    await owner.post('/auth/email-otp/send-verification-otp', { email: mara.email, type: 'sign-in' });
    const otp = codeIn((await mailOf(mara.email, /\d{6}/)).subject);
    expect((await owner.post('/auth/sign-in/email-otp', { email: mara.email, otp })).status).toBe(200);
    expect((await setUpApp(owner)).codes).toHaveLength(10);
  });

  it('is put out by the mailbox for three days with one that he set up in a session of hers; what its owner has had for longer stays', async () => {
    const mara = await app.signUp({ verified: true });
    await setUpApp(mara);
    expect(await reset(mara.email, 'a-new-password')).toBe(200);
    const owner = app.visitor();
    await owner.post('/auth/sign-in/email', { email: mara.email, password: 'a-new-password' });
    expect(await owner.actor()).toMatchObject({ email: mara.email });
    await app.admin`update auth.sessions set by_mailbox = true where user_id = ${mara.userId}`;
    await setUpApp(owner);
    await app.admin`update auth.two_factors set created_at = now() - interval '4 days' where user_id = ${mara.userId}`;
    expect(await reset(mara.email, 'another-password')).toBe(200);
    const waiting = app.visitor();
    await waiting.post('/auth/sign-in/email', { email: mara.email, password: 'another-password' });
    expect(await waiting.actor()).toBeNull();
  });
});

describe('a guest who signs in and cannot show the second factor', () => {
  it('is still the guest, with her tickets, also after she has left; with the factor they are the account’s', async () => {
    const mara = await app.signUp({ verified: true });
    const { key } = await setUpApp(mara);
    const guest = await buyer(address());
    const waits = async () => {
      expect((await guest.post('/auth/sign-in/email', { email: mara.email, password: PASSWORD })).status).toBe(200);
      expect(await guest.api.security.proof()).toMatchObject({ for: 'sign_in', email: mara.email });
      expect((await guest.actor())?.userId).toBe(guest.userId);
    };
    await waits();
    expect((await guest.post('/auth/sign-out', {})).status).toBe(200);
    expect(await code(guest.api.security.proof())).toBe('SIGN_IN_REQUIRED');
    expect([(await guest.actor())?.userId, await ownerOf(guest.ticketId)]).toEqual([guest.userId, guest.userId]);
    await waits();
    await guest.api.security.prove({ by: 'app', code: await appCode(key, 1) });
    expect([(await guest.actor())?.userId, await ownerOf(guest.ticketId)]).toEqual([mara.userId, mara.userId]);
    expect(await code(guest.api.security.prove({ by: 'password', password: PASSWORD }))).toBe('PROOF_WRONG');
  });

  it('signs an account out, whatever waits beside it', async () => {
    const mara = await app.signUp({ verified: true });
    await setUpApp(mara);
    const other = await app.signUp({ verified: true });
    await other.post('/auth/sign-in/email', { email: mara.email, password: PASSWORD });
    expect((await other.actor())?.userId).toBe(other.userId);
    await other.post('/auth/sign-out', {});
    expect([await other.actor(), await code(other.api.security.proof())]).toEqual([null, 'SIGN_IN_REQUIRED']);
  });

  it('brings along what she did while the sign-in waited', async () => {
    const mara = await app.signUp({ verified: true });
    const { key } = await setUpApp(mara);
    const host = await app.signUp({ verified: true });
    const { eventId } = await makeReadyEvent(host);
    await host.api.organizer.publish({ eventId });
    const browser = await signIn(mara.email);
    await browser.api.events.save({ eventId });
    expect((await browser.actor())?.isAnonymous).toBe(true);
    expect(await browser.api.security.prove({ by: 'app', code: await appCode(key, 1) })).toBe('sign_in');
    expect(await app.admin`select user_id from events.saved_events where event_id = ${eventId}`).toEqual([
      { user_id: mara.userId },
    ]);
  });
});

describe('a second factor that is being set up', () => {
  it('is not, once the session that does it has been ended', async () => {
    const mara = await app.signUp({ verified: true });
    const { key } = await mara.api.security.startApp();
    const typed = await appCode(key);
    let answer: Promise<string> | undefined;
    await app.admin.begin(async (sql) => {
      await sql`select from auth.users where id = ${mara.userId} for no key update`;
      answer = code(mara.api.security.finishApp({ code: typed }));
      await expect
        .poll(
          () =>
            app.admin`select 1 from pg_stat_activity where wait_event_type = 'Lock' and query like '%two_factor_enabled%'`,
        )
        .toHaveLength(1);
      await sql`delete from auth.sessions where user_id = ${mara.userId}`;
    });
    expect(await answer).toBe('SIGN_IN_REQUIRED');
    expect(await app.admin`select 1 from auth.two_factors where user_id = ${mara.userId} and verified`).toHaveLength(0);
  });

  it('and taken off again beside a reset waits for it, instead of both waiting for each other', async () => {
    const mara = await app.signUp({ verified: true });
    await setUpApp(mara);
    let answer: Promise<number> = Promise.resolve(0);
    await app.db.auth.transaction(async (_tx, factors) => {
      await app.admin.begin(async (password) => {
        await password`select from auth.accounts where user_id = ${mara.userId} for update`;
        answer = reset(mara.email, 'another-good-one');
        await expect.poll(() => waiting('auth"."accounts"')).toBe(1);
        await factors`select from auth.users where id = ${mara.userId} for no key update`;
      });
      await expect.poll(() => waiting('auth.users')).toBe(1);
      await factors`delete from auth.two_factors where user_id = ${mara.userId}`;
    });
    expect(await answer).toBe(200);
  });
});

describe('a stolen session, 59 days old', () => {
  let team: Team;
  let orderId: string;
  beforeAll(async () => {
    team = await makeTeam(app);
    const { eventId, tierIds } = await makeReadyEvent(team.owner, { orgId: team.orgId });
    await team.owner.api.organizer.publish({ eventId });
    ({ orderId } = await buy(app, eventId, [{ tierId: tierIds[0] ?? '', quantity: 1 }]));
  }, 60_000);

  it('refunds nothing, changes no role, and asks nobody into a team', async () => {
    const { owner, orgId, viewer } = team;
    await age(owner.userId);
    const { organizer, organizations } = owner.api;
    expect(await code(organizer.refundOrder({ orderId, reason: 'requested' }))).toBe('FRESH_SIGN_IN_REQUIRED');
    expect(await code(organizations.setRole({ orgId, userId: viewer.userId, role: 'owner' }))).toBe(
      'FRESH_SIGN_IN_REQUIRED',
    );
    expect(await code(organizations.removeMember({ orgId, userId: viewer.userId }))).toBe('FRESH_SIGN_IN_REQUIRED');
    expect(await code(organizations.invite({ orgId, email: 'thief@example.test', role: 'owner' }))).toBe(
      'FRESH_SIGN_IN_REQUIRED',
    );
    expect(await code(organizations.removeMember({ orgId, userId: owner.userId }))).toBe('FRESH_SIGN_IN_REQUIRED');
    const fees = { feeBps: 900, feeFixedCents: 0, feeCapCents: null, feePaidBy: 'buyer' as const };
    const { edition } = (await organizations.members({ orgId })).organization;
    expect(await code(organizations.update({ orgId, edition, fees }))).toBe('FRESH_SIGN_IN_REQUIRED');
    const [order] = await app.admin`select status from ticketing.orders where id = ${orderId}`;
    expect(order?.status).toBe('paid');
    // What hurts nobody goes on.
    expect(await code(organizations.members({ orgId }))).toBe('ok');
    await app.admin`update auth.sessions set confirmed_at = clock_timestamp() where user_id = ${owner.userId}`;
    expect(await code(organizer.refundOrder({ orderId, reason: 'requested' }))).toBe('ok');
  });

  it('deletes no account, takes no data, moves no address, changes no password and no second factor, until the owner confirms', async () => {
    const mara = await app.signUp({ verified: true });
    const body = { newEmail: 'thief@example.test' };
    await mara.post('/auth/change-email', body);
    const agree = /token=([\w.-]+)/.exec((await app.mailTo(mara.email)).text)?.[1] ?? '';
    await age(mara.userId);
    const secret = { currentPassword: PASSWORD, newPassword: 'the-thief-knows' };
    for (const [path, given] of [
      ['/auth/change-email', body],
      ['/auth/change-password', secret],
    ] as const) {
      const answer = await mara.post(path, given);
      expect([path, answer.status, ((await answer.json()) as { code: string }).code]).toEqual([
        path,
        403,
        'FRESH_SIGN_IN_REQUIRED',
      ]);
    }
    const { security, accounts } = mara.api;
    expect(await code(accounts.delete({ confirmEmail: mara.email }))).toBe('FRESH_SIGN_IN_REQUIRED');
    expect(await code(accounts.export())).toBe('FRESH_SIGN_IN_REQUIRED');
    expect(await code(accounts.openAddressLink({ token: agree }))).toBe('FRESH_SIGN_IN_REQUIRED');
    for (const attempt of [() => security.startApp(), () => security.startPasskey(), () => security.removeApp()])
      expect(await code(attempt())).toBe('FRESH_SIGN_IN_REQUIRED');
    expect(await code(security.prove({ by: 'password', password: 'not-this-one' }))).toBe('PROOF_WRONG');
    expect(await security.prove({ by: 'password', password: PASSWORD })).toBe('confirm');
    expect((await mara.post('/auth/change-email', body)).status).toBe(200);
    expect(await code(accounts.delete({ confirmEmail: mara.email }))).toBe('ok');
  });

  it('is not made fresh by a password where there is a second factor, nor by a code that was used', async () => {
    const theo = await app.signUp({ verified: true });
    const { key } = await setUpApp(theo);
    await age(theo.userId);
    expect(await code(theo.api.security.prove({ by: 'password', password: PASSWORD }))).toBe('PROOF_WRONG');
    expect(await code(theo.api.security.prove({ by: 'app', code: await appCode(key) }))).toBe('PROOF_WRONG');
    expect(await code(theo.api.security.removeApp())).toBe('FRESH_SIGN_IN_REQUIRED');
    expect(await theo.api.security.prove({ by: 'app', code: await appCode(key, 1) })).toBe('confirm');
    expect(await code(theo.api.security.removeApp())).toBe('ok');
  });
});

describe('no path signs in around the second factor', () => {
  let ines: Account;
  let key: string;
  beforeAll(async () => {
    ines = await app.signUp({ verified: true });
    ({ key } = await setUpApp(ines));
  });
  afterEach(() => forget(ines.userId));

  /** Signed in by one factor: worth nothing anywhere, and worth everything after the second. */
  async function isNobodyUntilProven(browser: Visitor) {
    expect(await browser.actor()).toBeNull();
    expect(await browser.api.accounts.me()).toBeNull();
    for (const call of [() => browser.api.accounts.export(), () => browser.api.security.startApp()])
      expect(await code(call())).toBe('SIGN_IN_REQUIRED');
    expect(await code(browser.api.accounts.delete({ confirmEmail: ines.email }))).toBe('SIGN_IN_REQUIRED');
    for (const [path, body] of [
      ['/auth/change-email', { newEmail: 'thief@example.test' }],
      ['/auth/change-password', { currentPassword: PASSWORD, newPassword: 'the-thief-knows' }],
    ] as const)
      expect([path, (await browser.post(path, body)).status]).toEqual([path, 401]);
    expect(await (await browser.fetch('/auth/get-session')).text()).not.toContain(ines.email);
    expect(await code(browser.api.security.prove({ by: 'password', password: PASSWORD }))).toBe('PROOF_WRONG');
    await forget(ines.userId);
    expect(await browser.api.security.proof()).toMatchObject({ for: 'sign_in', ways: ['app', 'recovery'] });
    expect(await browser.api.security.prove({ by: 'app', code: await appCode(key) })).toBe('sign_in');
    expect(await browser.actor()).toMatchObject({ userId: ines.userId });
  }

  it('not a password', async () => isNobodyUntilProven(await signIn(ines.email)));

  it('not a mailed link', async () => {
    const browser = app.visitor();
    await browser.post('/auth/sign-in/magic-link', { email: ines.email, callbackURL: '/tickets' });
    const { text } = await app.mailTo(ines.email);
    const token = /token=([\w-]+)/.exec(text)?.[1] ?? '';
    await browser.api.accounts.openSignInLink({ token, bring: true });
    await isNobodyUntilProven(browser);
  });

  it('not a mailed code', async () => {
    const browser = app.visitor();
    app.mails.length = 0;
    await browser.post('/auth/email-otp/send-verification-otp', { email: ines.email, type: 'sign-in' });
    const otp = /\d{6}/.exec((await app.mailTo(ines.email)).subject)?.[0];
    expect((await browser.post('/auth/sign-in/email-otp', { email: ines.email, otp })).status).toBe(200);
    await isNobodyUntilProven(browser);
  });

  it('whatever made the session: a row that proved nothing is nobody’s', async () => {
    const browser = await signIn(ines.email);
    await browser.api.security.prove({ by: 'app', code: await appCode(key) });
    expect(await browser.actor()).not.toBeNull();
    await app.admin`update auth.sessions set second_factor_at = null where user_id = ${ines.userId}`;
    expect(await browser.actor()).toBeNull();
  });
});

describe('codes cannot be guessed', () => {
  it('five wrong ones lock the account for every session and kind, also when they come at once', async () => {
    const mara = await app.signUp({ verified: true });
    const { key, codes } = await setUpApp(mara);
    const thieves = await Promise.all([1, 2, 3].map(() => signIn(mara.email)));
    const wrong = (await appCode(key)) === '000000' ? '000001' : '000000';
    const guesses = Array.from({ length: 24 }, (_, at) =>
      code((thieves[at % 3] as Visitor).api.security.prove({ by: 'app', code: wrong })),
    );
    const answers = await Promise.all(guesses);
    expect(answers.filter((answer) => answer === 'PROOF_WRONG')).toHaveLength(5);
    expect(answers.filter((answer) => answer === 'PROOF_LOCKED')).toHaveLength(19);
    const thief = thieves[0] as Visitor;
    await expect(thief.api.security.prove({ by: 'app', code: await appCode(key, 1) })).rejects.toMatchObject({
      code: 'PROOF_LOCKED',
      data: { details: { minutes: 15 } },
    });
    expect(await code(thief.api.security.prove({ by: 'recovery', code: codes[0] ?? '' }))).toBe('PROOF_LOCKED');
    // A quarter of an hour later there are five more, and then it is half an hour.
    const later = () =>
      app.admin`update auth.proof_tries set locked_until = clock_timestamp() where user_id = ${mara.userId}`;
    await later();
    app.services.limits.clear(); // the address has its own limit
    for (let at = 0; at < 5; at++)
      expect(await code(thief.api.security.prove({ by: 'app', code: wrong }))).toBe('PROOF_WRONG');
    await expect(thief.api.security.prove({ by: 'app', code: wrong })).rejects.toMatchObject({
      data: { details: { minutes: 30 } },
    });
    await later();
    expect(await thief.api.security.prove({ by: 'app', code: await appCode(key, 1) })).toBe('sign_in');
  });

  it('a recovery code signs in once, also when it is typed twice at once; new ones void the old', async () => {
    const mara = await app.signUp({ verified: true });
    const { codes } = await setUpApp(mara);
    expect(new Set(codes).size).toBe(10);
    const [one = '', two = ''] = codes;
    const kept = await app.admin`select code_hmac from auth.recovery_codes where user_id = ${mara.userId}`;
    expect(JSON.stringify(kept)).not.toContain(one.replaceAll('-', ''));
    const browsers = await Promise.all([signIn(mara.email), signIn(mara.email)]);
    const answers = await Promise.all(
      browsers.map(({ api }) => code(api.security.prove({ by: 'recovery', code: one }))),
    );
    expect(answers.sort()).toEqual(['PROOF_WRONG', 'ok']);
    expect(await mara.api.security.read()).toMatchObject({ codesLeft: 9 });
    const { codes: renewed } = await mara.api.security.renewCodes();
    const again = await signIn(mara.email);
    expect(await code(again.api.security.prove({ by: 'recovery', code: two }))).toBe('PROOF_WRONG');
    expect(await code(again.api.security.prove({ by: 'recovery', code: (renewed?.[0] ?? '').toUpperCase() }))).toBe(
      'ok',
    );
  });

  it('recovery codes that are renewed three times at once are one set of ten', async () => {
    const mara = await app.signUp({ verified: true });
    await setUpApp(mara);
    await Promise.all([1, 2, 3].map(() => mara.api.security.renewCodes()));
    expect(await app.admin`select 1 from auth.recovery_codes where user_id = ${mara.userId}`).toHaveLength(10);
  });

  it('what a thief got locked is open for the owner once she has chosen a new password', async () => {
    const mara = await app.signUp({ verified: true });
    const { key } = await setUpApp(mara);
    const thief = await signIn(mara.email);
    for (let n = 0; n < 5; n++) await code(thief.api.security.prove({ by: 'recovery', code: 'aaaa-aaaa-aaaa-aaaa' }));
    expect(await code(thief.api.security.prove({ by: 'recovery', code: 'aaaa-aaaa-aaaa-aaaa' }))).toBe('PROOF_LOCKED');
    await app.admin`update auth.two_factors set created_at = now() - interval '4 days' where user_id = ${mara.userId}`;
    expect(await reset(mara.email, 'another-good-one')).toBe(200);
    const owner = app.visitor();
    await owner.post('/auth/sign-in/email', { email: mara.email, password: 'another-good-one' });
    expect(await code(owner.api.security.prove({ by: 'app', code: await appCode(key, 1) }))).toBe('ok');
  });

  it('a passkey is asked of nobody whose session ends in the same moment', async () => {
    const mara = await app.signUp({ verified: true });
    let answer: Promise<string> | undefined;
    await app.admin.begin(async (sql) => {
      await sql`delete from auth.sessions where user_id = ${mara.userId}`;
      answer = code(mara.api.security.startPasskey());
      await expect
        .poll(
          () =>
            app.admin`select 1 from pg_stat_activity where wait_event_type = 'Lock' and query like '%passkey_challenges%'`,
        )
        .toHaveLength(1);
    });
    expect(await answer).toBe('SIGN_IN_REQUIRED');
  });

  it('a code of an authenticator app is good once, also when it is typed twice at once', async () => {
    const mara = await app.signUp({ verified: true });
    const { key } = await setUpApp(mara);
    const browsers = await Promise.all([signIn(mara.email), signIn(mara.email)]);
    const now = await appCode(key, 1);
    const answers = await Promise.all(browsers.map(({ api }) => code(api.security.prove({ by: 'app', code: now }))));
    expect(answers.sort()).toEqual(['PROOF_WRONG', 'ok']);
  });

  it('a code of an authenticator app is void once a later one was used', async () => {
    const mara = await app.signUp({ verified: true });
    const { key } = await setUpApp(mara); // by the code of this moment
    const [now, next] = await Promise.all([appCode(key), appCode(key, 1)]);
    const prove = async (typed: string) =>
      code((await signIn(mara.email)).api.security.prove({ by: 'app', code: typed }));
    expect(await prove(next)).toBe('ok');
    expect([await prove(now), await prove(next)]).toEqual(['PROOF_WRONG', 'PROOF_WRONG']);
  });
});

describe('a passkey', () => {
  it('signs in and confirms; not twice by one challenge, not from another site, not without its owner, not by another user', async () => {
    const theo = await app.signUp({ verified: true });
    const mine = softPasskey(app.url);
    const { challenge } = await theo.api.security.startPasskey();
    const { codes } = await theo.api.security.addPasskey({ name: 'Laptop', passkey: mine.make(challenge) });
    expect(codes).toHaveLength(10);
    expect(await code(theo.api.security.addPasskey({ name: 'Again', passkey: mine.make(challenge) }))).toBe(
      'PASSKEY_REFUSED',
    );

    const browser = await signIn(theo.email);
    const ask = async () => (await browser.api.security.askForPasskey()).challenge;
    const offer = (proof: ReturnType<typeof mine.prove>) => code(browser.api.security.prove({ by: 'passkey', proof }));
    expect(await browser.api.security.proof()).toMatchObject({ ways: ['passkey', 'recovery'] });
    expect(await offer(mine.prove(await ask(), { origin: 'https://liventix.phish.test' }))).toBe('PASSKEY_REFUSED');
    expect(await offer(mine.prove(await ask(), { verified: false }))).toBe('PASSKEY_REFUSED');
    const ines = await app.signUp({ verified: true });
    const others = softPasskey(app.url);
    await ines.api.security.addPasskey({
      name: 'Ines',
      passkey: others.make((await ines.api.security.startPasskey()).challenge),
    });
    expect(await offer(others.prove(await ask()))).toBe('PASSKEY_REFUSED');
    expect(await browser.actor()).toBeNull();
    const good = await ask();
    expect(await offer(mine.prove(good))).toBe('ok');
    expect(await browser.actor()).toMatchObject({ userId: theo.userId });
    expect(await offer(mine.prove(good))).toBe('PASSKEY_REFUSED');

    const [kept] = (await browser.api.security.read()).passkeys;
    expect(kept).toMatchObject({ name: 'Laptop' });
    const passkeyId = kept?.id ?? '';
    await browser.api.security.renamePasskey({ passkeyId, name: 'Old laptop' });
    expect(await code(ines.api.security.removePasskey({ passkeyId }))).toBe('NOT_FOUND');
    await browser.api.security.removePasskey({ passkeyId });
    // The last factor takes the recovery codes along.
    expect(await browser.api.security.read()).toMatchObject({ app: false, passkeys: [], codesLeft: 0 });
  });
});

describe('who must have one', () => {
  it('owners before refunds, roles and invitations; a session of the platform’s staff is worth nothing before', async () => {
    const owner = await app.signUp({ verified: true });
    const { id: orgId } = await owner.api.organizations.create({ name: 'Owls' });
    const member = await app.signUp({ verified: true });
    await app.admin`insert into organizations.org_memberships (org_id, user_id, role) values (${orgId}, ${member.userId}, 'viewer')`;
    const promote = () => owner.api.organizations.setRole({ orgId, userId: member.userId, role: 'editor' });
    expect(await code(promote())).toBe('SECOND_FACTOR_REQUIRED');
    expect(await code(owner.api.organizations.invite({ orgId, email: 'a@example.test', role: 'viewer' }))).toBe(
      'SECOND_FACTOR_REQUIRED',
    );
    await setUpApp(owner);
    expect(await code(promote())).toBe('ok');
    const staff = await app.signUp({ role: 'admin', verified: true });
    expect(await staff.api.security.read()).toMatchObject({ required: true });
    expect(await code(staff.api.health.all())).toBe('SECOND_FACTOR_REQUIRED');
    await setUpApp(staff);
    expect(await code(staff.api.health.all())).toBe('ok');
  });

  it('only whoever proved the address: else a stranger could put a factor before a mailbox of somebody else', async () => {
    const stranger = await app.signUp();
    for (const attempt of [() => stranger.api.security.startApp(), () => stranger.api.security.startPasskey()])
      expect(await code(attempt())).toBe('ADDRESS_UNPROVEN');
  });

  it('outside demo mode the demo’s addresses too; in demo mode the one-press sign-ins are asked for nothing', async () => {
    const here = { ...(await app.signUp({ role: 'admin' })), email: 'admin@liventix.test' };
    await app.admin`update auth.users set email = ${here.email} where id = ${here.userId}`;
    await age(here.userId);
    expect(await code(here.api.health.all())).toBe('SECOND_FACTOR_REQUIRED');
    expect(await code(here.api.accounts.delete({ confirmEmail: here.email }))).toBe('FRESH_SIGN_IN_REQUIRED');
    const demo = await createTestApp({ simulators: false, env: { DEMO: true } });
    try {
      const press = await demo.signUp({ email: 'admin@liventix.test', role: 'admin' });
      await demo.admin`update auth.sessions set confirmed_at = confirmed_at - interval '59 days'`;
      expect(await code(press.api.health.all())).toBe('ok');
      const other = await demo.signUp({ role: 'admin' });
      expect(await code(other.api.health.all())).toBe('SECOND_FACTOR_REQUIRED');
      await demo.admin`update auth.sessions set confirmed_at = confirmed_at - interval '59 days'`;
      expect(await code(other.api.accounts.delete({ confirmEmail: other.email }))).toBe('FRESH_SIGN_IN_REQUIRED');
      expect(await code(press.api.accounts.delete({ confirmEmail: press.email }))).toBe('ok');
    } finally {
      await demo.close();
    }
  }, 60_000);
});

it('a changed password and a changed second factor end every other session', async () => {
  const mara = await app.signUp({ verified: true });
  const left = await signIn(mara.email);
  expect(await left.actor()).not.toBeNull();
  const changed = await mara.post('/auth/change-password', {
    currentPassword: PASSWORD,
    newPassword: 'another-good-one',
  });
  expect(changed.status).toBe(200);
  expect([await left.actor(), (await mara.actor())?.userId]).toEqual([null, mara.userId]);
  const forgotten = app.visitor();
  await forgotten.post('/auth/sign-in/email', { email: mara.email, password: 'another-good-one' });
  expect(await forgotten.actor()).not.toBeNull();
  await setUpApp(mara);
  const rows = await app.admin`select from auth.sessions where user_id = ${mara.userId}`;
  expect([rows.length, (await mara.actor())?.userId]).toEqual([1, mara.userId]);
  await forgotten.post('/auth/sign-in/email', { email: mara.email, password: 'another-good-one' });
  await mara.api.security.removeApp();
  expect(await forgotten.actor()).toBeNull();
});

it('the export lists the second factor without its secrets, and deleting the account deletes it', async () => {
  const mara = await app.signUp({ verified: true });
  const { codes } = await setUpApp(mara);
  const { tables } = await mara.api.accounts.export();
  expect([tables['auth.two_factors']?.length, tables['auth.recovery_codes']?.length]).toEqual([1, 10]);
  const [row] = await app.admin<
    { secret: string }[]
  >`select secret from auth.two_factors where user_id = ${mara.userId}`;
  const text = JSON.stringify(tables);
  for (const secret of [row?.secret ?? '?', codes[0] ?? '?', 'code_hmac', 'public_key'])
    expect(text).not.toContain(secret);
  await mara.api.accounts.delete({ confirmEmail: mara.email });
  const left = await app.admin`
    select user_id from auth.two_factors where user_id = ${mara.userId}
    union all select user_id from auth.recovery_codes where user_id = ${mara.userId}
    union all select user_id from auth.proof_tries where user_id = ${mara.userId}`;
  expect(left).toHaveLength(0);
});
