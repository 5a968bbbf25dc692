import { randomUUID } from 'node:crypto';
import type { FeedSnapshot, Snapshot } from '@liventix/contracts/live';
import { checkInvariants } from '@liventix/db/invariants';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { createTestApp, type TestApp, type Visitor } from '../../testing/index.ts';
import { giveTicket, makeEvent, makeOrganization } from '../events/events.test-data.ts';
import { updatePostText } from './feed.sql.ts';

let app: TestApp;
type Person = Visitor & { userId: string; email: string };
let event: { id: string; slug: string; tierIds: string[] };
let org: string;
let owner: Person;
let editor: Person;
let scanner: Person;
let holder: Person;
let reader: Person;
let unconfirmed: Person;

beforeAll(async () => {
  app = await createTestApp({ simulators: false });
  owner = await app.signUp({ name: 'Theo Brandt', verified: true });
  editor = await app.signUp({ name: 'Jonas Weil', verified: true });
  scanner = await app.signUp({ name: 'Pia Neumann', verified: true });
  holder = await app.signUp({ name: 'Ada Okafor', verified: true });
  reader = await app.signUp({ name: 'Ines Carvalho', verified: true });
  unconfirmed = await app.signUp({ name: 'Tom Ashby' });
  org = await makeOrganization(app.admin, `nordlicht-${randomUUID().slice(0, 6)}`, 'Nordlicht Kollektiv');
  await app.admin`insert into organizations.org_memberships (org_id, user_id, role) values
    (${org}, ${owner.userId}, 'owner'), (${org}, ${editor.userId}, 'editor'), (${org}, ${scanner.userId}, 'scanner')`;
  event = await eventWithTicket();
});
afterAll(() => app.close());
beforeEach(() => app.services.limits.clear());

async function eventWithTicket(seed: Parameters<typeof makeEvent>[1] = {}) {
  const made = await makeEvent(app.admin, { organization: org, owner: owner.userId, ...seed });
  await giveTicket(app.admin, made.id, made.tierIds[0] ?? '', holder.userId);
  return made;
}

const post = (
  who: Person,
  text = 'Bring a jumper.',
  more: { eventId?: string; clientId?: string; asHost?: boolean } = {},
) => who.api.feed.createPost({ eventId: event.id, clientId: randomUUID(), text, ...more });
const answer = (who: Person, postId: string, text: string, parentId?: string) =>
  who.api.feed.comment({ postId, clientId: randomUUID(), text, ...(parentId ? { parentId } : {}) });
const outcome = (work: Promise<unknown>): Promise<string> =>
  work.then(
    () => 'yes',
    (error: { code?: string }) => String(error.code),
  );
const feedOf = (snapshot: Snapshot) => snapshot.data as FeedSnapshot;

