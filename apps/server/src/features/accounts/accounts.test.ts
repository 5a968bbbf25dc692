import { createSecretKey, randomUUID } from 'node:crypto';
import { accounts, sessions, users, verifications } from '@liventix/db/schema';
import { betterAuth } from 'better-auth';
import { drizzleAdapter } from 'better-auth/adapters/drizzle';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { createBodies } from '../../platform/read-body.ts';
import { cookiePrefix, createReadSession, sessionCookieName, tokenOf } from '../../platform/sessions.ts';
import { createReadPending } from '../../platform/standing.ts';
import { publicProcedure, router } from '../../platform/trpc.ts';
import { createTestApp, type TestApp, type Visitor } from '../../testing/index.ts';
import { insertEvent } from '../../testing/live-fixture.ts';
import { createAuth } from './create-auth.ts';
import { ensurePerson } from './ensure-person.ts';
import { followProof } from './follow-proof.ts';
import { PERSONAL_TABLES } from './personal-data.sql.ts';
import { sweepGuests } from './sweep-guests.ts';

let app: TestApp;
beforeAll(async () => {
  app = await createTestApp({ simulators: false });
});
afterAll(() => app?.close());
beforeEach(() => app.services.limits.clear());

const PASSWORD = 'a-good-password';
const address = () => `${randomUUID()}@example.test`;
const userIdOf = async (visitor: Visitor) => (await visitor.actor())?.userId ?? '';
const linkIn = (text: string) => new URL(/https?:\/\/\S+\?token=[\w.-]+[^\s)\]>]*/.exec(text)?.[0] ?? 'http://no.link');
const tokenIn = (text: string) => linkIn(text).searchParams.get('token') ?? '';
/** Presses the button of the page behind a mailed sign-in link. */
const openLink = (visitor: Visitor, text: string, bring = true) =>
  visitor.api.accounts.openSignInLink({ token: tokenIn(text), bring });
const openAddress = (visitor: Visitor, text: string) => visitor.api.accounts.openAddressLink({ token: tokenIn(text) });

/** What a guest gathers before she signs in: a hold, a paid order, its ticket, a saved event. */
async function giveThings(userId: string, mailbox: string | null = null) {
  const owner = await app.signUp();
  const eventId = await insertEvent(app.database, owner.userId);
  const sql = app.admin;
  const [tier] = await sql<{ id: string }[]>`
    insert into ticketing.ticket_tiers (event_id, name, price_cents, quantity, issued_quantity, reserved_quantity)
    values (${eventId}, 'General', 1000, 10, 1, 2) returning id`;
  const [hold] = await sql<{ id: string; checkout_id: string }[]>`
    insert into ticketing.ticket_holds (user_id, tier_id, event_id, quantity) values (${userId}, ${tier?.id ?? ''}, ${eventId}, 2) returning id, checkout_id`;
  const [order] = await sql<{ id: string }[]>`
    insert into ticketing.orders (event_id, user_id, status, total_cents, captured_cents, mailbox, buyer_name)
    values (${eventId}, ${userId}, 'paid', 1000, 1000, ${mailbox}, 'Mara M') returning id`;
  const [ticket] = await sql<{ id: string }[]>`
    insert into ticketing.tickets (order_id, event_id, tier_id, owner_user_id, qr_code, sequence_number, holder_name)
    values (${order?.id ?? ''}, ${eventId}, ${tier?.id ?? ''}, ${userId}, ${randomUUID()}, 1, 'Mara M') returning id`;
  await sql`insert into events.saved_events (user_id, event_id) values (${userId}, ${eventId})`;
  return { eventId, holdId: hold?.id ?? '', orderId: order?.id ?? '', ticketId: ticket?.id ?? '' };
}
async function ownersOf(things: Awaited<ReturnType<typeof giveThings>>) {
  const [row] = await app.admin<{ hold: string; order: string; ticket: string }[]>`
    select (select user_id from ticketing.ticket_holds where id = ${things.holdId}) as hold,
           (select user_id from ticketing.orders where id = ${things.orderId}) as order,
           (select owner_user_id from ticketing.tickets where id = ${things.ticketId}) as ticket`;
  return row;
}
const allOf = (userId: string) => ({ hold: userId, order: userId, ticket: userId });

