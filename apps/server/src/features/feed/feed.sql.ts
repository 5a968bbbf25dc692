import type { FeedSnapshot } from '@liventix/contracts/live';
import type postgres from 'postgres';
import type { Place } from '../../platform/cursors.ts';

/** Every statement of the feed. Under the caller's rights where it says so: policies decide which rows exist for her. */
type Sql = postgres.ISql;

// Raw statements bring timestamps as text: the pools leave them to Drizzle.
const dated = <R extends { createdAt: Date; editedAt?: Date | null }>(rows: readonly R[]): R[] =>
  rows.map((row) => ({
    ...row,
    createdAt: new Date(row.createdAt),
    ...(row.editedAt ? { editedAt: new Date(row.editedAt) } : {}),
  }));

export interface PostRow {
  id: string;
  eventId: string;
  slug: string;
  title: string;
  category: string | null;
  poster: unknown;
  authorId: string;
  asHost: boolean;
  text: string;
  photos: string[];
  likes: number;
  comments: number;
  liked: boolean;
  createdAt: Date;
  /** `createdAt` with all its digits, for the cursor. */
  at: string;
  editedAt: Date | null;
  pinned: boolean;
  hiddenReason: string | null;
  version: number;
  mine: boolean;
  moderator: boolean;
}

const postColumns = (sql: Sql) => sql`
  p.id, p.event_id as "eventId", e.slug, e.title, e.category, e.poster, p.author_user_id as "authorId", p.as_organization as "asHost", p.text,
  p.media_urls as photos, p.like_count as likes, p.comment_count as comments, p.created_at as "createdAt", p.created_at::text as at,
  p.edited_at as "editedAt", p.pinned_at is not null as pinned, p.hidden_reason as "hiddenReason", p.version::float8 as version,
  exists (select from social.event_reactions r where r.post_id = p.id and r.kind = 'like' and r.user_id = auth.uid()) as liked,
  coalesce(p.author_user_id = auth.uid() and (not p.as_organization or access.may(p.event_id, 'posts')), false) as mine, access.may(p.event_id, 'posts') as moderator`;

const earlier = (sql: Sql, after: Place | null) =>
  after ? sql`and (p.created_at, p.id) < (${after.at}::timestamptz, ${after.id}::uuid)` : sql``;

/** Under the caller's rights: an event's posts from newest to oldest, the pinned ones left out. Index event_posts_feed. */
export async function listPosts(sql: Sql, eventId: string, after: Place | null, most: number): Promise<PostRow[]> {
  return dated(
    await sql<PostRow[]>`
    select ${postColumns(sql)} from social.event_posts p join events.events e on e.id = p.event_id
     where p.event_id = ${eventId} and p.deleted_at is null and p.pinned_at is null ${earlier(sql, after)}
     order by p.created_at desc, p.id desc limit ${most}`,
  );
}

/** Under the caller's rights: the pinned posts of an event, the last pinned first. */
export async function listPinned(sql: Sql, eventId: string, most: number): Promise<PostRow[]> {
  return dated(
    await sql<PostRow[]>`
    select ${postColumns(sql)} from social.event_posts p join events.events e on e.id = p.event_id
     where p.event_id = ${eventId} and p.deleted_at is null and p.pinned_at is not null order by p.pinned_at desc limit ${most}`,
  );
}

/** Under the caller's rights: some posts by their ids. */
export async function readPosts(sql: Sql, postIds: readonly string[]): Promise<PostRow[]> {
  return dated(
    await sql<PostRow[]>`
    select ${postColumns(sql)} from social.event_posts p join events.events e on e.id = p.event_id
     where p.id = any (${[...postIds]}::uuid[]) and p.deleted_at is null`,
  );
}

/**
 * As the person: events she has a ticket for, saved, or whose host she follows; what starts last comes first. Following a
 * host shows his public events: an unlisted one is for people who were given its address.
 */
