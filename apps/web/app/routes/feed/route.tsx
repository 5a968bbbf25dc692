import type { HomePage } from '@liventix/contracts/feed';
import { ListHome } from '@liventix/contracts/feed';
import type { HeadersFunction, LoaderFunctionArgs, MetaFunction } from '@remix-run/node';
import { useLoaderData } from '@remix-run/react';
import { useCallback, useMemo } from 'react';
import styles from '~/features/feed/event-feed.module.css';
import { feedPaths } from '~/features/feed/feed-paths.ts';
import { PostList, type Page as PostsPage } from '~/features/feed/post-list.tsx';
import words from '~/platform/i18n/en/feed.json';
import { useFeedWords } from '~/platform/i18n/feed.ts';
import { load } from '~/platform/loading.ts';
import { paths } from '~/platform/paths.ts';
import { pageMeta } from '~/platform/seo.tsx';
import { trpc } from '~/platform/trpc.ts';
import { ButtonLink } from '~/ui/button/button.tsx';
import { EmptyState } from '~/ui/empty-state/empty-state.tsx';
import { Notice } from '~/ui/notice/notice.tsx';
import { Page } from '~/ui/page/page.tsx';

export async function loader({ request, context }: LoaderFunctionArgs) {
  const asked = ListHome.safeParse({ cursor: new URL(request.url).searchParams.get('cursor') ?? undefined });
  return { page: await load(context.api.feed.home(asked.success ? asked.data : {})), origin: context.origin };
}

export const headers: HeadersFunction = () => ({ 'Cache-Control': 'private, no-cache' });

export const meta: MetaFunction<typeof loader> = ({ data }) =>
  data ? pageMeta({ title: words.title, origin: data.origin, path: paths.feed(), noindex: true }) : [];

const asPage = ({ posts, nextCursor, rooms }: HomePage): PostsPage => ({ posts, nextCursor, rooms });

export default function Feed() {
  const { t } = useFeedWords();
  const { page } = useLoaderData<typeof loader>();
  const initial = useMemo(() => asPage(page), [page]);
  const loadMore = useCallback(
    async (cursor?: string) => asPage(await trpc.feed.home.query(cursor ? { cursor } : {})),
    [],
  );
  return (
    <Page width="feed">
      <header className={styles.head}>
        <h1 className="t-page">{t('title')}</h1>
        {page.source === 'mine' && <p className={styles.lead}>{t('home_lead')}</p>}
      </header>
      {page.source === 'everyone' && (
        <div className={styles.quiet}>
          <Notice
            action={
              <ButtonLink tone="quiet" to={paths.discover()}>
                {t('home_discover')}
              </ButtonLink>
            }
          >
            {t('home_everyone')}
          </Notice>
        </div>
      )}
      <PostList
        initial={initial}
        load={loadMore}
        olderHref={feedPaths.home}
        showEvent
        empty={
          <EmptyState motif="waves" action={<ButtonLink to={paths.discover()}>{t('home_discover')}</ButtonLink>}>
            {t('empty_home')}
          </EmptyState>
        }
      />
    </Page>
  );
}
