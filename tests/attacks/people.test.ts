import { randomUUID } from 'node:crypto';
import { checkInvariants } from '@liventix/db/invariants';
import { type ApiError, createTestApp, type TestApp } from '@liventix/server/testing';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { finishErasure } from '../../apps/server/src/features/accounts/delete-account.ts';
import { sweepGuests } from '../../apps/server/src/features/accounts/sweep-guests.ts';
import { sendInvitation } from '../../apps/server/src/features/organizations/send-invitation.ts';
import { makeReadyEvent, makeTeam } from '../../apps/server/src/features/organizer/organizer.test-data.ts';
import { address, callersOf, PASSWORD, tokenIn } from './callers.ts';

/** What is under way beside an account that is deleted, or a role that ends. */
let app: TestApp;
beforeAll(async () => {
  app = await createTestApp({ simulators: false, env: { DEMO: false } });
});
afterAll(() => app?.close());
beforeEach(() => app.services.limits.clear());

const { mailOf, waiting } = callersOf(() => app);
type Locker = Parameters<Parameters<TestApp['admin']['begin']>[1]>[0];

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

describe('a mailbox that erases its account and comes again', () => {
  it('has one share of a free tier: the tickets it got for nothing go back on sale', async () => {
    const host = await app.signUp({ verified: true });
    const { eventId, tierIds } = await makeReadyEvent(host, {
      tiers: [{ name: 'Free', priceCents: 0, quantity: 200 }],
    });
    await host.api.organizer.publish({ eventId });
    const email = address();
    const freed = async (): Promise<[number, number]> => {
      const mara = await app.signUp({ email, verified: true });
      const checkoutId = randomUUID();
      await mara.api.holds.place({ eventId, checkoutId, lines: [{ tierId: tierIds[0] ?? '', quantity: 4 }] });
      await mara.api.orders.create({ checkoutId, email, name: 'Mara', showFirstName: false });
      const places = async () =>
        (await app.admin`select issued_quantity as n from ticketing.ticket_tiers where id = ${tierIds[0] ?? ''}`)[0]?.n;
      const issued = await places();
      await mara.api.accounts.delete({ confirmEmail: email });
      return [issued, await places()];
    };
    for (let time = 0; time < 3; time++) expect(await freed()).toEqual([4, 0]);
    // Who is inside stays inside: nobody else gets her place.
    const mara = await app.signUp({ email, verified: true });
    const checkoutId = randomUUID();
    await mara.api.holds.place({ eventId, checkoutId, lines: [{ tierId: tierIds[0] ?? '', quantity: 1 }] });
    await mara.api.orders.create({ checkoutId, email, name: 'Mara', showFirstName: false });
    await app.admin`update ticketing.tickets set status = 'redeemed', redeemed_at = now() where owner_user_id = ${mara.userId}`;
    await mara.api.accounts.delete({ confirmEmail: email });
    expect(await app.admin`select status from ticketing.tickets where owner_user_id = ${mara.userId}`).toMatchObject([
      { status: 'redeemed' },
    ]);
    expect((await checkInvariants(app.db.engine.sql)).filter((one) => one.violations > 0)).toEqual([]);
  });

  it('has its limit per person once: what the erased account paid for, and free tickets beside it, count on', async () => {
    const host = await app.signUp({ verified: true });
    const { eventId, tierIds } = await makeReadyEvent(host, {
      tiers: [
        { name: 'Free', priceCents: 0, quantity: 200 },
        { name: 'Supporter', priceCents: 100, quantity: 200 },
      ],
    });
    await host.api.organizer.publish({ eventId });
    const email = `mara.${randomUUID()}@corp.test`;
    const buy = async (mailbox: string, free: number) => {
      const mara = await app.signUp({ email: mailbox, verified: true });
      const checkoutId = randomUUID();
      const lines = [free, 1].map((quantity, tier) => ({ tierId: tierIds[tier] ?? '', quantity }));
      await mara.api.holds.place({ eventId, checkoutId, lines });
      const { order, totalCents } = await mara.api.orders.create({
        checkoutId,
        email: mailbox,
        name: 'Mara',
        showFirstName: false,
      });
      await app.db.engine
        .sql`select ticketing.complete_order_atomic(${order?.id ?? ''}, ${`pi_${checkoutId}`}, ${totalCents})`;
      return mara;
    };
    const first = await buy(email, 6);
    await first.api.accounts.delete({ confirmEmail: email });
    await expect(buy(email.replace('@', '+again@'), 3)).rejects.toMatchObject({
      code: 'PERSON_LIMIT',
      data: { details: { max: 10, have: 7 } },
    });
    await buy(address(), 6);
    // Once the event is over no mark is left.
    await app.admin`update events.events set doors_at = null, start_at = now() - interval '2 days', end_at = now() - interval '1 day' where id = ${eventId}`;
    await sweepGuests(app.work());
    expect(
      await app.admin`
        select from ticketing.erased_mailboxes m join ticketing.orders o on o.id = m.order_id where o.event_id = ${eventId}`,
    ).toHaveLength(0);
  });
});