export async function listOwnEventIds(sql: Sql, most: number): Promise<string[]> {
  const rows = await sql<{ id: string }[]>`
    select e.id from events.events e
     where e.deleted_at is null and (
       e.id in (select k.event_id from ticketing.tickets k where k.owner_user_id = auth.uid() and k.status <> 'refunded')
       or e.id in (select s.event_id from events.saved_events s where s.user_id = auth.uid())
       or e.visibility = 'public' and e.status <> 'draft'
          and (e.owner_context_type, e.owner_context_id) in (select f.target_type, f.target_id from social.follows f where f.user_id = auth.uid()))
     order by e.start_at desc nulls last limit ${most}`;
  return rows.map((row) => row.id);
}

/** Under the caller's rights: the posts of several events from newest to oldest. Index event_posts_feed. */
export async function listPostsOf(
  sql: Sql,
  eventIds: readonly string[],
  after: Place | null,
  most: number,
): Promise<PostRow[]> {
  return dated(
    await sql<PostRow[]>`
    select ${postColumns(sql)} from social.event_posts p join events.events e on e.id = p.event_id
     where p.event_id = any (${[...eventIds]}::uuid[]) and p.deleted_at is null ${earlier(sql, after)}
     order by p.created_at desc, p.id desc limit ${most}`,
  );
}

/** Under the caller's rights: the newest posts of public events, of the last 300 that were written there. */
export async function listNewest(sql: Sql, most: number): Promise<PostRow[]> {
  return dated(
    await sql<PostRow[]>`
    select ${postColumns(sql)} from access.newest_posts(300) l(id) join social.event_posts p on p.id = l.id join events.events e on e.id = p.event_id
     where e.visibility = 'public' and e.status <> 'draft' and p.hidden_at is null
     order by p.created_at desc, p.id desc limit ${most}`,
  );
}

export interface CommentRow {
  id: string;
  postId: string;
  parentId: string | null;
  authorId: string;
  text: string;
  createdAt: Date;
  at: string;
  hiddenReason: string | null;
  mine: boolean;
}

// An answer whose comment is gone for this reader stands by itself: it is counted, so it is shown.
const commentColumns = (sql: Sql) => sql`
  c.id, c.post_id as "postId", c.user_id as "authorId", coalesce(c.text, '') as text, c.created_at as "createdAt", c.created_at::text as at,
  c.hidden_reason as "hiddenReason", coalesce(c.user_id = auth.uid(), false) as mine`;
const standsAlone = (sql: Sql) =>
  sql`(c.parent_id is null or not exists (select from social.event_reactions q where q.id = c.parent_id and q.deleted_at is null))`;

/** Under the caller's rights: the newest top-level comments of each post, newest first. Index event_reactions_comments. */
export async function listNewestComments(
  sql: Sql,
  postIds: readonly string[],
  mostEach: number,
): Promise<CommentRow[]> {
  return dated(
    await sql<CommentRow[]>`
    select n.* from unnest(${[...postIds]}::uuid[]) w(id), lateral (
      select ${commentColumns(sql)}, null::uuid as "parentId" from social.event_reactions c
       where c.post_id = w.id and c.kind = 'comment' and c.deleted_at is null and ${standsAlone(sql)}
       order by c.created_at desc, c.id desc limit ${mostEach}) n`,
  );
}

/** Under the caller's rights: one page of a post's top-level comments, newest first. Index event_reactions_comments. */
export async function listComments(
  sql: Sql,
  postId: string,
  before: Place | null,
  most: number,
): Promise<CommentRow[]> {
  return dated(
    await sql<CommentRow[]>`
    select ${commentColumns(sql)}, null::uuid as "parentId" from social.event_reactions c
     where c.post_id = ${postId} and c.kind = 'comment' and c.deleted_at is null and ${standsAlone(sql)}
       ${before ? sql`and (c.created_at, c.id) < (${before.at}::timestamptz, ${before.id}::uuid)` : sql``}
     order by c.created_at desc, c.id desc limit ${most}`,
  );
}

