/** What a list of posts makes of what the live room says. Pure. */
import type { CommentView, PostView } from '@liventix/contracts/feed';
import type { FeedSnapshot } from '@liventix/contracts/live';

export type RoomEntry = FeedSnapshot['posts'][number];

/** A post in the list; `sending` until the server has it. */
export type ShownPost = PostView & { sending?: boolean };

export const entryOf = (room: FeedSnapshot | undefined, postId: string): RoomEntry | undefined =>
  room?.posts.find((entry) => entry.id === postId);

/** The newer of what the page loaded and what the room says. */
export function countsOf(
  post: PostView,
  entry: RoomEntry | undefined,
): { likes: number; comments: number; version: number } {
  return entry && entry.version > post.version ? entry : post;
}

/**
 * Whether a post has to be asked for again. Each like and comment raises its version by one; a version that rose by more
 * than its counts moved was edited, hidden, pinned, or had a comment changed.
 */
export function isOutOfDate(post: PostView, entry: RoomEntry | undefined): boolean {
  if (!entry || entry.version <= post.version) return false;
  const moved = Math.abs(entry.likes - post.likes) + Math.abs(entry.comments - post.comments);
  return entry.version - post.version > moved || entry.hidden !== (post.hiddenReason !== null);
}

/** A room names the newest this many. */
const ROOM_MAX = 50;

/** Whether a post is no longer there for this reader: deleted, or hidden while she is neither its author nor a moderator. */
export function isGone(post: ShownPost, room: FeedSnapshot | undefined, knownToRoom: ReadonlySet<string>): boolean {
  if (!room || post.sending) return false;
  const entry = entryOf(room, post.id);
  if (entry) return entry.hidden && !post.mine && !post.moderator;
  // A full room may just have newer posts to name.
  return room.posts.length < ROOM_MAX && knownToRoom.has(post.id);
}

/** Posts the room names that the list has never met. */
export function newIds(rooms: Iterable<FeedSnapshot>, known: ReadonlySet<string>): string[] {
  return [...rooms].flatMap((room) =>
    room.posts.filter((entry) => !entry.hidden && !known.has(entry.id)).map((entry) => entry.id),
  );
}

/**
 * The list after its first page was asked for again: the page, then what was loaded below it. Posts of the page's span that
 * are not in it are gone, except those still being sent.
 */
export function mergeFirstPage(shown: readonly ShownPost[], page: readonly PostView[]): ShownPost[] {
  const fresh = new Set(page.map((post) => post.id));
  const end = page.at(-1)?.createdAt.getTime() ?? Number.POSITIVE_INFINITY;
  const sending = shown.filter((post) => post.sending);
  const below = shown.filter(
    (post) => !post.sending && !fresh.has(post.id) && !post.pinned && post.createdAt.getTime() < end,
  );
  return [...sending, ...page, ...below];
}

/** The list with an older page below it; nothing twice. */
export function appendPage(shown: readonly ShownPost[], page: readonly PostView[]): ShownPost[] {
  const there = new Set(shown.map((post) => post.id));
  return [...shown, ...page.filter((post) => !there.has(post.id))];
}

/** One post replaced, unless what is shown is newer. */
export function replacePost(shown: readonly ShownPost[], next: PostView): ShownPost[] {
  return shown.map((post) => (post.id === next.id && post.version <= next.version ? next : post));
}

/** Ids of all comments of a thread, answers too. */
export function commentIds(comments: readonly CommentView[]): string[] {
  return comments.flatMap((comment) => [comment.id, ...comment.answers.map((answer) => answer.id)]);
}

/** At most this many hearts of other people fly from a post each second. */
const FLOATS_A_SECOND = 3;

/** Which of the moments at which hearts flew still count, and whether another may fly now. */
export function mayFloat(flownAtMs: readonly number[], nowMs: number): { may: boolean; lately: number[] } {
  const lately = flownAtMs.filter((at) => nowMs - at < 1000);
  return { may: lately.length < FLOATS_A_SECOND, lately };
}
