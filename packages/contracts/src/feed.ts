/** What people say about an event: posts, likes, comments, and who may do what with them (docs: domain, "Social"). */
import * as z from 'zod/mini';
import type { Snapshot } from './live.ts';
import type { PaletteName } from './posters.ts';
import { Cursor, text } from './text.ts';

export const POST_TEXT_MAX = 2000;
export const COMMENT_TEXT_MAX = 1000;
export const REASON_MAX = 300;
export const PHOTOS_MAX = 4;
export const POSTS_A_PAGE = 20;
/** Top-level comments of one answer. */
export const COMMENTS_A_PAGE = 20;

// Twice the length: the server takes markup out before it counts.
const Typed = (most: number) => text(most * 2);

export const ListPosts = z.object({ eventId: z.uuid(), cursor: z.optional(Cursor) });
export type ListPosts = z.infer<typeof ListPosts>;

export const ListHome = z.object({ cursor: z.optional(Cursor) });
export type ListHome = z.infer<typeof ListHome>;

export const PostRef = z.object({ postId: z.uuid() });
export type PostRef = z.infer<typeof PostRef>;

export const CommentRef = z.object({ commentId: z.uuid() });
export type CommentRef = z.infer<typeof CommentRef>;

/** A photo that `POST /uploads/photos` has taken. */
export const PhotoUrl = z.string().check(z.regex(/^\/media\/[0-9a-f]{64}\.webp$/));

export const CreatePost = z.object({
  eventId: z.uuid(),
  /** Made once by the browser for this post: a resend is the same post. */
  clientId: z.uuid(),
  text: Typed(POST_TEXT_MAX),
  photos: z._default(z.array(PhotoUrl).check(z.maxLength(PHOTOS_MAX)), []),
  /** In the host's name; takes a role that may post for it. */
  asHost: z._default(z.boolean(), false),
});
export type CreatePost = z.input<typeof CreatePost>;

export const EditPost = z.object({ postId: z.uuid(), text: Typed(POST_TEXT_MAX) });
export type EditPost = z.infer<typeof EditPost>;

export const PinPost = z.object({ postId: z.uuid(), pinned: z.boolean() });
export type PinPost = z.infer<typeof PinPost>;

export const ListComments = z.object({
  postId: z.uuid(),
  /** Goes on to older ones. */
  cursor: z.optional(Cursor),
  limit: z._default(z.int().check(z.minimum(1), z.maximum(60)), COMMENTS_A_PAGE),
});
export type ListComments = z.input<typeof ListComments>;

export const CreateComment = z.object({
  postId: z.uuid(),
  clientId: z.uuid(),
  text: Typed(COMMENT_TEXT_MAX),
  /** The comment this one answers; answers have no answers. */
  parentId: z.optional(z.uuid()),
});
export type CreateComment = z.infer<typeof CreateComment>;

const Reason = text(REASON_MAX).check(z.trim(), z.minLength(1));

/** Of exactly one thing: a post or a comment. */
const oneThing = <T extends { postId?: string | undefined; commentId?: string | undefined }>(input: T) =>
  (input.postId === undefined) !== (input.commentId === undefined);

export const Hide = z
  .object({ postId: z.optional(z.uuid()), commentId: z.optional(z.uuid()), reason: Reason })
  .check(z.refine(oneThing, 'one post or one comment'));
export type Hide = z.infer<typeof Hide>;

export const Unhide = z
  .object({ postId: z.optional(z.uuid()), commentId: z.optional(z.uuid()) })
  .check(z.refine(oneThing, 'one post or one comment'));
export type Unhide = z.infer<typeof Unhide>;

export const Report = Hide;
export type Report = Hide;

export const DismissReports = Unhide;
export type DismissReports = Unhide;

/** What people told the team about a post or a comment, and nobody has decided about. */
export interface OpenReports {
  count: number;
  /** In the reporters' own words, each once, oldest first; the first few. */
  reasons: string[];
}

/** What waits for a decision at an event, posts and comments together. */
export interface EventReports {
  /** Posts and comments, however many people reported each. */
  count: number;
  /** The post that has waited longest, or whose comment has; null when nothing waits. */
  postId: string | null;
}

/** Proven by the database, never claimed: speaks for the host, was admitted, holds a ticket. */
export type Badge = 'host' | 'checked_in' | 'ticket';

export interface Author {
  /** A person's id, or the organization's when it speaks itself. Seeds the avatar's colour. */
  id: string;
  name: string;
  kind: 'person' | 'host';
  /** Of the host's page; null for persons who write in their own name. */
  slug: string | null;
  badges: Badge[];
}

export interface CommentView {
  id: string;
  postId: string;
  parentId: string | null;
  author: Author;
  text: string;
  createdAt: Date;
  /** Set for those who still see it: its author and moderators. */
  hiddenReason: string | null;
  /** Null unless the reader may hide it and somebody reported it. */
  reports: OpenReports | null;
  mine: boolean;
  /** Oldest first; empty for answers. */
  answers: CommentView[];
}

export interface PostEvent {
  id: string;
  slug: string;
  title: string;
  palette: PaletteName;
}

export interface PostView {
  id: string;
  event: PostEvent;
  author: Author;
  text: string;
  /** Addresses on this origin, at most 4. */
  photos: string[];
  likes: number;
  comments: number;
  liked: boolean;
  createdAt: Date;
  editedAt: Date | null;
  pinned: boolean;
  hiddenReason: string | null;
  /** Null unless the reader may hide it and somebody reported it. */
  reports: OpenReports | null;
  /** Raised by every change of the post, its likes and its comments. */
  version: number;
  mine: boolean;
  /** May hide, show again and pin. */
  moderator: boolean;
  /** The newest few, oldest of them first. */
  newest: CommentView[];
}

/** Why somebody can't write here, or null when she can. */
export type PostBar = 'sign_in' | 'ticket' | null;

export interface FeedPage {
  /** Pinned first, then newest first. */
  posts: PostView[];
  nextCursor: string | null;
  /** The room of the event as it stood, read before the posts. */
  room: Snapshot<'feed'>;
  bar: PostBar;
  /** In whose name the reader may post beside her own; null when she can't. */
  host: { id: string; name: string } | null;
}

export interface HomePage {
  posts: PostView[];
  nextCursor: string | null;
  /** Rooms of the events that appear. */
  rooms: Snapshot<'feed'>[];
  /** `mine`: events the reader goes to, saved or whose host she follows. `everyone`: there are none yet. */
  source: 'mine' | 'everyone';
}

export interface PostPage {
  post: PostView;
  comments: CommentPage;
  room: Snapshot<'feed'>;
}

export interface CommentPage {
  /** Oldest first, the newest ones of the thread. */
  comments: CommentView[];
  /** Asks for older ones. */
  olderCursor: string | null;
}

export interface LikeView {
  postId: string;
  liked: boolean;
  likes: number;
  version: number;
}

/** Answer of `POST /uploads/photos`. */
export interface PhotoView {
  url: string;
  width: number;
  height: number;
}