/** Under the caller's rights: what was answered to these comments, oldest first; 300 at most. Index event_reactions_parent. */
export async function listAnswers(sql: Sql, commentIds: readonly string[]): Promise<CommentRow[]> {
  return dated(
    await sql<CommentRow[]>`
    select ${commentColumns(sql)}, c.parent_id as "parentId" from social.event_reactions c
     where c.parent_id = any (${[...commentIds]}::uuid[]) and c.kind = 'comment' and c.deleted_at is null
     order by c.created_at, c.id limit 300`,
  );
}

/** Under the caller's rights: one comment. */
export async function readComment(sql: Sql, commentId: string): Promise<(CommentRow & { eventId: string }) | null> {
  const rows = await sql<(CommentRow & { eventId: string })[]>`
    select ${commentColumns(sql)}, c.parent_id as "parentId", access.post_event(c.post_id) as "eventId" from social.event_reactions c
     where c.id = ${commentId} and c.kind = 'comment' and c.deleted_at is null`;
  return dated(rows)[0] ?? null;
}

/** Under the caller's rights: what she may do in an event's feed. */
export async function readRights(
  sql: Sql,
  eventId: string,
): Promise<{ see: boolean; post: boolean; host: boolean; verified: boolean }> {
  const [row] = await sql<{ see: boolean; post: boolean; host: boolean; verified: boolean }[]>`
    select access.may_see_event(${eventId}) as see, access.may_post(${eventId}) as post, access.may(${eventId}, 'posts') as host, access.is_verified() as verified`;
  return row ?? { see: false, post: false, host: false, verified: false };
}

export interface WriterRow {
  eventId: string;
  userId: string;
  name: string;
  host: boolean;
  ticket: boolean;
  admitted: boolean;
}

/** Engine: who wrote, and what the rows of the database prove about her at that event. Index tickets by event and owner. */
export async function readWriters(
  sql: Sql,
  pairs: readonly { eventId: string; userId: string }[],
): Promise<WriterRow[]> {
  if (pairs.length === 0) return [];
  const rows = await sql<WriterRow[]>`
    select w.event_id as "eventId", w.user_id as "userId", coalesce(btrim(p.display_name), '') as name,
           access.role_allows(case e.owner_context_type
             when 'user' then case when e.owner_context_id = w.user_id then 'owner'::public.org_role end
             else (select m.role from organizations.org_memberships m where m.org_id = e.owner_context_id and m.user_id = w.user_id) end, 'posts') as host,
           exists (select from ticketing.tickets k where k.event_id = w.event_id and k.owner_user_id = w.user_id and k.status <> 'refunded') as ticket,
           exists (select from ticketing.tickets k where k.event_id = w.event_id and k.owner_user_id = w.user_id and k.status = 'redeemed') as admitted
      from (select distinct * from unnest(${pairs.map((pair) => pair.eventId)}::uuid[], ${pairs.map((pair) => pair.userId)}::uuid[]) u(event_id, user_id)) w
      join events.events e on e.id = w.event_id left join public.profiles p on p.id = w.user_id`;
  return [...rows];
}

export interface HostRow {
  eventId: string;
  id: string;
  name: string;
  slug: string;
}

/** Engine: in whose name the host of each event speaks. */
export async function readHosts(sql: Sql, eventIds: readonly string[]): Promise<HostRow[]> {
  if (eventIds.length === 0) return [];
  const rows = await sql<HostRow[]>`
    select e.id as "eventId", e.owner_context_id as id, coalesce(o.name, p.display_name, '') as name, coalesce(o.slug, e.owner_context_id::text) as slug
      from events.events e
      left join organizations.organizations o on e.owner_context_type = 'organization' and o.id = e.owner_context_id
      left join public.profiles p on e.owner_context_type = 'user' and p.id = e.owner_context_id
     where e.id = any (${[...eventIds]}::uuid[])`;
  return [...rows];
}

export interface NewPost {
  eventId: string;
  authorId: string;
  clientId: string;
  text: string;
  photos: readonly string[];
  asHost: boolean;
}

