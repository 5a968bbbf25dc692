import type { LikeView, PostView } from '@liventix/contracts/feed';
import type { FeedSnapshot, Snapshot } from '@liventix/contracts/live';
import { Link } from '@remix-run/react';
import { IconArrowUp } from '@tabler/icons-react';
import { type ReactNode, useCallback, useEffect, useMemo, useRef, useState } from 'react';
import { useFeedWords } from '~/platform/i18n/feed.ts';
import { useRoom } from '~/platform/live/index.ts';
import { useRoot } from '~/platform/root-data.ts';
import { trpc } from '~/platform/trpc.ts';
import { Notice } from '~/ui/notice/notice.tsx';
import { Skeleton } from '~/ui/skeleton/skeleton.tsx';
import { StaleLine } from '~/ui/stale-line/stale-line.tsx';
import { toast } from '~/ui/toast/toast.tsx';
import {
  appendPage,
  entryOf,
  isGone,
  isOutOfDate,
  mergeFirstPage,
  newIds,
  replacePost,
  type ShownPost,
} from './feed.rules.ts';
import { takeKeptLike } from './like-wish.ts';
import { Post } from './post.tsx';
import styles from './post-list.module.css';
import { useNow } from './use-ago.ts';

export interface Page {
  posts: PostView[];
  nextCursor: string | null;
  rooms: readonly Snapshot<'feed'>[];
}

export interface PostListProps {
  initial: Page;
  /** Asks for a page: the first one, or the one behind a cursor. */
  load: (cursor?: string) => Promise<Page>;
  /** Address of an older page, for before JavaScript. */
  olderHref: (cursor: string) => string;
  showEvent?: boolean;
  /** Shows this many and a link to the rest. */
  most?: number;
  rest?: ReactNode;
  empty: ReactNode;
  /** Above the posts; gets what puts a new post on top. */
  composer?: (put: PutPost) => ReactNode;
}

export interface PutPost {
  /** Shows a post that is on its way. */
  sending: (post: PostView) => void;
  /** It has arrived, or did not. */
  settled: (clientId: string, post: PostView | null) => void;
}

/** Posts from newest to oldest, kept true by the rooms of their events. What is new waits behind a pill. */
export function PostList({ initial, load, olderHref, showEvent, most, rest, empty, composer }: PostListProps) {
  const { t } = useFeedWords();
  const nowMs = useNow();
  const [posts, setPosts] = useState<readonly ShownPost[]>(initial.posts);
  const [cursor, setCursor] = useState(initial.nextCursor);
  const [rooms, setRooms] = useState<ReadonlyMap<string, FeedSnapshot>>(
    () => new Map(initial.rooms.map((room) => [room.id, room.data])),
  );
  const [known, setKnown] = useState<ReadonlySet<string>>(() => idsOf(initial));
  const [busy, setBusy] = useState<'older' | 'new' | null>(null);
  const [failed, setFailed] = useState(false);
  const top = useRef<HTMLDivElement>(null);

  // The loader ran again: after a form of the page, or after signing in.
  const first = useRef(initial);
  useEffect(() => {
    if (first.current === initial) return;
    first.current = initial;
    setPosts((now) => mergeFirstPage(now, initial.posts));
    setKnown((now) => new Set([...now, ...idsOf(initial)]));
  }, [initial]);

  const hear = useCallback(
    (id: string, data: FeedSnapshot) => setRooms((now) => (now.get(id) === data ? now : new Map(now).set(id, data))),
    [],
  );
  const change = useCallback((next: PostView) => setPosts((now) => replacePost(now, next)), []);
  const remove = useCallback((postId: string) => setPosts((now) => now.filter((post) => post.id !== postId)), []);
  const liked = useCallback(
    ({ postId, liked, likes, version }: LikeView) =>
      setPosts((now) =>
        now.map((post) =>
          post.id === postId && post.version <= version
            ? { ...post, liked, likes, version }
            : post.id === postId
              ? { ...post, liked }
              : post,
        ),
      ),
    [],
  );

  useAskAgain(posts, rooms, change, remove);
  useKeptLike(liked);

  const sendingCount = posts.filter((post) => post.sending).length;
  const fresh = Math.max(0, newIds(rooms.values(), known).length - sendingCount);
  const shown = useMemo(
    () => posts.filter((post) => !isGone(post, rooms.get(post.event.id), known)),
    [posts, rooms, known],
  );
  const visible = most ? shown.slice(0, most) : shown;

  const showNew = async () => {
    setBusy('new');
    try {
      const page = await load();
      setPosts((now) => mergeFirstPage(now, page.posts));
      setKnown((now) => new Set([...now, ...idsOf(page), ...newIds(rooms.values(), now)]));
      setFailed(false);
      top.current?.focus();
      top.current?.scrollIntoView({ block: 'start' });
    } catch {
      setFailed(true);
    } finally {
      setBusy(null);
    }
  };
  const showOlder = async () => {
    if (!cursor) return;
    setBusy('older');
    try {
      const page = await load(cursor);
      setPosts((now) => appendPage(now, page.posts));
      setKnown((now) => new Set([...now, ...idsOf(page)]));
      setRooms((now) => new Map([...page.rooms.map((room) => [room.id, room.data] as const), ...now]));
      setCursor(page.nextCursor);
      setFailed(false);
    } catch {
      setFailed(true);
    } finally {
      setBusy(null);
    }
  };
  const put = useMemo<PutPost>(
    () => ({
      sending: (post) => setPosts((now) => [{ ...post, sending: true }, ...now]),
      settled: (clientId, post) => {
        if (post) setKnown((now) => new Set([...now, post.id]));
        setPosts((now) => [
          ...(post ? [post] : []),
          ...now.filter((each) => each.id !== clientId && each.id !== post?.id),
        ]);
      },
    }),
    [],
  );

  return (
    <div className={styles.list}>
      {[...initial.rooms].map((room) => (
        <RoomEar key={room.id} room={room} onState={hear} />
      ))}
      {composer?.(put)}
      <StaleLine />
      <div ref={top} tabIndex={-1} className={styles.top}>
        <div role="status" className={styles.news}>
          {fresh > 0 && (
            <button
              type="button"
              className={styles.pill}
              onClick={() => void showNew()}
              aria-busy={busy === 'new' || undefined}
            >
              <IconArrowUp size={20} stroke={1.75} aria-hidden />
              {t('new_posts', { count: fresh })}
            </button>
          )}
        </div>
      </div>
      {visible.length === 0 && empty}
      <ol className={styles.posts}>
        {visible.map((post, at) => (
          <li key={post.id}>
            <Post
              post={post}
              entry={entryOf(rooms.get(post.event.id), post.id)}
              nowMs={nowMs}
              showEvent={showEvent}
              priority={at === 0 && !most}
              onChange={change}
              onLike={liked}
              onGone={remove}
            />
          </li>
        ))}
      </ol>
      {busy === 'older' && <PostBones label={t('loading')} />}
      {failed && (
        <Notice tone="bad" role="alert">
          {t('problem.older')}
        </Notice>
      )}
      {most
        ? (shown.length > most || cursor) && rest
        : cursor && (
            <div className={styles.older}>
              <Link
                to={olderHref(cursor)}
                className={styles.olderLink}
                onClick={(press) => {
                  press.preventDefault();
                  if (busy === null) void showOlder();
                }}
              >
                {failed ? t('problem.again') : t('older')}
              </Link>
            </div>
          )}
    </div>
  );
}

