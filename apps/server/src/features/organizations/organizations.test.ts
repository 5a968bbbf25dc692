import { randomUUID } from 'node:crypto';
import { ORG_ROLES, PERMISSIONS, roleAllows } from '@liventix/contracts/organizations';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { takeMail } from '../../platform/mail-budget.ts';
import { createTestApp, type TestApp } from '../../testing/index.ts';
import { makeTeam, type Team } from '../organizer/organizer.test-data.ts';
import { sendInvitation } from './send-invitation.ts';
import { tellContact } from './tell-contact.ts';
import { type RoleNews, tellRole } from './tell-role.ts';

let app: TestApp;
let team: Team;
beforeAll(async () => {
  app = await createTestApp({ simulators: false });
  team = await makeTeam(app);
}, 60_000);
afterAll(() => app?.close());

const code = (promise: Promise<unknown>) =>
  promise.then(
    () => 'ok',
    (err: { code?: string }) => err.code ?? String(err),
  );

describe('roles', () => {
  it('mean the same in the database and in the interface', async () => {
    const rows = await app.admin<{ role: string; permission: string; allowed: boolean }[]>`
      select r::text as role, p as permission, access.role_allows(r, p) as allowed
        from unnest(enum_range(null::public.org_role)) r, unnest(${PERMISSIONS}::text[]) p`;
    expect(rows).toHaveLength(ORG_ROLES.length * PERMISSIONS.length);
    for (const { role, permission, allowed } of rows) {
      expect([role, permission, roleAllows(role as never, permission as never)]).toEqual([role, permission, allowed]);
    }
  });

  it('open the team to its members, its addresses to those who run it, and nothing to strangers', async () => {
    const seen = await team.viewer.api.organizations.members({ orgId: team.orgId });
    expect(seen.members).toHaveLength(5);
    expect(JSON.stringify(seen)).not.toContain('@example.test');
    expect(seen.organization.fees).toBeUndefined();
    const run = await team.admin.api.organizations.members({ orgId: team.orgId });
    expect(run.members.every((member) => member.email)).toBe(true);
    expect(await code(team.stranger.api.organizations.members({ orgId: team.orgId }))).toBe('NOT_FOUND');
    expect(await code(app.visitor().api.organizations.members({ orgId: team.orgId }))).toBe('SIGN_IN_REQUIRED');
  });

  it('let owners and admins change the team, and only owners change owners', async () => {
    const { orgId, editor, admin, owner, scanner, viewer, stranger } = team;
    const change = { orgId, userId: viewer.userId, role: 'scanner' } as const;
    for (const [person, answer] of [
      [editor, 'ROLE_REQUIRED'],
      [scanner, 'ROLE_REQUIRED'],
      [viewer, 'ROLE_REQUIRED'],
      [stranger, 'NOT_FOUND'],
    ] as const) {
      expect(await code(person.api.organizations.setRole(change))).toBe(answer);
      expect(await code(person.api.organizations.invite({ orgId, email: 'new@example.test', role: 'viewer' }))).toBe(
        answer,
      );
      expect(await code(person.api.organizations.update({ orgId, name: 'Other' }))).toBe(answer);
    }
    expect(await code(admin.api.organizations.setRole({ ...change, role: 'owner' }))).toBe('ROLE_REQUIRED');
    expect(await code(admin.api.organizations.setRole({ orgId, userId: owner.userId, role: 'viewer' }))).toBe(
      'ROLE_REQUIRED',
    );
    expect(await code(admin.api.organizations.removeMember({ orgId, userId: owner.userId }))).toBe('ROLE_REQUIRED');
    expect(await code(admin.api.organizations.invite({ orgId, email: 'boss@example.test', role: 'owner' }))).toBe(
      'ROLE_REQUIRED',
    );
    expect(
      await code(
        admin.api.organizations.update({
          orgId,
          fees: { feeBps: 100, feeFixedCents: 0, feeCapCents: null, feePaidBy: 'buyer' },
        }),
      ),
    ).toBe('ROLE_REQUIRED');
    const after = await admin.api.organizations.setRole(change);
    expect(after.members.find((member) => member.userId === viewer.userId)?.role).toBe('scanner');
    await admin.api.organizations.setRole({ ...change, role: 'viewer' });
  });

  it('tell a member by mail once an hour what someone else made of her role, and nothing when it is what she knows', async () => {
    const { orgId, owner } = team;
    const member = await app.signUp({ name: 'Jo', verified: true });
    const change = { orgId, userId: member.userId };
    const news = { ...change, byId: owner.userId };
    await app.admin`insert into organizations.org_memberships (org_id, user_id, role) values (${orgId}, ${member.userId}, 'viewer')`;
    const jobs = () =>
      app.admin<{ payload: RoleNews; later: boolean }[]>`
        select payload, run_at > clock_timestamp() + interval '50 minutes' as later from graphile_worker._private_jobs
         where key = ${`role:${orgId}:${member.userId}`}`;
    const setRoles = async (...roles: ('viewer' | 'editor')[]) => {
      for (const role of roles) await owner.api.organizations.setRole({ ...change, role });
    };
    app.mails.length = 0;
    const told = async () => {
      await tellRole(app.work(), news);
      return app.mails.filter((mail) => mail.to === member.email).map((mail) => mail.subject.split(' “')[0]);
    };
    await setRoles('viewer');
    expect(await jobs()).toHaveLength(0);
    await setRoles('editor', 'viewer', 'editor');
    expect([...(await jobs())]).toEqual([{ payload: news, later: false }]);
    expect(await told()).toEqual(['You are now editor of']);

    // Within the hour she waits for the last state, whatever was in between.
    await setRoles('viewer', 'editor', 'viewer');
    await owner.api.organizations.removeMember(change);
    expect([...(await jobs())]).toEqual([{ payload: news, later: true }]);
    expect(await told()).toHaveLength(1);
    const anHourLater = () =>
      app.admin`update organizations.role_notices set told_at = told_at - interval '1 hour' where user_id = ${member.userId}`;
    await anHourLater();
    expect(await told()).toEqual(['You are now editor of', 'You no longer belong to']);

    // She came back, and what was changed was changed back.
    await app.admin`insert into organizations.org_memberships (org_id, user_id, role) values (${orgId}, ${member.userId}, 'viewer')`;
    await setRoles('editor', 'viewer');
    await anHourLater();
    expect(await told()).toHaveLength(2);
    // Strangers who filled her mailbox for the hour keep nothing from her.
    await setRoles('editor');
    const mailbox = { purpose: 'others', mailbox: member.email } as const;
    while ((await takeMail(app.services, mailbox)) === null);
    expect(await told()).toEqual(['You are now editor of', 'You no longer belong to', 'You are now editor of']);
    await owner.api.organizations.removeMember(change);
  });

  it('never leave an organization without an owner', async () => {
    const { orgId, owner, admin } = team;
    expect(await code(owner.api.organizations.removeMember({ orgId, userId: owner.userId }))).toBe(
      'ORGANIZATION_LAST_OWNER',
    );
    expect(await code(owner.api.organizations.setRole({ orgId, userId: owner.userId, role: 'admin' }))).toBe(
      'ORGANIZATION_LAST_OWNER',
    );
    await owner.api.organizations.setRole({ orgId, userId: admin.userId, role: 'owner' });
    // Two owners who leave at the same moment: one of them stays.
    const answers = await Promise.all([
      code(owner.api.organizations.removeMember({ orgId, userId: owner.userId })),
      code(admin.api.organizations.removeMember({ orgId, userId: admin.userId })),
    ]);
    expect(answers.sort()).toEqual(['ORGANIZATION_LAST_OWNER', 'ok']);
    const rows =
      await app.admin`select user_id from organizations.org_memberships where org_id = ${orgId} and role = 'owner'`;
    expect(rows).toHaveLength(1);
    await app.admin`delete from organizations.org_memberships where org_id = ${orgId} and user_id in (${owner.userId}, ${admin.userId})`;
    await app.admin`insert into organizations.org_memberships (org_id, user_id, role) values (${orgId}, ${owner.userId}, 'owner'), (${orgId}, ${admin.userId}, 'admin')`;
  });
});

