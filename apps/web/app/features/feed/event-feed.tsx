import type { FeedPage, PostEvent } from '@liventix/contracts/feed';
import { Link, useLocation } from '@remix-run/react';
import { useCallback, useMemo } from 'react';
import { useFeedWords } from '~/platform/i18n/feed.ts';
import { paths } from '~/platform/paths.ts';
import { trpc } from '~/platform/trpc.ts';
import { EmptyState } from '~/ui/empty-state/empty-state.tsx';
import { Section } from '~/ui/page/page.tsx';
import { Composer } from './composer.tsx';
import styles from './event-feed.module.css';
import { feedPaths } from './feed-paths.ts';
import { type Page, PostList } from './post-list.tsx';

export interface EventFeedProps {
  eventId: string;
  slug: string;
  /** From `context.api.feed.posts({ eventId })`. */
  initial: FeedPage;
  /** Of the event, for a post on its way; default what its posts say. */
  title?: string;
  palette?: PostEvent['palette'];
}

const ON_EVENT_PAGE = 6;

/** What people say, as a part of the event's page: the newest few, and the way to the rest. */
export function EventFeed(props: EventFeedProps) {
  const { t } = useFeedWords();
  return (
    <Section title={t('section')} id="feed" tight>
      <EventPosts {...props} most={ON_EVENT_PAGE} />
    </Section>
  );
}

/** The posts of one event with a place to write. */
export function EventPosts({
  eventId,
  slug,
  initial,
  title = '',
  palette = 'fog',
  most,
}: EventFeedProps & { most?: number }) {
  const { t } = useFeedWords();
  const page = useMemo(() => asPage(initial), [initial]);
  const load = useCallback(
    async (cursor?: string) => asPage(await trpc.feed.posts.query({ eventId, ...(cursor ? { cursor } : {}) })),
    [eventId],
  );
  const event: PostEvent = initial.posts[0]?.event ?? { id: eventId, slug, title, palette };
  return (
    <PostList
      initial={page}
      load={load}
      olderHref={(cursor) => feedPaths.event(slug, cursor)}
      {...(most ? { most } : {})}
      rest={
        <p className={styles.rest}>
          <Link to={feedPaths.event(slug)} className="link" prefetch="intent">
            {t('all_posts')}
          </Link>
        </p>
      }
      empty={
        <EmptyState motif="petals" inline>
          {t('empty')}
        </EmptyState>
      }
      composer={(put) =>
        initial.bar ? <Bar bar={initial.bar} /> : <Composer event={event} host={initial.host} put={put} />
      }
    />
  );
}

const asPage = (page: FeedPage): Page => ({ posts: page.posts, nextCursor: page.nextCursor, rooms: [page.room] });

/** Why there is no place to write. */
function Bar({ bar }: { bar: NonNullable<FeedPage['bar']> }) {
  const { t } = useFeedWords();
  const { pathname, search } = useLocation();
  return (
    <p className={styles.bar}>
      {t(`bar.${bar}`)}{' '}
      {bar === 'sign_in' && (
        <Link to={paths.signIn(pathname + search)} className="link">
          {t('bar.action')}
        </Link>
      )}
    </p>
  );
}
