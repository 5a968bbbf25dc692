import { randomUUID } from 'node:crypto';
import { type ApiError, appCode, createTestApp, type TestApp, type Visitor } from '@liventix/server/testing';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { makeReadyEvent } from '../../apps/server/src/features/organizer/organizer.test-data.ts';
import { address, callersOf, codeIn, PASSWORD, tokenIn } from './callers.ts';

/** What an attacker tries with sessions: ended, stolen, or under way beside what ends them. */
let app: TestApp;
beforeAll(async () => {
  app = await createTestApp({ simulators: false, env: { DEMO: false } });
});
afterAll(() => app?.close());
beforeEach(() => app.services.limits.clear());

const { mailOf, late, buyer, ownerOf, waiting } = callersOf(() => app);

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

  it.each(['a reset', 'the deletion of the account'] as const)(
    'leaves a guest what she has when it is refused because of %s',
    async (what) => {
      const vic = await app.signUp({ email: address(), verified: true });
      await app.visitor().post('/auth/request-password-reset', { email: vic.email });
      const token = tokenIn((await mailOf(vic.email, /new password/i)).text);
      const guest = await buyer(address());
      const release = await holdSessions();
      const signIn = guest.post('/auth/sign-in/email', { email: vic.email, password: PASSWORD });
      await expect.poll(waits).toBe(1);
      if (what === 'a reset')
        await app.visitor().post('/auth/reset-password', { token, newPassword: 'another-good-one' });
      else await vic.api.accounts.delete({ confirmEmail: vic.email });
      await release();
      expect((await signIn).status).toBe(401);
      expect((await guest.actor())?.userId).toBe(guest.userId);
      expect(await ownerOf(guest.ticketId)).toBe(guest.userId);
      if (what !== 'a reset') return;
      // Nor does it move at the owner's own next sign-in.
      await app.visitor().post('/auth/sign-in/email', { email: vic.email, password: 'another-good-one' });
      expect(await ownerOf(guest.ticketId)).toBe(guest.userId);
    },
  );

  it.each(['link', 'code'] as const)('by a mailed %s ends when the address moves away', async (way) => {
    const vic = await app.signUp({ email: address(), verified: true });
    const next = address();
    await vic.post('/auth/change-email', { newEmail: next });
    await vic.api.accounts.openAddressLink({ token: tokenIn((await mailOf(vic.email, /change/i)).text) });
    const change = tokenIn((await mailOf(next, /address/i)).text);
    const thief = app.visitor();
    let signIn: () => Promise<unknown>;
    if (way === 'link') {
      await thief.post('/auth/sign-in/magic-link', { email: vic.email });
      const token = tokenIn((await mailOf(vic.email, /sign-in link/i)).text);
      signIn = () => thief.api.accounts.openSignInLink({ token, bring: true }).catch(({ code }: ApiError) => code);
    } else {
      await thief.post('/auth/email-otp/send-verification-otp', { email: vic.email, type: 'sign-in' });
      const otp = codeIn((await mailOf(vic.email, /\d{6}/)).subject);
      signIn = () => thief.post('/auth/sign-in/email-otp', { email: vic.email, otp }).then(({ status }) => status);
    }
    const release = await holdSessions();
    const answer = signIn();
    await expect.poll(waits).toBe(1);
    await vic.api.accounts.openAddressLink({ token: change });
    await release();
    expect(await answer).toBe(way === 'link' ? 'LINK_EXPIRED' : 400);
    expect(await thief.actor()).toBeNull();
    expect(await app.admin`select 1 from auth.sessions where user_id = ${vic.userId}`).toHaveLength(1);
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

describe('a thief who knows the password', () => {
  it('does not hide among a thousand sign-ins: the owner sees her own device, and the oldest end', async () => {
    const vic = await app.signUp({ email: address(), verified: true });
    await app.admin`
      insert into auth.sessions (user_id, token, expires_at, created_at)
      select ${vic.userId}, gen_random_uuid()::text, clock_timestamp() + interval '1 day', clock_timestamp() + make_interval(secs => n)
        from generate_series(1, 250) n`;
    expect((await vic.api.accounts.sessions())[0]?.current).toBe(true);
    await app.visitor().post('/auth/sign-in/email', { email: vic.email, password: PASSWORD });
    expect(await app.admin`select 1 from auth.sessions where user_id = ${vic.userId}`).toHaveLength(200);
  });

  it('ends no session of an owner with a second factor, however often he signs in', async () => {
    const vic = await app.signUp({ email: address(), verified: true, secondFactor: true });
    await app.admin`
      insert into auth.sessions (user_id, token, expires_at)
      select ${vic.userId}, gen_random_uuid()::text, clock_timestamp() + interval '1 day' from generate_series(1, 210)`;
    await app.visitor().post('/auth/sign-in/email', { email: vic.email, password: PASSWORD });
    expect(await vic.actor()).toMatchObject({ userId: vic.userId });
    expect(await app.admin`select 1 from auth.sessions where user_id = ${vic.userId}`).toHaveLength(201);
  });

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

  it('changes no password beside a reset, which stands', async () => {
    const vic = await app.signUp({ email: address(), verified: true });
    const other = await app.signUp({ email: address(), verified: true });
    const thief = app.visitor();
    await thief.post('/auth/sign-in/email', { email: vic.email, password: PASSWORD });
    let answer: Promise<Response> | undefined;
    await app.admin.begin(async (sql) => {
      await sql`select from auth.users where id = ${vic.userId} for no key update`;
      answer = thief.post('/auth/change-password', { currentPassword: PASSWORD, newPassword: PASSWORD });
      await expect.poll(() => waiting('auth.users')).toBe(1);
      // As the reset leaves them.
      await sql`delete from auth.sessions where user_id = ${vic.userId}`;
      await sql`update auth.accounts set password = 'of the reset' where user_id = ${vic.userId}`;
    });
    expect((await answer)?.status).toBe(401);
    expect(await app.admin`select password from auth.accounts where user_id = ${vic.userId}`).toEqual([
      { password: 'of the reset' },
    ]);
    expect(
      (await other.post('/auth/change-password', { currentPassword: 'wrong', newPassword: PASSWORD })).status,
    ).toBe(400);
  });

  it('has no say over a checkout before the second factor', async () => {
    const vic = await app.signUp({ email: address(), verified: true });
    const { key } = await vic.api.security.startApp();
    const { codes } = await vic.api.security.finishApp({ code: await appCode(key) });
    const host = await app.signUp({ verified: true });
    const { eventId, tierIds } = await makeReadyEvent(host);
    await host.api.organizer.publish({ eventId });
    const lines = [{ tierId: tierIds[0] ?? '', quantity: 1 }];
    const checkoutId = randomUUID();
    await vic.api.holds.place({ eventId, checkoutId, lines });
    const thief = await app.guest();
    await thief.api.holds.place({ eventId, checkoutId: randomUUID(), lines });
    await thief.post('/auth/sign-in/email', { email: vic.email, password: PASSWORD });
    expect((await thief.actor())?.isAnonymous).toBe(true);
    expect(await vic.api.orders.checkout({ checkoutId })).toMatchObject({ state: 'holding' });
    // Nor when the owner proves hers, in a sign-in of her own.
    const owner = app.visitor();
    await owner.post('/auth/sign-in/email', { email: vic.email, password: PASSWORD });
    await owner.api.security.prove({ by: 'recovery', code: codes?.[0] ?? '' });
    expect((await owner.actor())?.userId).toBe(vic.userId);
    expect(await vic.api.orders.checkout({ checkoutId })).toMatchObject({ state: 'holding' });
  });
});