describe('who may post', () => {
  it('is a ticket holder, a role that speaks for the host, and nobody else', async () => {
    const guest = await app.guest();
    const asked = { eventId: event.id, clientId: randomUUID(), text: 'Hello' };
    expect(await outcome(app.visitor().api.feed.createPost(asked))).toBe('SIGN_IN_REQUIRED');
    expect(await outcome(guest.api.feed.createPost(asked))).toBe('SIGN_IN_REQUIRED');
    expect(await outcome(post(reader))).toBe('POST_NOT_ALLOWED');
    expect(await outcome(post(scanner))).toBe('POST_NOT_ALLOWED');
    expect(await outcome(post(unconfirmed))).toBe('POST_NOT_ALLOWED');
    expect(await outcome(post(holder))).toBe('yes');
    expect(await outcome(post(editor))).toBe('yes');
    expect(await outcome(post(owner))).toBe('yes');
  });

  it('is every confirmed account where the event says so', async () => {
    const open = await eventWithTicket();
    await app.admin`update events.events set posts_by_verified = true where id = ${open.id}`;
    expect(await outcome(post(reader, 'Is it worth it?', { eventId: open.id }))).toBe('yes');
    expect(await outcome(post(unconfirmed, 'Is it?', { eventId: open.id }))).toBe('POST_NOT_ALLOWED');
  });

  it('ends with the ticket', async () => {
    const other = await eventWithTicket();
    await app.admin`update ticketing.tickets set status = 'refunded' where event_id = ${other.id}`;
    expect(await outcome(post(holder, 'Still here', { eventId: other.id }))).toBe('POST_NOT_ALLOWED');
  });

  it("speaks in the host's name only with a role for it", async () => {
    expect(await outcome(post(holder, 'We are the host', { asHost: true }))).toBe('ROLE_REQUIRED');
    const made = await post(editor, 'Doors at ten.', { asHost: true });
    expect(made.author).toMatchObject({ name: 'Nordlicht Kollektiv', kind: 'host', badges: ['host'], id: org });
  });

  it("keeps what was said in the host's name for those who have a role for it, and after its author is erased", async () => {
    const jonas = await app.signUp({ name: 'Jonas Weil', verified: true });
    const setRole = (role: string) => app.admin`
      insert into organizations.org_memberships (org_id, user_id, role) values (${org}, ${jonas.userId}, ${role}::public.org_role)
      on conflict (org_id, user_id) do update set role = excluded.role`;
    await setRole('editor');
    const { id } = await post(jonas, 'Doors at seven.', { asHost: true });
    const own = await post(jonas, 'See you there.');
    expect((await jonas.api.feed.editPost({ postId: id, text: 'Doors at eight.' })).mine).toBe(true);
    await setRole('viewer');
    expect(await outcome(jonas.api.feed.editPost({ postId: id, text: 'Cancelled.' }))).toBe('POST_UNKNOWN');
    expect(await outcome(jonas.api.feed.deletePost({ postId: id }))).toBe('POST_UNKNOWN');
    // Nor in the moment after the look at her role.
    expect(await updatePostText(app.db.engine.sql, id, jonas.userId, 'Cancelled.')).toBe(null);
    await jonas.api.accounts.delete({ confirmEmail: jonas.email });
    const kept = (await owner.api.feed.posts({ eventId: event.id })).posts;
    expect(kept.find((each) => each.id === id)).toMatchObject({
      text: 'Doors at eight.',
      author: { kind: 'host', id: org },
    });
    expect(kept.find((each) => each.id === own.id)).toBeUndefined();
  });

  it('comments with a confirmed address, and answers one level deep', async () => {
    const { id } = await post(holder, 'Who comes alone?');
    expect(await outcome(answer(unconfirmed, id, 'Me'))).toBe('COMMENT_NOT_ALLOWED');
    const top = await answer(reader, id, 'Me too');
    const below = await answer(holder, id, 'Yellow scarf', top.id);
    expect(await outcome(answer(reader, id, 'Deeper', below.id))).toBe('POST_UNKNOWN');
    const { comments } = await reader.api.feed.comments({ postId: id });
    expect(comments.map((each) => [each.text, each.answers.map((one) => one.text)])).toEqual([
      ['Me too', ['Yellow scarf']],
    ]);
  });
});

