import { createTestApp, type TestApp } from '@liventix/server/testing';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { followProof } from '../../apps/server/src/features/accounts/follow-proof.ts';
import { address, callersOf, codeIn, PASSWORD, tokenIn } from './callers.ts';

/** What an attacker tries with mailed links, codes and other people's mailboxes. */
let app: TestApp;
beforeAll(async () => {
  app = await createTestApp({ simulators: false, env: { DEMO: false } });
});
afterAll(() => app?.close());
beforeEach(() => app.services.limits.clear());

const { raw, mailOf, buyer, ownerOf, waiting } = callersOf(() => app);

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
    await attacker.post('/auth/send-verification-email', { email });
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
    // Also when what guests ordered with the new one cannot be fetched at this moment.
    const order = await buyer(next);
    await app.admin.unsafe(`
      create function public.refuse_claim() returns trigger language plpgsql as $$ begin raise exception 'not now'; end $$;
      create trigger refuse_claim before update of user_id on ticketing.orders for each row execute function public.refuse_claim()`);
    await mara.api.accounts.openAddressLink({ token: await ask(next) });
    await app.admin.unsafe('drop trigger refuse_claim on ticketing.orders; drop function public.refuse_claim()');
    expect((await mara.actor())?.email).toBe(next);
    expect(await elsewhere.actor()).toBeNull();
    expect(await ownerOf(order.ticketId)).toBe(order.userId);
    await followProof({ ...app.work(), live: () => app.work().live }, mara.userId); // the job
    expect(await ownerOf(order.ticketId)).toBe(mara.userId);
    // A password proves no mailbox: what guests bought since stays with them.
    const later = await buyer(next);
    await elsewhere.post('/auth/sign-in/email', { email: next, password: PASSWORD });
    expect(await ownerOf(later.ticketId)).toBe(later.userId);
  });

  it('that changes an address does it once, also when the account has its former one again', async () => {
    const mara = await app.signUp({ email: address(), verified: true });
    const next = address();
    const move = async (from: string, to: string) => {
      app.mails.length = 0;
      await mara.post('/auth/change-email', { newEmail: to });
      await mara.api.accounts.openAddressLink({ token: tokenIn((await mailOf(from, /change your address/i)).text) });
      const token = tokenIn((await mailOf(to, /is this your address/i)).text);
      await mara.api.accounts.openAddressLink({ token });
      return token;
    };
    const first = await move(mara.email, next);
    await move(next, mara.email);
    await expect(mara.api.accounts.openAddressLink({ token: first })).rejects.toMatchObject({ code: 'LINK_EXPIRED' });
    expect((await mara.actor())?.email).toBe(mara.email);
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

  it.each(['with', 'without'] as const)(
    'to choose a new password is the only one that does, of two opened at once, for an account %s one',
    async (has) => {
      const { email, userId } = await app.signUp({ email: address(), verified: true });
      if (has === 'without') await app.admin`delete from auth.accounts where user_id = ${userId}`;
      const tokens: string[] = [];
      for (let n = 0; n < 2; n++) {
        app.mails.length = 0;
        await app.visitor().post('/auth/request-password-reset', { email });
        tokens.push(tokenIn((await mailOf(email, /new password/i)).text));
      }
      const open = (token: string) =>
        app.visitor().post('/auth/reset-password', { token, newPassword: `new ${token}` });
      const answers = await Promise.all(tokens.map(open));
      expect(answers.map(({ status }) => status).sort()).toEqual([200, 400]);
    },
  );

  it('to change an address is void once its account has another password: a thief who is put out takes nothing along', async () => {
    const mara = await app.signUp({ email: address(), verified: true });
    const next = address();
    await mara.post('/auth/change-email', { newEmail: next });
    await mara.api.accounts.openAddressLink({ token: tokenIn((await mailOf(mara.email, /change/i)).text) });
    const token = tokenIn((await mailOf(next, /address/i)).text);
    expect(await mara.api.accounts.addressLink({ token })).toMatchObject({ step: 'change', mine: true });
    await mara.post('/auth/request-password-reset', { email: mara.email });
    const reset = tokenIn((await mailOf(mara.email, /new password/i)).text);
    await app.visitor().post('/auth/reset-password', { token: reset, newPassword: 'another-good-one' });
    await mara.post('/auth/sign-in/email', { email: mara.email, password: 'another-good-one' });
    await expect(mara.api.accounts.openAddressLink({ token })).rejects.toMatchObject({ code: 'LINK_EXPIRED' });
    expect((await mara.actor())?.email).toBe(mara.email);
  });

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
    await second.post('/auth/send-verification-email', { email });
    await second.api.accounts.openAddressLink({ token: tokenIn((await mailOf(email, /your address/i)).text) });
    expect(await first.actor()).toBeNull();
    expect(await second.actor()).toMatchObject({ email, emailVerified: true });
  });
});

