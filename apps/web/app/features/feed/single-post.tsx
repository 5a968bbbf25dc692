import type { PostPage } from '@liventix/contracts/feed';
import { useNavigate } from '@remix-run/react';
import { useEffect, useState } from 'react';
import { useFeedWords } from '~/platform/i18n/feed.ts';
import { useRoom } from '~/platform/live/index.ts';
import { paths } from '~/platform/paths.ts';
import { Notice } from '~/ui/notice/notice.tsx';
import { StaleLine } from '~/ui/stale-line/stale-line.tsx';
import { entryOf, isGone, replacePost, type ShownPost } from './feed.rules.ts';
import { Post } from './post.tsx';
import { useAskAgain, useKeptLike } from './post-list.tsx';
import { useNow } from './use-ago.ts';

/** A post on its own page, its thread open. */
export function SinglePost({ page }: { page: PostPage }) {
  const { t } = useFeedWords();
  const navigate = useNavigate();
  const nowMs = useNow();
  const [posts, setPosts] = useState<readonly ShownPost[]>([page.post]);
  useEffect(() => setPosts((now) => replacePost(now, page.post)), [page.post]);
  const { data } = useRoom('feed', page.room.id, page.room, { quiet: true });
  const [known] = useState(() => new Set(page.room.data.posts.map((entry) => entry.id)));
  const change = (next: PostPage['post']) => setPosts((now) => replacePost(now, next));
  useAskAgain(posts, new Map([[page.room.id, data]]), change, () => setPosts([]));
  useKeptLike(({ liked, likes, version }) =>
    setPosts((now) => now.map((post) => ({ ...post, liked, likes, version }))),
  );
  const [post] = posts;
  if (!post || isGone(post, data, known)) return <Notice role="status">{t('problem.gone')}</Notice>;
  return (
    <>
      <StaleLine />
      <Post
        post={post}
        entry={entryOf(data, post.id)}
        nowMs={nowMs}
        whole={page.comments}
        priority
        onChange={change}
        onLike={({ liked, likes, version }) =>
          setPosts((now) =>
            now.map((each) => ({
              ...each,
              liked,
              likes: version >= each.version ? likes : each.likes,
              version: Math.max(version, each.version),
            })),
          )
        }
        onGone={() => navigate(paths.event(post.event.slug))}
      />
    </>
  );
}