describe('reading', () => {
  it("follows the event's visibility: a private event's posts do not exist for strangers", async () => {
    const hidden = await eventWithTicket({ visibility: 'private' });
    const { id } = await post(holder, 'Between us', { eventId: hidden.id });
    expect((await holder.api.feed.posts({ eventId: hidden.id })).posts.map((each) => each.id)).toEqual([id]);
    for (const stranger of [app.visitor(), reader]) {
      expect(await outcome(stranger.api.feed.posts({ eventId: hidden.id }))).toBe('NOT_FOUND');
      expect(await outcome(stranger.api.feed.post({ postId: id }))).toBe('POST_UNKNOWN');
      expect(await outcome(stranger.api.feed.comments({ postId: id }))).toBe('POST_UNKNOWN');
    }
    expect(await outcome(reader.api.feed.like({ postId: id }))).toBe('POST_UNKNOWN');
    const socket = await reader.socket();
    expect(await socket.join('feed', hidden.id)).toMatchObject({ ok: false });
    socket.close();
  });

  it('shows badges that tickets and roles prove', async () => {
    const other = await eventWithTicket();
    const badgesOf = async () =>
      Object.fromEntries(
        (await app.visitor().api.feed.posts({ eventId: other.id })).posts.map((each) => [
          each.author.name,
          each.author.badges,
        ]),
      );
    await post(holder, 'Ticket', { eventId: other.id });
    await post(owner, 'Host', { eventId: other.id });
    expect(await badgesOf()).toEqual({ 'Ada Okafor': ['ticket'], 'Theo Brandt': ['host'] });
    await app.admin`update ticketing.tickets set status = 'redeemed', redeemed_at = clock_timestamp() where event_id = ${other.id}`;
    expect(await badgesOf()).toEqual({ 'Ada Okafor': ['ticket', 'checked_in'], 'Theo Brandt': ['host'] });
  });

  it('pages from newest to oldest without a gap or a double, pinned ones first', async () => {
    const busy = await eventWithTicket();
    await app.admin`
      insert into social.event_posts (event_id, author_user_id, text, created_at)
      select ${busy.id}, ${holder.userId}, 'Post ' || n, clock_timestamp() - make_interval(secs => (n / 2)::int) from generate_series(1, 47) n`;
    const [oldest] = await app.admin<
      { id: string }[]
    >`select id from social.event_posts where event_id = ${busy.id} and text = 'Post 47'`;
    await owner.api.feed.pinPost({ postId: oldest?.id ?? '', pinned: true });
    const seen: string[] = [];
    let cursor: string | undefined;
    do {
      const page = await reader.api.feed.posts({ eventId: busy.id, ...(cursor ? { cursor } : {}) });
      seen.push(...page.posts.map((each) => each.text));
      cursor = page.nextCursor ?? undefined;
    } while (cursor);
    expect(seen[0]).toBe('Post 47');
    expect(seen).toHaveLength(47);
    expect(new Set(seen).size).toBe(47);
  });

  it('at home is what one goes to, saved or follows; strangers see the newest from public events', async () => {
    const fan = await app.signUp({ name: 'Noor Haddad', verified: true });
    const strange = await makeEvent(app.admin, {});
    const { id } = await post(holder, 'From the followed host');
    expect((await fan.api.feed.home({})).source).toBe('everyone');
    await app.admin`insert into social.follows (user_id, target_type, target_id) values (${fan.userId}, 'organization', ${org})`;
    const home = await fan.api.feed.home({});
    expect(home.source).toBe('mine');
    expect(home.posts.map((each) => each.id)).toContain(id);
    expect(home.rooms.map((room) => room.id)).toContain(event.id);
    expect(home.posts.every((each) => each.event.id !== strange.id)).toBe(true);
    expect((await app.visitor().api.feed.home({})).posts.map((each) => each.id)).toContain(id);
  });

  it('at home shows a follower no unlisted event of the host, until she has a ticket or saved it', async () => {
    const fan = await app.signUp({ name: 'Noor Haddad', verified: true });
    await app.admin`insert into social.follows (user_id, target_type, target_id) values (${fan.userId}, 'organization', ${org})`;
    const { id } = await post(holder, 'For those with the address');
    const isShown = async () => (await fan.api.feed.home({})).posts.some((each) => each.id === id);
    await app.admin`update events.events set visibility = 'unlisted' where id = ${event.id}`;
    try {
      expect(await isShown()).toBe(false);
      await app.admin`insert into events.saved_events (user_id, event_id) values (${fan.userId}, ${event.id})`;
      expect(await isShown()).toBe(true);
    } finally {
      await app.admin`update events.events set visibility = 'public' where id = ${event.id}`;
    }
  });
});