/** Engine: writes a post once per author and client id; `fresh` is false when it was there already. */
export async function insertPost(
  sql: Sql,
  post: NewPost,
): Promise<{ id: string; eventId: string; gone: boolean; fresh: boolean } | null> {
  const [made] = await sql<{ id: string }[]>`
    insert into social.event_posts (event_id, author_user_id, client_id, text, media_urls, as_organization)
    values (${post.eventId}, ${post.authorId}, ${post.clientId}, ${post.text}, ${JSON.stringify(post.photos)}::text::jsonb, ${post.asHost})
    on conflict (author_user_id, client_id) do nothing returning id`;
  if (made) return { id: made.id, eventId: post.eventId, gone: false, fresh: true };
  const [known] = await sql<{ id: string; eventId: string; gone: boolean }[]>`
    select id, event_id as "eventId", deleted_at is not null as gone from social.event_posts where author_user_id = ${post.authorId} and client_id = ${post.clientId}`;
  return known ? { ...known, fresh: false } : null;
}

/** Engine: what was written in the host's name is the host's. Its author has a say in it while her role has. */
const stillSpeaks = (sql: Sql) => sql`
  (not p.as_organization or exists (
    select from events.events e left join organizations.org_memberships m
        on e.owner_context_type = 'organization' and m.org_id = e.owner_context_id and m.user_id = p.author_user_id
     where e.id = p.event_id
       and access.role_allows(case when e.owner_context_type = 'user' and e.owner_context_id = p.author_user_id then 'owner' else m.role end, 'posts')))`;

/** Engine: new words for the author's own post; null when it is not hers or gone. */
export async function updatePostText(
  sql: Sql,
  postId: string,
  authorId: string,
  text: string,
): Promise<{ eventId: string } | null> {
  const [row] = await sql<{ eventId: string }[]>`
    update social.event_posts p set text = ${text}, edited_at = clock_timestamp()
     where id = ${postId} and author_user_id = ${authorId} and deleted_at is null and ${stillSpeaks(sql)} and (${text} <> '' or jsonb_array_length(media_urls) > 0)
    returning event_id as "eventId"`;
  return row ?? null;
}

/** Engine: ends the author's own post. */
export async function endPost(sql: Sql, postId: string, authorId: string): Promise<{ eventId: string } | null> {
  const [row] = await sql<{ eventId: string }[]>`
    update social.event_posts p set deleted_at = clock_timestamp(), pinned_at = null
     where id = ${postId} and author_user_id = ${authorId} and deleted_at is null and ${stillSpeaks(sql)} returning event_id as "eventId"`;
  return row ?? null;
}

/** Engine: at most `most` posts of an event are pinned; the one pinned longest ago gives way. */
export async function pinPost(sql: Sql, eventId: string, postId: string, pinned: boolean, most: number): Promise<void> {
  // The event's row is the one thing all pins of an event share.
  await sql`select from events.events where id = ${eventId} for no key update`;
  if (!pinned) {
    await sql`update social.event_posts set pinned_at = null where id = ${postId} and pinned_at is not null`;
    return;
  }
  await sql`
    update social.event_posts set pinned_at = null where id in (
      select id from social.event_posts where event_id = ${eventId} and pinned_at is not null and deleted_at is null and id <> ${postId}
       order by pinned_at desc offset ${most - 1})`;
  await sql`update social.event_posts set pinned_at = clock_timestamp() where id = ${postId} and deleted_at is null and pinned_at is null`;
}

/** Engine: a moderator's decision about a post. Saying it twice changes nothing. */
export async function setPostHidden(
  sql: Sql,
  postId: string,
  by: { userId: string; reason: string } | null,
): Promise<void> {
  await (by
    ? sql`update social.event_posts set hidden_at = clock_timestamp(), hidden_reason = ${by.reason}, hidden_by = ${by.userId}
           where id = ${postId} and deleted_at is null and hidden_at is null`
    : sql`update social.event_posts set hidden_at = null, hidden_reason = null, hidden_by = null where id = ${postId} and hidden_at is not null`);
}

