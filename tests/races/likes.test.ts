import { createTestApp, type TestApp } from '@liventix/server/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type BoxOffice, openBoxOffice } from './box-office.ts';

const THROUGH_THE_PRODUCT = 500;
const THROUGH_SQL = 4500;

let office: BoxOffice;
let app: TestApp;
beforeAll(async () => {
  office = await openBoxOffice(24);
  app = await createTestApp({ database: office.test, simulators: false });
});
afterAll(async () => {
  await app?.close();
  await office?.close();
});

describe('likes and comments', () => {
  it('of 5,000 concurrent likes and unlikes leave exact counts', async () => {
    const { eventId, organizerId } = await office.stage([{ quantity: 1 }]);
    const people = await office.people(50);
    const visitors = await Promise.all(Array.from({ length: 10 }, () => app.signUp({ verified: true })));
    const posts = await office.test.admin<{ id: string }[]>`
      insert into social.event_posts (event_id, author_user_id, text) select ${eventId}, ${organizerId}, 'Doors ' || g from generate_series(1, 3) g returning id`;
    let seed = 11;
    const next = (): number => {
      seed = (seed * 48_271) % 2_147_483_647;
      return seed;
    };
    const react = async (): Promise<void> => {
      const post = posts[next() % posts.length] as { id: string };
      const userId = people[next() % people.length] as string;
      if (next() % 100 < 55)
        await office.sql`insert into social.event_reactions (post_id, user_id, kind) values (${post.id}, ${userId}, 'like')
          on conflict (post_id, user_id) where kind = 'like' do nothing`;
      else
        await office.sql`delete from social.event_reactions where post_id = ${post.id} and user_id = ${userId} and kind = 'like'`;
    };
    const press = async (index: number): Promise<void> => {
      const post = posts[next() % posts.length] as { id: string };
      const { api } = visitors[index % visitors.length] as (typeof visitors)[number];
      await (next() % 100 < 55 ? api.feed.like({ postId: post.id }) : api.feed.unlike({ postId: post.id }));
    };
    await Promise.all([
      ...Array.from({ length: THROUGH_THE_PRODUCT }, (_, index) => press(index)),
      ...Array.from({ length: THROUGH_SQL }, react),
    ]);
    const counted = await office.test.admin`
      select p.like_count, (select count(*)::int from social.event_reactions r where r.post_id = p.id and r.kind = 'like') as likes, p.version::int as version
      from social.event_posts p where p.event_id = ${eventId}`;
    for (const row of counted) {
      expect(row.like_count).toBe(row.likes);
      expect(row.likes).toBeGreaterThan(0);
      expect(row.version).toBeGreaterThan(100); // every change that counted raised the version
    }
    await office.expectSound();
  });

  it('are one per person, however often each presses at once, and the last answer knows them all', async () => {
    const { eventId, organizerId } = await office.stage([{ quantity: 1 }]);
    const [post] = await office.test.admin<{ id: string }[]>`
      insert into social.event_posts (event_id, author_user_id, text) values (${eventId}, ${organizerId}, 'Doors') returning id`;
    const postId = post?.id as string;
    const fans = await Promise.all(Array.from({ length: 8 }, () => app.signUp({ verified: true })));
    await Promise.all(fans.flatMap(({ api }) => Array.from({ length: 16 }, () => api.feed.like({ postId }))));
    const [first, second] = fans as [(typeof fans)[number], (typeof fans)[number]];
    expect(await first.api.feed.like({ postId })).toMatchObject({ liked: true, likes: 8 });
    await Promise.all(Array.from({ length: 16 }, () => second.api.feed.unlike({ postId })));
    expect(await first.api.feed.like({ postId })).toMatchObject({ liked: true, likes: 7 });
    await office.expectSound();
  });

  it('that are hidden or deleted do not count, however often and by whomever at once', async () => {
    const { eventId, organizerId } = await office.stage([{ quantity: 1 }]);
    const [post] = await office.test.admin`
      insert into social.event_posts (event_id, author_user_id, text) values (${eventId}, ${organizerId}, 'Set times') returning id`;
    const people = await office.people(10);
    const comments = await Promise.all(
      people.map(
        (userId) =>
          office.sql`insert into social.event_reactions (post_id, user_id, kind, text) values (${post?.id}, ${userId}, 'comment', 'See you') returning id`,
      ),
    );
    const ids = comments.flat().map((row) => row.id as string);
    await Promise.all(
      ids.flatMap((id, index) => [
        office.sql`update social.event_reactions set hidden_at = clock_timestamp(), hidden_reason = 'spam' where id = ${id}`,
        office.sql`update social.event_reactions set deleted_at = clock_timestamp() where id = ${id}`,
        office.sql`update social.event_reactions set hidden_at = null, hidden_reason = null where id = ${id}`,
        ...(index < 4 ? [office.sql`update social.event_reactions set deleted_at = null where id = ${id}`] : []),
      ]),
    );
    await office.expectSound();
    const [row] = await office.test.admin`select comment_count from social.event_posts where id = ${post?.id}`;
    expect(row?.comment_count).toBeLessThanOrEqual(4);
  });

  it('that drifted are named by health and counted again', async () => {
    const { eventId, organizerId } = await office.stage([{ quantity: 1 }]);
    await office.test
      .admin`insert into social.event_posts (event_id, author_user_id, text, like_count) values (${eventId}, ${organizerId}, 'Encore', 7)`;
    const [sick] = await office.sql`select findings from ticketing.event_health where event_id = ${eventId}`;
    expect(sick?.findings.map((finding: { sentence: string }) => finding.sentence)).toEqual([
      'One post shows another number of likes than were given.',
    ]);
    const changes =
      await office.sql`select what, before, after, done from ticketing.reconcile_event_tickets(${eventId}, false)`;
    expect(changes.map((row) => ({ ...row }))).toEqual([
      { what: 'post.counts', before: '7 / 0', after: '0 / 0', done: true },
    ]);
    await office.expectSound();
  });
});