describe('text', () => {
  it.each([
    ['<script>alert(1)</script>Hi', 'Hi'],
    ['<img src=x onerror=alert(1)>Hi', 'Hi'],
    ['<scr<script></script>ipt>alert(1)</scr<b></b>ipt>Hi', /^[^<]*Hi$/],
    ['Hi <svg/onload=alert(1)', 'Hi svg/onload=alert(1)'],
    ['Hi<!--><img src=x>', 'Hi'],
    ['<a href="javascript:alert(1)">link</a>', 'link'],
    ['safe \u202egnp.exe', 'safe gnp.exe'],
    ['I <3 this, 1 < 2 & 3 > 2', 'I <3 this, 1 < 2 & 3 > 2'],
    ['Look: https://example.test/a?b=1&c=2', 'Look: https://example.test/a?b=1&c=2'],
    ['one\r\n\r\n\r\n\r\ntwo  ', 'one\n\ntwo'],
  ])('keeps no markup of %j', async (typed, kept) => {
    const made = await post(holder, typed);
    if (typeof kept === 'string') expect(made.text).toBe(kept);
    else expect(made.text).toMatch(kept);
    expect(made.text).not.toMatch(/<[a-z/!?]/i);
    expect((await answer(reader, made.id, typed)).text).toBe(made.text);
  });

  it('refuses nothing, too much, and photos that are not ours', async () => {
    expect(await outcome(post(holder, ' <b></b> '))).toBe('INPUT_INVALID');
    expect(await outcome(post(holder, 'x'.repeat(2001)))).toBe('INPUT_INVALID');
    expect(await outcome(post(holder, '😀'.repeat(2000)))).toBe('yes');
    for (const url of ['https://elsewhere.test/a.webp', `/media/${'a'.repeat(64)}.webp`, '/media/../etc/passwd'])
      expect(
        await outcome(
          holder.api.feed.createPost({ eventId: event.id, clientId: randomUUID(), text: 'x', photos: [url] }),
        ),
      ).toBe('INPUT_INVALID');
  });
});

describe('a resend', () => {
  it('is the same post, however many arrive at once', async () => {
    const clientId = randomUUID();
    const made = await Promise.all(Array.from({ length: 8 }, () => post(holder, 'Once', { clientId })));
    expect(new Set(made.map((each) => each.id)).size).toBe(1);
    const [{ n } = { n: -1 }] = await app.admin<
      { n: number }[]
    >`select count(*)::int as n from social.event_posts where client_id = ${clientId}`;
    expect(n).toBe(1);
  });

  it('is the same comment, and another event is refused', async () => {
    const { id } = await post(holder, 'Talk');
    const clientId = randomUUID();
    const made = await Promise.all(
      Array.from({ length: 6 }, () => reader.api.feed.comment({ postId: id, clientId, text: 'Once' })),
    );
    expect(new Set(made.map((each) => each.id)).size).toBe(1);
    expect((await reader.api.feed.post({ postId: id })).post.comments).toBe(1);
    const other = await eventWithTicket();
    const again = { clientId: randomUUID() };
    await post(holder, 'Here', again);
    expect(await outcome(post(holder, 'There', { ...again, eventId: other.id }))).toBe('INPUT_INVALID');
  });
});