const idsOf = (page: Page): Set<string> =>
  new Set([
    ...page.posts.map((post) => post.id),
    ...page.rooms.flatMap((room) => room.data.posts.map((entry) => entry.id)),
  ]);

/** Listens to one event's room on behalf of the list. */
function RoomEar({ room, onState }: { room: Snapshot<'feed'>; onState: (id: string, data: FeedSnapshot) => void }) {
  const { data } = useRoom('feed', room.id, room, { quiet: true });
  useEffect(() => onState(room.id, data), [room.id, data, onState]);
  return null;
}

/** Asks once for each post whose new version its counts don't explain. */
export function useAskAgain(
  posts: readonly ShownPost[],
  rooms: ReadonlyMap<string, FeedSnapshot>,
  onChange: (post: PostView) => void,
  onGone: (postId: string) => void,
): void {
  const asked = useRef(new Map<string, number>());
  useEffect(() => {
    for (const post of posts) {
      const entry = entryOf(rooms.get(post.event.id), post.id);
      if (post.sending || !entry || !isOutOfDate(post, entry) || (entry.hidden && !post.mine && !post.moderator))
        continue;
      if ((asked.current.get(post.id) ?? 0) >= entry.version) continue;
      asked.current.set(post.id, entry.version);
      trpc.feed.post.query({ postId: post.id }).then(
        (page) => onChange(page.post),
        (thrown: unknown) => {
          // Gone is gone; anything else is asked again at the next change.
          if ((thrown as { data?: { code?: string } }).data?.code === 'POST_UNKNOWN') onGone(post.id);
        },
      );
    }
  }, [posts, rooms, onChange, onGone]);
}

/** Gives the like that was kept while somebody signed in. */
export function useKeptLike(onAnswer: (answer: LikeView) => void): void {
  const { actor } = useRoot();
  const known = actor !== null && !actor.isAnonymous;
  const { t } = useFeedWords();
  const answer = useRef(onAnswer);
  answer.current = onAnswer;
  useEffect(() => {
    if (!known) return;
    const postId = takeKeptLike();
    if (!postId) return;
    trpc.feed.like.mutate({ postId }).then(
      (given) => answer.current(given),
      () => toast({ tone: 'bad', words: t('problem.gone') }),
    );
  }, [known, t]);
}

/** The shape of posts to come. */
export function PostBones({ label }: { label: string }) {
  return (
    <div className={styles.bones} role="status" aria-label={label}>
      {[0, 1].map((each) => (
        <div key={each} className={styles.bone}>
          <Skeleton shape="circle" w={40} h={40} />
          <Skeleton lines={3} />
        </div>
      ))}
    </div>
  );
}
