import type { Author, Badge, CommentView, OpenReports, PostView } from '@liventix/contracts/feed';
import type { Ctx } from '../../platform/context.ts';
import { posterSpecOf } from '../events/events.rules.ts';
import {
  type CommentRow,
  type HostRow,
  listAnswers,
  listNewestComments,
  type PostRow,
  readHosts,
  readWriters,
  type WriterRow,
} from './feed.sql.ts';
import { mayModerate, readReports } from './read-reports.ts';

/** Comments that stand under a post before anybody opens its thread. */
const NEWEST = 2;

/** Rows that the caller may see, as she sees them: names and proven badges added, the newest comments underneath. */
export async function buildPosts(ctx: Ctx, rows: readonly PostRow[]): Promise<PostView[]> {
  if (rows.length === 0) return [];
  const eventOf = new Map(rows.map((row) => [row.id, row.eventId]));
  const { tops, answers } = await ctx.read(async (_tx, sql) => {
    const tops = (await listNewestComments(sql, [...eventOf.keys()], NEWEST)).reverse();
    return {
      tops,
      answers:
        tops.length > 0
          ? await listAnswers(
              sql,
              tops.map((top) => top.id),
            )
          : [],
    };
  });
  const own = new Set(rows.filter((row) => row.moderator).map((row) => row.id));
  const [authors, reports] = await Promise.all([
    readAuthors(ctx, [
      ...rows.map((row) => ({ eventId: row.eventId, userId: row.authorId })),
      ...[...tops, ...answers].map((row) => ({ eventId: eventOf.get(row.postId) ?? '', userId: row.authorId })),
    ]),
    readReports(
      ctx,
      rows.filter((row) => own.has(row.id)),
      [...tops, ...answers].filter((row) => own.has(row.postId)),
    ),
  ]);
  return rows.map((row) => ({
    id: row.id,
    event: {
      id: row.eventId,
      slug: row.slug,
      title: row.title,
      palette: posterSpecOf({ id: row.eventId, category: row.category, poster: row.poster }).palette,
    },
    author: row.asHost ? authors.host(row.eventId) : authors.person(row.eventId, row.authorId),
    text: row.text,
    photos: row.photos,
    likes: row.likes,
    comments: row.comments,
    liked: row.liked,
    createdAt: row.createdAt,
    editedAt: row.editedAt,
    pinned: row.pinned,
    hiddenReason: row.hiddenReason,
    reports: reports.get(row.id) ?? null,
    version: row.version,
    mine: row.mine,
    moderator: row.moderator,
    newest: nest(
      tops.filter((top) => top.postId === row.id),
      answers,
      row.eventId,
      authors,
      reports,
    ),
  }));
}

/** The same for comments of one event; `tops` oldest first. */
export async function buildComments(
  ctx: Ctx,
  eventId: string,
  tops: readonly CommentRow[],
  answers: readonly CommentRow[],
): Promise<CommentView[]> {
  const all = [...tops, ...answers];
  const [authors, moderator] = await Promise.all([
    readAuthors(
      ctx,
      all.map((row) => ({ eventId, userId: row.authorId })),
    ),
    mayModerate(ctx, eventId),
  ]);
  return nest(tops, answers, eventId, authors, moderator ? await readReports(ctx, [], all) : new Map());
}

function nest(
  tops: readonly CommentRow[],
  answers: readonly CommentRow[],
  eventId: string,
  authors: Authors,
  reports: ReadonlyMap<string, OpenReports>,
): CommentView[] {
  const view = (row: CommentRow): CommentView => ({
    id: row.id,
    postId: row.postId,
    parentId: row.parentId,
    author: authors.person(eventId, row.authorId),
    text: row.text,
    createdAt: row.createdAt,
    hiddenReason: row.hiddenReason,
    reports: reports.get(row.id) ?? null,
    mine: row.mine,
    answers: answers.filter((answer) => answer.parentId === row.id).map(view),
  });
  return tops.map(view);
}

interface Authors {
  person(eventId: string, userId: string): Author;
  host(eventId: string): Author;
}

async function readAuthors(ctx: Ctx, pairs: readonly { eventId: string; userId: string }[]): Promise<Authors> {
  const engine = ctx.db.engine.sql;
  const [writers, hosts] = await Promise.all([
    readWriters(engine, pairs),
    readHosts(engine, [...new Set(pairs.map((pair) => pair.eventId))]),
  ]);
  const writerOf = new Map<string, WriterRow>(writers.map((row) => [`${row.eventId} ${row.userId}`, row]));
  const hostOf = new Map<string, HostRow>(hosts.map((row) => [row.eventId, row]));
  return {
    person(eventId, userId) {
      const row = writerOf.get(`${eventId} ${userId}`);
      return { id: userId, name: row?.name ?? '', kind: 'person', slug: null, badges: row ? badgesOf(row) : [] };
    },
    host(eventId) {
      const row = hostOf.get(eventId);
      return { id: row?.id ?? eventId, name: row?.name ?? '', kind: 'host', slug: row?.slug ?? null, badges: ['host'] };
    },
  };
}

/** The one or two things worth saying: the team is the team; who was admitted had a ticket. */
function badgesOf(row: WriterRow): Badge[] {
  if (row.host) return ['host'];
  if (row.admitted) return ['ticket', 'checked_in'];
  return row.ticket ? ['ticket'] : [];
}