describe('signing up', () => {
  const form = (email: string) => ({ email, name: 'Mara', password: PASSWORD });
  const linkMail = async (email: string) => tokenIn((await mailOf(email, /Liventix account/)).text);

  it('is answered alike whether the mailbox has an account, and only its mail says which', async () => {
    const known = await app.signUp({ email: address(), verified: true });
    const answers = [];
    for (const email of [known.email, address()]) {
      const answer = await app.visitor().post('/auth/sign-up/email', form(email));
      const cookies = answer.headers.getSetCookie().map((cookie) => cookie.replace(/=[^;]+/, `=`));
      answers.push({ status: answer.status, text: await answer.text(), cookies });
      expect((await mailOf(email, /account/)).subject.includes('already')).toBe(email === known.email);
    }
    expect(answers[0]).toMatchObject({ status: 200, cookies: [expect.anything(), expect.anything()] });
    expect(answers[1]).toEqual(answers[0]);
  });

  it.each(['link', 'code'] as const)('makes the account with its name and password by the mailed %s', async (way) => {
    const email = address();
    const mara = app.visitor();
    await mara.post('/auth/sign-up/email', form(email));
    expect(await app.admin`select 1 from auth.users where email = ${email}`).toHaveLength(0);
    const otp = codeIn((await mailOf(email, /account/)).subject);
    if (way === 'code') await mara.post('/auth/sign-in/email-otp', { email, otp });
    else await mara.api.accounts.openSignInLink({ token: await linkMail(email), bring: true });
    expect(await mara.actor()).toMatchObject({ email, name: 'Mara', emailVerified: true });
    expect((await app.visitor().post('/auth/sign-in/email', { email, password: PASSWORD })).status).toBe(200);
  });

  it('leaves the password of an account alone, and gives no account the password of another browser', async () => {
    const owner = await app.signUp({ email: address(), verified: true });
    await owner.post('/auth/sign-up/email', { ...form(owner.email), password: 'another-good-one' });
    await owner.api.accounts.openSignInLink({ token: await linkMail(owner.email), bring: true });
    const email = address();
    await app.visitor().post('/auth/sign-up/email', form(email)); // a stranger
    const invited = app.visitor();
    await invited.api.accounts.openSignInLink({ token: await linkMail(email), bring: true });
    expect(await invited.actor()).toMatchObject({ email, name: '' });
    const statuses = [];
    for (const body of [form(owner.email), { ...form(owner.email), password: 'another-good-one' }, form(email)]) {
      const { name: _, ...given } = body;
      statuses.push((await app.visitor().post('/auth/sign-in/email', given)).status);
    }
    expect(statuses).toEqual([200, 401, 401]);
  });

  it('sets no password for who asks for a link at a browser where somebody else began it', async () => {
    const email = address();
    const shared = app.visitor();
    await shared.post('/auth/sign-up/email', form(email));
    await shared.post('/auth/sign-in/magic-link', { email });
    await shared.api.accounts.openSignInLink({
      token: tokenIn((await mailOf(email, /sign-in link/i)).text),
      bring: true,
    });
    expect(await shared.actor()).toMatchObject({ email, name: '' });
    expect((await app.visitor().post('/auth/sign-in/email', { email, password: PASSWORD })).status).toBe(401);
  });

  it('sets no password for an account that was there before, though it has none', async () => {
    const owner = await app.signUp({ email: address(), verified: true });
    await app.admin`delete from auth.accounts where user_id = ${owner.userId}`;
    const shared = app.visitor(); // a stranger typed it there, half an hour before she signs in
    await shared.post('/auth/sign-up/email', form(owner.email));
    await shared.api.accounts.openSignInLink({ token: await linkMail(owner.email), bring: true });
    expect((await shared.actor())?.userId).toBe(owner.userId);
    expect((await app.visitor().post('/auth/sign-in/email', { email: owner.email, password: PASSWORD })).status).toBe(
      401,
    );
  });
});

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
      await expect.poll(() => waiting('update auth.users')).toBe(1);
    });
    await expect(answer).rejects.toMatchObject({ code: 'ADDRESS_TAKEN' });
  });
});