export async function setCommentHidden(sql: Sql, commentId: string, reason: string | null): Promise<void> {
  await (reason === null
    ? sql`update social.event_reactions set hidden_at = null, hidden_reason = null where id = ${commentId} and kind = 'comment' and hidden_at is not null`
    : sql`update social.event_reactions set hidden_at = clock_timestamp(), hidden_reason = ${reason}
           where id = ${commentId} and kind = 'comment' and deleted_at is null and hidden_at is null`);
}

/** Engine: a like is a row that is there or not; the trigger counts. A post that is hidden or gone takes none. */
export async function insertLike(sql: Sql, postId: string, userId: string): Promise<void> {
  await sql`
    insert into social.event_reactions (post_id, user_id, kind)
    select p.id, ${userId}, 'like' from social.event_posts p where p.id = ${postId} and p.deleted_at is null and p.hidden_at is null
    on conflict (post_id, user_id) where kind = 'like' do nothing`;
}

export async function deleteLike(sql: Sql, postId: string, userId: string): Promise<void> {
  await sql`delete from social.event_reactions where post_id = ${postId} and user_id = ${userId} and kind = 'like'`;
}

/** Engine: what a like's answer says. */
export async function readLike(
  sql: Sql,
  postId: string,
  userId: string,
): Promise<{ liked: boolean; likes: number; version: number } | null> {
  const [row] = await sql<{ liked: boolean; likes: number; version: number }[]>`
    select exists (select from social.event_reactions r where r.post_id = p.id and r.user_id = ${userId} and r.kind = 'like') as liked,
           p.like_count as likes, p.version::float8 as version
      from social.event_posts p where p.id = ${postId} and p.deleted_at is null`;
  return row ?? null;
}

export interface NewComment {
  postId: string;
  userId: string;
  clientId: string;
  text: string;
  parentId: string | null;
}

/** Engine: writes a comment once per person and client id; null when the post, or the comment it answers, takes none. */
export async function insertComment(sql: Sql, comment: NewComment): Promise<string | null> {
  const [made] = await sql<{ id: string }[]>`
    insert into social.event_reactions (post_id, user_id, kind, text, parent_id, client_id)
    select p.id, ${comment.userId}, 'comment', ${comment.text}, ${comment.parentId}, ${comment.clientId} from social.event_posts p
     where p.id = ${comment.postId} and p.deleted_at is null and p.hidden_at is null
       and (${comment.parentId}::uuid is null or exists (
         select from social.event_reactions q where q.id = ${comment.parentId} and q.post_id = p.id and q.kind = 'comment' and q.parent_id is null
            and q.deleted_at is null and q.hidden_at is null))
    on conflict (user_id, client_id) do nothing returning id`;
  if (made) return made.id;
  const [known] = await sql<{ id: string }[]>`
    select id from social.event_reactions
     where user_id = ${comment.userId} and client_id = ${comment.clientId} and post_id = ${comment.postId} and kind = 'comment' and deleted_at is null`;
  return known?.id ?? null;
}

/** Engine: ends a person's own comment. */
export async function endComment(sql: Sql, commentId: string, userId: string): Promise<{ eventId: string } | null> {
  const [row] = await sql<{ eventId: string }[]>`
    update social.event_reactions c set deleted_at = clock_timestamp() from social.event_posts p
     where c.id = ${commentId} and c.user_id = ${userId} and c.kind = 'comment' and c.deleted_at is null and p.id = c.post_id
    returning p.event_id as "eventId"`;
  return row ?? null;
}

/** Engine: one report per person and thing. */
export async function insertReport(
  sql: Sql,
  report: { postId: string | null; commentId: string | null; userId: string; reason: string },
): Promise<void> {
  await sql`
    insert into social.post_reports (post_id, reaction_id, reporter_user_id, reason)
    values (${report.postId}, ${report.commentId}, ${report.userId}, ${report.reason}) on conflict do nothing`;
}