describe('what is under way beside a deletion', () => {
  /** Starts the calls while an erasure has the lock on her profile; they go on once she is erased. */
  async function besideErasure<T>(userId: string, calls: () => Promise<T>[]): Promise<(T | string | undefined)[]> {
    let answers: Promise<(T | string | undefined)[]> = Promise.resolve([]);
    await app.admin.begin(async (sql) => {
      await sql`select from public.profiles where id = ${userId} for update`;
      const started = calls();
      answers = Promise.all(started.map((call) => call.catch(({ code }: ApiError) => code)));
      await expect.poll(() => waiting('')).toBe(started.length);
      await sql`delete from organizations.org_memberships where user_id = ${userId}`;
      await sql`update public.profiles set deleted_at = clock_timestamp(), display_name = '' where id = ${userId}`;
    });
    return answers;
  }

  it('is refused, and nothing stands in her name', async () => {
    const team = await makeTeam(app);
    const { eventId } = await makeReadyEvent(team.owner, { orgId: team.orgId });
    await team.owner.api.organizer.publish({ eventId });
    const mara = await app.signUp({ email: address(), verified: true });
    const { api } = mara;
    const { invitations } = await team.owner.api.organizations.invite({
      orgId: team.orgId,
      email: mara.email,
      role: 'admin',
    });
    await sendInvitation(app.work(), { invitationId: invitations[0]?.id ?? '' });
    const token = /invite\/([\w-]+)/.exec((await mailOf(mara.email, /join|invite/i)).text)?.[1] ?? '';
    const answers = await besideErasure<unknown>(mara.userId, () => [
      api.accounts.updateProfile({ displayName: 'Real Name Again' }),
      api.events.tellMe({ eventId, kind: 'place_back' }),
      api.events.save({ eventId }),
      api.organizations.follow({ type: 'organization', id: team.orgId }),
      api.organizations.create({ name: 'Nobody’s' }),
      api.organizations.acceptInvite({ token }),
    ]);
    expect(answers).toEqual(Array(6).fill('SIGN_IN_REQUIRED'));
    expect(
      await app.admin`
        select display_name from public.profiles where id = ${mara.userId} and display_name <> ''
        union all select 'alert' from events.event_alerts where user_id = ${mara.userId}
        union all select 'saved' from events.saved_events where user_id = ${mara.userId}
        union all select 'follow' from social.follows where user_id = ${mara.userId}
        union all select 'member' from organizations.org_memberships where user_id = ${mara.userId}`,
    ).toEqual([]);
  });

  it('makes her no owner, so that the last one can leave', async () => {
    const { owner, viewer, orgId } = await makeTeam(app);
    const answers = await besideErasure<unknown>(viewer.userId, () => [
      owner.api.organizations.setRole({ orgId, userId: viewer.userId, role: 'owner' }),
    ]);
    expect(answers).toEqual(['NOT_FOUND']);
    await expect(owner.api.organizations.removeMember({ orgId, userId: owner.userId })).rejects.toMatchObject({
      code: 'ORGANIZATION_LAST_OWNER',
    });
  });
});