describe('a mailbox without an account', () => {
  it('is not used up by requests that mail it nothing: its link, its sign-up and its tickets are mailed all the same', async () => {
    const email = address();
    await buyer(email);
    const thief = await app.signUp({ email: address(), verified: true });
    // As many as one network address may have mailed, and more than that for the change of address.
    for (let n = 0; n < 5; n++)
      expect((await app.visitor().post('/auth/request-password-reset', { email })).status).toBe(200);
    for (let n = 0; n < 5; n++) expect((await thief.post('/auth/change-email', { newEmail: email })).status).toBe(200);
    const owner = app.visitor();
    for (let n = 0; n < 5; n++) expect((await owner.post('/auth/sign-in/magic-link', { email })).status).toBe(200);
    const form = { email, name: 'Mara', password: PASSWORD };
    expect((await owner.post('/auth/sign-up/email', form)).status).toBe(200);
    await owner.api.tickets.findOrders({ email });
    await mailOf(email, /your tickets/i);
  });
});

describe('the mailbox of a deleted account', () => {
  it('is nowhere any more: not in what guests did with it, nor was in its export who they were', async () => {
    const email = address();
    const bought = await buyer(email);
    const asked = await buyer(email);
    await app.visitor().post('/auth/sign-in/magic-link', { email });
    const mara = app.visitor();
    await mara.api.accounts.openSignInLink({ token: tokenIn((await mailOf(email, /link/i)).text), bring: true });
    expect(JSON.stringify(await mara.api.accounts.export())).not.toContain(bought.userId);
    const later = await buyer(email);
    await app.admin`
      insert into events.event_alerts (event_id, user_id, mailbox, kind)
      select event_id, ${asked.userId}, ${email}, 'on_sale' from ticketing.tickets where id = ${later.ticketId}`;
    await app.visitor().api.tickets.findOrders({ email });
    await mailOf(email, /your tickets/i);
    await mara.api.accounts.delete({ confirmEmail: email });
    expect(
      await app.admin`
        select 'alert' as left from events.event_alerts where mailbox = ${email}
        union all select 'link' from ticketing.order_links where mailbox = ${email}
        union all select 'order' from ticketing.orders where mailbox = ${email}
        union all select 'user' from auth.users where email = ${email}`,
    ).toEqual([]);
    // The guest may be somebody else who typed it: her ticket is hers.
    expect(await ownerOf(later.ticketId)).toBe(later.userId);
    expect(await later.api.tickets.mine()).not.toEqual([]);
  });
});

describe('a change of address', () => {
  it('is not for guests, who have none', async () => {
    const guest = await app.guest();
    expect((await guest.post('/auth/change-email', { newEmail: address() })).status).toBe(401);
  });

  it('mails the present address eight times an hour at most, whatever new ones are asked for', async () => {
    const mara = await app.signUp({ email: address(), verified: true });
    const statuses: number[] = [];
    for (let n = 0; n < 12; n++) statuses.push((await mara.post('/auth/change-email', { newEmail: address() })).status);
    expect(statuses.filter((status) => status === 200)).toHaveLength(8);
  });
});