describe('signing in', () => {
  it('with a password: the profile is there, the session id rotates, a wrong password says no more than that', async () => {
    const mara = await app.signUp({ name: 'Mara' });
    const first = await mara.actor();
    expect(await mara.api.accounts.me()).toMatchObject({
      displayName: 'Mara',
      email: mara.email,
      isAnonymous: false,
      emailVerified: false,
      role: 'attendee',
      hasPassword: true,
    });
    const again = await mara.post('/auth/sign-in/email', { email: mara.email, password: PASSWORD });
    expect(again.status).toBe(200);
    expect((await mara.actor())?.sessionId).not.toBe(first?.sessionId);
    const wrong = await app.visitor().post('/auth/sign-in/email', { email: mara.email, password: 'not-this-one' });
    const unknown = await app.visitor().post('/auth/sign-in/email', { email: address(), password: 'not-this-one' });
    expect([wrong.status, await wrong.text()]).toEqual([unknown.status, await unknown.text()]);
  });

  it('keeps passwords as Argon2id, links and codes hashed', async () => {
    const mara = await app.signUp();
    const [account] = await app.admin<
      { password: string }[]
    >`select password from auth.accounts where user_id = ${mara.userId}`;
    expect(account?.password).toMatch(/^\$argon2id\$/);
    const visitor = app.visitor();
    const email = address();
    await visitor.post('/auth/sign-in/magic-link', { email, callbackURL: '/tickets' });
    const token = tokenIn((await app.mailTo(email)).text);
    const other = address();
    await visitor.post('/auth/email-otp/send-verification-otp', { email: other, type: 'sign-in' });
    const code = /\d{6}/.exec((await app.mailTo(other)).subject)?.[0] ?? '?';
    await mara.post('/auth/request-password-reset', { email: mara.email });
    const reset = tokenIn((await app.mailTo(mara.email)).text);
    const rows = await app.admin<
      { identifier: string; value: string }[]
    >`select identifier, value from auth.verifications`;
    for (const secret of [token, code, reset]) {
      expect(secret.length).toBeGreaterThan(5);
      expect(rows.some((row) => row.identifier.includes(secret) || row.value.split(':')[0] === secret)).toBe(false);
    }
    // Nor is what stands there a token.
    const kept = rows.find((row) => row.value === mara.userId)?.identifier.replace(/^.*:/, '') ?? '';
    const stolen = await app.visitor().post('/auth/reset-password', { token: kept, newPassword: 'another-good-one' });
    expect([kept.length > 20, stolen.status]).toEqual([true, 400]);
  });

  it('with a mailed link, once', async () => {
    const visitor = app.visitor();
    const email = address();
    await visitor.post('/auth/sign-in/magic-link', { email, callbackURL: '/tickets' });
    const { text } = await app.mailTo(email);
    expect(linkIn(text).pathname).toBe('/sign-in/link');
    expect(linkIn(text).searchParams.get('to')).toBe('/tickets');
    await openLink(visitor, text);
    expect(await visitor.actor()).toMatchObject({ email, emailVerified: true, isAnonymous: false });
    const twice = app.visitor();
    await expect(openLink(twice, text)).rejects.toMatchObject({ code: 'LINK_EXPIRED' });
    expect(await twice.actor()).toBeNull();
  });

  it('with a mailed code', async () => {
    const visitor = app.visitor();
    const email = address();
    await visitor.post('/auth/email-otp/send-verification-otp', { email, type: 'sign-in' });
    const otp = /\d{6}/.exec((await app.mailTo(email)).subject)?.[0];
    expect((await visitor.post('/auth/sign-in/email-otp', { email, otp: '000000' })).status).toBeGreaterThanOrEqual(
      400,
    );
    expect((await visitor.post('/auth/sign-in/email-otp', { email, otp })).status).toBe(200);
    expect(await visitor.actor()).toMatchObject({ email, emailVerified: true });
  });

  it('with a new password after forgetting it; every other device is signed out', async () => {
    const mara = await app.signUp();
    await mara.post('/auth/request-password-reset', { email: mara.email });
    const { text } = await waitFor(mara.email, /new password/i);
    expect(linkIn(text).pathname).toBe('/reset');
    const token = tokenIn(text);
    const changed = await app.visitor().post('/auth/reset-password', { newPassword: 'another-good-one', token });
    expect(changed.status).toBe(200);
    expect(await mara.actor()).toBeNull();
    expect((await mara.post('/auth/sign-in/email', { email: mara.email, password: 'another-good-one' })).status).toBe(
      200,
    );
    expect(await userIdOf(mara)).toBe(mara.userId); // also where the cookie of the ended session still was
    const nobody = address();
    expect((await app.visitor().post('/auth/request-password-reset', { email: nobody })).status).toBe(200);
    expect(app.mails.some((mail) => mail.to === nobody)).toBe(false);
  });

  it('moves an account to another address only when the new one is proved', async () => {
    const mara = await app.signUp({ verified: true });
    const next = address();
    expect((await mara.post('/auth/change-email', { newEmail: next })).status).toBe(200);
    await openAddress(mara, (await waitFor(mara.email, /change your address/i)).text);
    expect((await mara.actor())?.email).toBe(mara.email);
    await openAddress(mara, (await app.mailTo(next)).text);
    expect(await mara.actor()).toMatchObject({ email: next, emailVerified: true });
    const [profile] = await app.admin`select email from public.profiles where id = ${mara.userId}`;
    expect(profile?.['email']).toBe(next);
  });

  it('slows down whoever guesses, with a time to come back', async () => {
    const email = address();
    const answers = [];
    for (let i = 0; i < 11; i++)
      answers.push(await app.visitor().post('/auth/sign-in/email', { email, password: `guess-${i}` }));
    expect(answers.at(-1)?.status).toBe(429);
    expect(answers[0]?.status).toBe(401);
  });

  it('never mails or signs in a placeholder address', async () => {
    const before = app.mails.length;
    const response = await app.visitor().post('/auth/sign-in/magic-link', { email: 'x@guest.invalid' });
    expect(response.status).toBe(400);
    expect(await app.services.mailer.send({ to: 'x@guest.invalid', subject: '', html: '', text: '' })).toBe(false);
    expect(app.mails).toHaveLength(before);
  });
});