/** Engine: a decision was taken about a post or a comment; its reports are done with. Saying it twice changes nothing. */
export async function resolveReports(sql: Sql, thing: { kind: 'post' | 'comment'; id: string }): Promise<void> {
  await (thing.kind === 'post'
    ? sql`update social.post_reports set resolved_at = clock_timestamp() where post_id = ${thing.id} and resolved_at is null`
    : sql`update social.post_reports set resolved_at = clock_timestamp() where reaction_id = ${thing.id} and resolved_at is null`);
}

export interface ReportRow {
  /** Of the post or the comment. */
  id: string;
  count: number;
  reasons: string[];
}

/**
 * Engine, for moderators only: what nobody decided yet about these posts and comments. Indexes: the unique one by post, and
 * post_reports_reaction.
 */
export async function listReports(
  sql: Sql,
  postIds: readonly string[],
  commentIds: readonly string[],
  mostReasons: number,
): Promise<ReportRow[]> {
  if (postIds.length + commentIds.length === 0) return [];
  const rows = await sql<ReportRow[]>`
    with open as (
      select r.post_id as id, r.reason, r.created_at from social.post_reports r
       where r.post_id = any (${[...postIds]}::uuid[]) and r.resolved_at is null
      union all
      select r.reaction_id, r.reason, r.created_at from social.post_reports r
       where r.reaction_id = any (${[...commentIds]}::uuid[]) and r.resolved_at is null)
    select o.id, count(*)::int as count,
           (select array_agg(w.reason order by w.at) from (
              select x.reason, min(x.created_at) as at from open x where x.id = o.id group by x.reason order by at limit ${mostReasons}) w) as reasons
      from open o group by o.id`;
  return [...rows];
}

/** Engine, for moderators only: how much of an event waits for a decision, and where the longest wait is. */
export async function countReports(sql: Sql, eventId: string): Promise<{ count: number; postId: string | null }> {
  const [row] = await sql<{ count: number; postId: string | null }[]>`
    with waiting as (
      select p.id as post, r.post_id as thing, r.created_at from social.event_posts p join social.post_reports r on r.post_id = p.id
       where p.event_id = ${eventId} and p.deleted_at is null and p.hidden_at is null and r.resolved_at is null
      union all
      select p.id, c.id, r.created_at from social.post_reports r
        join social.event_reactions c on c.id = r.reaction_id and c.deleted_at is null and c.hidden_at is null
        join social.event_posts p on p.id = c.post_id and p.deleted_at is null and p.hidden_at is null
       where p.event_id = ${eventId} and r.resolved_at is null)
    select count(distinct thing)::int as count, (select w.post from waiting w order by w.created_at limit 1) as "postId" from waiting`;
  return row ?? { count: 0, postId: null };
}

/** Engine: the feed rooms of some events, each version with its posts from one statement. Index event_posts_feed. */
export async function readSnapshots(
  sql: Sql,
  eventIds: readonly string[],
): Promise<Map<string, { version: number; data: FeedSnapshot }>> {
  const rows = await sql<{ id: string; version: number; posts: FeedSnapshot['posts'] }[]>`
    select e.id, (public.version_epoch() + coalesce((select c.version from social.feed_counters c where c.event_id = e.id), 0))::float8 as version,
           coalesce((
             select jsonb_agg(jsonb_build_object('id', n.id, 'version', n.version, 'likes', n.like_count, 'comments', n.comment_count, 'hidden', n.hidden_at is not null)
                              order by n.created_at desc, n.id desc)
               from (select * from social.event_posts p where p.event_id = e.id and p.deleted_at is null order by p.created_at desc, p.id desc limit 50) n), '[]') as posts
      from unnest(${[...eventIds]}::uuid[]) w(id) join events.events e on e.id = w.id and e.deleted_at is null`;
  return new Map(rows.map(({ id, version, posts }) => [id, { version, data: { posts } }]));
}