describe('an invitation', () => {
  it('joins the team once, only for the mailbox it was sent to, and its token is nowhere in the database', async () => {
    const { orgId, owner, stranger } = team;
    const asked = await app.signUp({ name: 'Jonas', verified: true });
    await owner.api.organizations.invite({ orgId, email: asked.email.toUpperCase(), role: 'editor' });
    const [row] = await app.admin<
      { id: string }[]
    >`select id from organizations.org_invitations where org_id = ${orgId} and email = ${asked.email}`;
    await sendInvitation(app.work(), { invitationId: row?.id ?? '' });
    const mail = await app.mailTo(asked.email);
    const token = /organizer\/invite\/([\w-]{43})/.exec(mail.text)?.[1] ?? '';
    const stored =
      await app.admin`select from organizations.org_invitations i where to_jsonb(i)::text like ${`%${token}%`}`;
    expect(stored).toHaveLength(0);

    expect(await stranger.api.organizations.invitation({ token })).toMatchObject({ role: 'editor', forYou: false });
    expect(await code(stranger.api.organizations.acceptInvite({ token }))).toBe('NOT_FOUND');
    expect((await asked.api.organizations.acceptInvite({ token })).role).toBe('editor');
    expect(await code(asked.api.organizations.acceptInvite({ token }))).toBe('LINK_EXPIRED');
    expect(await code(owner.api.organizations.invite({ orgId, email: asked.email, role: 'admin' }))).toBe(
      'MEMBER_KNOWN',
    );
  });

  it('does not outlive the right to give it', async () => {
    const { orgId, owner } = team;
    const second = await app.signUp({ verified: true, secondFactor: true });
    await app.admin`insert into organizations.org_memberships (org_id, user_id, role) values (${orgId}, ${second.userId}, 'admin')`;
    const own = await app.signUp({ verified: true });
    const invite = async (email: string) => {
      await second.api.organizations.invite({ orgId, email, role: 'admin' });
      const [row] = await app.admin<
        { id: string }[]
      >`select id from organizations.org_invitations where org_id = ${orgId} and email = ${email}`;
      await sendInvitation(app.work(), { invitationId: row?.id ?? '' });
      return /organizer\/invite\/([\w-]{43})/.exec((await app.mailTo(email)).text)?.[1] ?? '';
    };
    const token = await invite(own.email);
    // As if it were given in the very moment of the demotion: the role is looked at again when it is taken up.
    await app.admin`update organizations.org_memberships set role = 'viewer' where org_id = ${orgId} and user_id = ${second.userId}`;
    expect(await code(own.api.organizations.acceptInvite({ token }))).toBe('LINK_EXPIRED');
    await app.admin`update organizations.org_memberships set role = 'admin' where org_id = ${orgId} and user_id = ${second.userId}`;
    await owner.api.organizations.removeMember({ orgId, userId: second.userId });
    expect(await code(own.api.organizations.acceptInvite({ token }))).toBe('LINK_EXPIRED');
    expect(
      await app.admin`select 1 from organizations.org_invitations where invited_by = ${second.userId}`,
    ).toHaveLength(0);
  });

  it('to be an owner is changed and withdrawn by owners alone', async () => {
    const { orgId, owner, admin } = team;
    const email = `${randomUUID()}@example.test`;
    await owner.api.organizations.invite({ orgId, email, role: 'owner' });
    const [row] = await app.admin<
      { id: string }[]
    >`select id from organizations.org_invitations where org_id = ${orgId} and email = ${email}`;
    expect(await code(admin.api.organizations.invite({ orgId, email, role: 'viewer' }))).toBe('ROLE_REQUIRED');
    expect(await code(admin.api.organizations.withdrawInvite({ orgId, invitationId: row?.id ?? '' }))).toBe(
      'ROLE_REQUIRED',
    );
    await owner.api.organizations.withdrawInvite({ orgId, invitationId: row?.id ?? '' });
  });

  it('is for the address it was sent to, not for another that limits count as the same mailbox', async () => {
    const { orgId, owner } = team;
    const email = `${randomUUID()}@corp.test`;
    const alias = await app.signUp({ email: email.replace('@', '+x@'), verified: true });
    await owner.api.organizations.invite({ orgId, email, role: 'viewer' });
    const [row] = await app.admin<
      { id: string }[]
    >`select id from organizations.org_invitations where org_id = ${orgId} and email = ${email}`;
    await sendInvitation(app.work(), { invitationId: row?.id ?? '' });
    const token = /organizer\/invite\/([\w-]{43})/.exec((await app.mailTo(email)).text)?.[1] ?? '';
    expect(await alias.api.organizations.invitation({ token })).toMatchObject({ forYou: false });
    expect(await code(alias.api.organizations.acceptInvite({ token }))).toBe('NOT_FOUND');
  });

  it('waits for the mailbox to be proven: the link may have been forwarded', async () => {
    const { orgId, owner } = team;
    const early = await app.signUp();
    await owner.api.organizations.invite({ orgId, email: early.email, role: 'admin' });
    const [row] = await app.admin<
      { id: string }[]
    >`select id from organizations.org_invitations where org_id = ${orgId} and email = ${early.email}`;
    await sendInvitation(app.work(), { invitationId: row?.id ?? '' });
    const token = /organizer\/invite\/([\w-]{43})/.exec((await app.mailTo(early.email)).text)?.[1] ?? '';
    expect(await early.api.organizations.invitation({ token })).toMatchObject({ forYou: true, unproven: true });
    expect(await code(early.api.organizations.acceptInvite({ token }))).toBe('ADDRESS_UNPROVEN');
    await app.admin`update auth.users set email_verified = true where id = ${early.userId}`;
    expect(await early.api.organizations.invitation({ token })).toMatchObject({ forYou: true, unproven: false });
    expect(await code(early.api.organizations.acceptInvite({ token }))).toBe('ok');
    await owner.api.organizations.removeMember({ orgId, userId: early.userId });
  });

  it('is dead when it is a week old or was taken back', async () => {
    const { orgId, owner, stranger } = team;
    await owner.api.organizations.invite({ orgId, email: stranger.email, role: 'viewer' });
    const [row] = await app.admin<
      { id: string }[]
    >`select id from organizations.org_invitations where org_id = ${orgId} and email = ${stranger.email}`;
    await sendInvitation(app.work(), { invitationId: row?.id ?? '' });
    const token = /organizer\/invite\/([\w-]{43})/.exec((await app.mailTo(stranger.email)).text)?.[1] ?? '';
    await app.admin`update organizations.org_invitations set expires_at = clock_timestamp() - interval '1 second' where id = ${row?.id ?? ''}`;
    expect(await code(stranger.api.organizations.acceptInvite({ token }))).toBe('LINK_EXPIRED');
    await app.admin`update organizations.org_invitations set expires_at = clock_timestamp() + interval '1 day' where id = ${row?.id ?? ''}`;
    await owner.api.organizations.withdrawInvite({ orgId, invitationId: row?.id ?? '' });
    expect(await code(stranger.api.organizations.acceptInvite({ token }))).toBe('LINK_EXPIRED');
  });
});