describe('a guest', () => {
  it('is made once for all calls of a request, and her cookie is hers from then on', async () => {
    const ctx = app.ctx();
    const [one, two] = await Promise.all([ensurePerson(ctx), ensurePerson(ctx)]);
    expect(one.actor.isAnonymous).toBe(true);
    expect((two.actor ?? one.actor).userId).toBe(one.actor.userId);
    const cookies = ctx.setCookies;
    expect(cookies).toHaveLength(1);
    expect(cookies[0]).toMatch(/HttpOnly/i);
    expect(await app.services.auth.read(cookies[0]?.split(';')[0])).toMatchObject({ userId: one.actor.userId });
    expect(await ctx.read((_tx, sql) => sql`select auth.uid() as id`)).toEqual([{ id: one.actor.userId }]);
  });

  it('sees no placeholder address of hers', async () => {
    const guest = await app.guest();
    expect(await guest.api.accounts.me()).toMatchObject({ isAnonymous: true, email: null, displayName: '' });
  });

  it.each(['sign-up', 'sign-in', 'magic link'])(
    'takes everything along at %s, and her old cookie is dead',
    async (way) => {
      const account = await app.signUp();
      const guest = await app.guest();
      const guestCookie = guest.jar.header;
      const socket = await guest.socket();
      const things = await giveThings(await userIdOf(guest));
      if (way === 'sign-up') {
        const email = address();
        await guest.post('/auth/sign-up/email', { email, password: PASSWORD, name: 'M' });
        await openLink(guest, (await app.mailTo(email)).text);
      }
      if (way === 'sign-in') await guest.post('/auth/sign-in/email', { email: account.email, password: PASSWORD });
      if (way === 'magic link') {
        const email = address();
        await guest.post('/auth/sign-in/magic-link', { email });
        await openLink(guest, (await app.mailTo(email)).text);
      }
      const to = await guest.actor();
      expect(to?.isAnonymous).toBe(false);
      if (way === 'sign-in') expect(to?.userId).toBe(account.userId);
      expect(await ownersOf(things)).toEqual(allOf(to?.userId ?? ''));
      expect(await app.admin`select 1 from events.saved_events where user_id = ${to?.userId ?? ''}`).toHaveLength(1);
      expect(
        await app.admin`select 1 from ticketing.ticket_events where ticket_id = ${things.ticketId} and kind = 'moved'`,
      ).toHaveLength(1);
      expect(await app.services.auth.read(guestCookie)).toBeNull();
      await socket.until('session:ended');
    },
  );

  it('keeps everything when the move fails, and the next sign-in repeats it', async () => {
    const account = await app.signUp();
    const guest = await app.guest();
    const from = await userIdOf(guest);
    const things = await giveThings(from);
    await app.admin.unsafe(`
      create function public.refuse_move() returns trigger language plpgsql as $$ begin raise exception 'not now'; end $$;
      create trigger refuse_move before update of owner_user_id on ticketing.tickets for each row execute function public.refuse_move()`);
    const failed = await guest.post('/auth/sign-in/email', { email: account.email, password: PASSWORD });
    expect(failed.status).toBe(500);
    expect(await userIdOf(guest)).toBe(from);
    expect(await ownersOf(things)).toEqual(allOf(from));
    await app.admin.unsafe('drop trigger refuse_move on ticketing.tickets; drop function public.refuse_move()');
    // From another device even: nothing but the account is needed.
    expect((await app.visitor().post('/auth/sign-in/email', { email: account.email, password: PASSWORD })).status).toBe(
      200,
    );
    expect(await ownersOf(things)).toEqual(allOf(account.userId));
  });

  it('gives what she ordered with a mailbox to whoever proves that mailbox, not to whoever types it', async () => {
    const email = address();
    const guest = await app.guest();
    const things = await giveThings(await userIdOf(guest), email.toUpperCase());
    const elsewhere = await app.visitor();
    await elsewhere.post('/auth/sign-up/email', { email, password: PASSWORD, name: 'M' });
    expect((await ownersOf(things))?.order).toBe(await userIdOf(guest));
    await openLink(elsewhere, (await app.mailTo(email)).text);
    const owner = await userIdOf(elsewhere);
    expect(await ownersOf(things)).toMatchObject({ order: owner, ticket: owner });
  });

  it('gives it later when it cannot be given at the first proof, by a job or at the next sign-in, and what is paid for after that', async () => {
    const email = address();
    const things = await giveThings(await userIdOf(await app.guest()), email);
    const visitor = app.visitor();
    await visitor.post('/auth/sign-in/magic-link', { email });
    await app.admin.unsafe(`
      create function public.refuse_claim() returns trigger language plpgsql as $$ begin raise exception 'not now'; end $$;
      create trigger refuse_claim before update of user_id on ticketing.orders for each row execute function public.refuse_claim()`);
    await openLink(visitor, (await app.mailTo(email)).text);
    await app.admin.unsafe('drop trigger refuse_claim on ticketing.orders; drop function public.refuse_claim()');
    const owner = await userIdOf(visitor);
    expect((await ownersOf(things))?.ticket).not.toBe(owner);
    expect(
      await app.admin`select from graphile_worker._private_jobs where key = ${`accounts.follow-proof:${owner}`}`,
    ).toHaveLength(1);
    await followProof({ ...app.work(), live: () => app.work().live }, owner);
    expect(await ownersOf(things)).toMatchObject({ order: owner, ticket: owner });
    const late = await giveThings(await userIdOf(await app.guest()), email);
    app.mails.length = 0;
    await visitor.post('/auth/sign-in/magic-link', { email });
    await openLink(visitor, (await app.mailTo(email)).text);
    expect(await ownersOf(late)).toMatchObject({ order: owner, ticket: owner });
  });

  it('is forgotten after a day without an order, after a month with one that lapsed, and kept with one that was paid', async () => {
    const made = async () => userIdOf(await app.guest());
    const [idleId, freshId, buyerId, lapsedId, lateId] = [
      await made(),
      await made(),
      await made(),
      await made(),
      await made(),
    ];
    const { eventId } = await giveThings(buyerId);
    await app.admin`
      insert into ticketing.orders (event_id, user_id, status, cancel_reason, created_at)
      values (${eventId}, ${lapsedId}, 'cancelled', 'expired', now() - interval '31 days'),
             (${eventId}, ${lateId}, 'cancelled', 'expired', now() - interval '29 days')`;
    await app.admin`update auth.users set created_at = now() - interval '31 days' where id <> ${freshId} and is_anonymous`;
    while (await sweepGuests(app.work()));
    const left = await app.admin<
      { id: string }[]
    >`select id from auth.users where id in (${idleId}, ${freshId}, ${buyerId}, ${lapsedId}, ${lateId})`;
    expect(left.map((row) => row.id).sort()).toEqual([freshId, buyerId, lateId].sort());
  });

  it('keeps her place in a waiting room, though she asked to be told of the sale the day before', async () => {
    const guest = await app.guest();
    const id = await userIdOf(guest);
    const { eventId } = await giveThings(await userIdOf(await app.guest()));
    await app.admin`
      with room as (insert into ticketing.waiting_rooms (event_id, opened_by) values (${eventId}, 'organizer') returning id)
      insert into ticketing.waiting_spots (room_id, user_id, number) select id, ${id}, 1 from room`;
    await app.admin`update auth.users set created_at = now() - interval '25 hours' where id = ${id}`;
    while (await sweepGuests(app.work()));
    expect(await userIdOf(guest)).toBe(id);
    await app.admin`update ticketing.waiting_spots set state = 'left', ended_at = now() where user_id = ${id}`;
    while (await sweepGuests(app.work()));
    expect(await guest.actor()).toBe(null);
  });
});