describe('likes', () => {
  it('count one per person', async () => {
    const { id } = await post(holder, 'Like this');
    const once = await reader.api.feed.like({ postId: id });
    expect(once).toMatchObject({ liked: true, likes: 1 });
    expect(await reader.api.feed.like({ postId: id })).toMatchObject({ liked: true, likes: 1 });
    expect((await reader.api.feed.post({ postId: id })).post).toMatchObject({ liked: true, likes: 1 });
    expect(await reader.api.feed.unlike({ postId: id })).toMatchObject({ liked: false, likes: 0 });
    expect(await reader.api.feed.unlike({ postId: id })).toMatchObject({ liked: false, likes: 0 });
    expect(await outcome((await app.guest()).api.feed.like({ postId: id }))).toBe('SIGN_IN_REQUIRED');
  });

  it('are exact after a hundred people like and half of them unlike at once', async () => {
    const { id } = await post(holder, 'Race');
    const actors = await Promise.all(
      Array.from({ length: 100 }, async (_, n) => {
        const [row] = await app.admin<{ id: string }[]>`
          insert into auth.users (id, name, email, email_verified) values (gen_random_uuid(), ${`Racer ${n}`}, ${`${randomUUID()}@example.test`}, true) returning id`;
        const [session] = await app.admin<{ id: string }[]>`
          insert into auth.sessions (user_id, token, expires_at) values (${row?.id ?? ''}, ${randomUUID()}, now() + interval '1 hour') returning id`;
        return {
          userId: row?.id ?? '',
          sessionId: session?.id ?? '',
          email: '',
          name: `Racer ${n}`,
          isAnonymous: false,
          emailVerified: true,
          role: 'attendee' as const,
        };
      }),
    );
    await Promise.all(
      actors.flatMap((actor, n) => {
        const { feed } = app.caller(actor);
        const ref = { postId: id };
        return n % 2
          ? [feed.like(ref), feed.like(ref)]
          : [feed.like(ref), feed.unlike(ref), feed.like(ref).then(() => feed.unlike(ref))];
      }),
    );
    const [counted] = await app.admin<{ rows: number; likes: number }[]>`
      select (select count(*)::int from social.event_reactions r where r.post_id = p.id and r.kind = 'like') as rows, p.like_count as likes from social.event_posts p where p.id = ${id}`;
    expect(counted?.likes).toBe(counted?.rows);
    // Odd ones like and nothing else; even ones race themselves, and end where their last statement left them.
    expect(counted?.likes).toBeGreaterThanOrEqual(50);
    await Promise.all(actors.map((actor, n) => (n % 2 ? null : app.caller(actor).feed.unlike({ postId: id }))));
    expect((await reader.api.feed.post({ postId: id })).post.likes).toBe(50);
  });
});