describe('the member whom replies reach', () => {
  it('is named in a fresh session, and told by mail', async () => {
    const { orgId, owner, admin, viewer } = team;
    await app.admin`update auth.users set email_verified = true where id = ${viewer.userId}`;
    const name = { orgId, contactUserId: viewer.userId };
    await app.admin`update auth.sessions set confirmed_at = confirmed_at - interval '59 days' where user_id = ${admin.userId}`;
    expect(await code(admin.api.organizations.update(name))).toBe('FRESH_SIGN_IN_REQUIRED');
    expect(await code(owner.api.organizations.update(name))).toBe('ok');
    // What is not changed asks for nothing.
    expect(await code(admin.api.organizations.update(name))).toBe('ok');
    await app.admin`update auth.sessions set confirmed_at = clock_timestamp() where user_id = ${admin.userId}`;
    const jobs = await app.admin<{ payload: RoleNews }[]>`
      select payload from graphile_worker._private_jobs where key = ${`contact:${orgId}:${viewer.userId}`}`;
    expect(jobs).toHaveLength(1);
    await tellContact(app.work(), jobs[0]?.payload ?? { orgId, userId: '', byId: '' });
    expect(app.mails.findLast((mail) => mail.to === viewer.email)?.subject).toMatch(/^Replies to “.*” reach you now$/);
  });
});