describe('the session look-up', () => {
  it('agrees with the sign-in library on true, tampered, foreign and expired cookies', async () => {
    const library = betterAuth({
      baseURL: app.url,
      basePath: '/auth',
      secret: app.env.LIVENTIX_SECRET,
      telemetry: { enabled: false },
      database: drizzleAdapter(app.db.auth.db, {
        provider: 'pg',
        schema: { user: users, session: sessions, account: accounts, verification: verifications },
      }),
      advanced: { cookiePrefix: cookiePrefix(app.url) },
    });
    const theirs = async (cookie: string) =>
      (
        await library.api.getSession({
          headers: new Headers({ cookie }),
          query: { disableRefresh: true, disableCookieCache: true },
        })
      )?.user.id ?? null;
    const ours = async (cookie: string) => (await app.services.auth.read(cookie))?.userId ?? null;
    const mara = await app.signUp();
    const cookie = mara.jar.header;
    expect(await ours(cookie)).toBe(mara.userId);
    const expired = await app.signUp();
    await app.admin`update auth.sessions set expires_at = now() - interval '1 second' where user_id = ${expired.userId}`;
    const name = sessionCookieName(app.url);
    const value = cookie.slice(name.length + 1);
    for (const given of [
      cookie,
      `other=1; ${cookie}; more=2`,
      expired.jar.header,
      `${name}=${value.slice(0, -4)}AAAA`,
      `${name}=x${value}`,
      `${name}=${value.split('.')[0]}`,
      `${name}=`,
      `${name}=%E0%A4%A`,
      'nothing=1',
    ]) {
      expect([given, await ours(given)]).toEqual([given, await theirs(given)]);
    }
    // Every part of it, but for the last characters: base64 has spare bits there, which change nothing.
    const secret = createSecretKey(app.env.LIVENTIX_SECRET, 'utf8');
    const token = tokenOf(cookie, name, secret);
    for (let i = 0; i < value.length - 6; i++) {
      const flipped = `${value.slice(0, i)}${value[i] === 'A' ? 'B' : 'A'}${value.slice(i + 1)}`;
      expect(tokenOf(`${name}=${flipped}`, name, secret) === token).toBe(false);
    }
  });
});

