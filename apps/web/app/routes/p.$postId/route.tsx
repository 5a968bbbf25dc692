import { PostRef, type PostView } from '@liventix/contracts/feed';
import { data, type HeadersFunction, type LoaderFunctionArgs, type MetaFunction } from '@remix-run/node';
import { Link, useLoaderData } from '@remix-run/react';
import styles from '~/features/feed/event-feed.module.css';
import { feedPaths } from '~/features/feed/feed-paths.ts';
import { SinglePost } from '~/features/feed/single-post.tsx';
import words from '~/platform/i18n/en/feed.json';
import { useFeedWords } from '~/platform/i18n/feed.ts';
import { load } from '~/platform/loading.ts';
import { paths } from '~/platform/paths.ts';
import { pageMeta } from '~/platform/seo.tsx';
import { Page } from '~/ui/page/page.tsx';

export async function loader({ params, context }: LoaderFunctionArgs) {
  const ref = PostRef.safeParse(params);
  if (!ref.success) throw data({ code: 'POST_UNKNOWN', words: null, reference: null }, { status: 404 });
  return { page: await load(context.api.feed.post(ref.data)), origin: context.origin };
}

export const headers: HeadersFunction = () => ({ 'Cache-Control': 'private, no-cache' });

const titleOf = (post: PostView): string =>
  words.post_title.replace('{{name}}', post.author.name || words.someone).replace('{{event}}', post.event.title);

export const meta: MetaFunction<typeof loader> = ({ data: found }) =>
  found
    ? pageMeta({
        title: titleOf(found.page.post),
        description: found.page.post.text.slice(0, 200),
        origin: found.origin,
        path: feedPaths.post(found.page.post.id),
        image: paths.shareImage(found.page.post.event.id),
        type: 'article',
        // People's words are for whom they were shown, not for search engines.
        noindex: true,
      })
    : [];

export default function OnePost() {
  const { t } = useFeedWords();
  const { page } = useLoaderData<typeof loader>();
  const { event } = page.post;
  return (
    <Page width="feed">
      <h1 className="vh">{titleOf(page.post)}</h1>
      <Link to={paths.event(event.slug)} className={styles.eventLine} prefetch="intent">
        <img src={paths.poster(event.id, 270)} alt="" width={48} height={60} />
        <span>
          {event.title}
          <small>{t('back_to_event')}</small>
        </span>
      </Link>
      <SinglePost key={page.post.id} page={page} />
    </Page>
  );
}