describe('moderation', () => {
  it('takes a comment and its count out of sight, tells its author why, and brings it back', async () => {
    const { id } = await post(holder, 'Mods');
    const spam = await answer(reader, id, 'cheap tickets to anything');
    await answer(holder, id, 'No resellers');
    for (const nobody of [scanner, reader, holder])
      expect(['ROLE_REQUIRED', 'NOT_FOUND']).toContain(
        await outcome(nobody.api.feed.hide({ commentId: spam.id, reason: 'x' })),
      );
    await editor.api.feed.hide({ commentId: spam.id, reason: 'Selling elsewhere' });
    await editor.api.feed.hide({ commentId: spam.id, reason: 'Another reason' });
    const seenBy = async (who: Visitor) => {
      const { post: shown, comments } = await who.api.feed.post({ postId: id });
      return [shown.comments, comments.comments.map((each) => each.hiddenReason)];
    };
    expect(await seenBy(app.visitor())).toEqual([1, [null]]);
    expect(await seenBy(reader)).toEqual([1, ['Selling elsewhere', null]]);
    expect(await seenBy(owner)).toEqual([1, ['Selling elsewhere', null]]);
    await owner.api.feed.unhide({ commentId: spam.id });
    expect(await seenBy(app.visitor())).toEqual([2, [null, null]]);
  });

  it('hides a post from everybody but its author and the team, and nobody likes it meanwhile', async () => {
    const { id } = await post(holder, 'Off topic');
    await editor.api.feed.hide({ postId: id, reason: 'Off topic' });
    expect(await outcome(app.visitor().api.feed.post({ postId: id }))).toBe('POST_UNKNOWN');
    expect(await outcome(reader.api.feed.like({ postId: id }))).toBe('POST_UNKNOWN');
    expect(await holder.api.feed.like({ postId: id })).toMatchObject({ liked: false, likes: 0 });
    expect((await holder.api.feed.post({ postId: id })).post.hiddenReason).toBe('Off topic');
    await editor.api.feed.unhide({ postId: id });
    expect((await app.visitor().api.feed.post({ postId: id })).post.hiddenReason).toBeNull();
  });

  it('keeps one report per person, and needs words', async () => {
    const { id } = await post(holder, 'Report me');
    await reader.api.feed.report({ postId: id, reason: 'Spam' });
    await reader.api.feed.report({ postId: id, reason: 'Spam again' });
    const rows = await app.admin`select reason from social.post_reports where post_id = ${id}`;
    expect(rows).toMatchObject([{ reason: 'Spam' }]);
    expect(await outcome(reader.api.feed.report({ postId: id, reason: '  ' }))).toBe('INPUT_INVALID');
  });

  it('shows reports to those who may hide what they are about, until it is hidden or found to be fine', async () => {
    const { id } = await post(holder, 'Cheap tickets, write to me');
    const words = await answer(holder, id, 'Still some left');
    const stranger = await app.signUp({ name: 'Noor Haddad', verified: true });
    await reader.api.feed.report({ postId: id, reason: 'spam' });
    await stranger.api.feed.report({ postId: id, reason: 'rude' });
    await stranger.api.feed.report({ commentId: words.id, reason: 'the same again' });
    const seenBy = async (who: Visitor) => {
      const { post: alone, comments } = await who.api.feed.post({ postId: id });
      const listed = (await who.api.feed.posts({ eventId: event.id })).posts.find((each) => each.id === id);
      return [alone.reports, listed?.reports, comments.comments[0]?.reports, listed?.newest[0]?.reports];
    };
    const ofPost = { count: 2, reasons: ['spam', 'rude'] };
    const ofComment = { count: 1, reasons: ['the same again'] };
    for (const moderator of [owner, editor])
      expect(await seenBy(moderator)).toEqual([ofPost, ofPost, ofComment, ofComment]);
    for (const other of [scanner, holder, reader, stranger, app.visitor()])
      expect(await seenBy(other)).toEqual([null, null, null, null]);
    expect(await editor.api.feed.reports({ eventId: event.id })).toMatchObject({ count: expect.any(Number) });
    expect(await scanner.api.feed.reports({ eventId: event.id })).toBeNull();
    expect(await outcome(stranger.api.feed.reports({ eventId: event.id }))).toBe('NOT_FOUND');

    for (const nobody of [scanner, reader, holder])
      expect(['ROLE_REQUIRED', 'NOT_FOUND']).toContain(await outcome(nobody.api.feed.dismissReports({ postId: id })));
    await editor.api.feed.dismissReports({ commentId: words.id });
    expect(await seenBy(owner)).toEqual([ofPost, ofPost, null, null]);
    await editor.api.feed.hide({ postId: id, reason: 'Selling elsewhere' });
    expect((await owner.api.feed.post({ postId: id })).post.reports).toBeNull();
    await editor.api.feed.unhide({ postId: id });
    expect(await seenBy(owner)).toEqual([null, null, null, null]);
  });

  it('counts what waits for a decision at an event, and leads to what has waited longest', async () => {
    const other = await eventWithTicket();
    const none = { count: 0, postId: null };
    expect(await editor.api.feed.reports({ eventId: other.id })).toEqual(none);
    const first = await post(holder, 'First', { eventId: other.id });
    const second = await post(holder, 'Second', { eventId: other.id });
    const words = await answer(holder, second.id, 'Below');
    await reader.api.feed.report({ commentId: words.id, reason: 'rude' });
    await reader.api.feed.report({ postId: first.id, reason: 'spam' });
    await unconfirmed.api.feed.report({ postId: first.id, reason: 'spam' });
    expect(await editor.api.feed.reports({ eventId: other.id })).toEqual({ count: 2, postId: second.id });
    await editor.api.feed.hide({ commentId: words.id, reason: 'rude' });
    expect(await editor.api.feed.reports({ eventId: other.id })).toEqual({ count: 1, postId: first.id });
    await editor.api.feed.dismissReports({ postId: first.id });
    expect(await editor.api.feed.reports({ eventId: other.id })).toEqual(none);
  });

  it("lets nobody edit or delete another's words", async () => {
    const made = await post(holder, 'Mine');
    const words = await answer(reader, made.id, 'Hers');
    for (const other of [reader, owner]) {
      expect(await outcome(other.api.feed.editPost({ postId: made.id, text: 'Changed' }))).toBe('POST_UNKNOWN');
      expect(await outcome(other.api.feed.deletePost({ postId: made.id }))).toBe('POST_UNKNOWN');
    }
    expect(await outcome(holder.api.feed.deleteComment({ commentId: words.id }))).toBe('POST_UNKNOWN');
    expect(await holder.api.feed.editPost({ postId: made.id, text: 'Better' })).toMatchObject({
      text: 'Better',
      editedAt: expect.any(Date),
    });
    await reader.api.feed.deleteComment({ commentId: words.id });
    expect((await reader.api.feed.post({ postId: made.id })).post.comments).toBe(0);
    await holder.api.feed.deletePost({ postId: made.id });
    await holder.api.feed.deletePost({ postId: made.id });
    expect(await outcome(reader.api.feed.post({ postId: made.id }))).toBe('POST_UNKNOWN');
  });

  it('shows an answer whose comment is gone, because it is counted', async () => {
    const { id } = await post(holder, 'Thread');
    const top = await answer(reader, id, 'Gone soon');
    await answer(holder, id, 'Stays', top.id);
    await reader.api.feed.deleteComment({ commentId: top.id });
    const { post: shown, comments } = await app.visitor().api.feed.post({ postId: id });
    expect(shown.comments).toBe(1);
    expect(comments.comments.map((each) => each.text)).toEqual(['Stays']);
  });
});