describe('one’s own things', () => {
  it('changes name and settings, and nothing else', async () => {
    const mara = await app.signUp();
    const changed = await mara.api.accounts.updateProfile({
      displayName: '  Mara  ',
      settings: { showFirstName: true },
      role: 'admin',
    } as never);
    expect(changed).toMatchObject({ displayName: 'Mara', settings: { showFirstName: true }, role: 'attendee' });
    expect(await mara.api.accounts.updateProfile({ settings: { locale: 'de' } })).toMatchObject({
      displayName: 'Mara',
      settings: { showFirstName: true, locale: 'de' },
    });
    await expect(mara.api.accounts.updateProfile({ photoUrl: 'https://evil.example/x.png' })).rejects.toMatchObject({
      code: 'INPUT_INVALID',
    });
  });

  it('lists sessions, ends one’s own, and answers 404 for a stranger’s', async () => {
    const mara = await app.signUp();
    const other = app.visitor();
    await other.post('/auth/sign-in/email', { email: mara.email, password: PASSWORD });
    const list = await mara.api.accounts.sessions();
    expect(list).toHaveLength(2);
    const theirs = list.find((session) => !session.current);
    const stranger = await app.signUp();
    await expect(stranger.api.accounts.revokeSession({ sessionId: theirs?.id ?? '' })).rejects.toMatchObject({
      code: 'NOT_FOUND',
    });
    const socket = await other.socket();
    await mara.api.accounts.revokeSession({ sessionId: theirs?.id ?? '' });
    await socket.until('session:ended');
    expect(await other.actor()).toBeNull();
    expect(await mara.actor()).not.toBeNull();
  });

  it('exports every table that holds something of a person, without secrets', async () => {
    const mara = await app.signUp();
    const things = await giveThings(mara.userId, mara.email);
    const data = await mara.api.accounts.export();
    expect(data.tables['ticketing.orders']).toHaveLength(1);
    expect(data.tables['auth.users']).toMatchObject([{ email: mara.email }]);
    const text = JSON.stringify(data);
    const [ticket] = await app.admin<
      { qr_code: string }[]
    >`select qr_code from ticketing.tickets where id = ${things.ticketId}`;
    expect(text).not.toContain(ticket?.qr_code);
    expect(text).not.toContain('argon2');
    expect(text).not.toContain('"token"');
  });

  it('names every table with a reference to a user, so that none is forgotten', async () => {
    const rows = await app.admin<{ name: string }[]>`
      select distinct c.conrelid::regclass::text as name from pg_constraint c
       where c.contype = 'f' and c.confrelid = 'auth.users'::regclass order by 1`;
    const LOGIN_TABLES = Object.keys((await (await app.signUp()).api.accounts.export()).tables);
    const known = new Set([...Object.keys(PERSONAL_TABLES), ...LOGIN_TABLES, 'auth.pending_moves']);
    const names = rows.map((row) => (row.name.includes('.') ? row.name : `public.${row.name}`));
    expect(names.filter((name) => !known.has(name))).toEqual([]);
  });

  it('deletes an account that nothing hangs on', async () => {
    const mara = await app.signUp();
    await expect(mara.api.accounts.delete({ confirmEmail: 'someone@else.test' })).rejects.toMatchObject({
      code: 'INPUT_INVALID',
    });
    expect(await mara.api.accounts.delete({ confirmEmail: mara.email })).toEqual({ anonymized: false });
    expect(await app.admin`select 1 from auth.users where id = ${mara.userId}`).toHaveLength(0);
    expect(await mara.actor()).toBeNull();
  });

  it('anonymizes an account with orders: nothing personal is left anywhere, amounts stay', async () => {
    const email = `canary-${randomUUID()}@example.test`;
    const mara = await app.signUp({ email, name: 'Canary Mara' });
    const things = await giveThings(mara.userId, email);
    await app.admin`update ticketing.orders set buyer_name = 'Canary Mara' where id = ${things.orderId}`;
    await app.admin`update ticketing.tickets set holder_name = 'Canary Mara' where id = ${things.ticketId}`;
    await app.admin`insert into social.event_posts (event_id, author_user_id, text) values (${things.eventId}, ${mara.userId}, 'Canary words')`;
    await mara.api.accounts.updateProfile({ displayName: 'Canary Mara' });
    expect(await mara.api.accounts.delete({ confirmEmail: email })).toEqual({ anonymized: true });
    const tables = await app.admin<{ name: string }[]>`
      select format('%I.%I', schemaname, tablename) as name from pg_tables
       where schemaname in ('auth', 'public', 'events', 'ticketing', 'organizations', 'social', 'analytics')`;
    for (const { name } of tables) {
      const found = await app.admin.unsafe(`select 1 from ${name} t where t::text ilike '%canary%'`);
      expect([name, found.length]).toEqual([name, 0]);
    }
    const [order] = await app.admin`select total_cents, status from ticketing.orders where id = ${things.orderId}`;
    expect(order).toEqual({ total_cents: 1000, status: 'paid' });
    expect((await app.visitor().post('/auth/sign-in/email', { email, password: PASSWORD })).status).toBe(401);
    expect(await mara.actor()).toBeNull();
  });

  it('gives staff what they did to other people’s rows, and nothing of those people', async () => {
    const scanner = await app.signUp({ name: 'Pia' });
    const buyer = await app.signUp({ email: `canary-${randomUUID()}@example.test`, name: 'Canary Buyer' });
    const things = await giveThings(buyer.userId, buyer.email);
    const at = scanner.userId;
    await app.admin`update ticketing.tickets set holder_name = 'Canary', redeemed_by = ${at} where id = ${things.ticketId}`;
    await app.admin`
      insert into ticketing.ticket_events (ticket_id, kind, to_user_id, actor_user_id, detail)
      values (${things.ticketId}, 'redeemed', ${buyer.userId}, ${at}, '{"name":"Canary"}')`;
    await app.admin`
      insert into analytics.scan_logs (event_id, ticket_id, outcome, scanned_by) values (${things.eventId}, ${things.ticketId}, 'admitted', ${at})`;
    await app.admin`insert into ticketing.refunds (order_id, amount_cents, reason, initiated_by, note) values (${things.orderId}, 100, 'canary', ${at}, 'canary')`;
    await app.admin`update events.events set created_by = ${at}, title = 'Canary night', online_url = 'https://canary.test' where id = ${things.eventId}`;
    const staff = await scanner.api.accounts.export();
    expect(staff.tables['ticketing.tickets (acted on)']).toEqual([expect.objectContaining({ id: things.ticketId })]);
    expect(staff.tables['events.events (acted on)']).toHaveLength(1);
    expect(JSON.stringify(staff)).not.toMatch(/canary/i);
    // Nobody's file names another person, neither the staff's nor the buyer's.
    const people = await app.admin<{ id: string }[]>`select id from auth.users`;
    for (const [person, file] of [
      [scanner, staff],
      [buyer, await buyer.api.accounts.export()],
    ] as const) {
      const text = JSON.stringify(file);
      expect(people.filter(({ id }) => id !== person.userId && text.includes(id))).toEqual([]);
    }
  });

  it('does not leave an event without a host while it sells or owes money, and takes drafts along', async () => {
    const host = await app.signUp();
    const eventId = await insertEvent(app.database, host.userId);
    const leave = () => host.api.accounts.delete({ confirmEmail: host.email });
    await expect(leave()).rejects.toMatchObject({ code: 'EVENTS_WITHOUT_HOST' });
    await app.admin`update events.events set status = 'cancelled', cancelled_at = clock_timestamp() where id = ${eventId}`;
    const buyer = await app.signUp();
    const [order] = await app.admin<{ id: string }[]>`
      insert into ticketing.orders (event_id, user_id, status, total_cents, captured_cents)
      values (${eventId}, ${buyer.userId}, 'paid', 1000, 1000) returning id`;
    await expect(leave()).rejects.toMatchObject({ code: 'EVENTS_WITHOUT_HOST' });
    await app.admin`update ticketing.orders set status = 'refunded', refunded_cents = 1000 where id = ${order?.id ?? ''}`;
    const { eventId: draft } = await host.api.organizer.createEvent({ title: 'Perhaps' });
    expect(await leave()).toEqual({ anonymized: true });
    const [left] = await app.admin`select deleted_at is not null as gone from events.events where id = ${draft}`;
    expect(left).toEqual({ gone: true });
    expect(await host.actor()).toBeNull();
  });

  it('does not let an event be made or published by a host whose account is being deleted', async () => {
    const host = await app.signUp();
    const { eventId } = await host.api.organizer.createEvent({ title: 'Perhaps' });
    const publish = app.db.engine.sql`update events.events set status = 'published' where id = ${eventId}`;
    await app.admin.begin(async (sql) => {
      await sql`update public.profiles set deleted_at = clock_timestamp() where id = ${host.userId}`;
      publish.catch(() => {}); // it waits for us
      await expect
        .poll(
          () =>
            app.admin`select from pg_stat_activity where wait_event_type = 'Lock' and query like '%''published'' where%'`,
        )
        .toHaveLength(1);
    });
    await expect(publish).rejects.toMatchObject({ constraint_name: 'events_living_host' });
  });

  it('leaves one of two owners when both delete their accounts at once', async () => {
    const [one, two] = await Promise.all([app.signUp(), app.signUp()]);
    const { id } = await one.api.organizations.create({ name: 'Night Works' });
    await app.admin`insert into organizations.org_memberships (org_id, user_id, role) values (${id}, ${two.userId}, 'owner')`;
    const answers = await Promise.allSettled(
      [one, two].map((each) => each.api.accounts.delete({ confirmEmail: each.email })),
    );
    expect(answers.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected']);
    const owners = await app.admin`select 1 from organizations.org_memberships where org_id = ${id} and role = 'owner'`;
    expect(owners).toHaveLength(1);
  });

  it('does not leave an organization without an owner', async () => {
    const mara = await app.signUp();
    const [organization] = await app.admin<
      { id: string }[]
    >`insert into organizations.organizations (name) values ('Night Works') returning id`;
    await app.admin`insert into organizations.org_memberships (org_id, user_id, role) values (${organization?.id ?? ''}, ${mara.userId}, 'owner')`;
    await expect(mara.api.accounts.delete({ confirmEmail: mara.email })).rejects.toMatchObject({
      code: 'ORGANIZATION_LAST_OWNER',
    });
    expect(await mara.actor()).not.toBeNull();
  });
});

it('a procedure that makes a guest sets her cookie on its own answer', async () => {
  // The caller shares its context with the answer, as over HTTP.
  const probe = router({ hello: publicProcedure.mutation(async ({ ctx }) => (await ensurePerson(ctx)).actor.userId) });
  const ctx = app.ctx();
  const id = await probe.createCaller(ctx).hello();
  expect(ctx.actor?.userId).toBe(id);
  expect(ctx.setCookies).toHaveLength(1);
});

async function waitFor(to: string, subject: RegExp) {
  const started = Date.now();
  for (;;) {
    const found = app.mails.findLast((mail) => mail.to === to && subject.test(mail.subject));
    if (found) return found;
    if (Date.now() - started > 5000) throw new Error(`no mail about ${subject}`);
    await new Promise((resolve) => setImmediate(resolve));
  }
}

it('on https every cookie is this very host’s: a sibling of its domain puts no session into a browser', async () => {
  const env = { ...app.env, PUBLIC_URL: 'https://tickets.example.test' };
  const keys = { db: app.db, publicUrl: env.PUBLIC_URL, secret: env.LIVENTIX_SECRET };
  const auth = createAuth({
    ...app.services,
    env,
    db: app.db,
    live: () => app.work().live,
    readSession: createReadSession(keys),
    readPending: createReadPending(keys),
    readBody: createBodies({ addressOf: () => '127.0.0.1' }),
  });
  const email = `${randomUUID()}@example.test`;
  const from = { headers: new Headers(), address: '127.0.0.1' };
  const { cookies, actor } = await auth.signInGuest(new Headers());
  await app.signUp({ email });
  const answers = [
    await auth.call('/sign-up/email', { name: 'Mara', email, password: PASSWORD }, from),
    await auth.call('/sign-in/email', { email, password: PASSWORD }, from),
    await auth.call('/sign-in/magic-link', { email }, from),
  ];
  const set = [...cookies, ...answers.flatMap((answer) => answer.headers.getSetCookie())];
  expect(set.length).toBeGreaterThan(2);
  for (const cookie of set) {
    expect(cookie).toMatch(/^__Host-lv\.\w+=/);
    expect(cookie).toMatch(/; Path=\/(;|$)/);
    expect(cookie).toMatch(/; Secure(;|$)/);
    expect(cookie).not.toMatch(/; Domain=/i);
  }
  const own = cookies[0]?.split(';', 1)[0] ?? '';
  expect(await auth.read(own)).toEqual(actor);
  for (const sibling of ['__Secure-lv', 'lv']) expect(await auth.read(own.replace('__Host-lv', sibling))).toBeNull();
});

it('an address with letters of its own language is one mailbox, however it is typed', async () => {
  const local = randomUUID();
  const mara = app.visitor();
  const made = await mara.post('/auth/sign-up/email', {
    name: 'Mara',
    email: `${local}@müller.example`,
    password: PASSWORD,
  });
  expect(made.status).toBe(200);
  await openLink(mara, (await app.mailTo(`${local}@xn--mller-kva.example`)).text);
  expect((await mara.actor())?.email).toBe(`${local}@xn--mller-kva.example`);
  for (const email of [`${local}@müller.example`, `${local}@MÜLLER.example`, `${local}@xn--mller-kva.example`])
    expect((await app.visitor().post('/auth/sign-in/email', { email, password: PASSWORD })).status).toBe(200);
  for (const email of [
    `${local}@müller`,
    `${local}@mül ler.example`,
    `${local}@ü@müller.example`,
    `${local}@müller.example/x`,
  ])
    expect((await app.visitor().post('/auth/sign-in/email', { email, password: PASSWORD })).status).toBe(400);
});