it('following twice is following once', async () => {
  const host = { type: 'organization', id: team.orgId } as const;
  await team.stranger.api.organizations.follow(host);
  expect(await team.stranger.api.organizations.follow(host)).toEqual({ following: true, followers: 1 });
  expect(await team.stranger.api.organizations.unfollow(host)).toEqual({ following: false, followers: 0 });
  expect(await code(team.stranger.api.organizations.follow({ type: 'user', id: team.stranger.userId }))).toBe(
    'NOT_FOUND',
  );
});

describe('an organization whose name has no Latin letter', () => {
  it('is founded, however many there are', async () => {
    await app.admin`
      insert into organizations.organizations (name, slug, palette)
      select '东京', case when n = 1 then 'host' else 'host-' || n end, 'cobalt' from generate_series(1, 60) n
      on conflict do nothing`;
    const made = await Promise.all(
      ['東京ライブハウス', '서울 공연장', '🎸🎷🥁'].map((name) => team.owner.api.organizations.create({ name })),
    );
    expect(new Set(made.map(({ slug }) => slug)).size).toBe(3);
  });

  it('is founded three times at once by somebody new, without one waiting in vain', async () => {
    const mara = await app.signUp({ verified: true });
    const founded = await Promise.all(
      ['One', 'Two', 'Three'].map((name) =>
        mara.api.organizations.create({ name: `${name} ${mara.userId.slice(0, 8)}` }),
      ),
    );
    expect(new Set(founded.map(({ id }) => id)).size).toBe(3);
  });
});