describe('what a thief began before its owner put him out', () => {
  /** Starts the calls while their rows are locked, ends the session that made them, and lets them go on. */
  async function whilePutOut(userId: string, lock: (sql: Locker) => Promise<unknown>, calls: () => Promise<unknown>[]) {
    let answers: Promise<unknown[]> = Promise.resolve([]);
    await app.admin.begin(async (sql) => {
      await lock(sql);
      const started = calls();
      answers = Promise.all(
        started.map((call) =>
          call.then(
            () => 'ok',
            ({ code }: ApiError) => code,
          ),
        ),
      );
      await expect.poll(() => waiting('')).toBe(started.length);
      await sql`delete from auth.sessions where user_id = ${userId}`;
    });
    return answers;
  }

  it('changes no role and takes nobody out', async () => {
    const { owner, viewer, orgId } = await makeTeam(app);
    const { organizations } = owner.api;
    const answers = await whilePutOut(
      owner.userId,
      (sql) => sql`select from organizations.org_memberships where org_id = ${orgId} order by id for update`,
      () => [
        organizations.setRole({ orgId, userId: viewer.userId, role: 'owner' }),
        organizations.removeMember({ orgId, userId: viewer.userId }),
      ],
    );
    expect(answers).toEqual(['SIGN_IN_REQUIRED', 'SIGN_IN_REQUIRED']);
    expect(
      await app.admin`select role from organizations.org_memberships where org_id = ${orgId} and user_id = ${viewer.userId}`,
    ).toEqual([{ role: 'viewer' }]);
  });

  it('deletes no account', async () => {
    const mara = await app.signUp({ email: address(), verified: true });
    const answers = await whilePutOut(
      mara.userId,
      (sql) => sql`select from public.profiles where id = ${mara.userId} for no key update`,
      () => [mara.api.accounts.delete({ confirmEmail: mara.email })],
    );
    expect(answers).toEqual(['SIGN_IN_REQUIRED']);
    expect(await app.admin`select deleted_at from public.profiles where id = ${mara.userId}`).toEqual([
      { deleted_at: null },
    ]);
  });
});

describe('a member of a team', () => {
  it('is not made its contact while she leaves', async () => {
    const { owner, viewer, orgId } = await makeTeam(app);
    await app.admin`update auth.users set email_verified = true where id = ${viewer.userId}`;
    let answer: Promise<unknown> = Promise.resolve();
    await app.admin.begin(async (sql) => {
      await sql`delete from organizations.org_memberships where org_id = ${orgId} and user_id = ${viewer.userId}`;
      answer = owner.api.organizations
        .update({ orgId, contactUserId: viewer.userId })
        .catch(({ code }: ApiError) => code);
      await expect.poll(() => waiting('')).toBe(1);
    });
    expect(await answer).toBe('INPUT_INVALID');
  });

  it('leaves no invitation to her mailbox behind', async () => {
    const { owner, orgId } = await makeTeam(app);
    const mara = await app.signUp({ email: address(), verified: true });
    await owner.api.organizations.invite({ orgId, email: mara.email, role: 'viewer' });
    await mara.api.accounts.delete({ confirmEmail: mara.email });
    expect(await app.admin`select from organizations.org_invitations where email = ${mara.email}`).toHaveLength(0);
  });
});