describe('the live room', () => {
  it('tells two sockets of a like, a comment and a new post, each with a newer version', async () => {
    const { id } = await post(holder, 'Live');
    const sockets = [await reader.socket(), await app.visitor().socket()];
    const versions: number[] = [];
    for (const socket of sockets) expect(await socket.join('feed', event.id)).toMatchObject({ ok: true });
    const all = (matches: (entry: FeedSnapshot['posts'][number]) => boolean) =>
      Promise.all(
        sockets.map((socket) =>
          socket.next((snapshot) => feedOf(snapshot).posts.some((entry) => entry.id === id && matches(entry))),
        ),
      );
    await reader.api.feed.like({ postId: id });
    versions.push(...(await all((entry) => entry.likes === 1)).map((snapshot) => snapshot.version));
    await answer(reader, id, 'Hello');
    versions.push(...(await all((entry) => entry.comments === 1)).map((snapshot) => snapshot.version));
    const made = await post(holder, 'Another');
    await Promise.all(
      sockets.map((socket) => socket.next((snapshot) => feedOf(snapshot).posts.some((entry) => entry.id === made.id))),
    );
    expect(versions[0]).toBe(versions[1]);
    expect(versions[2]).toBeGreaterThan(versions[0] ?? Number.NaN);
    for (const socket of sockets) socket.close();
  });

  it('hears of changes that no process of ours made', async () => {
    const { id } = await post(holder, 'By hand');
    const socket = await app.visitor().socket();
    await socket.join('feed', event.id);
    await app.admin`insert into social.event_reactions (post_id, user_id, kind) values (${id}, ${reader.userId}, 'like')`;
    await socket.next((snapshot) => feedOf(snapshot).posts.some((entry) => entry.id === id && entry.likes === 1));
    await app.admin`update social.event_posts set deleted_at = clock_timestamp() where id = ${id}`;
    await socket.next((snapshot) => feedOf(snapshot).posts.every((entry) => entry.id !== id));
    socket.close();
  });
});

it('leaves every invariant whole, likes and comments counted exactly', async () => {
  const broken = (await checkInvariants(app.db.engine.sql)).filter(
    (each) => each.violations > 0 && /likes|comments|guards|policy|search path|security/.test(each.name),
  );
  expect(broken).toEqual([]);
});