describe('an account with a checkout', () => {
  const stage = async () => {
    const host = await app.signUp({ verified: true });
    const { eventId, tierIds } = await makeReadyEvent(host);
    await host.api.organizer.publish({ eventId });
    const mara = await app.signUp({ email: address(), verified: true });
    const checkoutId = randomUUID();
    await mara.api.holds.place({ eventId, checkoutId, lines: [{ tierId: tierIds[0] ?? '', quantity: 2 }] });
    await mara.api.orders.create({ checkoutId, email: mara.email, name: 'Mara', showFirstName: false });
    return { mara, checkoutId };
  };
  const left = (checkoutId: string) => app.admin`
    select o.status, o.cancel_reason, h.status as hold, t.reserved_quantity as reserved from ticketing.orders o
      join ticketing.ticket_holds h on h.checkout_id = o.checkout_id join ticketing.ticket_tiers t on t.id = h.tier_id
     where o.checkout_id = ${checkoutId}`;

  it.each(['started', 'processing'])('is not deleted while its payment is undecided: %s', async (state) => {
    const { mara, checkoutId } = await stage();
    await app.admin`update ticketing.orders set payment_state = ${state} where checkout_id = ${checkoutId}`;
    await expect(mara.api.accounts.delete({ confirmEmail: mara.email })).rejects.toMatchObject({
      code: 'PAYMENT_UNDER_WAY',
      data: { details: { checkouts: [checkoutId] } },
    });
    expect(await left(checkoutId)).toMatchObject([{ status: 'pending', hold: 'active', reserved: 2 }]);
    expect((await mara.actor())?.userId).toBe(mara.userId);
  });

  it('gives the places back and ends the order when no payment was begun', async () => {
    const { mara, checkoutId } = await stage();
    expect(await mara.api.accounts.delete({ confirmEmail: mara.email })).toEqual({ anonymized: true });
    expect(await left(checkoutId)).toMatchObject([
      { status: 'cancelled', cancel_reason: 'by_buyer', hold: 'released', reserved: 0 },
    ]);
  });

  it('gives back also what a request under way took while she was erased', async () => {
    const { mara, checkoutId: first } = await stage();
    await mara.api.holds.release({ checkoutId: first });
    const [tier] = await app.admin<{ id: string; event_id: string }[]>`
      select t.id, t.event_id from ticketing.ticket_tiers t join ticketing.ticket_holds h on h.tier_id = t.id where h.checkout_id = ${first}`;
    const checkoutId = randomUUID();
    let taken: Promise<unknown> = Promise.resolve();
    await app.admin.begin(async (sql) => {
      await sql`select from ticketing.ticket_tiers where id = ${tier?.id ?? ''} for no key update`;
      taken = mara.api.holds.place({
        eventId: tier?.event_id ?? '',
        checkoutId,
        lines: [{ tierId: tier?.id ?? '', quantity: 2 }],
      });
      await expect.poll(() => waiting('reserve_batch')).toBe(1);
      await mara.api.accounts.delete({ confirmEmail: mara.email });
    });
    await taken;
    const [job] = await app.admin<{ payload: { userId: string } }[]>`
      select payload from graphile_worker._private_jobs where key = ${`accounts.finish-erasure:${mara.userId}`}`;
    await finishErasure(app.work(), job?.payload ?? { userId: '' });
    const [hold] = await app.admin`
      select h.status, t.reserved_quantity as reserved from ticketing.ticket_holds h join ticketing.ticket_tiers t on t.id = h.tier_id
       where h.checkout_id = ${checkoutId}`;
    expect(hold).toEqual({ status: 'released', reserved: 0 });
  });
});

describe('a deletion whose second half fails', () => {
  it('leaves nobody who can do anything, and its job does the rest', async () => {
    const mara = await app.signUp({ email: address(), verified: true });
    await app.admin.unsafe(`
      create function public.refuse_erasure() returns trigger language plpgsql as $$ begin raise exception 'not now'; end $$;
      create trigger refuse_erasure before update of deleted_at on auth.users for each row
        when (new.id = '${mara.userId}') execute function public.refuse_erasure()`);
    expect(await mara.api.accounts.delete({ confirmEmail: mara.email })).toEqual({ anonymized: true });
    expect(await mara.actor()).toBeNull();
    const again = app.visitor();
    await again.post('/auth/sign-in/email', { email: mara.email, password: PASSWORD });
    expect(await again.actor()).toBeNull();
    await app.admin.unsafe('drop trigger refuse_erasure on auth.users; drop function public.refuse_erasure()');
    const [job] = await app.admin<{ payload: { userId: string } }[]>`
      select payload from graphile_worker._private_jobs where key = ${`accounts.finish-erasure:${mara.userId}`}`;
    await finishErasure(app.work(), job?.payload ?? { userId: '' });
    expect(
      await app.admin`
        select 'user' from auth.users where id = ${mara.userId} or email = ${mara.email}
        union all select 'session' from auth.sessions where user_id = ${mara.userId}`,
    ).toEqual([]);
  });
});

describe('an erased person', () => {
  it('is nobody, whatever session was written for her in the same moment', async () => {
    const mara = await app.signUp({ email: address(), verified: true });
    await app.admin`update auth.users set deleted_at = clock_timestamp() where id = ${mara.userId}`;
    expect(await mara.actor()).toBeNull();
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
